"""What a reader looks at: a part of the tree and a time, and the addresses that lead on from it."""

from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from assessments.periods import CUSTOM, PRESETS
from orgs.models import Organization
from services.models import ServiceRequest


class Lens:
    def __init__(self, node, reach, form, page):
        self.node, self.form, self.page = node, form, page
        self.reach = reach
        self.span = form.span()

    @property
    def title(self) -> str:
        return f"{self.node} {self.span.title}"

    @property
    def is_running(self) -> bool:
        return self.period.until >= timezone.localdate()

    @property
    def period(self):
        return self.span.period

    @cached_property
    def organizations(self):
        return self.reach.within(self.node)

    @cached_property
    def rows(self):
        """The requests registered there, in whatever time."""
        return ServiceRequest.objects.of(self.organizations.order_by().values("pk"))

    @cached_property
    def children(self):
        """The organizations one level down, in the order of the tree."""
        below = self.reach.filter(path__startswith=self.node.path, depth=self.node.depth + 1)
        return list(below)

    @cached_property
    def above(self):
        """The way down to the node as far as the reader may go up."""
        line = Organization.objects.with_parents(self.node).exclude(pk=self.node.pk)
        return [(row, self.url(row)) for row in self.reach.filter(pk__in=line.values("pk"))]

    def query(self, **more) -> str:
        said = {"organization": self.node.pk, "period": self.span.code}
        if self.span.code == CUSTOM:
            said |= {"since": self.period.since, "until": self.period.until}
        return urlencode(said | more)

    def url(self, organization=None) -> str:
        more = {"organization": organization.pk} if organization else {}
        return f"{reverse(self.page)}?{self.query(**more)}"

    def export_url(self, name) -> str:
        return f"{reverse(f'{self.page}_export')}?{self.query(panel=name)}"

    def presets(self):
        """Label, address and whether it is the one shown; the last opens the two date fields."""
        return [
            (label, f"{reverse(self.page)}?{self._preset(code)}", code == self.span.code)
            for code, label in PRESETS
            if code != CUSTOM
        ]

    def _preset(self, code) -> str:
        return urlencode({"organization": self.node.pk, "period": code})

    def cases(self, *, organization=None, **conditions) -> str:
        """The list of the cases behind a number."""
        place = {"organization": (organization or self.node).pk}
        return f"{reverse('services:requests')}?{urlencode({'box': 'all'} | place | conditions)}"

    def registered(self, **conditions) -> str:
        dates = {"since": self.period.since, "until": self.period.until}
        return self.cases(**dates, **conditions)

    def behind(self, figure, **conditions) -> str:
        """The cases behind a figure of the period."""
        dates = {"start": self.period.since, "end": self.period.until}
        return self.cases(figure=figure, **dates, **conditions)
