"""亮灯板: the organizations one level down, red where something is overdue."""

from functools import cached_property

from assessments import findings
from assessments.panel import Panel, chart, linked, series
from assessments.tables import BranchTable
from services.lights import Light
from services.rates import ON_TIME, SATISFIED, Rate, measure
from services.volumes import volumes

#: More bars than this nobody reads.
DRAWN = 15
NOTHING = {"registered": 0, "answered": 0, "open": 0, "overdue": 0, "soon": 0}
NAMED = 8
CAUTION = (
    "各地人口、事项和来件渠道不同，件数和比率不宜直接排名；"
    "请结合件数看，先和自己的上期比，再点件数看办件。"
)


def board(dashboard) -> Panel | None:
    """The 红黄绿 board; an organization with none below it has no board."""
    return Board(dashboard.lens).panel() if dashboard.lens.children else None


class Board:
    def __init__(self, lens):
        self.lens = lens
        self.rows = lens.rows.below(lens.node)

    @cached_property
    def counts(self):
        return volumes(self.rows, self.lens.period, by="branch")

    @cached_property
    def branches(self):
        """Overdue first, then those soon due, then as the tree stands; quiet ones left out."""
        rates = {
            definition: measure(self.rows, definition, self.lens.period, by="branch")
            for definition in (ON_TIME, SATISFIED)
        }
        places = [self.lens.node, *self.lens.children]
        rows = [self._row(place, rates) for place in places if self._is_busy(place)]
        return sorted(rows, key=lambda row: (-row["overdue"], -row["soon"]))

    def _is_busy(self, place) -> bool:
        return any(self.counts.get(place.path, NOTHING).values())

    def _row(self, place, rates):
        lens, counts = self.lens, self.counts[place.path]
        itself = place == lens.node
        where = {"own": place.pk} if itself else {"organization": place}
        light = light_of(counts)
        box = {"red": "late", "yellow": "soon"}.get(light.tone)
        return {
            "path": place.path,
            "name": f"{place}（本级）" if itself else str(place),
            "name_url": None if itself else lens.url(place),
            **linked("registered", counts["registered"], lens.registered(**where)),
            **linked("answered", counts["answered"], lens.behind("answered", **where)),
            **linked("open", counts["open"], lens.cases(box="open", **where)),
            "overdue": counts["overdue"],
            "soon": counts["soon"],
            "light": light,
            "also": f"{counts['soon']:,} 件即将到期"
            if light.tone == "red" and counts["soon"]
            else "",
            "light_url": lens.cases(box=box, **where) if box else None,
            "on_time": rates[ON_TIME].get(place.path, Rate(ON_TIME)),
            "satisfied": rates[SATISFIED].get(place.path, Rate(SATISFIED)),
        }

    def panel(self) -> Panel:
        rows = self.branches
        overdue = sum(row["overdue"] for row in rows)
        return Panel(
            name="board",
            label="下一级组织",
            finding=findings.of_branches(rows, overdue, self.worst_units(rows)),
            table=BranchTable(rows),
            unit="个",
            chart=self._chart(rows),
            note=CAUTION + self._quiet_words(),
        )

    def _quiet_words(self) -> str:
        quiet = [str(place) for place in self.lens.children if not self._is_busy(place)]
        if not quiet:
            return ""
        names = "、".join(quiet[:NAMED]) + ("等" if len(quiet) > NAMED else "")
        return f"另有 {len(quiet)} 个下级组织没有办件：{names}。"

    def worst_units(self, rows) -> dict[str, int]:
        """With which units the overdue cases of the worst branch lie."""
        counts = self.rows.overdue().tally(("branch", "department__name"), count=None)
        worst = max(rows, key=lambda row: row["overdue"])["path"] if rows else ""
        return {unit: row["count"] for (path, unit), row in counts.items() if path == worst}

    def _chart(self, rows):
        rows = sorted(rows, key=lambda row: -row["open"])[:DRAWN]
        if not any(row["open"] for row in rows):
            return None
        calm = [row["open"] - row["overdue"] - row["soon"] for row in rows]
        return chart(
            [row["name"] for row in rows],
            series("超期", [row["overdue"] for row in rows], "late", stack="open"),
            series("即将到期", [row["soon"] for row in rows], "warn", stack="open"),
            series("其他在办", calm, "main", stack="open"),
            horizontal=True,
        )


def light_of(counts) -> Light:
    if counts["overdue"]:
        return Light("red", f"{counts['overdue']:,} 件超期")
    if counts["soon"]:
        return Light("yellow", soon_words(counts))
    return Light("green", "正常")


def soon_words(counts) -> str:
    return f"{counts['soon']:,} 件即将到期"
