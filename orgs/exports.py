"""Tables that leave the portal: text stays text, so that no cell can act on the reader's machine.

A name like `=HYPERLINK(…)` would be a formula in the reader's Excel; here it is written as text.
"""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Control characters and surrogates that XML cannot hold.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CELL_LIMIT = 32_767
#: Whole numbers beyond Excel's 15 digits would lose some.
EXACT = 10**15
TEXT, DAY, MOMENT = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
SAMPLE, NARROWEST, WIDEST = 100, 8, 60


def workbook_bytes(title: str, headers: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """An .xlsx of one sheet: heading fixed and bold, columns as wide as their content."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title))
    sheet.freeze_panes = "A2"
    rows = iter(rows)
    sample = list(islice(rows, SAMPLE))
    for number, width in enumerate(_widths([headers, *sample]), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    heading = [written_cell(sheet, header) for header in headers]
    for cell in heading:
        cell.font = Font(bold=True)
    sheet.append(heading)
    for row in chain(sample, rows):
        sheet.append([written_cell(sheet, value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_title(title: str) -> str:
    """At most 31 characters, none of those that Excel refuses in the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\]", " ", _text(title))[:31].strip().strip("'") or "数据"


def written_cell(sheet, value):
    """A cell for a write-only sheet."""
    value = _plain(value)
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value[:CELL_LIMIT])
        # Text whatever it looks like, also after somebody edits it.
        cell.data_type, cell.number_format = "s", TEXT
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, date):
        cell.number_format = MOMENT if isinstance(value, datetime) else DAY
    return cell


def _plain(value):
    """Numbers, dates and truth as they are, moments by the clock in China, all else as text."""
    if isinstance(value, Decimal):
        value = float(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date) or (isinstance(value, int | float) and abs(value) < EXACT):
        return value
    return _text(value)


def _text(value) -> str:
    return ILLEGAL.sub("", str(value))


def _widths(rows) -> list[int]:
    """In half-width characters; a Chinese one takes two."""
    widths: dict[int, int] = {}
    for row in rows:
        for number, value in enumerate(row):
            widths[number] = max(widths.get(number, NARROWEST), _width(value) + 2)
    return [min(width, WIDEST) for width in widths.values()]


def _width(value) -> int:
    if value is None:
        return 0
    lines = str(_plain(value)).split("\n")
    return max(sum(1 + (east_asian_width(char) in "WF") for char in line) for line in lines)
