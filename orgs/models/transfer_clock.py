"""What the clock says about letters of introduction: before they expire, and when they have."""

from django.db import transaction

from orgs.models.transfer import Transfer
from orgs.models.transfer_course import nearest_leaders


def remind_of_transfers(day) -> int:
    """Tell both sides, once each; safe to run twice. Returns how many transfers were told of."""
    rows = Transfer.objects.to_be_warned_of(day).select_related(
        "member", "from_organization", "to_organization", "proposed_by"
    )
    return sum(remind(row, day) for row in rows)


@transaction.atomic
def remind(row, day) -> bool:
    lapsed = row.expires_on < day
    mark = "lapsed_on" if lapsed else "warned_on"
    mine = Transfer.objects.waiting().filter(pk=row.pk, **{f"{mark}__isnull": True})
    if not mine.update(**{mark: day}):
        return False  # another worker was faster, or it has been received
    people = [*nearest_leaders(row.taking), *nearest_leaders(row.giving)]
    people += [row.proposed_by] if row.proposed_by else []
    if lapsed:
        title, body = "介绍信已过期", f"有效期到 {row.expires_on}，请退回或撤回后重新开具。"
    else:
        title = f"介绍信还有 {(row.expires_on - day).days} 天过期"
        body = f"有效期至 {row.expires_on}，请尽快办理接收。"
    row._tell(people, title, body=body, kind="lapsed" if lapsed else "expiring")
    return True
