"""The cells of rows → values, with every fault and doubt: what all rosters have in common.

Values are as a row keeps them: dates as text, choices as codes, the branch by its id. Rows are
read column by column: few cells of a roster are the first of their kind.
"""

from dataclasses import dataclass
from datetime import date

from orgs.rosters.cells import DITTO, BadCell, Doubt, as_text, is_nothing
from orgs.rosters.dates import NOT_YET, BadDate, read_date
from orgs.rosters.labels import Unfound

BRANCH_COLUMNS = ("organization", "organization_code", "superior")
#: Different cells of one column that are kept in mind, and after how many a column of which
#: nearly every cell is another is not kept in mind any more.
REMEMBERED, HOPELESS = 50_000, 25_000
OWN = ("name", "id_number", "phone", "landline")
TEXTS = {str, type(None)}
NO_BRANCH = "表中没有党支部一列，标题和工作表名称里也没有{top}下级党支部的名称。"
UNFOUND = "第 {row} 行写的“{name}”在{top}及下级中没有找到，不知道下面的人在哪个党支部。"
UNFOUND_HINT = "请把那一行改成党组织的全称，或加一列“所在党支部”。"
ELSEWHERE = "第 {row} 行写的是“{name}”，按{top}导入，请核对名册有没有选错。"
BROKEN = "格子里的公式算不出内容（如 #N/A），没有导入，请改成文字再上传。"
BRANCH_HINT = "请加一列“所在党支部”，或在标题里写明党支部名称。"


@dataclass(slots=True)
class Noted:
    """A cell that says several things at once, or about which there is something to say."""

    value: object = None
    warning: str = ""
    fault: str = ""
    hint: str = ""


class Memory(dict):
    """What was made of the texts of one column."""

    def __init__(self, outcome):
        super().__init__({None: None})
        self.outcome, self.has_notes = outcome, False

    def __missing__(self, text):
        found = self.outcome(text)
        self.has_notes |= type(found) is Noted
        if len(self) < REMEMBERED:
            self[text] = found
        return found


class Column:
    """Reads the cells of one column: `outcome(cell)` is their value, None, or Noted."""

    def __init__(self, name, place, outcome):
        self.name, self.place, self.outcome = name, place, outcome
        self.known, self.asked = Memory(outcome), 0
        #: Whether there were cells that are no texts.
        self.has_others = False

    def read(self, cells) -> list:
        # 1, 1.0 and True are one key of a dict, and three different cells
        are_texts = TEXTS.issuperset(map(type, cells))
        self.has_others |= not are_texts
        if self.known is None or not are_texts:
            outcome = self.outcome
            return [None if cell is None else outcome(cell) for cell in cells]
        found = [*map(self.known.__getitem__, cells)]
        self.asked += len(cells)
        if len(self.known) > max(HOPELESS, self.asked * 0.9):
            self.known = None
        return found

    def noted(self, found) -> list[int]:
        """Which of the values that were read are Noted."""
        if self.known is not None and not self.known.has_notes and not self.has_others:
            return []
        return [index for index, value in enumerate(found) if type(value) is Noted]


def spread(names, values) -> dict:
    """The values of a row in which some cells say several things; what comes later counts."""
    said = {}
    for name, value in zip(names, values, strict=True):
        if value is not None:
            said |= value if type(value) is dict else {name: value}
    return said


