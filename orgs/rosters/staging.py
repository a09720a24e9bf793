"""Parse → stage → verdict: a roster waits in ImportBatch and ImportRow until somebody decides.

batch = open_batch(file, "花名册.xlsx", organization=organization, actor=user)
stage(batch, file)          # 解析 → 待核对; BadWorkbook says why not
commit(batch, actor=user)   # orgs.rosters.commit: 待核对 → 已入库
"""

import hashlib
import re
from collections import Counter
from datetime import date
from itertools import islice
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone

from orgs.fields import blind_index
from orgs.models import ImportBatch, ImportRow, NotAllowed
from orgs.models.roster import importable_by
from orgs.rosters.aliases import FIELDS
from orgs.rosters.bulk import insert_rows
from orgs.rosters.cells import as_text
from orgs.rosters.header import Table, find_table
from orgs.rosters.person import PersonReader
from orgs.rosters.resolve import Resolver
from orgs.rosters.skip import LABELS, Skipper
from orgs.rosters.verdict import Judge, Verdict, stored_values
from orgs.workbook import opened_book

CHUNK = 2000
BRANCH = re.compile(r"(?:支部|总支|党委|党组|小组|委员会|村|社区)[:：]?$")
COUNTED = {
    Verdict.NEW: "new",
    Verdict.UPDATE: "updated",
    Verdict.UNCHANGED: "unchanged",
    Verdict.DUPLICATE: "duplicate",
    Verdict.ERROR: "error",
}
UNFINISHED = (ImportBatch.Status.PARSING, ImportBatch.Status.PENDING)


