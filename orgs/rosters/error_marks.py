"""What an error workbook says about each row and cell of a batch."""

from dataclasses import dataclass, field

from orgs.models import ImportBatch
from orgs.rosters.verdict import Verdict

#: Numbers that Excel would shorten or turn.
NUMBERS = (
    "id_number", "phone", "landline", "organization_code", "code", "parent", "supervisor",
    "division_code",
)  # fmt: skip
#: More notes than these no program shows well; the column of results says everything.
MOST_NOTES = 10_000


@dataclass
class Marks:
    """Rows and columns are counted as the sheet does: from 1."""

    sheet: str
    heading: int
    #: Of the column of results, unless the sheet has one already.
    column: int
    #: Columns of numbers, kept as text.
    texts: list[int] = field(default_factory=list)
    #: row → what became of it
    results: dict[int, str] = field(default_factory=dict)
    #: (row, column, what is wrong); column 0 is the column of results.
    notes: list[tuple[int, int, str]] = field(default_factory=list)


def marks_of(batch: ImportBatch) -> Marks:
    places = {column["field"]: column["index"] + 1 for column in batch.columns if column["field"]}
    marks = Marks(batch.sheet, batch.heading_rows[-1], 0)
    marks.texts = sorted(places[name] for name in NUMBERS if name in places)
    told = batch.rows.with_content().order_by("number").defer("prior")
    for row in told.iterator(chunk_size=2000):
        marks.column = max(marks.column, len(row.raw) + 1)
        if text := result_of(row):
            marks.results[row.number] = text
        for fault in row.faults:
            if len(marks.notes) < MOST_NOTES:
                said = "\n".join(filter(None, (fault["message"], fault["hint"])))
                marks.notes.append((row.number, places.get(fault["field"], 0), said))
    return marks


def result_of(row) -> str:
    """新增, 错误：…; nothing for a blank row, which must stay blank."""
    said = [worded(note) for note in row.warnings]
    if row.verdict == Verdict.SKIPPED:
        return "" if said == ["空白"] else f"{row.get_verdict_display()}（{'、'.join(said)}）"
    wrong = [worded(fault).rstrip("。") for fault in row.faults]
    if row.verdict == Verdict.DUPLICATE:
        wrong, said = said, []
    text = row.get_verdict_display() + ("：" if wrong else "") + "；".join(wrong)
    return f"{text}。提醒：{''.join(said)}" if said else text


def worded(note) -> str:
    """What is to be said of a cell, after the name of its column; of a whole row without."""
    column, message = note.get("column", ""), note["message"]
    is_of_row = not column or note.get("judged") or message.startswith(column)
    return message if is_of_row else f"{column}：{message}"
