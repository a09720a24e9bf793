"""The way of a transfer: proposed, then received, sent back or withdrawn.

Locks are taken in one order, the member before the transfer, so that none waits for another.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from orgs.models.audit import AuditEntry
from orgs.models.member_course import LEADING, leads, refuse_to_leave_seats
from orgs.models.notice import Notice
from orgs.models.organization import Level, Organization
from orgs.models.rights import on_member
from orgs.models.user import NotAllowed, User
from orgs.partial_date import PartialDate

#: 《中国共产党党员教育管理工作条例》第三十二条: as a rule not more than three months.
VALID_DAYS = 90


@dataclass(frozen=True)
class Verb:
    label: str
    #: Which of the two branches decides.
    side: str


VERBS = {
    "receive": Verb("接收", "taking"),
    "send_back": Verb("退回", "taking"),
    "withdraw": Verb("撤回", "giving"),
}


class TransferCourse:
    @classmethod
    @transaction.atomic
    def propose(
        cls, *, actor, member, to_organization=None, to_place="", started_on=None, **fields
    ):
        """发起转接: the letter is written; the member stays where he or she is until received."""
        member.refresh_from_db(from_queryset=type(member).objects.select_for_update(of=("self",)))
        if actor and "transfer" not in on_member(actor, member):
            raise NotAllowed("党员的情况已变化或无权办理，请刷新后重试。")
        if member.transfers.waiting().exists():
            raise NotAllowed("该党员正在办理组织关系转接，请先撤回或办结。")
        refuse_to_leave_seats(member, to_organization)
        if to_organization and not to_organization.is_active:
            raise ValidationError({"to_organization": "这个党组织已撤销。"})
        started_on = started_on or timezone.localdate()
        row = cls(
            member=member, from_organization=member.organization, to_organization=to_organization,
            to_place=to_place, kind=cls.kind_of(member.organization, to_organization),
            started_on=started_on, expires_on=started_on + timedelta(days=VALID_DAYS),
            proposed_by=actor, **fields,
        )  # fmt: skip
        row.full_clean()
        row.save()
        if to_organization:
            people = nearest_leaders(to_organization, but=actor)
            row._tell(people, "组织关系待接收", body=f"介绍信有效期至 {row.expires_on}。")
        row._record(actor, "proposed", "发起组织关系转接")
        return row

    @classmethod
    @transaction.atomic
    def admit(cls, *, actor, organization, from_place, received_on, started_on, person, **fields):
        """外地转入: the letter is handed in; the person is enrolled, or is back from elsewhere.

        `person`: fields of Member.
        """
        if actor and not leads(actor, organization):
            raise NotAllowed("无权为这个党组织接收党员，请由书记或组织部门办理。")
        member_model = cls._meta.get_field("member").related_model
        member = member_model.returned(person.get("id_number"), organization, received_on, person)
        member = member or member_model.enrol(actor=actor, organization=organization, **person)
        row = cls(
            member=member, from_place=from_place, to_organization=organization, kind=cls.Kind.IN,
            status=cls.Status.RECEIVED, started_on=started_on, received_on=received_on,
            expires_on=started_on + timedelta(days=VALID_DAYS),
            proposed_by=actor, decided_by=actor, decided_at=timezone.now(), **fields,
        )  # fmt: skip
        row._check_received(received_on)
        row.full_clean()
        row.save()
        row._record(actor, "admitted", "外地转入")
        return row

    @classmethod
    def kind_of(cls, giving, taking):
        if taking is None:
            return cls.Kind.OUT
        return cls.Kind.WITHIN if county_of(giving) == county_of(taking) else cls.Kind.ACROSS

    @transaction.atomic
    def receive(self, *, actor, received_on):
        """接收: from now on the member belongs to the new branch, or is no longer ours."""
        member = self._begin("receive", actor)
        self._check_places(member)
        self._check_received(received_on)
        if self.to_organization:
            member.organization = self.to_organization
        else:
            member.standing, member.standing_since = "MOVED_OUT", PartialDate.on(received_on)
            member.standing_reason = f"组织关系转往{self.to_place}"[:200]
        member.version += 1
        member.save()
        self._close("RECEIVED", actor, received_on=received_on)
        self._tell(self._givers(actor), "组织关系已接收")
        self._record(
            actor, "received", "接收组织关系", note=f"接收日期 {PartialDate.on(received_on)}"
        )

    @transaction.atomic
    def send_back(self, *, actor, reason):
        """退回: the receiving side does not take the person, and says why."""
        self._begin("send_back", actor)
        self._close("RETURNED", actor, reason)
        self._tell(self._givers(actor), "组织关系被退回", body=reason)
        self._record(actor, "sent_back", "退回组织关系", note=reason)

    @transaction.atomic
    def withdraw(self, *, actor, reason):
        """撤回: the giving side calls the letter back."""
        self._begin("withdraw", actor)
        self._close("WITHDRAWN", actor, reason)
        if self.to_organization:
            self._tell(nearest_leaders(self.to_organization, but=actor), "组织关系转接已撤回")
        self._record(actor, "withdrawn", "撤回组织关系转接", note=reason)

    def _begin(self, verb, actor):
        """Lock the member, then the transfer; only then ask whether the actor may."""
        members = self._meta.get_field("member").related_model.objects
        member = members.select_for_update(of=("self",)).get(pk=self.member_id)
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        if not self.is_waiting:
            raise NotAllowed(f"这次转接{self.get_status_display()}，请刷新后查看。")
        if actor and verb not in self.verbs_for(actor):
            raise NotAllowed(
                "无权办理：发起人不能自己接收，接收方由接收党组织的书记或组织部门办理。"
            )
        return member

    def _check_places(self, member):
        """Neither side has changed since the letter was written: a roster may move people."""
        if member.organization_id != self.from_organization_id or not member.is_on_register:
            raise NotAllowed("党员已不在转出党组织，请退回后按现在的党组织重新发起。")
        if self.to_organization and not self.to_organization.is_active:
            raise NotAllowed("接收党组织已撤销，请退回后重新发起。")
        refuse_to_leave_seats(member, self.to_organization)

    def _check_received(self, day):
        if not self.started_on <= day <= timezone.localdate():
            raise ValidationError(
                {"received_on": f"接收日期应在介绍信日期（{self.started_on}）和今天之间。"}
            )
        if day > self.expires_on:
            raise ValidationError(
                {"received_on": f"介绍信已于 {self.expires_on} 过期，请退回后重新开具。"}
            )

    def _close(self, status, actor, reason="", received_on=None):
        self.status, self.close_reason, self.received_on = status, reason, received_on
        self.decided_by, self.decided_at = actor, timezone.now()
        self.save(
            update_fields=["status", "close_reason", "received_on", "decided_by", "decided_at"]
        )

    def _givers(self, actor) -> list[User]:
        people = nearest_leaders(self.from_organization, but=actor)
        if self.proposed_by and self.proposed_by != actor and self.proposed_by not in people:
            people.append(self.proposed_by)
        return people

    def _tell(self, people, title, *, body="", kind=""):
        Notice.post(
            people, f"{title}：{self}"[:120], kind=f"transfer.{kind or self.status.lower()}",
            about=self, organization=self.taking, body=body,
        )  # fmt: skip

    def _record(self, actor, action, label, note=""):
        AuditEntry.record(
            actor, f"transfer.{action}", self, label=label, organization=self.taking, note=note
        )


def nearest_leaders(organization, *, but=None) -> list[User]:
    """Whoever leads at the organization or, if nobody else does, at the nearest one above."""
    for node in Organization.objects.with_parents(organization).order_by("-path"):
        secretaries, department = (User.objects.holding(r, organization=node) for r in LEADING)
        people = (secretaries | department).order_by("pk")
        if people := [person for person in people if person != but]:
            return people
    return []


def county_of(organization):
    """The path of its county, or of the whole tree above counties."""
    above = Organization.objects.with_parents(organization).filter(level=Level.COUNTY)
    return above.values_list("path", flat=True).first()
