"""Who may do what to accounts, organizations and centres: guards and buttons ask here.

security.md's matrix: the system administrator opens and stops, the security administrator
grants, the auditor reads; nobody does anything to the own account.
"""

from collections.abc import Callable
from dataclasses import dataclass

from orgs.models.organization import Organization, OrganizationKind
from orgs.models.post import Duty, Role
from orgs.models.sign_in import is_locked


def anybody(actor, person) -> bool:
    return True


def not_oneself(actor, person) -> bool:
    return actor.pk != person.pk


def is_staff(actor, person) -> bool:
    """Posts are for people in business who may sign in."""
    return person.is_active and not person.is_administrator


def locked(actor, person) -> bool:
    return is_locked(person.username)


@dataclass(frozen=True)
class Right:
    label: str
    duty: Duty
    guard: Callable = anybody


ACCOUNT = {
    "edit": Right("修改资料", Duty.SYSTEM),
    "reset": Right("重置密码", Duty.SYSTEM, not_oneself),
    "switch": Right("停用或启用", Duty.SYSTEM, not_oneself),
    "appoint": Right("任职", Duty.SECURITY, is_staff),
    "dismiss": Right("结束任职", Duty.SECURITY),
    "classify": Right("账号类别", Duty.SECURITY, not_oneself),
    "unlock": Right("解除锁定", Duty.SECURITY, locked),
}
MEMBER = ("unmask", "edit", "standing", "away", "lost", "transfer")
COMMITTEE = ("establish", "renew", "fill", "vacate", "edit")


def on_account(actor, person) -> list[str]:
    """What `actor` may do to the account now."""
    return [
        name
        for name, right in ACCOUNT.items()
        if actor.duty == right.duty and right.guard(actor, person)
    ]


def on_organization(actor, organization) -> list[str]:
    if actor.duty == Duty.SYSTEM:
        return ["edit", "move", "create"] if organization.is_active else ["edit"]
    reach = Organization.objects.in_reach_of(actor, Role.REVIEWER)
    return ["edit"] if reach.filter(pk=organization.pk).exists() else []


def on_centre(actor, centre) -> list[str]:
    reach = Organization.objects.in_reach_of(actor, Role.CENTRE_HEAD)
    if actor.duty == Duty.SYSTEM or reach.filter(pk=centre.organization_id).exists():
        return ["edit", "windows", "units"]
    return []


def on_member(actor, member) -> list[str]:
    """Whoever leads the branch may do everything; of somebody who has left, only read in full
    and set the 党籍状态 right."""
    posts = [post for post in actor.acting_posts() if post.role in (Role.SECRETARY, Role.REVIEWER)]
    if not any(post.covers(member.organization) for post in posts):
        return []
    return [*MEMBER] if member.is_on_register else ["unmask", "standing"]


def on_committee(actor, organization) -> list[str]:
    """Secretaries and the organization department keep committees; only from above is a term
    put off (任期的意见: 报上级党组织批准)."""
    if not organization.is_active or organization.kind == OrganizationKind.GROUP:
        return []
    posts = [post for post in actor.acting_posts() if post.role in (Role.SECRETARY, Role.REVIEWER)]
    reaching = [post for post in posts if post.covers(organization)]
    if not reaching:
        return []
    above = any(p.organization_id != organization.pk for p in reaching) or organization.is_root()
    return [*COMMITTEE, "extend"] if above else [*COMMITTEE]