def sha256_of(source) -> str:
    """Of a path or an opened file."""
    if isinstance(source, str | PurePath):
        with open(source, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    source.seek(0)
    digest = hashlib.sha256()
    while chunk := source.read(2**20):
        digest.update(chunk)
    source.seek(0)
    return digest.hexdigest()


def open_batch(source, file_name, *, organization, actor, on_duplicate="UPDATE") -> ImportBatch:
    """A batch for the file; one that was left unfinished with the same file is taken up again."""
    if actor and not importable_by(actor).filter(pk=organization.pk).exists():
        raise NotAllowed("无权为这个党组织导入名册。")
    same = {
        "organization": organization,
        "sha256": sha256_of(source),
        "created_by": actor,
        "kind": ImportBatch.Kind.MEMBERS,
    }
    left = ImportBatch.objects.filter(status__in=UNFINISHED, **same).first()
    if left is None:
        left = ImportBatch(file_name=PurePath(file_name).name[-200:], **same)
    left.on_duplicate = on_duplicate
    left.save()
    return left


def stage(batch, source, *, sheet=None, chosen=None) -> ImportBatch:
    """Read the file and put every row, with its verdict, in place of what was staged before.

    `sheet` and `chosen` ({column index: field or None}) are what somebody corrected; without
    them the correspondence of the organization's last import with the same headings is used.
    """
    with opened_book(source) as book:
        table = find_table(book, sheet=sheet)
        table.remap(remembered(batch, table) if chosen is None else chosen)
        return stage_table(batch, table, table.rows(book))


def remembered(batch, table) -> dict:
    """{column index: field} as the organization last chose for these very headings."""
    headings = [column.heading for column in table.columns]
    done = ImportBatch.objects.filter(
        organization=batch.organization, kind=batch.kind, status=ImportBatch.Status.COMMITTED
    )
    for columns in done.values_list("columns", flat=True)[:20]:
        if [column["heading"] for column in columns] == headings:
            return {
                own.index: old["field"]
                for own, old in zip(table.columns, columns, strict=True)
                if own.field != old["field"]
            }
    return {}


@transaction.atomic
def stage_table(batch, table: Table, rows) -> ImportBatch:
    """`rows`: those below the heading, one by one; so many are held at a time as are written."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.status not in UNFINISHED:
        raise NotAllowed("这一批已经处理过，请重新上传文件。")
    batch.rows.all().delete()
    desk, found = Desk(batch, table), Counter()
    for some in chunks(rows, CHUNK):
        staged = desk.stage(some)
        insert_rows(staged)
        found += tally(staged)
    batch.status = ImportBatch.Status.PENDING
    batch.sheet, batch.heading_rows = table.sheet, table.heading_rows
    batch.columns = table.columns_as_json()
    # the reader leaves out what is empty between the heading and the last row
    blank = max(0, table.last - table.heading_rows[-1] - table.height)
    batch.counts = counted(found, found[Verdict.SKIPPED] + blank)
    batch.save()
    return batch


def chunks(rows, size):
    rows = iter(rows)
    while some := list(islice(rows, size)):
        yield some


class Desk:
    """Where rows are read, judged, and made ready to be staged."""

    def __init__(self, batch, table):
        self.batch, self.table = batch, table
        self.resolver = Resolver(batch.organization)
        self.reader = PersonReader(table, self.resolver, timezone.localdate())
        self.reader.section = branch_above(table, self.resolver)
        self.skipper, self.judge = Skipper(table), Judge(batch)

    def stage(self, rows) -> list[ImportRow]:
        staged = [self._read(row) for row in rows]
        good = [
            (row.number, row.values, row.id_index)
            for row in staged
            if row.verdict != Verdict.SKIPPED and not row.faults
        ]
        told = self.judge.judge(good)
        for row in staged:
            if row.number in told:
                pronounce(row, told[row.number], self.table.places, self.table.headings)
        return staged

    def _read(self, row) -> ImportRow:
        named = branch_alone(row.values, self.resolver)
        self.reader.section = named or self.reader.section
        reason = "SECTION" if named else self.skipper.reason(row)
        staged = ImportRow(batch_id=self.batch.pk, number=row.number, raw=json_cells(row.values))
        if reason:
            staged.verdict = Verdict.SKIPPED
            staged.warnings = [{"row": row.number, "message": LABELS[reason]}]
            return staged
        reading = self.reader.read(row)
        staged.verdict, staged.values = Verdict.ERROR, stored_values(reading.values)
        staged.faults, staged.warnings = reading.faults, reading.warnings
        if "id_number" in staged.values:
            staged.id_index = blind_index(staged.values["id_number"])
        return staged


def branch_above(table, resolver):
    """Where no column names the branch, the title, a label above, or the sheet may."""
    for row in reversed(table.above):
        if named := branch_named(row.values, resolver):
            return named
    return branch_named([table.sheet], resolver)


def branch_alone(values, resolver):
    """The branch of a row that says nothing else: those below it are its people."""
    if len(values) - values.count(None) != 1:
        return None
    said = [value for value in values if as_text(value)]
    if len(said) == 1 and BRANCH.search(as_text(said[0])):
        return branch_named(said, resolver)
    return None


def branch_named(values, resolver):
    for value in values:
        text = as_text(value).replace(":", "：")
        for part in (text, *text.split("：")):
            part = part.strip().removesuffix("党员花名册").removesuffix("党员名册")
            if part and resolver.knows(part) and resolver.find(part) != resolver.top:
                return resolver.find(part)
    return None


def pronounce(row, judgement, places, headings):
    """Write the verdict and what it says into the row."""
    row.verdict, row.prior = judgement.verdict, judgement.prior
    row.member_id, row.member_version = judgement.member_id, judgement.version

    def note(name, message):
        place = places.get(name)
        return {
            "row": row.number,
            "column": headings.get(name, FIELDS[name][0]),
            "field": name,
            "value": "" if place is None else as_text(row.raw[place]),
            "message": message,
        }

    row.faults = row.faults + [note(*said) | {"hint": ""} for said in judgement.faults]
    row.warnings = row.warnings + [note(*said) | {"judged": True} for said in judgement.warnings]


def json_cells(values) -> list:
    """Dates as text: the row is kept as JSON."""
    return [as_text(value) if isinstance(value, date) else value for value in values]


def tally(rows) -> Counter:
    found = Counter(row.verdict for row in rows)
    found["warned"] = sum(bool(r.warnings) for r in rows if r.verdict != Verdict.SKIPPED)
    return found


def counted(found: Counter, skipped: int) -> dict:
    counts = {name: found[verdict] for verdict, name in COUNTED.items()}
    return {
        "rows": sum(counts.values()), **counts, "skipped": skipped, "warned": found["warned"],
    }  # fmt: skip


def report(batch) -> dict:
    """What the command prints as JSON and the error workbook tells."""
    errors, warnings = [], []
    told = batch.rows.exclude(verdict=Verdict.SKIPPED).order_by("number")
    for faults, doubts in told.values_list("faults", "warnings").iterator(chunk_size=2000):
        errors += [shown(fault) for fault in faults]
        warnings += [shown(doubt) for doubt in doubts]
    names = ("rows", *COUNTED.values(), "skipped")
    counts = {name: batch.counts[name] for name in names}
    return {**counts, "errors": errors, "warnings": warnings}


def shown(note) -> dict:
    return {name: note[name] for name in ("row", "column", "value", "message")}
