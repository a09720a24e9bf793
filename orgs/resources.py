"""The calendar as a table file: which columns there are and how their cells are read."""

import re
from datetime import date, datetime

import tablib
from import_export import resources, widgets
from import_export.fields import Field
from import_export.results import RowResult

from orgs.models import CalendarDay
from orgs.workbook import read_rows
from orgs.workbook_container import BadWorkbook

DAY, KIND, NAME = "日期", "上班或放假", "名称"
COLUMNS = (DAY, KIND, NAME)
MAX_ROWS = 1000
WORDS = {"上班": True, "班": True, "放假": False, "休息": False, "休": False}
WRITTEN = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")


class DayWidget(widgets.Widget):
    """A date as Excel keeps it, or as people write it: 2026年10月1日, 2026.10.1, 20261001."""

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = str(value or "").strip()
        if not (found := WRITTEN.fullmatch(text)):
            raise ValueError(f"日期“{text}”看不懂，请写成 2026-10-01。")
        try:
            return date(*map(int, found.groups()))
        except ValueError as error:
            raise ValueError(f"没有“{text}”这一天，请核对。") from error


class KindWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        text = str(value or "").strip()
        if text not in WORDS:
            raise ValueError(f"“上班或放假”只能填上班或放假，现在是“{text}”。")
        return WORDS[text]


class NameWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs):
        text = str(value or "").strip()
        longest = CalendarDay._meta.get_field("name").max_length
        if len(text) > longest:
            raise ValueError(f"名称最多 {longest} 个字。")
        return text


class CalendarDayResource(resources.ModelResource):
    """Only ever run dry: what it finds is carried out by `CalendarYear.adopt`."""

    date = Field(attribute="date", column_name=DAY, widget=DayWidget())
    is_workday = Field(attribute="is_workday", column_name=KIND, widget=KindWidget())
    name = Field(attribute="name", column_name=NAME, widget=NameWidget())

    class Meta:
        model = CalendarDay
        fields = ("date", "is_workday", "name")
        import_id_fields = ("date",)
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True

    def preview(self, upload):
        """Read the upload; (rows as a person checks them, days to adopt, errors by row)."""
        dataset, numbers = table_of(upload)
        result = self.import_data(dataset, dry_run=True)
        rows, days, errors, seen = [], [], [], {}
        for number, row in zip(numbers, result.rows, strict=True):
            fault = fault_of(row) or repeated(row.instance.date, number, seen)
            if fault:
                errors.append({"row": number, "message": fault})
                continue
            day = row.instance
            rows.append({"row": number, "day": day, "outcome": OUTCOMES[row.import_type]})
            if row.import_type != RowResult.IMPORT_TYPE_SKIP:
                days.append((day.date, day.is_workday, day.name))
        return rows, days, errors


OUTCOMES = {
    RowResult.IMPORT_TYPE_NEW: "新增",
    RowResult.IMPORT_TYPE_UPDATE: "更改",
    RowResult.IMPORT_TYPE_SKIP: "不变",
}


def table_of(upload):
    """The rows below the heading as a dataset, and their numbers in the sheet."""
    rows = list(read_rows(upload, max_rows=MAX_ROWS))
    found = next((n for n, row in enumerate(rows) if DAY in headings(row)), None)
    if found is None or KIND not in headings(rows[found]):
        raise BadWorkbook(f"没有找到表头，请保留“{'、'.join(COLUMNS)}”这一行。")
    places = {
        name: headings(rows[found]).index(name) for name in COLUMNS if name in headings(rows[found])
    }
    body = [row for row in rows[found + 1 :] if any(row.values[at] for at in places.values())]
    if not body:
        raise BadWorkbook("表头下面没有内容，请填好后再上传。")
    dataset = tablib.Dataset(headers=COLUMNS)
    for row in body:
        dataset.append([row.values[places[name]] if name in places else "" for name in COLUMNS])
    return dataset, [row.number for row in body]


def headings(row) -> list[str]:
    return [str(value or "").strip() for value in row.values]


def fault_of(row) -> str:
    """Why the row cannot be taken, in the words of its widgets; "" when it can."""
    if row.errors:
        return str(row.errors[0].error)
    if row.validation_error:
        return "；".join(row.validation_error.messages)
    return ""


def repeated(day, number, seen) -> str:
    first = seen.setdefault(day, number)
    return "" if first == number else f"与第 {first} 行是同一天。"
