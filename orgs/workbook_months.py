"""Which cells of a workbook show no day: Excel keeps a month that is typed as its first day.

Part of the process that reads uploads (`workbook_child.py`), under its limits.
"""

import posixpath
import re
import zipfile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

#: Formats that have a number only and show year and month in a Chinese Excel (ECMA-376 Part 1,
#: 18.8.30).
BUILT_IN = {17, 27, 36, 50, 52, 57}
#: What a format says literally, and its conditions, colours and languages.
LITERAL = re.compile(r'"[^"]*"|\[[^]]*\]|\\.|_.|\*.')
CHUNK = 2**20
#: Longer than the beginning of a cell's element.
TAIL = 64


def month_cells(data) -> dict[str, dict[int, list[int]]]:
    """By sheet and row number the columns, A being 0, whose format shows year and month only."""
    try:
        with zipfile.ZipFile(data) as book:
            styles = month_styles(book)
            if not styles:
                return {}
            return {name: cells_of(book, part, styles) for name, part in sheet_parts(book)}
    except (KeyError, ParseError, DefusedXmlException, zipfile.BadZipFile):
        return {}  # whether the file is sound others decide


def month_styles(book) -> list[int]:
    """The numbers by which cells refer to such a format."""
    tree = fromstring(book.read("xl/styles.xml"))
    months = {
        format.get("numFmtId")
        for format in tree.iterfind("{*}numFmts/{*}numFmt")
        if shows_month(format.get("formatCode", ""))
    } | {str(number) for number in BUILT_IN}
    uses = tree.iterfind("{*}cellXfs/{*}xf")
    return [index for index, use in enumerate(uses) if use.get("numFmtId") in months]


def shows_month(code: str) -> bool:
    """Whether a date is shown as year and month: yyyy-mm, yyyy"年"m"月"."""
    shown = LITERAL.sub("", code).partition(";")[0].lower()
    return "y" in shown and "m" in shown and not {"d", "h", "s"} & set(shown)


def sheet_parts(book):
    """The name of each sheet and where its cells are."""
    relations = fromstring(book.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    for sheet in fromstring(book.read("xl/workbook.xml")).iterfind("{*}sheets/{*}sheet"):
        key = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        if target := targets.get(key):
            yield sheet.get("name"), posixpath.join("/xl", target).lstrip("/")


def cells_of(book, part, styles) -> dict[int, list[int]]:
    alternatives = "|".join(map(str, styles))
    cell = re.compile(rf'[<:]c r="([A-Z]{{1,3}})(\d{{1,7}})" s="(?:{alternatives})"'.encode())
    found, tail = {}, b""
    with book.open(part) as cells:
        while chunk := cells.read(CHUNK):
            for letters, number in cell.findall(text := tail + chunk):
                found.setdefault(int(number), []).append(column_index(letters))
            tail = text[-TAIL:]
    return found


def column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1
