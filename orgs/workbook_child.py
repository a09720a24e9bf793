"""Reads one table file on standard input and writes its rows as JSON lines.

Run by `orgs.workbook` as a process of its own, under limits of memory and time that a hostile
file cannot leave; imports nothing of the portal but what knows neither settings nor database.
Each line is [sheet, row numbers, values of each], some hundred rows long, with blank rows left
out. On standard error: the names of the sheets, their widths, their rows with content and the
numbers of their last rows as JSON; or, with exit code REFUSED, the reason why the file is refused.
"""

import csv
import datetime as dt
import gc
import io
import itertools
import json
import os
import re
import resource
import signal
import struct
import sys
import zipfile
import zlib
from operator import itemgetter
from pathlib import Path

import orjson

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[1]))
from orgs.workbook_months import month_cells

REFUSED = 65
MEMORY = 1536 * 2**20
CPU_SECONDS = 60
OUTPUT = 2**30
CHUNK = 2**20
#: Excel itself keeps 15 digits; a longer whole number stays a float, which tells that it is wrong.
EXACT = 10**15
MAX_FIELD = 2**20
FIRST_LINES = 20
#: Rows on one line of the output.
TOGETHER = 250

#: The address of a cell beyond column ZZ or row 999,999, and what follows it in its element.
#: Beginning with plain letters, it is searched for four times as fast.
FAR_CELL = re.compile(rb'r="(?<=\Wr=")([A-Z]{3}\d+|[A-Z]{1,2}\d{7,})"([^>]{0,200})>(</)?')
#: Set before a CSV text by our own export, so that no program takes it for a formula.
GUARDED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠'])")
AS_FORMULA = re.compile(r'="([^"]*)"')
QUOTED = re.compile(r'"[^"]*"')

SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
DAMAGED = f"文件已损坏，无法读取。{SAVE_AS}"
FORGED = f"文件内部记录的大小与实际不符，已拒绝打开。{SAVE_AS}"
TOO_MUCH = "表格内容过多，超出可读取的范围。请删除多余的行和列，或分成几个文件后再上传。"
ENCRYPTED = "表格设有打开密码或保护密码。请取消密码后再上传。"
LONG_CELL = "有一个单元格的文字超过一百万字，不像名册。请核对分隔符和引号，另存为 .xlsx 后再上传。"
NOT_TEXT = "文件的文字编码无法识别。请另存为“CSV UTF-8”或 .xlsx 后再上传。"


class Refused(Exception):
    """The message is for the person who chose the file."""


def main(kind: str, max_rows: int, max_cols: int) -> None:
    limit_process()
    # rows refer to nothing in circles, and the process ends with them
    gc.disable()
    data = sys.stdin.buffer
    data.seek(0)
    if kind == "xlsx":
        data = io.BytesIO(data.read())
        check_beside(data)
    names, rows = read_csv(data) if kind == "csv" else read_excel(data, kind)
    out = sys.stdout.buffer
    widths, heights, lasts = ([0] * len(names) for _ in range(3))
    for sheet, numbers, values in together(rows):
        before = sum(heights)
        heights[sheet] += len(numbers)
        lasts[sheet] = numbers[-1]
        widths[sheet] = max(widths[sheet], *map(len, values))
        if widths[sheet] > max_cols:
            number = numbers[[len(cells) > max_cols for cells in values].index(True)]
            raise Refused(f"第 {number} 行超过 {max_cols} 列，请删除多余的列后再上传。")
        if before + len(numbers) > max_rows:
            raise Refused(f"表格超过 {max_rows} 行，请分成几个文件后再上传。")
        out.write(orjson.dumps([sheet, numbers, values], option=orjson.OPT_APPEND_NEWLINE))
    out.flush()
    told = {"names": names, "widths": widths, "heights": heights, "lasts": lasts}
    report(json.dumps(told))


def together(rows):
    """(sheet, numbers, values) of the rows with content, so many at a time as go on one line."""
    for sheet, some in itertools.groupby(filter(itemgetter(2), rows), itemgetter(0)):
        while part := list(itertools.islice(some, TOGETHER)):
            yield sheet, [number for _, number, _ in part], [cells for *_, cells in part]


