"""看板 of a cycle: progress, stars, the six goals, turnout, gaps, the weakest indicators.

Every number leads to the organizations behind it. The number of queries does not depend on how
many organizations there are.
"""

from functools import cached_property

from django.db.models import Count, F, Q, Sum

from assessments import standing
from assessments.cycle_findings import (
    of_gaps,
    of_goals,
    of_indicators,
    of_progress,
    of_stars,
    of_turnout,
)
from assessments.cycle_panels import (
    GapTable,
    GoalTable,
    IndicatorTable,
    ProgressTable,
    StarTable,
    TurnoutTable,
)
from assessments.models import Assessment, Result
from assessments.panel import Panel, chart, linked, panels_of, series
from assessments.radar import Radar
from orgs.models import Sector
from services.rates import percent

Status = Assessment.Status
STARS = (5, 4, 3, 2, 1)
#: More rows than these nobody reads; the numbers stay whole.
LISTED, WORST = 50, 15


class CycleDashboard:
    def __init__(self, lens, user):
        self.lens, self.cycle, self.user = lens, lens.cycle, user

    @cached_property
    def panels(self) -> list[Panel]:
        return panels_of(PANELS, self)

    def panel(self, name) -> Panel | None:
        return PANELS[name](self) if name in PANELS else None

    @cached_property
    def results(self):
        """What the reader may know of the results: an organization's own only once public."""
        seen = Result.objects.visible_to(self.user)
        return seen.filter(assessment__in=self.lens.rows.order_by().values("pk"))

    @cached_property
    def scored(self):
        return self.lens.rows.scored_for(self.user)

    @cached_property
    def sectors(self) -> list[str]:
        """Of those that take part, in their usual order."""
        there = set(self.lens.rows.order_by().values_list("sector", flat=True).distinct())
        return [sector for sector in Sector.values if sector in there]


def progress(page) -> Panel:
    lens = page.lens
    counts = standing.by_status(lens.rows, lens.node)
    places = [lens.node, *lens.children]
    rows = [progress_row(lens, place, counts[p]) for place in places if (p := place.path) in counts]
    drawn = chart(
        [row["name"] for row in rows],
        series("完成", [row["REVIEWED"] for row in rows], "main", stack="all"),
        series("已提交", [row["SUBMITTED"] for row in rows], "soft", stack="all"),
        series("未交", [row["open"] for row in rows], "warn", stack="all"),
        horizontal=True,
    )
    return Panel(
        name="progress",
        label="进度",
        finding=of_progress(rows),
        table=ProgressTable(rows),
        unit="个",
        chart=drawn if 1 < len(rows) <= LISTED else None,
    )


def progress_row(lens, place, counts) -> dict:
    itself = place == lens.node
    where = {"own" if itself else "organization": place.pk}
    row = {"name": f"{place}（本级）" if itself else str(place)}
    row["name_url"] = None if itself else lens.url(organization=place.pk)
    row |= linked("all", sum(counts.values()), lens.board(**where))
    for status in Status.values:
        row |= linked(status, counts.get(status, 0), lens.board(status=status, **where))
    row["open"] = sum(counts.get(s, 0) for s in ("NOT_STARTED", "FILLING", "RETURNED"))
    row["share"] = percent(counts.get("REVIEWED", 0), sum(counts.values()))
    return row


def stars(page) -> Panel | None:
    counts = (
        page.results.order_by().values("assessment__sector", "stars").annotate(count=Count("pk"))
    )
    found: dict[str, dict] = {}
    for row in counts:
        found.setdefault(row["assessment__sector"], {})[row["stars"]] = row["count"]
    if not found:
        return None
    rows = [star_row(page.lens, code, found[code]) for code in page.sectors if code in found]
    tones = {5: "late", 4: "warn", 3: "main", 2: "soft", 1: "soft"}
    drawn = chart(
        [row["name"] for row in rows],
        *(
            series(f"{n} 星", [row[f"stars_{n}"] for row in rows], tones[n], stack="all")
            for n in STARS
        ),
        horizontal=True,
    )
    return Panel(
        name="stars", label="星级", finding=of_stars(rows), table=StarTable(rows), unit="个领域",
        chart=drawn,
    )  # fmt: skip


def star_row(lens, sector, counts) -> dict:
    row = {"name": Sector(sector).label, "name_url": lens.url(sector=sector)}
    for n in STARS:
        row |= linked(f"stars_{n}", counts.get(n, 0), lens.results(sector=sector, stars=n))
    row |= linked("pending", counts.get(None, 0), lens.results(sector=sector, pending="yes"))
    return row


