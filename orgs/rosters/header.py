"""Where the table of a roster begins, on which sheet, and what its columns mean."""

import re
from collections import defaultdict
from dataclasses import asdict, dataclass, field

from orgs.rosters.aliases import IDLE, MEMBERS, Match, Vocabulary, flat, folded
from orgs.rosters.cells import as_text
from orgs.workbook import BadWorkbook, Book, Row

YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
#: What a person says, and no heading.
SAID = re.compile(r"\d{2}|^[是否有无男女√]$")
#: Titles, notes and form labels may stand above the heading.
SEARCHED_ROWS = 15
#: Group headings stand in one row or two above the headings proper.
LEVELS = 3
#: The heading of what our own error workbook says of each row; it is no part of the roster.
RESULT = "导入结果"
NO_SHEET = "文件里没有名为“{sheet}”的工作表，有：{names}。"
EMPTY = "工作表“{sheet}”第 {row} 行的表头下面没有内容，请填好后再上传。"
#: Headings that stand twice make two tables; a name and a number may be somebody else's.
REPEATED = 3
SIDE_BY_SIDE = (
    "表里并排放着两张名册：姓名、身份证号等列各出现了两次，只读一半会漏人。"
    "请把右边的人接到左边的下面，再上传。"
)
#: So many known columns make a roster; of two such sheets the longer one is meant.
ENOUGH = 5
SIDE_SHEETS = (
    "说明", "示例", "样例", "字典", "代码表", "模板",
    "积极分子", "发展对象", "申请人", "转出", "去世", "已故", "历史党员", "历史名册",
)  # fmt: skip
#: In the name of a sheet that may list the people of another once more, as they were at a time.
ONCE_MORE = re.compile(
    r"\d\s*[年月季]|季度|[上下]半年|(?<!\d)\d{4}(?!\d)|副本|备份|备用|原表|旧|汇总|合计"
)


class NoHeading(BadWorkbook):
    """No row looks like a heading; somebody may still point at it."""


@dataclass
class Column:
    index: int
    #: As printed, on one line.
    heading: str
    #: What it fills, or None; how that was found: EXACT, NORMALISED, CHOSEN. PART: read
    #: together with another column, as the month of its year.
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
    #: Where one heading stands over 年, 月 and 日: the first of them → the others.
    parts: dict[int, list[int]] = field(default_factory=dict)
    #: Cells whose formulas give no value: row → columns.
    broken: dict[int, list[int]] = field(default_factory=dict, repr=False)

    def __post_init__(self):
        joined = {index for others in self.parts.values() for index in others}
        for column in self.columns:
            if column.index in joined:
                column.how = "PART"

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
                for first, others in self.parts.items():
                    said = [row.values[index] for index in (first, *others)]
                    if None in said:
                        said = said[: said.index(None)]
                    row.values[first] = ".".join(map(as_text, said)) or None
                yield row

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
        """Whether the columns are all there that this kind of roster cannot do without, and
        stand there once."""
        twice = {c.suggestion for c in self.columns if not c.field} & self.places.keys()
        if len(twice) >= REPEATED and twice >= self.words.side_by_side > set():
            raise BadWorkbook(SIDE_BY_SIDE)
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
    if sheet is not None and sheet not in book.names:
        raise BadWorkbook(NO_SHEET.format(sheet=sheet, names="、".join(book.names)))
    starts = defaultdict(list)
    for row in book.rows(sheet, most=SEARCHED_ROWS + LEVELS):
        starts[row.sheet].append(row)
    tables = [table for name, rows in starts.items() if (table := table_of(name, rows, words))]
    if not tables:
        raise NoHeading(words.no_heading)
    for table in tables:
        measure(table, book)
    best = max(of_last_year(tables), key=worth)
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
        parts=parts_of(rows, words),
        above=[row for row in lines if row.number < rows[0].number],
    )
    suggest(table.columns, words)
    return measure(table, book)


def measure(table: Table, book: Book) -> Table:
    table.height = book.heights[table.sheet] - len(table.above) - len(table.heading_rows)
    table.last = book.lasts[table.sheet]
    for sheet, number, column in book.broken:
        if sheet == table.sheet:
            table.broken.setdefault(number, []).append(column)
    return table


def suggest(columns: list[Column], words: Vocabulary):
    for column in columns:
        if column.field is None and column.suggestion is None:
            column.suggestion = words.nearest(column.heading)


def of_last_year(tables: list[Table]) -> list[Table]:
    """Where every sheet with people in it is named after a year, those of the last."""
    filled = [table for table in tables if table.height]
    years = [max(map(int, YEAR.findall(table.sheet)), default=0) for table in filled]
    if not filled or 0 in years:
        return tables
    return [table for table, year in zip(filled, years, strict=True) if year == max(years)]


def worth(table: Table) -> tuple:
    known = min(len(table.places), ENOUGH)
    return bool(table.height), not is_side(table), known, table.height


def is_side(table: Table) -> bool:
    return any(word in table.sheet for word in SIDE_SHEETS)


def is_of_others(table: Table) -> bool:
    """Whether the sheet, by its name, lists people of its own: a branch, and no month."""
    return not is_side(table) and not ONCE_MORE.search(table.sheet)


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
    rows, rest = lines[start : start + levels], lines[start + levels :]
    if levels < LEVELS and rest and has_subheadings(rows, rest[0]):
        rows.append(rest[0])
        columns = read_columns(rows, words)
    suggest(columns, words)
    return Table(
        sheet=sheet,
        heading_rows=[row.number for row in rows],
        columns=columns,
        words=words,
        parts=parts_of(rows, words),
        above=lines[:start],
        added=added_columns(rows[-1]),
    )


def has_subheadings(heading: list[Row], below: Row) -> bool:
    """Whether the row divides headings: 预备 and 正式 below 入党时间, and nobody's data."""
    if below.number != heading[-1].number + 1:
        return False
    lines = [texts[-1:] for texts in stacked(heading)]
    bare = [not any(row.values[index] for row in heading) for index in range(len(lines))]
    starts, others = 0, 0
    for index, value in enumerate(below.values):
        text = heading_text(value)
        if value is None or [text] == lines[index]:
            continue  # nothing there, or the same cell reaching down
        starts_group = not bare[index] and bare[index + 1 : index + 2] == [True]
        if not text or SAID.search(text) or not (starts_group or bare[index]):
            return False
        starts, others = starts + starts_group, others + bare[index]
    return bool(starts and others)


def parts_of(rows: list[Row], words: Vocabulary) -> dict[int, list[int]]:
    """Columns 年, 月 and 日 below the heading of a date: {the first: [the others]}."""
    lines = [texts[-2:] for texts in stacked(rows)]
    found = {}
    for first, texts in enumerate(lines):
        if len(texts) < 2 or texts[1] != "年" or not words.match(texts[0]).field:
            continue
        others = [texts[0] + part for part in "月日"]
        beside = ["".join(texts) for texts in lines[first + 1 : first + 3]]
        count = 2 if beside == others else int(beside[:1] == others[:1])
        if count:
            found[first] = [*range(first + 1, first + 1 + count)]
    return found


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
    if len(lines) > 1 and lines[-1] == "年":
        found = words.match(lines[-2])
        return " ".join(lines), found
    if found.field is None and len(lines) > 1:
        whole = words.match("".join(folded(line) for line in lines))
        if whole.field:
            return " ".join(dict.fromkeys(lines)), whole
    return lines[-1], found
