"""承办负荷: open cases by unit and by person, and the cases that went back and forth.

The number of queries does not depend on how many units, people or cases there are.
"""

from functools import cached_property

from django.db.models import Count, Q
from django.utils import timezone

from assessments import findings
from assessments.panel import Panel, chart, linked, panels_of, series
from assessments.tables import HandlerTable, ReturnTable, UnitTable
from orgs.models import Department, User
from services.models import Status
from services.models.status import OPEN, WITH_UNIT
from services.rates import LEAST, MISDISPATCH, measure, percent
from services.volumes import volumes

DRAWN = 15
MOST_RETURNS = 100
UNIT_NOTE = (
    "接单、退单是本期派到本单位主办的承办单，退单下的百分比是占接单的比例；"
    "用时是本期首次答复的办件从登记到答复平均的自然日，含计时中止的时间。"
)
NOTHING = {"open": 0, "waiting": 0, "soon": 0, "overdue": 0}


class Workload:
    def __init__(self, lens):
        self.lens, self.rows, self.period = lens, lens.rows, lens.period

    @cached_property
    def panels(self) -> list[Panel]:
        return panels_of(PANELS, self)

    def panel(self, name) -> Panel | None:
        return PANELS[name](self) if name in PANELS else None

    @cached_property
    def standing(self):
        """Unit → its open cases now."""
        return self._tally(self.rows.filter(department__isnull=False), "department")

    def _tally(self, rows, by):
        everything = rows.model.objects
        return rows.tally(
            by,
            open=Q(status__in=OPEN),
            waiting=Q(status=Status.DISPATCHED),
            soon=Q(pk__in=everything.due_soon().values("pk")),
            overdue=Q(pk__in=everything.overdue().values("pk")),
        )

    @cached_property
    def received(self):
        """Unit → lead 承办单 of the period, and how many of them came back."""
        start, stop = self.period.moments
        rows = self.rows.lead_assignments().filter(dispatched_at__gte=start, dispatched_at__lt=stop)
        back = Count("pk", filter=Q(returned_at__isnull=False))
        counts = rows.order_by().values("department").annotate(received=Count("pk"), returned=back)
        return {row["department"]: row for row in counts}

    @cached_property
    def assisting(self):
        """Unit → 协办 asked of it and not yet answered."""
        rows = self.rows.assists().filter(ended_at__isnull=True).order_by()
        return dict(rows.values_list("department").annotate(Count("pk")))

    @cached_property
    def unsigned(self) -> int:
        """Lead 承办单 whose time to sign has passed."""
        rows = self.rows.lead_assignments().filter(ended_at__isnull=True, signed_at__isnull=True)
        return rows.filter(sign_by__lt=timezone.now()).count()

    @cached_property
    def misdispatch(self):
        return measure(self.rows, MISDISPATCH, self.period)

    @cached_property
    def totals(self):
        return volumes(self.rows, self.period)

    def counters(self):
        """The numbers at the top; what no unit has yet is the dispatcher's own."""
        lens, units = self.lens, self.standing.values()
        with_units, waiting, late = (
            sum(row[name] for row in units) for name in ("open", "waiting", "overdue")
        )
        unsent = self.totals["overdue"] - late
        return [
            counter("各单位在办", with_units, "", f"全部在办 {self.totals['open']:,} 件"),
            counter(
                "待派单",
                self.rows.filter(status=Status.ACCEPTED).count(),
                lens.cases(box="open", status=Status.ACCEPTED),
                f"其中超期 {unsent:,} 件" if unsent else "",
                unsent and "red",
            ),
            counter(
                "待签收",
                waiting,
                lens.cases(box="open", status=Status.DISPATCHED),
                f"{self.unsigned:,} 件已过签收期限" if self.unsigned else "都在签收期限内",
                self.unsigned and "yellow",
            ),
            counter(
                "超期未办",
                self.totals["overdue"],
                lens.cases(box="late"),
                f"即将到期 {self.totals['soon']:,} 件",
                "red",
            ),
            self._returned(),
        ]

    def _returned(self):
        rate = self.misdispatch
        note = f"错派率 {rate.percent}，本期派单 {rate.denominator:,} 件"
        return counter("退过单", rate.numerator, self.lens.behind("misdispatch.met"), note)


def counter(label, value, url, note, tone=""):
    return {
        "label": label,
        "value": f"{value:,}",
        "url": url,
        "note": note,
        "tone": tone if value else "",
    }


