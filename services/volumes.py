"""件数: what came in and was answered in a period, what is open, how old and how late it is."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from services.models import Status
from services.models.status import OPEN
from services.rates import ONE_DAY, midnight


def volume_conditions(rows, period) -> dict[str, Q]:
    """登记, 答复 in the period; 在办, 超期 and 即将到期 as they stand now."""
    everything = rows.model.objects
    return {
        "registered": period.holds("registered_at"),
        "answered": period.holds("first_replied_at"),
        "late_entries": period.holds("registered_at") & Q(is_late_entry=True),
        "open": Q(status__in=OPEN),
        "overdue": Q(pk__in=everything.overdue().values("pk")),
        "soon": Q(pk__in=everything.due_soon().values("pk")),
    }


def volumes(rows, period, *, by=None):
    return rows.tally(by, **volume_conditions(rows, period))


def open_at(moment) -> Q:
    """Waiting for an answer at that time: for the first one, or for one after a 重办.

    Exact for cases taken up again once; of earlier rounds the row keeps no times.
    """
    unended = Q(closed_at__isnull=True) | Q(closed_at__gte=moment)
    first = Q(first_replied_at__isnull=True) | Q(first_replied_at__gte=moment)
    later = Q(round__gt=1, accepted_at__lt=moment)
    later &= Q(replied_at__isnull=True) | Q(replied_at__gte=moment)
    return Q(registered_at__lt=moment) & ~Q(status=Status.MERGED) & unended & (first | later)


#: Workdays since the matter came in, first and last of each group.
AGES = ((0, 5), (6, 10), (11, 20), (21, None))


@dataclass(frozen=True)
class Age:
    code: str
    label: str
    condition: Q


def ages(days, today) -> list[Age]:
    """The groups of the backlog as conditions on when a case came in."""
    groups, stop = [], None
    for first, last in AGES:
        condition, start = Q(status__in=OPEN), None
        if stop is not None:
            condition &= Q(received_at__lt=midnight(stop))
        if last is not None:
            start = earliest(days, today, last)
            condition &= Q(received_at__gte=midnight(start))
        label = f"超过 {first - 1} 个工作日" if last is None else f"{first}–{last} 个工作日"
        groups.append(Age(f"age_{first}", label, condition))
        stop = start
    return groups


def earliest(days, today, n) -> date:
    """The first day since which no more than `n` workdays have passed."""
    day = today
    while days.between(day - ONE_DAY, today) <= n:
        day -= ONE_DAY
    return day


def backlog(rows, days) -> list[tuple[Age, int, int]]:
    """Open cases by age: the group, how many, and how many of them are overdue."""
    groups = ages(days, timezone.localdate())
    overdue = Q(pk__in=rows.model.objects.overdue().values("pk"))
    counts = rows.tally(
        **{group.code: group.condition for group in groups},
        **{f"{group.code}_late": group.condition & overdue for group in groups},
    )
    return [(group, counts[group.code], counts[f"{group.code}_late"]) for group in groups]
