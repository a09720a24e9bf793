"""The one safe way to read a table file that somebody uploads or imports.

The container is inspected first; then a process of its own, limited in memory and time, reads the
cells (`workbook_child.py`). Every refusal is a BadWorkbook with its reason in Chinese.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import orjson

from orgs import workbook_child as child
from orgs.workbook_container import MAX_BYTES, BadWorkbook, inspect
from orgs.workbook_refusals import DAMAGED, TOO_MUCH

__all__ = ["BadWorkbook", "Book", "Row", "Sheet", "opened_book", "read_rows", "read_sheets"]

SECONDS = 90
#: Of the processes that read uploads: nothing of ours but which parser to take.
CHILD_ENVIRONMENT = {"OPENPYXL_LXML": "False"}
MAX_ROWS, MAX_COLS = 200_000, 200
NOTHING_IN_IT = "表格里没有内容，请填好后再上传。"
TOO_SLOW = "读取表格用时过长，已停止。请分成几个文件后再上传。"

Value = str | int | float | bool | date | datetime | None


class Row(NamedTuple):
    sheet: str
    #: As the person sees it in Excel: the first row of a sheet is 1.
    number: int
    #: From column A on; as many as the widest row of the sheet has.
    values: list[Value]


@dataclass
class Sheet:
    name: str
    rows: list[Row] = field(default_factory=list)


def read_rows(source, *, max_rows: int = MAX_ROWS, max_cols: int = MAX_COLS) -> Iterator[Row]:
    """The rows with content of all visible sheets, in order; `source` is a path or a file.

    Everything is checked before this returns; afterwards the rows come one by one from a
    temporary file. Text, numbers, dates and truth values keep their kind; a whole number that
    is too long for Excel's 15 digits comes as float, a time of day as text.
    """
    rows = _rows(source, max_rows, max_cols)
    next(rows)
    return rows


def read_sheets(source, *, max_rows: int = MAX_ROWS, max_cols: int = MAX_COLS) -> list[Sheet]:
    """The same at once, by sheet, with those that are empty."""
    rows = _rows(source, max_rows, max_cols)
    sheets = {name: Sheet(name) for name in next(rows)}
    for row in rows:
        sheets[row.sheet].rows.append(row)
    return list(sheets.values())


class Book:
    """What the child has read, in a temporary file: rows are made as they are asked for."""

    def __init__(self, lines, report):
        self._lines = lines
        self.names, self._widths = report["names"], report["widths"]
        #: Rows with content and the number of the last row, by sheet.
        self.heights = dict(zip(self.names, report["heights"], strict=True))
        self.lasts = dict(zip(self.names, report["lasts"], strict=True))
        #: [(sheet, row, column from 0)] of formulas that give no value, such as #N/A; their cells
        #: are blank.
        self.broken = report.get("broken", [])

    def rows(self, sheet: str | None = None, *, most: int | None = None) -> Iterator[Row]:
        """All rows in order, or those of one sheet, or only the first of each."""
        expected = self._expected(sheet, most)
        left = sum(expected.values())
        self._lines.seek(0)
        for line in self._lines:
            if not left:
                return
            # "[0,[17,": a line that is not wanted need not be parsed
            name = self.names[int(line[1 : line.index(b",")])]
            if wanted := expected.get(name):
                rows = self._rows(line)[:wanted]
                expected[name] -= len(rows)
                left -= len(rows)
                yield from rows

    def _expected(self, sheet, most) -> dict[str, int]:
        names = self.names if sheet is None else [sheet]
        most = MAX_ROWS if most is None else most
        return {name: min(self.heights.get(name, 0), most) for name in names}

    def _rows(self, line) -> list[Row]:
        sheet, numbers, lists = orjson.loads(line)
        name, width = self.names[sheet], self._widths[sheet]
        has_dates = b"{" in line
        for values in lists:
            if has_dates:
                values[:] = [_value(cell) if type(cell) is dict else cell for cell in values]
            if short := width - len(values):
                values += [None] * short
        return [Row(name, number, values) for number, values in zip(numbers, lists, strict=True)]


@contextmanager
def opened_book(source, *, max_rows: int = MAX_ROWS, max_cols: int = MAX_COLS) -> Iterator[Book]:
    """The file, read and checked; for whoever looks at the start first."""
    with tempfile.TemporaryFile() as lines:
        with _opened(source) as file:
            report = _run_child(file, lines, inspect(file), max_rows, max_cols)
        if not any(report["widths"]):
            raise BadWorkbook(NOTHING_IN_IT)
        yield Book(lines, report)


def _rows(source, max_rows, max_cols):
    """The names of the sheets, then each row."""
    with opened_book(source, max_rows=max_rows, max_cols=max_cols) as book:
        yield book.names
        yield from book.rows()


def _value(cell: dict) -> date | datetime:
    if "date" in cell:
        return date.fromisoformat(cell["date"])
    return datetime.fromisoformat(cell["datetime"])


@contextmanager
def _opened(source):
    """A real file of this process; an upload is copied, as it may live in memory only."""
    if isinstance(source, str | Path):
        with open(source, "rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as file:
        source.seek(0)
        while file.tell() <= MAX_BYTES and (chunk := source.read(2**20)):
            file.write(chunk)
        file.flush()
        yield file


def _run_child(file, output, kind, max_rows, max_cols) -> dict:
    # No environment, where our keys are; -I: and nothing from the folder it is started in.
    command = [sys.executable, "-I", child.__file__, kind, str(max_rows), str(max_cols)]
    file.seek(0)
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=file,
        stdout=output,
        stderr=subprocess.PIPE,
        env=CHILD_ENVIRONMENT,
        start_new_session=True,
    ) as process:
        try:
            said = process.communicate(timeout=SECONDS)[1].decode(errors="replace")
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            raise BadWorkbook(TOO_SLOW) from error
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode == 1:
        raise RuntimeError(said)
    *_, before, last_line = ["", *said.split("\n")]
    if process.returncode == 0:
        told = json.loads(last_line)
        return told if "names" in told else json.loads(before) | told
    if process.returncode == child.REFUSED:
        raise BadWorkbook(last_line)
    raise BadWorkbook(_died(process.returncode))


def _died(code: int) -> str:
    """What a signal says: the limits of time and memory end the child without a word."""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return TOO_SLOW
    return TOO_MUCH if code == -signal.SIGABRT else DAMAGED
