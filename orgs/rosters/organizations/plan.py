"""What a sheet of organizations would do to the tree, row by row, before anything is done.

Every row stands for itself: what is wrong with one row is told, the others go in. A superior may
stand below its branches in the sheet, so rows are taken in the order of the tree.
"""

from graphlib import CycleError, TopologicalSorter

from orgs.models import ImportBatch, ImportRow, Organization
from orgs.naming import short_name_of
from orgs.rosters.organizations.row import Row, clean, level_of
from orgs.rosters.verdict import Judgement

Verdict = ImportRow.Verdict
OUT_OF_REACH = "“{code}”不在{top}及下级，不能由这里导入。"


class Plan:
    """Judges all rows at once; `ordered` are those that go in, superiors first."""

    def __init__(self, rows: list[Row], batch):
        self.rows, self.batch, self.top = rows, batch, batch.organization
        self.known = {node.code: node for node in Organization.objects.all()}
        codes = {node.path: node.code for node in self.known.values()}
        step = Organization.steplen
        self.parents = {node.code: codes.get(node.path[:-step]) for node in self.known.values()}
        self.names = {(self.parents[code], node.name): code for code, node in self.known.items()}
        self.told: dict[int, Judgement] = {}
        self.ordered: list[Row] = []
        for row in self._in_order(self._by_code()):
            self.told[row.number] = told = self._judged(row)
            if told.verdict in (Verdict.NEW, Verdict.UPDATE):
                self.ordered.append(row)

    def _by_code(self) -> dict[str, Row]:
        """Rows by their code; of two rows with one code the first counts."""
        self.sheet = {}
        for row in self.rows:
            if not row["code"]:
                # without a code: one that is there already under this superior by this name
                row.said["code"] = self.names.get((row["parent"] or None, row["name"]), "")
            row.faults, row.values = [], {}
            row.values = clean(row)
            first = self.sheet.setdefault(row["code"] or f"?{row.number}", row)
            if first is not row:
                said = f"与第 {first.number} 行的党组织代码重复，以第 {first.number} 行为准。"
                row.refuse("code", said)
                self.told[row.number] = Judgement(Verdict.ERROR, faults=row.faults)
        return self.sheet

    def _in_order(self, sheet) -> list[Row]:
        """Superiors first; rows that are their own superiors are refused."""
        graph = {
            code: {above for above in (row["parent"], row["supervisor"]) if above in sheet}
            for code, row in sheet.items()
        }
        while True:
            try:
                return [sheet[code] for code in TopologicalSorter(graph).static_order()]
            except CycleError as error:
                ring = error.args[1][::-1]
                for code in ring[1:]:
                    name = "parent" if sheet[code]["parent"] in ring else "supervisor"
                    sheet[code].refuse(name, f"上级关系成环：{' → '.join(ring)}。")
                    graph[code] = set()

    def _judged(self, row) -> Judgement:
        self._look_above(row)
        current = self.known.get(row["code"])
        if not row.faults:
            self._within_reach(row, current)
        if not row.faults and current and self._moved(row):
            self._no_ring(row)
        if row.faults:
            return Judgement(Verdict.ERROR, faults=row.faults)
        if current is None:
            self.parents[row["code"]] = row["parent"] or None
            return Judgement(Verdict.NEW)
        return self._met(row, current)

    def _look_above(self, row):
        """A row whose superior is neither there nor coming is not taken."""
        for name in ("parent", "supervisor"):
            code = row[name]
            if row.faults or not code or code in self.known:
                continue
            if code not in self.sheet:
                row.refuse(name, f"表中和系统中都没有代码为“{code}”的党组织。")
            elif self.told[self.sheet[code].number].verdict == Verdict.ERROR:
                number = self.sheet[code].number
                row.refuse(name, f"“{code}”在第 {number} 行，该行有误未导入，请先改正。")

    def _within_reach(self, row, current):
        """Who brings the roster of one branch of the tree changes nothing outside it."""
        if self.top is None:
            return
        if current and not current.path.startswith(self.top.path):
            row.refuse("code", OUT_OF_REACH.format(code=row["code"], top=self.top))
        elif current and current.pk == self.top.pk:
            if self._moved(row):
                row.refuse("parent", f"{self.top}的上级不能由这里调整。")
        elif (above := row["parent"]) and not self._is_below_top(above):
            row.refuse("parent", OUT_OF_REACH.format(code=above, top=self.top))
        elif not above and not current:
            row.refuse("parent", "上级党组织代码不能为空。")

    def _is_below_top(self, code) -> bool:
        node = self.known.get(code)
        # one that is new has been looked at itself
        return node is None or node.path.startswith(self.top.path)

    def _moved(self, row) -> bool:
        return bool(row["parent"]) and self.parents[row["code"]] != row["parent"]

    def _no_ring(self, row):
        code = row["parent"]
        while code:
            if code == row["code"]:
                row.refuse("parent", "不能调整到本组织或其下级之下。")
                return
            code = self.parents.get(code)

    def _met(self, row, current) -> Judgement:
        prior = {name: stored(getattr(current, name)) for name in self.changes(row, current)}
        if self._moved(row):
            prior["parent"] = self.parents[row["code"]]
            self.parents[row["code"]] = row["parent"]
        if row["supervisor"] and supervisor_code(current, self.known) != row["supervisor"]:
            prior["supervisor"] = supervisor_code(current, self.known)
        if not prior:
            return Judgement(Verdict.UNCHANGED)
        if self.batch.on_duplicate != ImportBatch.OnDuplicate.UPDATE:
            said = f"{current.name}已登记，内容不同，未更新。"
            return Judgement(Verdict.DUPLICATE, warnings=[("code", said)])
        return Judgement(Verdict.UPDATE, prior=prior)

    def changes(self, row, current) -> dict:
        """Cells that say something else than before; an empty cell erases nothing."""
        changes = {
            name: value
            for name, value in row.values.items()
            if value and getattr(current, name) != value
        }
        if "division_code" in changes:
            changes["level"] = level_of(row)
        if "name" in changes and not row["short_name"]:
            changes |= self._renamed(current, row)
        return changes

    def _renamed(self, current, row) -> dict:
        """The derived short name follows the name; one that somebody chose stays."""
        above = self.known.get(self.parents[row["code"]])
        above = above.name if above else ""
        if current.short_name != short_name_of(current.name, current.level, above):
            return {}
        return {"short_name": short_name_of(row["name"], current.level, above)}


def supervisor_code(node, known) -> str:
    if node.local_supervisor_id is None:
        return ""
    return next((n.code for n in known.values() if n.pk == node.local_supervisor_id), "")


def stored(value):
    """As a staged row keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else value or ""
