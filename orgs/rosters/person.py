"""One row of a members' roster → the values of a Member, with every fault and doubt of the row.

Values are as a row keeps them: dates as text, choices as codes, the branch by its id.
"""

from dataclasses import dataclass, field
from datetime import date

from orgs.models import Member, Sex, Stage, Standing
from orgs.partial_date import PartialDate
from orgs.rosters import cells
from orgs.rosters.cells import BadCell, Doubt, as_text, is_nothing
from orgs.rosters.dates import HINT, BadDate, read_date

DATES = ("born", "joined", "confirmed", "lost_since")
FLAGS = (
    "is_lost", "is_away", "is_party_worker", "is_volunteer", "is_delegate",
    "is_first_secretary", "in_hardship",
)  # fmt: skip
TEXTS = ("degree", "native_place", "job", "address", "away_to", "note", "landline")
LABELS = {name: Member._meta.get_field(name).verbose_name for name in (*DATES, *FLAGS, *TEXTS)}
LENGTHS = {name: Member._meta.get_field(name).max_length or 60 for name in TEXTS}
BRANCH_COLUMNS = ("organization", "organization_code", "superior")
ADULT = 18
MALE, FEMALE = Sex.MALE.value, Sex.FEMALE.value
#: Different cells of one column that are kept in mind, and after how many a column whose cells
#: are all different is not kept in mind any more.
REMEMBERED, HOPELESS = 20_000, 4_000
NO_BRANCH = "表中没有党支部一列，标题和工作表名称里也没有{top}下级党支部的名称。"
BRANCH_HINT = "请加一列“所在党支部”，或在标题里写明党支部名称。"


@dataclass(slots=True)
class Reading:
    """What a row says; with faults it is not taken."""

    number: int
    raw: list
    values: dict = field(default_factory=dict)
    faults: list[dict] = field(default_factory=list)
    warnings: list[dict] = field(default_factory=list)


