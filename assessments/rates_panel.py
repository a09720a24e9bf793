"""The rates of a part of the tree, with everything needed to judge them."""

from assessments import findings
from assessments.panel import Panel, linked
from assessments.tables import RateTable
from services.rates import ON_TIME, RATES, SATISFIED, measure, percent


def counters(dashboard):
    """The rates as ui/counter.html wants them."""
    return [
        {
            "label": definition.label,
            "value": rate.percent,
            "note": f"{rate.counts}{covered(rate)}",
        }
        for definition, rate in dashboard.measured.items()
    ]


def covered(rate) -> str:
    """How far the figure speaks for all, where not everybody was asked."""
    return f"，覆盖 {rate.reach.percent}" if rate.coverage else ""


def rates(dashboard) -> Panel:
    span, measured = dashboard.lens.span, dashboard.measured
    before = {d: measure(dashboard.rows, d, span.before) for d in RATES}
    rows = [row(dashboard.lens, rate, before[rate.definition]) for rate in measured.values()]
    finding = findings.of_rates(
        measured[ON_TIME], before[ON_TIME], measured[SATISFIED], span.before_words
    )
    return Panel(
        name="rates",
        label="各项比率",
        finding=finding,
        table=RateTable(rows, before_words=span.before_words),
        unit="项",
        rules=tuple((d.label, d.formula, d.rule) for d in RATES),
    )


def row(lens, rate, before):
    code = rate.definition.code
    shares = [f"{share.label} {share.part:,}/{share.whole:,}" for share in rate.coverage]
    return {
        "label": rate.definition.label,
        "formula": rate.definition.formula,
        "rate": rate,
        "before": before,
        **linked("missed", rate.missed, lens.behind(f"{code}.missed")),
        **linked("waiting", rate.waiting, lens.behind(f"{code}.waiting")),
        **linked("excluded", rate.excluded, lens.behind(f"{code}.excluded")),
        "coverage": "，".join(shares) or "—",
        "self_entered": self_entered(rate),
        "late_entries": rate.late_entries,
    }


def self_entered(rate) -> str:
    if rate.self_entered is None or not rate.denominator:
        return "—"
    return f"{rate.self_entered:,}（{percent(rate.self_entered, rate.denominator)}）"
