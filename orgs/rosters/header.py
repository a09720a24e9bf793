"""Where the table of a roster begins, on which sheet, and what its columns mean."""

from collections import defaultdict
from dataclasses import asdict, dataclass, field

from orgs.rosters.aliases import IDLE, MEMBERS, Match, Vocabulary, flat, folded
from orgs.workbook import BadWorkbook, Book, Row

#: Titles, notes and form labels may stand above the heading.
SEARCHED_ROWS = 15
#: Group headings stand in one row or two above the headings proper.
LEVELS = 3
#: The heading of what our own error workbook says of each row; it is no part of the roster.
RESULT = "导入结果"
EMPTY = "工作表“{sheet}”第 {row} 行的表头下面没有内容，请填好后再上传。"
SIDE_SHEETS = ("说明", "示例", "样例", "字典", "代码表", "模板")


class NoHeading(BadWorkbook):
    """No row looks like a heading; somebody may still point at it."""


@dataclass
class Column:
    index: int
    #: As printed, on one line.
    heading: str
    #: What it fills, or None; how that was found: EXACT, NORMALISED, CHOSEN.
    field: str | None = None
    how: str = ""
    #: What it might be; taken only when somebody says so.
    suggestion: str | None = None


@dataclass
class Table:
    sheet: str
    heading_rows: list[int]
    columns: list[Column]
    words: Vocabulary = MEMBERS
    #: Rows with content below the heading, and the number of the last.
    height: int = 0
    last: int = 0
    above: list[Row] = field(default_factory=list, repr=False)
    #: Other sheets that look like rosters too.
    others: list[str] = field(default_factory=list)
    #: Columns that an error workbook has added.
    added: list[int] = field(default_factory=list)

    @property
    def places(self) -> dict[str, int]:
        """field → where it stands in a row."""
        return {column.field: column.index for column in self.columns if column.field}

    @property
    def headings(self) -> dict[str, str]:
        return {column.field: column.heading for column in self.columns if column.field}

    def rows(self, book: Book):
        """The rows below the heading, one by one."""
        for row in book.rows(self.sheet):
            if row.number > self.heading_rows[-1]:
                for index in self.added:
                    row.values[index] = None
                yield row

    @property
    def unused(self) -> list[str]:
        return [column.heading for column in self.columns if not column.field]

    def remap(self, chosen: dict[int, str | None], how="CHOSEN"):
        """The columns as somebody corrected them: {index: field or None}."""
        for column in self.columns:
            if column.index not in chosen:
                continue
            field = chosen[column.index] or None
            if field != column.field:
                column.field, column.how = field, how if field else ""
            column.suggestion = None
            if column.field and column.field not in self.words.fields:
                raise ValueError(column.field)
        fields = [column.field for column in self.columns if column.field]
        if twice := {self.words.label(name) for name in fields if fields.count(name) > 1}:
            raise BadWorkbook(f"{'、'.join(sorted(twice))}对应了两列，请只留一列。")

    def refuse_incomplete(self):
        """Whether the columns are all there that this kind of roster cannot do without."""
        missing = [name for name in self.words.required if name not in self.places]
        if missing:
            labels = "、".join(map(self.words.label, missing))
            raise BadWorkbook(f"没有找到表头，缺少这些列：{labels}。请核对后再导入。")

    def refuse_empty(self):
        if not self.height:
            raise BadWorkbook(EMPTY.format(sheet=self.sheet, row=self.heading_rows[-1]))

    def columns_as_json(self) -> list[dict]:
        return [asdict(column) for column in self.columns]


def find_table(book: Book, *, sheet=None, heading=(), words: Vocabulary = MEMBERS) -> Table:
    """The best table of the workbook, or of the sheet, and with the heading, that somebody chose.

    `heading`: numbers of rows of the sheet.
    """
    if heading:
        return table_at(book, sheet, heading, words)
    starts = defaultdict(list)
    for row in book.rows(sheet, most=SEARCHED_ROWS + LEVELS):
        starts[row.sheet].append(row)
    tables = [table for name, rows in starts.items() if (table := table_of(name, rows, words))]
    if not tables:
        raise NoHeading(words.no_heading)
    for table in tables:
        measure(table, book)
    best = max(tables, key=worth)
    others = [table for table in tables if table is not best and table.height]
    best.others = [table.sheet for table in others if not is_side(table)]
    return best


