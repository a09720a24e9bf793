"""看板: the panels of a part of the tree in a period, each a finding with its table and chart.

The number of queries does not depend on how many organizations or cases there are.
"""

from functools import cached_property

from django.utils import timezone

from assessments import board, course, rates_panel, shares
from assessments.findings import of_excluded
from assessments.panel import Panel, panels_of
from assessments.tables import ExcludedTable
from services.rates import RATES, excluded_cases, measure
from services.volumes import volumes

#: Longer than this nobody reads; the numbers stay whole.
LISTED = 500


class Dashboard:
    def __init__(self, lens):
        self.lens, self.rows, self.period = lens, lens.rows, lens.period

    @cached_property
    def panels(self) -> list[Panel]:
        return panels_of(PANELS, self)

    def panel(self, name) -> Panel | None:
        return PANELS[name](self) if name in PANELS else None

    @cached_property
    def volumes(self):
        return volumes(self.rows, self.period)

    @cached_property
    def measured(self):
        return {definition: measure(self.rows, definition, self.period) for definition in RATES}

    def counters(self):
        """The numbers at the top, as ui/counter.html wants them."""
        lens, now = self.lens, self.volumes
        before = volumes(self.rows, lens.span.before)

        def changed(name):
            return change_words(now[name] - before[name], lens.span.before_words)

        soon, late = f"即将到期 {now['soon']:,} 件", "red" if now["overdue"] else ""
        rows = (
            ("登记", "registered", lens.registered(), changed("registered"), ""),
            ("首次答复", "answered", lens.behind("answered"), changed("answered"), ""),
            ("在办", "open", lens.cases(box="open"), soon, ""),
            ("超期未办", "overdue", lens.cases(box="late"), "截至现在", late),
        )
        return [
            {"label": label, "value": f"{now[name]:,}", "url": url, "note": note, "tone": tone}
            for label, name, url, note, tone in rows
        ]

    def rate_counters(self):
        return rates_panel.counters(self)


def change_words(change, before_words) -> str:
    if not change:
        return f"与{before_words}相同"
    return f"比{before_words}{'多' if change > 0 else '少'} {abs(change):,} 件"


def excluded(dashboard) -> Panel:
    found = excluded_cases(dashboard.rows, dashboard.period).exclusions()
    count = found.count()
    rows = [
        {
            "number": row.request.number,
            "number_url": row.request.get_absolute_url(),
            "subject": row.request.subject,
            "organization": row.request.organization,
            "reason": row.reason,
            "proposed": f"{row.proposed_by}，{day(row.proposed_at)}",
            "decided": f"{row.decided_by}，{day(row.decided_at)}",
        }
        for row in found.order_by("-decided_at", "-pk")[:LISTED]
    ]
    return Panel(
        name="excluded",
        label="统计剔除",
        finding=of_excluded(count),
        table=ExcludedTable(rows),
        unit="件",
        note=f"只列最近批准的 {LISTED} 件。" if count > LISTED else "",
    )


def day(moment) -> str:
    return f"{timezone.localdate(moment):%Y年%-m月%-d日}"


PANELS = {
    "board": board.board,
    "overdue": course.overdue,
    "rates": rates_panel.rates,
    "months": course.months,
    "backlog": course.backlog,
    "categories": shares.categories,
    "sources": shares.sources,
    "excluded": excluded,
}
