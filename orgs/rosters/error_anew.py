"""An error workbook written row by row, values only, each in its place.

For .xls and .csv, and for what is too large to be held in memory whole.
"""

from collections import defaultdict
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from orgs.exports import sheet_title, written_cell
from orgs.rosters.error_kept import AUTHOR, RED, note
from orgs.workbook_cells import read_csv, read_excel
from orgs.workbook_parts import check_parts


def write_anew(source: str, kind: str, target: str, marks: dict) -> None:
    made = Workbook(write_only=True)
    with open(source, "rb") as data:
        if kind == "xlsx":
            check_parts(data)
            data.seek(0)
        names, rows = read_csv(data) if kind == "csv" else read_excel(data, kind)
        sheets = [made.create_sheet(sheet_title(name)) for name in names]
        writers = [
            (Marker(sheet, marks) if name == marks["sheet"] else Writer(sheet))
            for name, sheet in zip(names, sheets, strict=True)
        ]
        for index, number, cells in rows:
            if cells:
                writers[index].write(number, [value_of(cell) for cell in cells])
    made.save(target)


def value_of(cell):
    if not isinstance(cell, dict):
        return cell
    if "date" in cell:
        return date.fromisoformat(cell["date"])
    return datetime.fromisoformat(cell["datetime"])


class Writer:
    """Writes the rows of a sheet at their numbers."""

    def __init__(self, sheet):
        self.sheet, self.last = sheet, 0

    def write(self, number, values):
        for _ in range(number - self.last - 1):
            self.sheet.append([])
        self.last = number
        self.sheet.append(self.cells(number, values))

    def cells(self, number, values):
        return [written_cell(self.sheet, value) for value in values]


class Marker(Writer):
    """Writes the rows of the roster with the marks."""

    def __init__(self, sheet, marks):
        super().__init__(sheet)
        self.results, self.texts = marks["results"], marks["texts"]
        self.heading, self.column = marks["heading"], marks["column"]
        self.notes = defaultdict(lambda: defaultdict(list))
        for row, place, text in marks["notes"]:
            self.notes[row][place].append(text)
        for place, width in [*((place, 22) for place in self.texts), (self.column, 48)]:
            sheet.column_dimensions[get_column_letter(place)].width = width

    def cells(self, number, values):
        if number == self.heading and AUTHOR in values:
            self.column = values.index(AUTHOR) + 1
        cells = super().cells(number, self._told(number, values))
        for place, texts in self.notes.pop(number, {}).items():
            cell = cells[(place or self.column) - 1]
            cell.fill, cell.comment = RED, note("\n".join(dict.fromkeys(texts)))
        if number == self.heading:
            cells[self.column - 1].font = Font(bold=True)
        return cells

    def _told(self, number, values) -> list:
        if number < self.heading:
            return values
        values += [None] * (self.column - len(values))
        head = AUTHOR if number == self.heading else None
        values[self.column - 1] = self.results.get(number, head)
        for place in self.texts:
            value = values[place - 1]
            values[place - 1] = str(value) if type(value) is int else value
        return values
