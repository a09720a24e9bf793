"""The cells of a table file, as JSON can say them.

Belongs to the process that reads uploads (`workbook_child.py`), under its limits.
"""

import csv
import datetime as dt
import io
import itertools
import re

from orgs.workbook_dates import short_dates
from orgs.workbook_refusals import NOT_TEXT, Refused

#: What Excel adds to a year or a month.
FIRST = "0000-01-01"
#: Excel itself keeps 15 digits; a longer whole number stays a float, which tells that it is wrong.
EXACT = 10**15
MAX_FIELD = 2**20
FIRST_LINES = 20
#: Set before a text by whoever exports it, so that no program takes it for a formula.
GUARDED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠'])")
AS_FORMULA = re.compile(r'="([^"]*)"')
QUOTED = re.compile(r'"[^"]*"')


def read_excel(data, kind):
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(data)
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if (sheet.typ, sheet.visible) == (SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible)
    ]
    return names, excel_rows(book, names, short_dates(data, kind))


def excel_rows(book, names, short):
    for index, name in enumerate(names):
        sheet = book.get_sheet_by_name(name)
        merged, rows = Merged(sheet), map(trimmed, sheet.iter_rows())
        # Rows are counted from the first of the sheet, columns only from the first used one.
        before = [None] * sheet.start[1] if sheet.start else []
        of_sheet = short.get(name, {})
        for number, cells in enumerate(rows, 1):
            if cells and before:
                cells = before + cells
            if number in of_sheet:
                shorten(cells, of_sheet[number])
            yield index, number, merged.filled(number, cells) if cells and merged else cells


def shorten(cells, dates):
    """1985-06 where Excel keeps the first of the month that somebody typed."""
    for column, shown in dates:
        cell = cells[column] if column < len(cells) else None
        day = cell.get("date", "") if type(cell) is dict else ""
        if day.endswith(FIRST[shown:]):
            cells[column] = day[:shown]


class Merged:
    """Cells that reach down over several rows: each row has their value, in their first column.

    Only rows that hold something of their own are filled, so that a merged range adds no rows.
    """

    def __init__(self, sheet):
        self.starting, self.reaching = {}, {}
        for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
            if bottom > top:
                self.starting.setdefault(top + 1, []).append((left, bottom + 1))

    def __bool__(self):
        return bool(self.starting)

    def filled(self, number, cells):
        for column, last in self.starting.get(number, ()):
            if column < len(cells):
                self.reaching[column] = last, cells[column]
        for column, (last, value) in list(self.reaching.items()):
            if number > last:
                del self.reaching[column]
            elif value is not None:
                cells += [None] * (column + 1 - len(cells))
                cells[column] = value if cells[column] is None else cells[column]
        return cells


def read_csv(data):
    csv.field_size_limit(MAX_FIELD)
    text = io.StringIO(decoded(data.read()), newline="")
    # A title above the headings has no delimiter in it; in quotes it is part of a cell.
    start = QUOTED.sub("", "".join(itertools.islice(text, FIRST_LINES)))
    text.seek(0)
    records = csv.reader(text, delimiter=max(",\t;", key=start.count))
    rows = (trimmed([unguarded(value) for value in values]) for values in records)
    return [""], ((0, number, cells) for number, cells in enumerate(rows, 1))


def unguarded(value: str) -> str:
    """What a program put around a text so that Excel leaves it one: 'x, ="x"."""
    found = AS_FORMULA.fullmatch(value)
    return found[1] if found else GUARDED.sub("", value, count=1)


def decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(NOT_TEXT)


def trimmed(values) -> list:
    """The row up to its last value; blank text is nothing."""
    cells = [
        (None if value.isspace() else value or None) if type(value) is str else plain(value)
        for value in values
    ]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def plain(value):
    """What is no text as JSON: dates in a wrapper, 3.0 as 3."""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < EXACT:
            return int(value)
        return value if abs(value) < float("inf") else str(value)
    if isinstance(value, dt.datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return value.isoformat() if isinstance(value, dt.time) else value
