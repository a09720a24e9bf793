"""错误表: the file that somebody brought, with everything that is wrong with it written into it.

Cells that are wrong are red and say why; the last column says what became of each row. Corrected,
it may be uploaded again: row numbers are as before, our notes and our column are not read.
"""

import json
import logging
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from orgs.rosters import error_child
from orgs.rosters.error_marks import marks_of
from orgs.workbook import BadWorkbook
from orgs.workbook_container import inspect

log = logging.getLogger(__name__)
SECONDS = 360
#: Larger files are written anew, row by row, without their colours and widths.
KEPT_CELLS = 600_000
PURGED = "原文件已按保存期限清除，不能再生成错误表。请重新上传原文件。"
LOST = "原文件已丢失。请重新上传原文件，并告知系统管理员。"
NOT_READ = "这一批还没有解析出内容，暂无错误表。"
FAILED = "文件内容过多，没能生成错误表。请把原文件分成几个后再上传，或在页面上逐行查看错误。"


class NoErrorWorkbook(Exception):
    """The message tells why, in Chinese."""


def error_workbook(batch) -> bytes:
    """The marked .xlsx; raises NoErrorWorkbook."""
    if not batch.heading_rows:
        raise NoErrorWorkbook(NOT_READ)
    marks = marks_of(batch)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "原文件.xlsx", Path(folder) / "错误表.xlsx"
        kind = copied(batch, source)
        is_small = max(marks.results, default=0) * marks.column <= KEPT_CELLS
        ways = ["kept", "anew"] if kind == "xlsx" and is_small else ["anew"]
        told = json.dumps(asdict(marks)).encode()
        if not any(is_made(way, kind, source, target, told) for way in ways):
            raise NoErrorWorkbook(FAILED)
        return target.read_bytes()


def copied(batch, path) -> str:
    """Put the original there, looked at as an upload is; returns its kind."""
    with original(batch) as file, path.open("wb+") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        try:
            return inspect(copy)
        except BadWorkbook as error:
            raise NoErrorWorkbook(str(error)) from error


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


def is_made(way, kind, source, target, told) -> bool:
    """Run as the reader is: without our keys, limited in memory and time."""
    command = [sys.executable, "-I", error_child.__file__, way, kind, source, target]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=told, capture_output=True, timeout=SECONDS, env={}
        )
    except subprocess.TimeoutExpired:
        log.warning("error workbook (%s): took too long", way)
        return False
    if done.returncode:
        log.warning("error workbook (%s): %s", way, done.stderr.decode()[-2000:])
    return done.returncode == 0
