"""Which cells of a workbook show no day: Excel keeps a month that is typed as its first day.

Part of the process that reads uploads (`workbook_child.py`), under its limits.
"""

import os
import posixpath
import re
import zipfile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

#: So much of 1985-06-01 is shown.
YEAR, MONTH = 4, 7
#: Formats that have a number only and show year and month in a Chinese Excel (ECMA-376 Part 1,
#: 18.8.30).
BUILT_IN = dict.fromkeys((17, 27, 36, 50, 52, 57), MONTH)
#: What a format says literally, and its conditions, colours and languages.
LITERAL = re.compile(r'"[^"]*"|\[[^]]*\]|\\.|_.|\*.')
#: Whether the file is sound others decide.
UNSOUND = KeyError, ParseError, DefusedXmlException, zipfile.BadZipFile
CHUNK = 2**20
#: Longer than the beginning of a cell's element.
TAIL = 64

#: By row number: the columns, A being 0, and how much of a date each shows.
Cells = dict[int, list[tuple[int, int]]]


def short_dates(data, kind) -> dict[str, Cells]:
    """By sheet the cells whose format shows a month or a year only."""
    data.seek(0)
    if kind == "xls":
        return of_old_book(data.read())
    try:
        with zipfile.ZipFile(data) as book:
            styles = short_styles(book)
            if not styles:
                return {}
            return {name: cells_of(book, part, styles) for name, part in sheet_parts(book)}
    except UNSOUND:
        return {}


def shown_by(code: str) -> int | None:
    """How much of a date a format shows, where that is less than all: yyyy-mm, yyyy"年"."""
    shown = set(LITERAL.sub("", code).partition(";")[0].lower())
    if "y" not in shown or {"d", "h", "s"} & shown:
        return None
    return MONTH if "m" in shown else YEAR


def short_styles(book) -> dict[int, int]:
    """By the number with which cells refer to such a format: how much it shows."""
    tree = fromstring(book.read("xl/styles.xml"))
    formats = {str(number): shown for number, shown in BUILT_IN.items()} | {
        own.get("numFmtId"): shown_by(own.get("formatCode", ""))
        for own in tree.iterfind("{*}numFmts/{*}numFmt")
    }
    uses = (formats.get(use.get("numFmtId")) for use in tree.iterfind("{*}cellXfs/{*}xf"))
    return {index: shown for index, shown in enumerate(uses) if shown}


def sheet_parts(book):
    """The name of each sheet and where its cells are."""
    relations = fromstring(book.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    for sheet in fromstring(book.read("xl/workbook.xml")).iterfind("{*}sheets/{*}sheet"):
        key = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        if target := targets.get(key):
            yield sheet.get("name"), posixpath.join("/xl", target).lstrip("/")


def named_parts(data) -> dict[str, str]:
    """By part of an .xlsx the name of its sheet."""
    try:
        with zipfile.ZipFile(data) as book:
            return {part: name for name, part in sheet_parts(book)}
    except UNSOUND:
        return {}


def cells_of(book, part, styles) -> Cells:
    numbers = "|".join(map(str, styles))
    cell = re.compile(rf'[<:]c r="([A-Z]{{1,3}})(\d{{1,7}})" s="({numbers})"'.encode())
    found, tail = {}, b""
    with book.open(part) as cells:
        while chunk := cells.read(CHUNK):
            for letters, number, style in cell.findall(text := tail + chunk):
                at = column_index(letters), styles[int(style)]
                found.setdefault(int(number), []).append(at)
            tail = text[-TAIL:]
    return found


def column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def of_old_book(content: bytes) -> dict[str, Cells]:
    """The same of an .xls, by the one library that reads its formats."""
    import xlrd

    try:
        with open(os.devnull, "w") as nowhere:
            book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=nowhere)
        return {sheet.name: old_cells(sheet, old_styles(book)) for sheet in book.sheets()}
    except Exception:  # the library has many ways to fail; whether the file is sound others decide
        return {}


def old_styles(book) -> dict[int, int]:
    formats = book.format_map.items()
    codes = {key: shown_by(own.format_str or "") for key, own in formats} | BUILT_IN
    uses = (codes.get(style.format_key) for style in book.xf_list)
    return {index: shown for index, shown in enumerate(uses) if shown}


def old_cells(sheet, styles) -> Cells:
    found = {}
    if not styles:
        return found
    for number in range(sheet.nrows):
        uses = (sheet.cell_xf_index(number, column) for column in range(sheet.row_len(number)))
        if short := [(at, styles[use]) for at, use in enumerate(uses) if use in styles]:
            found[number + 1] = short
    return found
