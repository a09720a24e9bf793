"""Reads one table file on standard input and writes its rows as JSON lines.

Run by `orgs.workbook` as a process of its own, under limits of memory and time that a hostile
file cannot leave; imports nothing of the portal but what knows neither settings nor database.
Each line is [sheet, row numbers, values of each], some hundred rows long, with blank rows left
out. On standard error: the names of the sheets, their widths, their rows with content and the
numbers of their last rows as JSON, and on another line the cells that are errors, if there are
any; or, with exit code REFUSED, the reason why the file is refused.
"""

import csv
import gc
import io
import itertools
import json
import os
import resource
import signal
import sys
from operator import itemgetter
from pathlib import Path

import orjson

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[1]))
from orgs.workbook_cells import read_csv, read_excel
from orgs.workbook_dates import named_parts
from orgs.workbook_parts import check_parts
from orgs.workbook_refusals import DAMAGED, ENCRYPTED, LONG_CELL, TOO_MUCH, Refused

REFUSED = 65
MEMORY = 1536 * 2**20
CPU_SECONDS = 60
OUTPUT = 2**30
#: Rows on one line of the output.
TOGETHER = 250


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
        broken = check_parts(data)
    except BaseException:
        os.kill(reader, signal.SIGKILL)
        os.waitpid(reader, 0)
        raise
    code = os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
        os.kill(os.getpid(), -code)
    if broken and code == 0:
        report_broken(data, broken)
    sys.exit(code)


def report_broken(data, broken) -> None:
    """On a line of its own, below what the reader has told: [[sheet, row, column]]."""
    names = named_parts(data)
    places = [[names[part], *place] for part in broken.keys() & names for place in broken[part]]
    report(json.dumps({"broken": sorted(places)}))


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