def check_beside(data) -> None:
    """Returns in a process of its own, which reads the cells while this one checks the parts.

    What this one finds counts for more: a reader that dies of a forged part cannot say why.
    """
    reader = os.fork()
    if not reader:
        return
    try:
        check_parts(data)
    except BaseException:
        os.kill(reader, signal.SIGKILL)
        os.waitpid(reader, 0)
        raise
    code = os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
        os.kill(os.getpid(), -code)
    sys.exit(code)


def report(text: str) -> None:
    """The last line of standard error; a reader that fails may have written others before."""
    sys.stderr.buffer.write(f"\n{text}".encode())


def limit_process(cpu_seconds=CPU_SECONDS) -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: OUTPUT,
        resource.RLIMIT_CORE: 0,
    }
    for what, limit in limits.items():
        hard = resource.getrlimit(what)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (limit, limit))


def read_excel(data, kind):
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(data)
    names = [
        sheet.name
        for sheet in book.sheets_metadata
        if (sheet.typ, sheet.visible) == (SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible)
    ]
    return names, excel_rows(book, names, month_cells(data) if kind == "xlsx" else {})


def excel_rows(book, names, months):
    for index, name in enumerate(names):
        sheet = book.get_sheet_by_name(name)
        merged, rows = Merged(sheet), map(trimmed, sheet.iter_rows())
        # Rows are counted from the first of the sheet, columns only from the first used one.
        before = [None] * sheet.start[1] if sheet.start else []
        of_months = months.get(name, {})
        for number, cells in enumerate(rows, 1):
            if cells and before:
                cells = before + cells
            if number in of_months:
                show_months(cells, of_months[number])
            yield index, number, merged.filled(number, cells) if cells and merged else cells


def show_months(cells, columns):
    """1985-06 where Excel keeps the first of the month that somebody typed."""
    for column in columns:
        cell = cells[column] if column < len(cells) else None
        if type(cell) is dict and cell.get("date", "").endswith("-01"):
            cells[column] = cell["date"].removesuffix("-01")


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


def check_parts(data) -> None:
    """Every part unpacks to exactly what the directory says, and no cell lies far out."""
    for info in zipfile.ZipFile(data).infolist():
        tail, crc = b"", 0
        for chunk in unpack(data, info):
            crc = zlib.crc32(chunk, crc)
            for far in FAR_CELL.finditer(tail + chunk):
                if not far[2].endswith(b"/") and not far[3]:
                    cell = far[1].decode()
                    raise Refused(f"单元格 {cell} 离正文太远，请删除多余的行和列后再上传。")
            tail = chunk[-256:]
        if crc != info.CRC:
            raise Refused(FORGED)


def unpack(data, info):
    """The part's bytes; one byte more or less than the directory says is refused.

    zipfile itself would stop at the size given and never see that more follows.
    """
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type else None
    size = 0
    for chunk in inflated(packed(data, info), inflater) if inflater else packed(data, info):
        size += len(chunk)
        if size > info.file_size:
            raise Refused(FORGED)
        yield chunk
    if size < info.file_size or (inflater and not inflater.eof):
        raise Refused(FORGED)


def packed(data, info):
    data.seek(info.header_offset)
    header = data.read(30)
    data.seek(sum(struct.unpack("<HH", header[26:30])), io.SEEK_CUR)
    left = info.compress_size
    while left and (chunk := data.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk
    if left:
        raise Refused(FORGED)


def inflated(chunks, inflater):
    for chunk in chunks:
        while chunk:
            yield inflater.decompress(chunk, CHUNK)
            chunk = inflater.unconsumed_tail
    yield inflater.flush()


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


def run() -> str:
    """The reason why the file is refused; empty when it was read."""
    try:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    except Refused as refusal:
        return str(refusal)
    except (ImportError, SystemExit):
        raise
    except csv.Error:
        return LONG_CELL
    except (MemoryError, OSError, OverflowError):
        return TOO_MUCH
    except BaseException as error:  # a panic in the reader is no Exception
        return ENCRYPTED if type(error).__name__ == "PasswordError" else DAMAGED
    return ""


if __name__ == "__main__":
    reason = run()
    if reason:
        report(reason)
        sys.exit(REFUSED)
