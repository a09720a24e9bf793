"""党组织名册: bring a sheet of organizations into the tree.

Every row stands for itself: what is wrong with one row is reported, the others go in. A parent
may stand below its children in the sheet, so rows are taken in the order of the tree.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError, TopologicalSorter

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from orgs.models import Formation, Level, Organization, OrganizationKind, Sector
from orgs.naming import short_name_of
from orgs.row_import import BadCell, Report

COLUMNS = {
    "code": "党组织代码",
    "name": "党组织名称",
    "parent": "上级党组织代码",
    "kind": "组织类别",
    "sector": "所属领域",
    "formation": "组建方式",
    "division_code": "行政区划代码",
    "short_name": "简称",
    "founded_on": "成立日期",
    "supervisor": "所在地党组织代码",
}
OPTIONAL = ("short_name", "founded_on", "supervisor")
NEEDED = ("code", "name", "kind")
CODES = ("code", "parent", "division_code", "supervisor")
CHOICES = {"kind": OrganizationKind, "sector": Sector, "formation": Formation}
LEVELS = {4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}
DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
LOST_DIGITS = re.compile(r"\d+(\.\d+)?E\+?\d+", re.IGNORECASE)


@dataclass
class Row:
    number: int  # of the sheet
    said: dict[str, str]
    values: dict = field(default_factory=dict)
    faults: list[BadCell] = field(default_factory=list)

    def __getitem__(self, name) -> str:
        return self.said.get(name, "")

    def refuse(self, name, message):
        self.faults.append(self.bad(name, message))

    def bad(self, name, message) -> BadCell:
        return BadCell(COLUMNS[name], self[name], message)


def clean(row: Row) -> dict:
    """The row's cells as values of an Organization; what is wrong goes to `row.faults`."""
    values = {name: row[name] for name in ("name", "short_name", "division_code")}
    for name in ("name", "short_name"):
        longest = Organization._meta.get_field(name).max_length
        if len(values[name]) > longest:
            row.refuse(name, f"最多 {longest} 个字，请缩短。")
    for name in NEEDED:
        if not row[name]:
            row.refuse(name, f"{COLUMNS[name]}不能为空。")
    for name in CODES:
        if fault := code_fault(name, row[name]):
            row.refuse(name, fault)
    for name, choices in CHOICES.items():
        codes = {label: code for code, label in choices.choices}
        values[name] = codes.get(row[name], "")
        if row[name] and not values[name]:
            row.refuse(name, f"不认识，可填：{'、'.join(codes)}。")
    values["founded_on"] = founding_day(row)
    return values


def code_fault(name, code) -> str:
    if LOST_DIGITS.fullmatch(code):
        return "精度已丢失，请把该列设为文本后重新填写。"
    if len(code) > 40:
        return "最多 40 个字符。"
    if name == "division_code" and code and not (code.isdigit() and len(code) in LEVELS):
        return "行政区划代码应为 4、6、9 或 12 位数字。"
    return ""


def founding_day(row) -> date | None:
    """A whole date; a month alone is not made into a day."""
    if not row["founded_on"]:
        return None
    found = DATE.fullmatch(row["founded_on"])
    try:
        return date(*map(int, found.groups()))
    except (AttributeError, ValueError):
        row.refuse("founded_on", "日期不对，请写成 2019-07-01 这样的年月日。")
        return None


def tidy(name, value) -> str:
    """A cell without the spaces and line breaks that typing leaves; "-" stands for nothing."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = "" if value is None else "".join(str(value).split())
    if name not in ("name", "short_name"):
        text = unicodedata.normalize("NFKC", text)
    return "" if text in ("-", "－", "—", "/") else text


class OrganizationImport:
    """One run over the rows of a sheet: [(row number, {field: value})]."""

    def __init__(self, rows, *, actor=None):
        self.rows = [
            Row(number, {name: tidy(name, value) for name, value in said.items()})
            for number, said in rows
        ]
        self.actor = actor
        self.report = Report(new="新增", updated="更新", unchanged="不变")
        self.known = {node.code: node for node in Organization.objects.all()}
        codes = {node.path: node.code for node in self.known.values()}
        step = Organization.steplen
        self.parents = {node.code: codes.get(node.path[:-step]) for node in self.known.values()}

    def run(self) -> Report:
        for row in self._in_order(self._by_code()):
            try:
                if row.faults:
                    raise row.faults[0]
                self.report.count(self._write(row))
            except BadCell as fault:
                self.report.refuse(row.number, *(row.faults or [fault]))
        return self.report

    def _by_code(self) -> dict[str, Row]:
        """Rows by their code; of two rows with one code the first counts."""
        self.sheet = {}
        for row in self.rows:
            row.values = clean(row)
            first = self.sheet.setdefault(row["code"] or f"?{row.number}", row)
            if first is not row:
                said = f"与第 {first.number} 行的党组织代码重复，以第 {first.number} 行为准。"
                self.report.refuse(row.number, *row.faults, row.bad("code", said))
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

    def _above(self, row, name) -> Organization | None:
        """The organization that a row names as its superior, already in the tree."""
        code = row[name]
        if not code:
            return None
        if code in self.known:
            return self.known[code]
        if code in self.sheet:
            number = self.sheet[code].number
            raise row.bad(name, f"“{code}”在第 {number} 行，该行有误未导入，请先改正。")
        raise row.bad(name, f"表中和系统中都没有代码为“{code}”的党组织。")

    def _write(self, row) -> str:
        parent, supervisor = self._above(row, "parent"), self._above(row, "supervisor")
        try:
            if row["code"] in self.known:
                return self._update(self.known[row["code"]], row, parent, supervisor)
            self.known[row["code"]] = self._establish(row, parent, supervisor)
            return "new"
        except IntegrityError as error:
            raise row.bad("code", "与系统中正在修改的数据冲突，请稍后重新导入。") from error

    def _establish(self, row, parent, supervisor):
        values = {**row.values, "code": row["code"], "level": level_of(row)}
        above = parent.name if parent else ""
        derived = short_name_of(row["name"], values["level"], above)
        values["short_name"] = row["short_name"] or derived
        return Organization.establish(
            actor=self.actor, parent=parent, local_supervisor=supervisor, **values
        )

    def _update(self, current, row, parent, supervisor) -> str:
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
        if supervisor and current.local_supervisor_id != supervisor.pk:
            changes["local_supervisor"] = supervisor
        moved = parent is not None and self.parents[row["code"]] != parent.code
        if not changes and not moved:
            return "unchanged"
        with transaction.atomic():
            if changes:
                current.revise(actor=self.actor, **changes)
            if moved:
                self._relocate(current, row, parent)
        return "updated"

    def _renamed(self, current, row) -> dict:
        """The derived short name follows the name; one that somebody chose stays."""
        above = self.known.get(self.parents[row["code"]])
        above = above.name if above else ""
        if current.short_name != short_name_of(current.name, current.level, above):
            return {}
        return {"short_name": short_name_of(row["name"], current.level, above)}

    def _relocate(self, current, row, parent):
        # Moves before this one may have changed the paths of both.
        current.refresh_from_db()
        parent.refresh_from_db()
        try:
            current.relocate(actor=self.actor, parent=parent)
        except ValidationError as error:
            raise row.bad("parent", error.messages[0]) from error
        self.parents[row["code"]] = parent.code


def level_of(row) -> str:
    """A division's own organization has the division's level; everything else is a unit."""
    is_division = row["division_code"] and row["division_code"] == row["code"]
    return LEVELS[len(row["division_code"])] if is_division else Level.UNIT