def goals(page) -> Panel | None:
    rates = standing.by_goal(page.scored)
    named = list(page.cycle.scheme.goals.order_by("number"))
    numbers = [goal.number for goal in named]
    rows, radars = [], []
    for sector in page.sectors:
        pairs = [rates.get((sector, number), (None, None)) for number in numbers]
        own, review = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        if not any(value is not None for value in (*own, *review)):
            continue
        label = Sector(sector).label
        rows.append({"name": label, "name_url": page.lens.url(sector=sector)} | {
            f"goal_{number}": value for number, value in zip(numbers, review, strict=True)
        })  # fmt: skip
        axes = tuple(goal.name[-4:] for goal in named)
        outlines = (("soft", tuple(own)), ("main", tuple(review)))
        radars.append(Radar(label, axes, outlines))
    if not rows:
        return None
    return Panel(
        name="goals",
        label="六有得分率",
        finding=of_goals(rows, named),
        table=GoalTable(rows, goals=named),
        unit="个领域",
        note="只计考评定稿的。得分率：考评得分 ÷ 可得分，不适用的不计；图中虚线为自评。",
        radars=tuple(radars),
    )


def turnout(page) -> Panel | None:
    counts = (
        page.results.order_by()
        .values("assessment__sector")
        .annotate(
            organizations=Count("pk"),
            eligible_sum=Sum("eligible"),
            valid_sum=Sum("valid"),
            waiting=Count("pk", filter=Q(is_pending=True)),
        )
    )
    found = {row["assessment__sector"]: row for row in counts if row["eligible_sum"]}
    if not found:
        return None
    rows = []
    for sector in page.sectors:
        if row := found.get(sector):
            told = {"name": Sector(sector).label, "name_url": page.lens.url(sector=sector)}
            told |= {"eligible": row["eligible_sum"], "valid": row["valid_sum"]}
            told["rate"] = percent(row["valid_sum"], row["eligible_sum"])
            told |= linked("organizations", row["organizations"], page.lens.results(sector=sector))
            address = page.lens.results(sector=sector, pending="yes")
            rows.append(told | linked("pending", row["waiting"], address))
    return Panel(
        name="turnout", label="测评参评", finding=of_turnout(rows), table=TurnoutTable(rows),
        unit="个领域",
        note="有效票 ÷ 应参评人数；有效票不足的单位重测一次，仍不足的待定，不按零分计。",
    )  # fmt: skip


def gaps(page) -> Panel | None:
    flag = page.cycle.scheme.gap_flag
    wide = page.results.filter(Q(gap__gt=flag) | Q(gap__lt=-flag)).select_related("assessment")
    count = wide.count()
    if not page.results.filter(gap__isnull=False).exists():
        return None
    rows = [
        {
            "name": row.assessment.name,
            "name_url": row.get_absolute_url(),
            "sector": row.assessment.get_sector_display(),
            "own": row.own,
            "review": row.review,
            "gap": row.gap,
        }
        for row in wide.annotate(far=F("gap") * F("gap")).order_by("-far", "pk")[:LISTED]
    ]
    return Panel(
        name="gaps", label="自评与考评差距", finding=of_gaps(rows, count, flag), unit="个",
        table=GapTable(rows), note=f"只列差距最大的 {LISTED} 个。" if count > LISTED else "",
    )  # fmt: skip


def indicators(page) -> Panel | None:
    found = standing.by_indicator(page.scored)[:WORST]
    if not found:
        return None
    rows = [indicator_row(page.lens, row) for row in found]
    drawn = chart(
        [f"{row['code']} {row['name']}" for row in found],
        series("得分率", [round(row["rate"], 1) for row in found], "main"),
        horizontal=True,
    )
    return Panel(
        name="indicators", label="得分率最低的指标", finding=of_indicators(rows),
        table=IndicatorTable(rows), unit="项", chart=drawn,
    )  # fmt: skip


def indicator_row(lens, row) -> dict:
    key = row["code"], row["name"]
    told = row | {"rate": f"{row['rate']:.1f}%", "name_url": lens.indicator(*key)}
    return told | linked("zeros", row["zeros"], lens.indicator(*key, zero="yes"))


PANELS = {
    "progress": progress,
    "stars": stars,
    "goals": goals,
    "turnout": turnout,
    "gaps": gaps,
    "indicators": indicators,
}