def table_at(book: Book, sheet: str, heading, words: Vocabulary) -> Table:
    """The table below the heading that somebody pointed at."""
    lines = list(book.rows(sheet, most=max(heading)))
    rows = [row for row in lines if row.number in heading]
    if not rows:
        numbers = "、".join(map(str, heading))
        raise BadWorkbook(f"“{sheet}”第 {numbers} 行没有内容，请重新填写表头在第几行。")
    table = Table(
        sheet=sheet,
        heading_rows=[row.number for row in rows],
        columns=read_columns(rows, words),
        words=words,
        above=[row for row in lines if row.number < rows[0].number],
    )
    suggest(table.columns, words)
    return measure(table, book)


def measure(table: Table, book: Book) -> Table:
    table.height = book.heights[table.sheet] - len(table.above) - len(table.heading_rows)
    table.last = book.lasts[table.sheet]
    return table


def suggest(columns: list[Column], words: Vocabulary):
    for column in columns:
        if column.field is None and column.suggestion is None:
            column.suggestion = words.nearest(column.heading)


def worth(table: Table) -> tuple:
    return bool(table.height), not is_side(table), len(table.places), table.height


def is_side(table: Table) -> bool:
    return any(word in table.sheet for word in SIDE_SHEETS)


def table_of(sheet: str, lines: list[Row], words: Vocabulary) -> Table | None:
    """The heading with the most fields; of equals the one in the fewest rows, then the first."""
    best, hits = None, 0
    for levels in range(1, LEVELS + 1):
        for start in range(min(len(lines), SEARCHED_ROWS)):
            rows = lines[start : start + levels]
            if len(rows) < levels or rows[-1].number - rows[0].number >= levels:
                continue
            columns = read_columns(rows, words)
            found = {column.field for column in columns if column.field} - IDLE
            if len(found) > hits and words.is_heading(found):
                best, hits = (start, levels, columns), len(found)
    if best is None:
        return None
    start, levels, columns = best
    suggest(columns, words)
    return Table(
        sheet=sheet,
        heading_rows=[row.number for row in lines[start : start + levels]],
        columns=columns,
        words=words,
        above=lines[:start],
        added=added_columns(lines[start + levels - 1]),
    )


def added_columns(heading: Row) -> list[int]:
    return [index for index, value in enumerate(heading.values) if heading_text(value) == RESULT]


def read_columns(rows: list[Row], words: Vocabulary) -> list[Column]:
    """One column for each heading; of two that mean the same field the better alias wins."""
    columns, taken = [], {}
    for index, lines in enumerate(stacked(rows)):
        heading, found = understood(lines, words)
        if not heading or heading == RESULT:
            continue
        column = Column(index, heading, found.field, found.how)
        columns.append(column)
        if found.field is None:
            continue
        rival, rank = taken.get(found.field, (None, None))
        if rival and rank <= found.rank:
            column.field, column.how, column.suggestion = None, "", found.field
            continue
        if rival:
            rival.field, rival.how, rival.suggestion = None, "", found.field
        taken[found.field] = column, found.rank
    return columns


def stacked(rows: list[Row]) -> list[list[str]]:
    """For each column its headings from the top down; a group heading covers those to its right."""
    lines = [[heading_text(value) for value in row.values] for row in rows]
    for depth, line in enumerate(lines[:-1]):
        group = ""
        for index, text in enumerate(line):
            group = text or group
            if not text and any(below[index] for below in lines[depth + 1 :]):
                line[index] = group
    return [[line[index] for line in lines if line[index]] for index in range(len(lines[0]))]


def heading_text(value) -> str:
    """A cell as heading: "填报单位：" labels what stands beside it and is none."""
    text = flat(value) if isinstance(value, str) else ""
    return "" if text.endswith(("：", ":")) else text


def understood(lines: list[str], words: Vocabulary) -> tuple[str, Match]:
    """The lowest heading if it is known; else together with the groups above: 入党, 时间."""
    if not lines:
        return "", Match()
    found = words.match(lines[-1])
    if found.field is None and len(lines) > 1:
        whole = words.match("".join(folded(line) for line in lines))
        if whole.field:
            return " ".join(dict.fromkeys(lines)), whole
    return lines[-1], found
