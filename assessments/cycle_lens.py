"""What a reader of a cycle looks at: a part of the tree, one sector or all, and the ways on."""

from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from assessments.models import Assessment
from orgs.models import Organization, Sector


class CycleLens:
    """`rows` are the assessments of the cycle at and below `node`, of `sector` if one is asked."""

    page = "assessments:cycle_dashboard"

    def __init__(self, cycle, node, user, sector=""):
        self.cycle, self.node, self.sector = cycle, node, sector
        self.seen = Assessment.objects.visible_to(user).filter(cycle=cycle)

    @property
    def title(self) -> str:
        sector = f" {Sector(self.sector).label}" if self.sector else ""
        return f"{self.node} {self.cycle.year} 年度考核{sector}"

    @cached_property
    def rows(self):
        rows = self.seen.within(self.node)
        return rows.filter(sector=self.sector) if self.sector else rows

    @cached_property
    def children(self):
        """The organizations one level down that take part, or have some below that do."""
        below = Organization.objects.filter(
            path__startswith=self.node.path, depth=self.node.depth + 1
        )
        return list(below.order_by("path"))

    @cached_property
    def above(self):
        """The way down to the node from where the cycle was opened."""
        line = Organization.objects.with_parents(self.node).exclude(pk=self.node.pk)
        line = line.filter(path__startswith=self.cycle.organization.path)
        return [(row, self.url(organization=row.pk)) for row in line.order_by("path")]

    @property
    def sectors(self):
        """Label, address and whether it is the one shown."""
        choices = [("", "全部领域"), *Sector.choices]
        return [(label, self.url(sector=code), code == self.sector) for code, label in choices]

    def query(self, **more) -> str:
        said = {"organization": self.node.pk, "sector": self.sector} | more
        return urlencode({name: value for name, value in said.items() if value})

    def url(self, **more) -> str:
        return f"{reverse(self.page, args=[self.cycle.pk])}?{self.query(**more)}"

    def export_url(self, name) -> str:
        address = reverse(f"{self.page}_export", args=[self.cycle.pk])
        return f"{address}?{self.query(panel=name)}"

    def board(self, **conditions) -> str:
        """The organizations behind a number of the progress."""
        return self._list("assessments:cycle", conditions)

    def results(self, **conditions) -> str:
        """The results behind a number."""
        return self._list("assessments:results", conditions)

    def indicator(self, code, name, **conditions) -> str:
        """Who got how much of one indicator."""
        return self._list("assessments:indicator", {"code": code, "name": name} | conditions)

    def _list(self, page, conditions):
        place = {} if {"organization", "own"} & set(conditions) else {"organization": self.node.pk}
        said = place | {"sector": self.sector} | conditions
        address = reverse(page, args=[self.cycle.pk])
        return f"{address}?{urlencode({name: v for name, v in said.items() if v})}"
