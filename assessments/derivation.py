"""取数过程: a figure with its formula, the numbers put in, and the rows behind it."""

from decimal import Decimal
from functools import cached_property

from django.urls import reverse

from assessments.scoring import shown
from assessments.sources import SOURCES, Ground
from orgs.models import Member, Organization
from services.models import ServiceItem, ServiceRequest

#: Longer than this nobody reads here; the numbers stay whole.
LISTED = 100
SEEN = {
    "requests": ServiceRequest, "organizations": Organization, "members": Member,
    "items": ServiceItem,
}  # fmt: skip


class Derivation:
    """What the page of one answer tells of its figure to one reader."""

    def __init__(self, answer, user, part):
        self.answer, self.user = answer, user
        self.indicator = answer.indicator
        self.source = SOURCES.get(self.indicator.source)
        self.part = part if self.source and part in self.source.parts else "counted"

    @property
    def rate(self):
        a = self.answer
        return shown(Decimal(a.numerator) * 100 / a.denominator) if a.denominator else None

    @property
    def floor(self):
        return shown(self.indicator.floor * 100)

    @property
    def target(self):
        return shown(self.indicator.target * 100)

    @property
    def parts(self):
        """Code, words, and whether it is the one shown."""
        return [(code, words, code == self.part) for code, words in self.source.parts.items()]

    @cached_property
    def behind(self):
        row = self.answer.assessment
        return self.source.rows(Ground.of(row.cycle, row.organization), self.part)

    @cached_property
    def count(self) -> int:
        return self.behind.count()

    @cached_property
    def seen(self):
        """Of the rows behind only those that the reader may see elsewhere, too."""
        may = SEEN[self.source.kind].objects.visible_to(self.user)
        return self.behind.filter(pk__in=may.order_by().values("pk"))

    @cached_property
    def hidden(self) -> int:
        return self.count - self.seen.count()

    @property
    def lines(self) -> list[dict]:
        """Words and address of the rows, the first hundred."""
        return [LINES[self.source.kind](row) for row in self.seen[:LISTED]]

    @property
    def is_cut(self) -> bool:
        return self.seen.count() > LISTED


def request_line(row):
    return {"words": f"{row.number} {row.subject}", "url": row.get_absolute_url()}


def organization_line(row):
    return {"words": str(row), "url": row.get_absolute_url()}


def member_line(row):
    return {"words": row.masked["name"], "url": row.get_absolute_url()}


def item_line(row):
    words = f"{row.code} {row.current.name}（{row.openness}%）"
    return {"words": words, "url": reverse("services:item", args=[row.pk])}


LINES = {
    "requests": request_line,
    "organizations": organization_line,
    "members": member_line,
    "items": item_line,
}