class PersonReader:
    """Reads the rows of one table."""

    def __init__(self, table, resolver, today: date):
        self.places, self.headings = table.places, table.headings
        self.label = table.words.label
        self.resolver, self.today = resolver, today
        #: What the cells that name a branch were found to mean.
        self.branches = {}
        self.branch_places = [self.places[k] for k in BRANCH_COLUMNS if k in self.places]
        #: Set by a row that names the branch for those below it.
        self.section = None
        #: How many rows were read.
        self.asked = 0
        #: By column, what was made of such a cell before; few cells of a roster are the first.
        self.cleaners = [
            (name, place, clean, Memory())
            for name, clean in self._cleaners().items()
            if (place := self.places.get(name)) is not None
        ]

    def _cleaners(self) -> dict:
        text = {name: self._text(name) for name in TEXTS}
        flags = {name: self._flag(name) for name in FLAGS}
        dates = dict.fromkeys(DATES, self._date)
        return {
            "name": lambda value: cells.clean_name(as_text(value)),
            "sex": self._choice(cells.SEXES, "性别"),
            "ethnicity": self._choice(cells.PEOPLES, "民族"),
            "education": self._choice(cells.EDUCATIONS, "学历"),
            "stage": lambda value: cells.clean_stage(as_text(value)),
            "standing": self._standing,
            "phone": cells.clean_phone,
            "id_number": lambda value: cells.clean_id(value, self.today),
            **dates,
            **flags,
            **text,
        }

    def read(self, row) -> Reading:
        """Every cell is looked at, so that all faults of the row are told at once."""
        reading, cells = Reading(row.number, row.values), row.values
        self.asked += 1
        self._organization(reading)
        said = reading.values
        for name, place, clean, known in self.cleaners:
            value = cells[place]
            if value is None:
                continue
            outcome = known.get(value) if type(value) is str else None
            if outcome is None:
                outcome = self._outcome(name, value, clean)
                if known.is_open and type(value) is str:
                    known.keep(value, outcome, self.asked)
            found, notes = outcome
            if type(found) is dict:
                said.update(found)
            elif found is not None:
                said[name] = found
            if notes:
                self._tell(reading, name, *notes)
        self._required(reading)
        if not reading.faults:
            self._cross_check(reading)
        return reading

    def _tell(self, reading, name, warning, fault, hint):
        if warning:
            self.warn(reading, name, warning)
        if fault:
            self.refuse(reading, name, fault, hint)

    def _outcome(self, name, value, clean) -> tuple:
        """(value, None, or several values; None or the warning, fault and hint) of one cell."""
        if is_nothing(as_text(value)):
            return None, None
        warning = ""
        try:
            found = clean(value)
            if name not in DATES:
                return (None if found == "" else found), None
        except (BadCell, BadDate) as fault:
            return None, ("", str(fault), fault.hint if isinstance(fault, BadCell) else HINT)
        except Doubt as doubt:
            found, warning = doubt.value, str(doubt)
        if name in DATES:
            found, warning = found[0].isoformat(), found[1]
        notes = (warning, "", "") if warning else None
        return (None if found == "" else found), notes

    def said(self, reading, name) -> str:
        place = self.places.get(name)
        return "" if place is None else as_text(reading.raw[place])

    def refuse(self, reading, name, message, hint=""):
        reading.faults.append(self._note(reading, name, message) | {"hint": hint})

    def warn(self, reading, name, message):
        reading.warnings.append(self._note(reading, name, message))

    def _note(self, reading, name, message) -> dict:
        return {
            "row": reading.number,
            "column": self.headings.get(name) or self.label(name),
            "field": name,
            "value": self.said(reading, name),
            "message": message,
        }

    def _date(self, value):
        return read_date(value, self.today)

    def _choice(self, known, label):
        return lambda value: cells.clean_choice(as_text(value), known, label)

    def _flag(self, name):
        return lambda value: cells.clean_flag(as_text(value), LABELS[name])

    def _text(self, name):
        longest = LENGTHS[name]

        def clean(value):
            text = as_text(value)
            if len(text) > longest:
                raise BadCell(f"{LABELS[name]}最多 {LENGTHS[name]} 个字，请缩短。")
            return text

        return clean

    def _organization(self, reading):
        written = tuple([reading.raw[place] for place in self.branch_places])
        if found := self.branches.get(written):
            reading.values["organization"] = found
            return
        said = [self.said(reading, key) for key in BRANCH_COLUMNS]
        name, code, above = ("" if is_nothing(text) else text for text in said)
        key = "organization_code" if "organization_code" in self.places else "organization"
        key = "organization" if "organization" in self.places else key
        if key not in self.places:
            self._branch_above(reading)
            return
        if not name and not code:
            self.refuse(reading, key, f"{self.headings[key]}不能为空。")
            return
        try:
            found = self.resolver.find(name, code, above).pk
            reading.values["organization"] = self.branches[written] = found
        except BadCell as fault:
            self.refuse(reading, key, fault.message, fault.hint)

    def _branch_above(self, reading):
        """Without a column for it: the branch that a title names, or the importer's own."""
        top = self.resolver.top
        if self.section is None and len(self.resolver.nodes) > 1:
            self.refuse(reading, "organization", NO_BRANCH.format(top=top), BRANCH_HINT)
            return
        reading.values["organization"] = (self.section or top).pk

    def _standing(self, value):
        """Many rosters write 正式党员 or 预备党员 into the column of 党籍状态."""
        text = as_text(value)
        if stage := cells.STAGES.get(cells.folded(text)):
            said = {} if "stage" in self.places else {"stage": stage}
            return {"standing": Standing.NORMAL, **said}
        if cells.folded(text) in cells.NOT_MEMBERS:
            cells.clean_stage(text)
        return cells.clean_choice(text, cells.STANDINGS, "党籍状态")

    def _required(self, reading):
        if "name" in reading.values and "id_number" in reading.values:
            return
        faulty = {fault["field"] for fault in reading.faults}
        for name in ("name", "id_number"):
            if name in self.places and name not in reading.values and name not in faulty:
                self.refuse(reading, name, f"{self.headings[name]}不能为空。")
        if "id_number" not in self.places:
            self.warn(reading, "name", "没有身份证号码，按姓名、出生日期和党支部辨认，请人工核对。")

    def _cross_check(self, reading):
        values = reading.values
        if "id_number" in values:
            self._against_id(reading, values["id_number"])
        born, joined, confirmed = values.get("born"), values.get("joined"), values.get("confirmed")
        if born and joined and int(joined[:4]) - int(born[:4]) < ADULT:
            self.warn(reading, "joined", f"入党时不满 {ADULT} 岁，请核对。")
        if joined and confirmed and confirmed < joined and not may_be_one(joined, confirmed):
            self.warn(reading, "confirmed", "转正日期早于入党日期，请核对。")
        if values.get("stage") == Stage.PROBATIONARY and confirmed:
            self.warn(reading, "confirmed", "预备党员填了转正日期，请核对。")

    def _against_id(self, reading, number):
        """The number tells sex and birth: it fills what was left blank, and doubts the rest."""
        values = reading.values
        sex = MALE if number[16] in "13579" else FEMALE
        born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        if values.setdefault("sex", sex) != sex:
            self.warn(reading, "sex", f"与身份证号码不一致（号码为{Sex(sex).label}）。")
        if not may_be_one(values.setdefault("born", born), born):
            self.warn(reading, "born", f"与身份证号码不一致（号码为{PartialDate.parse(born)}）。")


def may_be_one(day: str, other: str) -> bool:
    """Whether both dates may mean the same day: 1985-06 and 1985-06-01."""
    return day.startswith(other) or other.startswith(day)


class Memory(dict):
    """What was made of the cells of one column; closed where hardly one comes twice."""

    is_open = True

    def keep(self, value, outcome, rows):
        """`rows`: how many the column has had so far."""
        self[value] = outcome
        if len(self) == HOPELESS and rows < 2 * HOPELESS:
            self.clear()
            self.is_open = False
        elif len(self) >= REMEMBERED:
            self.is_open = False
