"""An error workbook of an .xlsx that keeps everything it had: sheets, colours, widths."""

from copy import copy

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

AUTHOR = "导入结果"
RED = PatternFill("solid", fgColor="FFFF9999")
NO_FILL = PatternFill()
ACTIVE = tuple("=+-@\t\r\n＝＋－＠")
EXACT = 10**15
MAX_COLUMNS = 200


def mark_kept(source: str, target: str, marks: dict) -> None:
    # Values instead of formulas: nothing is computed at the reader's, and all of it is read again.
    book = load_workbook(source, data_only=True, keep_links=False, rich_text=False)
    for sheet in book.worksheets:
        quieten(sheet)
    mark(book[marks["sheet"]], marks)
    book.active = book.index(book[marks["sheet"]])
    book.save(target)


def quieten(sheet):
    """Text stays text; marks of an earlier error workbook go."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, MergedCell):
                continue
            if isinstance(cell.value, str) and cell.value.startswith(ACTIVE):
                cell.data_type, cell.number_format = "s", "@"
            if cell.hyperlink:
                cell.hyperlink = None
            if cell.comment and cell.comment.author == AUTHOR:
                cell.comment = None
                if cell.fill.fgColor.rgb == RED.fgColor.rgb:
                    cell.fill = NO_FILL


def mark(sheet, marks):
    column = result_column(sheet, marks)
    for number in marks["texts"]:
        keep_as_text(sheet, number, marks["heading"])
    write_results(sheet, column, marks)
    owners = {
        (row, place): area.start_cell
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for place in range(area.min_col, min(area.max_col, MAX_COLUMNS) + 1)
    }
    said = {}
    for row, place, text in marks["notes"]:
        cell = owners.get((row, place or column)) or sheet.cell(row, place or column)
        said.setdefault(cell.coordinate, (cell, []))[1].append(text)
    for cell, texts in said.values():
        cell.fill = RED
        cell.comment = note("\n".join(dict.fromkeys(texts)))


def note(text):
    lines = sum(1 + len(line) // 18 for line in text.split("\n"))
    return Comment(text, AUTHOR, width=280, height=24 + 18 * lines)


def result_column(sheet, marks) -> int:
    """The one that is there, or the first to the right of everything."""
    for cell in sheet[marks["heading"]]:
        if cell.value == AUTHOR:
            return cell.column
    ends = [area.max_col for area in sheet.merged_cells.ranges if area.max_col < MAX_COLUMNS]
    return max([marks["column"], *(end + 1 for end in ends)])


def keep_as_text(sheet, column, heading):
    for (cell,) in sheet.iter_rows(heading + 1, sheet.max_row, column, column):
        if isinstance(cell, MergedCell):
            continue
        cell.number_format = "@"
        if type(cell.value) is int and abs(cell.value) < EXACT:
            cell.value, cell.data_type = str(cell.value), "s"


def write_results(sheet, column, marks):
    for (cell,) in sheet.iter_rows(marks["heading"] + 1, sheet.max_row, column, column):
        if not isinstance(cell, MergedCell):
            cell.value = None
    head = sheet.cell(marks["heading"], column)
    if not isinstance(head, MergedCell):
        head.value, head.font = AUTHOR, Font(bold=True)
        beside = sheet.cell(marks["heading"], column - 1)
        head.border = copy(beside.border)
    for number, text in marks["results"].items():
        cell = sheet.cell(number, column)
        if not isinstance(cell, MergedCell):
            cell.value, cell.data_type, cell.number_format = text, "s", "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[head.column_letter].width = 48
