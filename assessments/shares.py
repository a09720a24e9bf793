"""What the requests of a period were about and how they came."""

from assessments import findings
from assessments.panel import Panel, chart, linked, series
from assessments.tables import ShareTable
from services.models import Category, Source
from services.rates import percent
from services.volumes import volumes

TOP = 10


def categories(dashboard) -> Panel:
    counts = counted(dashboard, "category")
    kinds = Category.objects.with_full_name().in_bulk([pk for pk, _ in counts if pk])
    rows = [
        row(dashboard, kinds[pk].full_name if pk else "未分类", found, category=pk or "null")
        for pk, found in counts
    ]
    return panel(dashboard, "categories", f"诉求分类前 {TOP}", "诉求分类", rows[:TOP])


def sources(dashboard) -> Panel:
    rows = [
        row(dashboard, Source(code).label, found, source=code)
        for code, found in counted(dashboard, "source")
    ]
    return panel(dashboard, "sources", "来源", "来源", rows)


def counted(dashboard, field):
    """The values of a field among what was registered in the period, commonest first."""
    found = dashboard.rows.filter(dashboard.period.holds("registered_at"))
    counts = volumes(found, dashboard.period, by=field).items()
    return sorted(counts, key=lambda pair: (-pair[1]["registered"], str(pair[0])))


def row(dashboard, name, found, **condition):
    lens = dashboard.lens
    return {
        "name": name,
        **linked("count", found["registered"], lens.registered(**condition)),
        "share": percent(found["registered"], dashboard.volumes["registered"]),
        **linked("overdue", found["overdue"], lens.registered(box="late", **condition)),
    }


def panel(dashboard, name, label, what, rows) -> Panel:
    drawn = chart(
        [row["name"].rsplit(" / ", 1)[-1] for row in rows],
        series("登记", [row["count"] for row in rows], "main"),
        horizontal=True,
    )
    return Panel(
        name=name,
        label=label,
        finding=findings.of_shares(rows, dashboard.volumes["registered"], what),
        table=ShareTable(rows, what=what),
        unit="类",
        chart=drawn if rows else None,
    )
