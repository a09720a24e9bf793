"""历史留言: messages that another platform has received and answered become 补录 requests.

One transaction for each row, so that nobody waits for the whole file; a row that is wrong is
reported and the others go in.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import IntegrityError
from django.utils import timezone

from orgs.models import CalendarYear
from orgs.row_import import BadCell, Report
from services.deadlines import SHANGHAI
from services.models import Citizen, ServiceRequest
from services.models.status import RUNNING

COLUMNS = {
    "external_id": "留言编号",
    "name": "留言用户",
    "subject": "留言主题",
    "received_at": "留言时间",
    "content": "留言详情",
    "reply": "答复意见",
    "replied_at": "答复时间",
}
NEEDED = ("external_id", "subject", "received_at", "content")
TIMES = ("received_at", "replied_at")
NAMELESS = "匿名网友"
FIRST_YEAR = 2000
LONGEST = {
    name: model._meta.get_field(name).max_length
    for model, name in (
        (ServiceRequest, "external_id"),
        (ServiceRequest, "subject"),
        (Citizen, "name"),
    )  # fmt: skip
}
MOMENT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[ T]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?)?[分秒]?)?"
)


@dataclass
class Row:
    number: int  # of the sheet
    said: dict
    values: dict = field(default_factory=dict)
    faults: list[BadCell] = field(default_factory=list)

    def refuse(self, name, message):
        self.faults.append(self.bad(name, message))

    def bad(self, name, message) -> BadCell:
        return BadCell(COLUMNS[name], words(self.said.get(name)), message)


def clean(row: Row, now):
    """Fill `row.values` with what `record_history` takes, and `row.faults` with what is wrong."""
    values = {name: words(row.said.get(name)) for name in COLUMNS}
    for name in NEEDED:
        if not values[name]:
            row.refuse(name, f"{COLUMNS[name]}不能为空。")
    for name, longest in LONGEST.items():
        if len(values[name]) > longest:
            row.refuse(name, f"最多 {longest} 个字，现在是 {len(values[name])} 个。")
    for name in TIMES:
        values[name] = clean_moment(row, name, now)
    values["name"] = values["name"] or NAMELESS
    row.values = values
    if not row.faults:
        check_answer(row, values)


def check_answer(row, values):
    """An answer has a text and a time, and comes after the question."""
    if values["reply"] and not values["replied_at"]:
        row.refuse("replied_at", "有答复意见，但没有答复时间。")
    elif values["replied_at"] and not values["reply"]:
        row.refuse("reply", "有答复时间，但没有答复意见。")
    elif values["replied_at"] and values["replied_at"] < values["received_at"]:
        row.refuse("replied_at", f"答复时间早于留言时间 {words(row.said['received_at'])}。")


def clean_moment(row, name, now) -> datetime | None:
    value = row.said.get(name)
    if not words(value):
        return None
    try:
        at = moment(value)
    except ValueError:
        row.refuse(name, "时间不对，请写成 2019/4/25 9:32:09 这样的年月日时分秒。")
        return None
    if at > now:
        row.refuse(name, "时间晚于现在。")
    elif at.year < FIRST_YEAR:
        row.refuse(name, f"时间早于 {FIRST_YEAR} 年。")
    return at


def moment(value) -> datetime:
    """A cell as a moment in China; a date alone is its first minute."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
    if isinstance(value, date):
        return datetime.combine(value, time(), SHANGHAI)
    found = MOMENT.fullmatch(words(value))
    if not found:
        raise ValueError(value)
    return datetime(*(int(part or 0) for part in found.groups()), tzinfo=SHANGHAI)


def words(value) -> str:
    """The cell as text, without the tabs and line breaks around it."""
    return "" if value is None else str(value).strip()


class HistoryImport:
    """One run over the rows of a sheet: [(row number, {field: value})]."""

    def __init__(self, rows, *, organization, promised_days, actor=None):
        now = timezone.now()
        self.rows = [Row(number, said) for number, said in rows]
        for row in self.rows:
            clean(row, now)
        self.organization, self.promised_days = organization, promised_days
        self.actor = actor
        self.report = Report(new="新增", duplicate="重复")
        self.seen = {}
        mine = ServiceRequest.objects.filter(organization=organization).exclude(external_id="")
        self.known = {
            row["external_id"]: row for row in mine.values("external_id", "number", "status")
        }

    def run(self) -> Report:
        self._seed_calendar()
        for row in self.rows:
            try:
                if row.faults:
                    raise row.faults[0]
                self.report.count(self._record(row))
            except BadCell as fault:
                self.report.refuse(row.number, *(row.faults or [fault]))
        return self.report

    def _seed_calendar(self):
        """The years of the messages, and those into which their deadlines may reach."""
        years = {row.values["received_at"].year for row in self.rows if not row.faults}
        for year in sorted(years | {year + 1 for year in years}):
            CalendarYear.seed(year)

    def _record(self, row) -> str:
        code = row.values["external_id"]
        first = self.seen.setdefault(code, row)
        if first.values != row.values:
            raise row.bad("external_id", f"与第 {first.number} 行编号相同，内容不同。")
        if first is not row:
            return "duplicate"
        if code in self.known:
            return self._again(row, self.known[code])
        try:
            ServiceRequest.record_history(
                actor=self.actor,
                organization=self.organization,
                promised_days=self.promised_days,
                **row.values,
            )
        except IntegrityError:  # another import has just recorded it
            return "duplicate"
        return "new"

    def _again(self, row, request) -> str:
        if row.values["reply"] and request["status"] in RUNNING:
            said = f"已导入为未答复的办件 {request['number']}，请在该办件中登记答复。"
            raise row.bad("reply", said)
        return "duplicate"
