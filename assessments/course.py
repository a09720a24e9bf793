"""How the work went month by month, what is open, and how long it has been."""

from django.utils import timezone

from assessments import findings
from assessments.panel import Panel, chart, linked, series
from assessments.periods import shifted
from assessments.tables import BacklogTable, MonthTable, OverdueTable
from orgs.models.calendar import workdays
from services.lights import light_of
from services.rates import midnight, percent
from services.volumes import backlog as open_by_age
from services.volumes import open_at

LONGEST = 20


def months(dashboard) -> Panel:
    rows, began, ended = month_rows(dashboard)
    drawn = chart(
        [row["month"].split("年")[1] for row in rows],
        series("登记", [row["registered"] for row in rows], "main"),
        series("首次答复", [row["answered"] for row in rows], "soft"),
        series("月末在办", [row["open"] for row in rows], "ink", kind="line"),
    )
    return Panel(
        name="months",
        label="逐月",
        finding=findings.of_months(dashboard.volumes, began, ended),
        table=MonthTable(rows),
        unit="个月",
        chart=drawn,
        note="本月算到现在；并入他件的随主件计，不另计在办。",
    )


def month_rows(dashboard):
    """A row for each month; how many cases were open when the period began and when it ended."""
    rows, now = dashboard.rows, timezone.now()
    start, stop = dashboard.period.moments
    firsts = dashboard.lens.span.months(timezone.localdate())
    ends = {f"month_{n}": midnight(shifted(first, 1)) for n, first in enumerate(firsts)}
    opened = rows.tally(
        began=open_at(start),
        ended=open_at(min(stop, now)),
        **{name: open_at(min(end, now)) for name, end in ends.items()},
    )
    since = midnight(firsts[0])
    registered = rows.filter(registered_at__gte=since).per_month("registered_at")
    answered = rows.filter(first_replied_at__gte=since).per_month("first_replied_at")
    told = [
        {
            "month": f"{first.year}年{first.month}月",
            "registered": registered.get(first, 0),
            "answered": answered.get(first, 0),
            "open": opened[f"month_{n}"],
        }
        for n, first in enumerate(firsts)
    ]
    return told, opened["began"], opened["ended"]


def backlog(dashboard) -> Panel:
    groups, lens = open_by_age(dashboard.rows, workdays()), dashboard.lens
    total = sum(count for _, count, _ in groups)
    rows = [
        {
            "age": age.label,
            **linked("count", count, lens.cases(figure=age.code)),
            **linked("late", late, lens.cases(figure=age.code, box="late")),
            "share": percent(count, total),
        }
        for age, count, late in groups
    ]
    drawn = chart(
        [row["age"] for row in rows],
        series("超期", [row["late"] for row in rows], "late", stack="open"),
        series("未超期", [row["count"] - row["late"] for row in rows], "main", stack="open"),
        horizontal=True,
    )
    return Panel(
        name="backlog",
        label="在办时长（收到至今）",
        finding=findings.of_backlog(groups),
        table=BacklogTable(rows),
        unit="组",
        chart=drawn if total else None,
    )


def overdue(dashboard) -> Panel:
    rows = list(dashboard.rows.overdue().for_list().order_by("due_at", "pk")[:LONGEST])
    count = dashboard.volumes["overdue"]
    words = light_of(rows[0], workdays()).words if rows else ""
    address = dashboard.lens.cases(box="late", sort="due_at")
    return Panel(
        name="overdue",
        label="超期最久的办件",
        finding=findings.of_overdue(count, words),
        table=OverdueTable(rows),
        unit="件",
        more=(f"全部 {count:,} 件", address) if count else None,
    )
