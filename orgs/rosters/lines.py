"""Staged rows and columns of a roster in the words of a page, with everything masked."""

from dataclasses import dataclass
from itertools import islice

from orgs.masking import mask_name, mask_text
from orgs.models import ImportBatch, ImportRow, Member
from orgs.models.member_course import leads
from orgs.rosters.aliases import MEMBERS
from orgs.rosters.cells import as_text
from orgs.rosters.kinds import kind_of
from orgs.rosters.presenter import MASKS

Kind = ImportBatch.Kind
SAMPLES = 3
PERSONAL = "个人信息，不显示"
HOW = {
    "EXACT": "已认出",
    "NORMALISED": "已认出",
    "LAST": "上次",
    "CHOSEN": "已选",
    "PART": "与年合并",
}


@dataclass
class Line:
    number: int
    subject: str
    #: (label, what it says) of somebody new.
    facts: list[tuple[str, str]]
    #: (label, before, after)
    differences: list[tuple[str, str, str]]
    faults: list[dict]
    warnings: list[dict]


def lines_of(batch, rows, reader) -> list[Line]:
    """The rows of one page; asks the database once.

    Names of members stand in full for a `reader` who leads the organization, as in its lists.
    """
    with_names = batch.kind != Kind.MEMBERS or leads(reader, batch.organization)
    presenter = kind_of(batch).presenter(rows, with_names)
    return [
        Line(
            row.number,
            presenter.subject(row) or name_as_written(batch, row, with_names),
            presenter.facts(row) if row.verdict == ImportRow.Verdict.NEW else [],
            presenter.differences(row) if row.prior else [],
            [note_of(batch, row, note, with_names) for note in row.faults],
            [note_of(batch, row, note, with_names) for note in row.warnings],
        )
        for row in rows
    ]


def name_as_written(batch, row, with_names) -> str:
    """Of a row that could not be read: the name as it stands in the sheet."""
    places = {column["field"]: column["index"] for column in batch.columns}
    place = places.get("name")
    text = as_text(row.raw[place]) if place is not None and place < len(row.raw) else ""
    return text if with_names else mask_name(text)


def note_of(batch, row, note, with_names) -> dict:
    field, value = note.get("field"), note.get("value", "")
    value = as_text(value) if field == "name" and with_names else masked(batch.kind, field, value)
    message = mask_text(note["message"])
    if not with_names:
        for name in {row.values.get("name"), row.prior.get("name")} - {None, ""}:
            message = message.replace(name, mask_name(name))
    return {
        "column": note.get("column", ""), "value": value, "message": message,
        "hint": note.get("hint", ""),
    }  # fmt: skip


def masked(kind, field, value) -> str:
    """A cell as it may be shown; of people who hold an office the name is public."""
    text = as_text(value)
    if field in MASKS and (kind == Kind.MEMBERS or field != "name"):
        return MASKS[field](text)
    return mask_text(text)


@dataclass
class ColumnLine:
    #: As Excel calls it: A, B, … AA.
    letter: str
    heading: str
    samples: list[str]
    how: str
    #: The bound field of the form.
    field: object


def column_lines(survey, form, kind) -> list[ColumnLine]:
    return [
        ColumnLine(
            letter(column.index),
            column.heading,
            samples(survey.rows, column, kind),
            "待确认" if column.suggestion else HOW.get(column.how, ""),
            form[form.name(column)],
        )
        for column in survey.table.columns
    ]


def samples(rows, column, kind) -> list[str]:
    field = column.field or column.suggestion
    if kind == Kind.ORGANIZATIONS and not field and MEMBERS.match(column.heading).field:
        return [PERSONAL]  # whoever keeps the tree sees nothing of people
    cells = (row.values[column.index] for row in rows if column.index < len(row.values))
    said = (masked(kind, field, cell) for cell in cells if cell)
    return list(islice(filter(None, said), SAMPLES))


def letter(index: int) -> str:
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def missing_from(batch):
    """Members of the organization, on the register, whom no row of the roster names, nor any of
    the other sheets of its file."""
    sheets = [batch.pk, *ImportBatch.objects.beside(batch).values_list("pk", flat=True)]
    rows = ImportRow.objects.filter(batch__in=sheets)
    there = Member.objects.within(batch.organization).on_register()
    named = rows.filter(member__isnull=False).values("member")
    numbers = rows.filter(id_index__isnull=False).values("id_index")
    there = there.exclude(pk__in=named).exclude(id_index__in=numbers)
    # also whose number has been corrected since
    return there.exclude(origin__in=rows.values("pk"))
