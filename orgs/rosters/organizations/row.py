"""One row of a roster of organizations → the values of an Organization, with every fault."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from orgs.models import Formation, Level, Organization, OrganizationKind, Sector
from orgs.rosters.cells import as_text
from orgs.rosters.organizations.words import COLUMNS

NEEDED = ("code", "name", "kind")
CODES = ("code", "parent", "division_code", "supervisor")
CHOICES = {"kind": OrganizationKind, "sector": Sector, "formation": Formation}
LEVELS = {4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}
DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
LOST_DIGITS = re.compile(r"\d+(\.\d+)?E\+?\d+", re.IGNORECASE)
NOTHING = ("-", "－", "—", "/")


@dataclass
class Row:
    number: int  # of the sheet
    #: {field: the cell without spaces}
    said: dict[str, str]
    values: dict = field(default_factory=dict)
    #: (field, message)
    faults: list[tuple] = field(default_factory=list)

    def __getitem__(self, name) -> str:
        return self.said.get(name, "")

    def refuse(self, name, message):
        self.faults.append((name, message))


def tidy(name, value) -> str:
    """A cell without the spaces and line breaks that typing leaves; "-" stands for nothing."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = "".join(as_text(value).split())
    if name not in ("name", "short_name"):
        text = unicodedata.normalize("NFKC", text)
    return "" if text in NOTHING else text


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


def level_of(row) -> str:
    """A division's own organization has the division's level; everything else is a unit."""
    is_division = row["division_code"] and row["division_code"] == row["code"]
    return LEVELS[len(row["division_code"])] if is_division else Level.UNIT