def units(work) -> Panel:
    rows = unit_rows(work)
    waiting = sum(row["waiting"] for row in rows)
    return Panel(
        name="units",
        label="按承办单位",
        finding=findings.of_units(rows, waiting, work.unsigned),
        table=UnitTable(rows),
        unit="个",
        chart=drawn(rows),
        note=UNIT_NOTE,
    )


def unit_rows(work):
    """Every unit in use, busy or not, since a dispatcher looks for who has room."""
    answered = work.rows.filter(work.period.holds("first_replied_at"))
    waits = answered.mean_wait("department")
    known = {*work.standing, *work.received, *work.assisting}
    here = Q(organization__in=work.lens.organizations.order_by().values("pk"), is_active=True)
    found = list(Department.objects.filter(here | Q(pk__in=known)).select_related("organization"))
    # The name of the place says nothing where there is only one.
    is_one = len({unit.organization_id for unit in found}) == 1
    rows = [
        unit_row(work, unit, waits.get(unit.pk)) | {"name": unit.name if is_one else str(unit)}
        for unit in found
    ]
    return sorted(rows, key=lambda row: (-row["overdue"], -row["soon"], -row["open"]))


def unit_row(work, unit, wait):
    lens, now = work.lens, work.standing.get(unit.pk, NOTHING)
    sent = work.received.get(unit.pk, {"received": 0, "returned": 0})
    where = {"department": unit.pk}
    return {
        **linked("open", now["open"], lens.cases(box="open", **where)),
        **linked(
            "waiting", now["waiting"], lens.cases(box="open", status=Status.DISPATCHED, **where)
        ),
        **linked("soon", now["soon"], lens.cases(box="soon", **where)),
        **linked("overdue", now["overdue"], lens.cases(box="late", **where)),
        "assisting": work.assisting.get(unit.pk, 0),
        "received": sent["received"],
        "returned": sent["returned"],
        "share": percent(sent["returned"], sent["received"]) if sent["received"] >= LEAST else "",
        "days": f"{wait.total_seconds() / 86400:.1f}" if wait else "—",
    }


def handlers(work) -> Panel:
    counts = work._tally(
        work.rows.filter(handler__isnull=False, department__isnull=False, status__in=WITH_UNIT),
        ("handler", "department"),
    )
    people = User.objects.in_bulk([person for person, _ in counts])
    places = Department.objects.select_related("organization").in_bulk([u for _, u in counts])
    rows = [handler_row(work, people[p], places[u], now) for (p, u), now in counts.items()]
    rows.sort(key=lambda row: (-row["open"], row["name"]))
    return Panel(
        name="handlers",
        label="按承办人",
        finding=findings.of_handlers(rows),
        table=HandlerTable(rows),
        unit="人次",
        chart=drawn(rows),
    )


def handler_row(work, person, unit, now):
    lens, where = work.lens, {"handler": person.pk, "department": unit.pk}
    return {
        "name": str(person),
        "unit": str(unit),
        **linked("open", now["open"], lens.cases(box="open", **where)),
        **linked("soon", now["soon"], lens.cases(box="soon", **where)),
        **linked("overdue", now["overdue"], lens.cases(box="late", **where)),
    }


def drawn(rows):
    rows = sorted((row for row in rows if row["open"]), key=lambda row: -row["open"])[:DRAWN]
    calm = [row["open"] - row["overdue"] - row["soon"] for row in rows]
    bars = (
        series("超期", [row["overdue"] for row in rows], "late", stack="open"),
        series("即将到期", [row["soon"] for row in rows], "warn", stack="open"),
        series("其他在办", calm, "main", stack="open"),
    )
    return chart([row["name"] for row in rows], *bars, horizontal=True) if rows else None


def returns(work) -> Panel:
    found = list(work.rows.sent_back(work.period.moments)[:MOST_RETURNS])
    rows = [return_row(case) for case in found]
    again = sum(case.returns > 1 for case in found)
    return Panel(
        name="returns",
        label="退单往返",
        finding=findings.of_returns(work.misdispatch, again),
        table=ReturnTable(rows),
        unit="件",
        note="列出本期有退单的办件；错派率按本期首次派单的办件算，两者的件数可以不同。",
        rules=((MISDISPATCH.label, MISDISPATCH.formula, MISDISPATCH.rule),),
    )


def return_row(case):
    back = [row for row in case.leads if row.returned_at]
    return {
        "number": case.number,
        "number_url": case.get_absolute_url(),
        "subject": case.subject,
        "returns": case.returns,
        "route": " → ".join(row.department.name for row in case.leads),
        "reasons": "；".join(f"{row.department.name}：{row.return_reason}" for row in back),
        "status": case.get_status_display(),
    }


PANELS = {"units": units, "handlers": handlers, "returns": returns}
