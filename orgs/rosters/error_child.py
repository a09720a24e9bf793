"""Marks a copy of somebody's workbook: a process of its own, under the limits of a reader.

Run by `orgs.rosters.error_workbook` with the marks as JSON on standard input; imports nothing of
the portal but what knows neither settings nor database.
"""

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[2]))
from orgs.rosters.error_anew import write_anew
from orgs.rosters.error_kept import mark_kept
from orgs.workbook_child import limit_process

#: Writing takes several times as long as reading.
CPU_SECONDS = 300


def main(way: str, kind: str, source: str, target: str) -> None:
    limit_process(CPU_SECONDS)
    marks = json.load(sys.stdin)
    marks["results"] = {int(number): text for number, text in marks["results"].items()}
    if way == "kept":
        mark_kept(source, target, marks)
    else:
        write_anew(source, kind, target, marks)


if __name__ == "__main__":
    main(*sys.argv[1:])
