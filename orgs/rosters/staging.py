"""Parse → stage → verdict: a roster waits in ImportBatch and ImportRow until somebody decides.

batch = open_batch(file, "花名册.xlsx", organization=organization, actor=user)
stage(batch, file)          # 解析 → 待核对; BadWorkbook says why not
commit(batch, actor=user)   # orgs.rosters.commit: 待核对 → 已入库
"""

import hashlib
from collections import Counter
from pathlib import PurePath

from django.db import transaction

from orgs.models import ImportBatch, NotAllowed
from orgs.rosters.bulk import Inflow, chunks, insert_rows, without_cycles
from orgs.rosters.counts import COUNTED, counted, tally
from orgs.rosters.header import Table, find_table
from orgs.rosters.kinds import MEMBERS, kind_of
from orgs.rosters.review import silent
from orgs.rosters.verdict import Verdict
from orgs.workbook import opened_book

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


def open_batch(
    source, file_name, *, organization, actor, on_duplicate=None, kind=MEMBERS
) -> ImportBatch:
    """A batch for the file; one that was left unfinished with the same file is taken up again,
    with what was chosen there unless `on_duplicate` says otherwise."""
    if actor and not kind.may_import(actor, organization):
        raise NotAllowed("无权为这个党组织导入名册。")
    same = {
        "organization": organization,
        "sha256": sha256_of(source),
        "created_by": actor,
        "kind": kind.code,
    }
    left = ImportBatch.objects.filter(status__in=UNFINISHED, **same).first()
    if left is None:
        left = ImportBatch.objects.create(file_name=PurePath(file_name).name[-200:], **same)
    if on_duplicate and on_duplicate != left.on_duplicate:
        left.on_duplicate = on_duplicate
        left.save(update_fields=["on_duplicate"])
    return left


def stage(batch, source, *, sheet=None, heading=(), chosen=None, tell=silent) -> ImportBatch:
    """Read the file and put every row, with its verdict, in place of what was staged before.

    `sheet`, `heading` (row numbers) and `chosen` ({column index: field or None}) are what somebody
    corrected; without them the correspondence of the organization's last import with the same
    headings is used. `tell(done, total, words)` hears how far it is.
    """
    with opened_book(source) as book:
        table = find_table(book, sheet=sheet, heading=heading, words=kind_of(batch).words)
        table.remap(remembered(batch, table) if chosen is None else chosen)
        table.refuse_incomplete()
        table.refuse_empty()
        batch.other_sheets = table.others
        return stage_table(batch, table, told_of(table.rows(book), table.height, tell))


def told_of(rows, total, tell):
    for done, row in enumerate(rows):
        tell(done, total, "正在核对内容")
        yield row


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


@without_cycles()
@transaction.atomic
def stage_table(batch, table: Table, rows) -> ImportBatch:
    """`rows`: those below the heading, one by one; so many are held at a time as are written."""
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.status not in UNFINISHED:
        raise NotAllowed("这一批已经处理过，请重新上传文件。")
    batch.rows.all().delete()
    batch.blocks.all().delete()
    desk, found = kind_of(batch).desk(batch, table), Counter()
    with Inflow() as inflow:
        for some in chunks(rows, kind_of(batch).chunk):
            staged = desk.read(some)
            inflow.finish()
            desk.decide(staged)
            insert_rows(inflow, staged)
            found += tally(staged)
    batch.status = ImportBatch.Status.PENDING
    batch.sheet, batch.heading_rows = table.sheet, table.heading_rows
    batch.columns = table.columns_as_json()
    # the reader leaves out what is empty between the heading and the last row
    blank = max(0, table.last - table.heading_rows[-1] - table.height)
    batch.counts = counted(found, found[Verdict.SKIPPED] + blank)
    batch.save()
    return batch


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
