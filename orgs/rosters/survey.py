"""What the page of sheet and columns shows of a file, before any of its rows is staged."""

from dataclasses import dataclass, field
from itertools import islice

from orgs.rosters.header import (
    LEVELS,
    SEARCHED_ROWS,
    NoHeading,
    Table,
    find_table,
    table_at,
    table_of,
)
from orgs.rosters.kinds import KINDS, RosterKind
from orgs.rosters.staging import remembered
from orgs.workbook import Book, opened_book

SHOWN = 5
#: Below so many columns nobody would speak of a table.
FEWEST = 2


@dataclass
class FoundSheet:
    name: str
    #: Rows with something in them.
    height: int
    #: Empty where nothing looks like a heading.
    heading_rows: list[int]
    known: int
    table: Table | None = field(default=None, repr=False)

    @property
    def is_filled(self) -> bool:
        """Whether there is anything below the heading."""
        return self.height > len(self.table.above) + len(self.table.heading_rows)

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.table.columns] if self.table else []

    def said(self, columns) -> dict:
        """What `ImportBatch.map_columns` is told of a sheet with the headings of `columns`."""
        chosen = zip(self.table.columns, columns, strict=True)
        self.table.remap({own.index: column.field for own, column in chosen})
        return said_of(self.table)


def said_of(table) -> dict:
    return {
        "sheet": table.sheet,
        "heading_rows": table.heading_rows,
        "columns": table.columns_as_json(),
    }


@dataclass
class Survey:
    sheets: list[FoundSheet]
    table: Table
    #: The first rows below the heading.
    rows: list
    #: Nothing was recognised as heading; the fullest row stands for it until somebody says more.
    is_guess: bool = False
    #: Of such a file: the kind of roster that it is, after all.
    other_kind: RosterKind | None = None

    @property
    def rosters(self) -> list[str]:
        """Names of the sheets that may be brought in, each on its own."""
        names = [sheet.name for sheet in self.sheets if sheet.heading_rows and sheet.height > 1]
        return names or [self.table.sheet]

    @property
    def alike(self) -> list[FoundSheet]:
        """Other sheets under the same headings, which may be read in one go with this one."""
        headings = [column.heading for column in self.table.columns]
        return [
            sheet
            for sheet in self.sheets
            if sheet.name != self.table.sheet and sheet.headings == headings and sheet.is_filled
        ]


def survey(source, kind: RosterKind, *, batch=None, sheet=None, heading=()) -> Survey:
    """Raises BadWorkbook; `batch`, where there is one, says what was chosen here before."""
    with opened_book(source) as book:
        sheets = [found_sheet(book, name, kind) for name in book.names if book.heights[name]]
        if sheet is not None and sheet not in [found.name for found in sheets]:
            sheet, heading = None, ()
        if heading and sheet is None:
            sheet = sheets[0].name
        is_guess = False
        try:
            table = find_table(book, sheet=sheet, heading=heading, words=kind.words)
        except NoHeading:
            table, is_guess = guessed(book, sheet or sheets[0].name, kind), True
        if batch:
            table.remap(chosen_before(batch, table), how="LAST")
        rows = list(islice(table.rows(book), SHOWN))
        return Survey(sheets, table, rows, is_guess, kind_like(book) if is_guess else None)


def kind_like(book: Book) -> RosterKind | None:
    """The kind of which a sheet has the headings."""
    for kind in KINDS.values():
        if any(found_sheet(book, name, kind).table for name in book.names if book.heights[name]):
            return kind
    return None


def found_sheet(book: Book, name, kind) -> FoundSheet:
    table = table_of(name, list(book.rows(name, most=SEARCHED_ROWS + LEVELS)), kind.words)
    rows, known = (table.heading_rows, len(table.places)) if table else ([], 0)
    return FoundSheet(name, book.heights[name], rows, known, table)


def guessed(book: Book, sheet, kind) -> Table:
    """The fullest of the first rows as heading. Raises NoHeading where none has two columns."""
    lines = list(book.rows(sheet, most=SEARCHED_ROWS))
    width = {row.number: sum(value is not None for value in row.values) for row in lines}
    fullest = max(width, key=width.get, default=0)
    if width.get(fullest, 0) < FEWEST:
        raise NoHeading(kind.words.no_heading)
    return table_at(book, sheet, [fullest], kind.words)


def chosen_before(batch, table) -> dict:
    """{column index: field}: as the batch has it already, or as the last one of its kind had."""
    headings = [column.heading for column in table.columns]
    if [column["heading"] for column in batch.columns] == headings:
        return {column["index"]: column["field"] for column in batch.columns}
    return remembered(batch, table)
