"""错误表: the file that somebody brought, with everything that is wrong with it written into it.

Cells that are wrong are red and say why; the last column says what became of each row. Corrected,
it may be uploaded again: row numbers are as before, our notes and our column are not read.
"""

import json
import logging
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from orgs.exports import sheet_title, written_cell
from orgs.rosters import error_child
from orgs.rosters.error_child import RED, note
from orgs.rosters.error_marks import Marks, marks_of
from orgs.rosters.header import RESULT
from orgs.workbook import CHILD_ENVIRONMENT, BadWorkbook, opened_book
from orgs.workbook_container import inspect

log = logging.getLogger(__name__)
SECONDS, SOURCE = 90, "原文件.xlsx"
#: Larger files are written anew, row by row, without their colours and widths.
KEPT_CELLS = 600_000
PURGED = "原文件已按保存期限清除，不能再生成错误表。请重新上传原文件。"
LOST = "原文件已丢失，不能生成错误表。请重新上传原文件，并告知系统管理员。"
NOT_READ = "这一批还没有解析出内容，暂无错误表。"


class NoErrorWorkbook(Exception):
    """The message tells why, in Chinese."""


def error_workbook(batch) -> bytes:
    """The marked .xlsx; raises NoErrorWorkbook."""
    if not batch.heading_rows:
        raise NoErrorWorkbook(NOT_READ)
    marks = marks_of(batch)
    with tempfile.TemporaryDirectory() as folder, original(batch) as source:
        target = Path(folder) / "错误表.xlsx"
        try:
            if is_kept(source, marks, folder) and is_marked(folder, target, marks):
                return target.read_bytes()
            write_anew(source, target, marks)
        except BadWorkbook as error:
            raise NoErrorWorkbook(str(error)) from error
        return target.read_bytes()


@contextmanager
def original(batch):
    if not batch.file:
        raise NoErrorWorkbook(PURGED)
    try:
        file = batch.file.open("rb")
    except FileNotFoundError as error:
        raise NoErrorWorkbook(LOST) from error
    with file:
        yield file


def is_kept(source, marks, folder) -> bool:
    """Whether it is an .xlsx of ordinary size; then it lies in the folder."""
    path = Path(folder) / SOURCE
    with path.open("wb+") as copy:
        for chunk in source.chunks():
            copy.write(chunk)
        small = max(marks.results, default=0) * marks.column <= KEPT_CELLS
        return inspect(copy) == "xlsx" and small


def is_marked(folder, target, marks) -> bool:
    """Mark a copy, as the reader is run: without our keys, limited in memory and time."""
    command = [sys.executable, "-I", error_child.__file__, Path(folder) / SOURCE, target]
    told = json.dumps(asdict(marks)).encode()
    try:
        done = subprocess.run(  # noqa: S603
            command, input=told, capture_output=True, timeout=SECONDS, env=CHILD_ENVIRONMENT
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode:
        log.warning("workbook not marked, written anew: %s", done.stderr.decode()[-2000:])
    return done.returncode == 0


def write_anew(source, target, marks: Marks):
    """Values only, each in its place: for .xls, .csv, and what no longer fits in memory."""
    made = Workbook(write_only=True)
    with opened_book(source) as book:
        for name in book.names:
            sheet = made.create_sheet(sheet_title(name))
            cells = Marker(sheet, marks).cells if name == marks.sheet else partial(plain, sheet)
            number = 0
            for row in book.rows(name):
                for _ in range(row.number - number - 1):
                    sheet.append([])
                number = row.number
                sheet.append(cells(row))
    made.save(target)


def plain(sheet, row):
    return [written_cell(sheet, value) for value in row.values]


class Marker:
    """Writes the rows of the roster with the marks."""

    def __init__(self, sheet, marks: Marks):
        self.sheet, self.marks, self.column = sheet, marks, marks.column
        self.notes = defaultdict(lambda: defaultdict(list))
        for row, place, text in marks.notes:
            self.notes[row][place].append(text)
        for number in marks.texts:
            sheet.column_dimensions[get_column_letter(number)].width = 22
        sheet.column_dimensions[get_column_letter(self.column)].width = 48

    def cells(self, row):
        values = self._values(row)
        cells = [written_cell(self.sheet, value) for value in values]
        for place, texts in self.notes[row.number].items():
            cell = cells[(place or self.column) - 1]
            cell.fill, cell.comment = RED, note("\n".join(dict.fromkeys(texts)))
        if row.number == self.marks.heading:
            cells[self.column - 1].font = Font(bold=True)
        return cells

    def _values(self, row) -> list:
        values = list(row.values)
        if row.number == self.marks.heading:
            if RESULT in values:
                self.column = values.index(RESULT) + 1
        values += [None] * (self.column - len(values))
        if row.number >= self.marks.heading:
            head = RESULT if row.number == self.marks.heading else None
            values[self.column - 1] = self.marks.results.get(row.number, head)
            for place in self.marks.texts:
                value = values[place - 1]
                values[place - 1] = str(value) if type(value) is int else value
        return values