class RowReader:
    """Reads the rows of one table; `cleaners` of the kind say what a cell of a field means."""

    def __init__(self, table, resolver, today: date):
        self.places, self.headings = table.places, table.headings
        self.label = table.words.label
        self.resolver, self.today = resolver, today
        #: What the cells that name a branch were found to mean.
        self.branches = {}
        self.branch_keys = [key for key in BRANCH_COLUMNS if key in self.places]
        self.broken = table.broken
        self.own = {self.places[name] for name in OWN if name in self.places}
        #: By column, the last cell that was read.
        self.above = {}
        #: Set by titles and by rows between the people for those below them: the branch, or why
        #: it is not known; and what else is said of all of them (`labels.Claim`).
        self.section = self.claim = None
        self.columns = [
            Column(name, place, self._outcome_of(clean))
            for name, clean in self.cleaners().items()
            if (place := self.places.get(name)) is not None
        ]

    def cleaners(self) -> dict:
        """{field: cell → value}, which may raise BadCell, BadDate or Doubt."""
        raise NotImplementedError

    def read(self, rows):
        """Fill `values`, `faults` and `warnings` of rows with `number` and `raw`.

        Every cell is looked at, so that all faults of a row are told at once.
        """
        columns = zip(*[row.raw for row in rows], strict=True)
        cells = [self._spelled_out(place, column) for place, column in enumerate(columns)]
        names, told, several = ["organization"], [self._organizations(rows, cells)], set()
        for column in self.columns:
            found = column.read(cells[column.place])
            for index in column.noted(found):
                noted, found[index] = found[index], found[index].value
                self._tell(rows[index], column.name, noted)
                if type(noted.value) is dict:
                    several.add(index)
            names.append(column.name)
            told.append(found)
        for row, values in zip(rows, zip(*told, strict=True), strict=True):
            pairs = zip(names, values, strict=True)
            row.values = {name: value for name, value in pairs if value is not None}
        for index in several:
            rows[index].values = spread(names, [found[index] for found in told])
        if self.broken:
            self._tell_broken(rows)
        self.check(rows)

    def _tell_broken(self, rows):
        names = {place: name for name, place in self.places.items()}
        for row in rows:
            for place in self.broken.get(row.number, ()):
                if place in names:
                    self.warn(row, names[place], BROKEN)

    def _spelled_out(self, place, column):
        """同上 as the cell above it, but for what is everybody's own."""
        if place not in self.own and not DITTO.isdisjoint(column):
            above, column = self.above.get(place), list(column)
            for index, cell in enumerate(column):
                above = column[index] = above if cell in DITTO else cell
        self.above[place] = column[-1]
        return column

    def check(self, rows):
        """What the cells of a row say together."""
        for row in rows:
            self.require(row)
            if not row.faults:
                self.cross_check(row)

    def require(self, row):
        raise NotImplementedError

    def cross_check(self, row):
        raise NotImplementedError

    def _outcome_of(self, clean):
        def outcome(cell):
            if is_nothing(as_text(cell)):
                return None
            try:
                found = clean(cell)
            except BadCell as fault:
                return Noted(None, fault=str(fault), hint=fault.hint)
            except Doubt as doubt:
                found = None if doubt.value == "" else doubt.value
                return Noted(found if type(found) is dict else self.stored(found), str(doubt))
            if type(found) is dict:
                return Noted(found)
            return None if found == "" else self.stored(found)

        return outcome

    def stored(self, value):
        """As a row keeps it."""
        return value

    def day(self, value, today):
        """A PartialDate; "" where there is none yet."""
        if as_text(value) in NOT_YET:
            return ""
        try:
            found, warning = read_date(value, today)
        except BadDate as fault:
            raise BadCell(str(fault), fault.hint) from fault
        if warning:
            raise Doubt(warning, found)
        return found

    def _tell(self, row, name, noted):
        if noted.warning:
            self.warn(row, name, noted.warning)
        if noted.fault:
            self.refuse(row, name, noted.fault, noted.hint)

    def said(self, row, name) -> str:
        place = self.places.get(name)
        return "" if place is None else as_text(row.raw[place])

    def refuse(self, row, name, message, hint=""):
        row.faults = [*row.faults, self._note(row, name, message) | {"hint": hint}]

    def warn(self, row, name, message):
        row.warnings = [*row.warnings, self._note(row, name, message)]

    def _note(self, row, name, message) -> dict:
        return {
            "row": row.number,
            "column": self.headings.get(name) or self.label(name),
            "field": name,
            "value": self.said(row, name),
            "message": message,
        }

    def _organizations(self, rows, cells) -> list:
        written = [cells[self.places[key]] for key in self.branch_keys]
        written = list(zip(*written, strict=True)) if written else [()] * len(rows)
        found = [*map(self.branches.get, written)]
        if None in found:
            for index in [i for i, known in enumerate(found) if known is None]:
                found[index] = self._organization(rows[index], written[index])
        return found

    def _organization(self, row, written):
        """The branch that the row names, by its id; None where it is to be refused."""
        told = dict(zip(self.branch_keys, map(as_text, written), strict=True))
        said = [told.get(key, "") for key in BRANCH_COLUMNS]
        name, code, above = ("" if is_nothing(text) else text for text in said)
        key = "organization_code" if "organization_code" in self.places else "organization"
        key = "organization" if "organization" in self.places else key
        if key not in self.places:
            return self._branch_above(row)
        if not name and not code:
            self.refuse(row, key, f"{self.headings[key]}不能为空。")
            return None
        try:
            self.branches[written] = self.resolver.find(name, code, above).pk
        except BadCell as fault:
            self.refuse(row, key, fault.message, fault.hint)
        return self.branches.get(written)

    def _branch_above(self, row):
        """Without a column for it: the branch that a title names, or the importer's own."""
        top = self.resolver.top
        if isinstance(self.section, Unfound):
            said = {"row": self.section.row, "name": self.section.name, "top": top}
            if len(self.resolver.nodes) > 1:
                self.refuse(row, "organization", UNFOUND.format(**said), UNFOUND_HINT)
                return None
            self.warn(row, "organization", ELSEWHERE.format(**said))
            return top.pk
        if self.section is None and len(self.resolver.nodes) > 1:
            self.refuse(row, "organization", NO_BRANCH.format(top=top), BRANCH_HINT)
            return None
        return (self.section or top).pk
