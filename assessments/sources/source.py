"""What a named source of figures is: `tally` for a whole cycle, `rows` behind one figure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from assessments.models import database_today
from orgs.models import Organization
from services.models import ServiceRequest
from services.rates import Period

#: organization → (numerator, denominator), of what happened at the organization itself
Counts = dict[int, tuple[int, int]]


class Ground:
    """Where and when a figure is taken: a part of the tree, and the days that count."""

    def __init__(self, organization, since: date, until: date):
        self.organization, self.since, self.until = organization, since, until

    @classmethod
    def of(cls, cycle, organization=None):
        """Of the whole cycle, or of one organization and what is below it."""
        return cls(organization or cycle.organization, cycle.since, cycle.until)

    @property
    def period(self) -> Period:
        return Period(self.since, self.until)

    @cached_property
    def day(self) -> date:
        """As it stood on the last day of the period, or stands today while it runs."""
        return min(self.until, database_today())

    @property
    def organizations(self):
        return Organization.objects.within(self.organization).active()

    @property
    def requests(self):
        """Registered there, in whatever time."""
        return ServiceRequest.objects.of(self.organizations.order_by().values("pk"))


@dataclass(frozen=True)
class Source:
    """`counts` says in Chinese what is divided by what, as the page shows it."""

    code: str
    label: str
    counts: str
    #: (ground) → counts of each organization by itself; those below are added up for it
    tally: Callable[[Ground], Counts]
    #: (ground, part) → the rows behind: requests, organizations or members
    rows: Callable
    #: what the rows are: requests, organizations, members
    kind: str
    #: code → words of the groups of rows one may look at
    parts: dict[str, str] = field(default_factory=dict)
    #: False where one case is enough to judge: an organization has one committee
    needs_sample: bool = True
    #: False where those below do not count: the secretary's own 述职
    rolls_up: bool = True
