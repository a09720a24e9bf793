"""待核对 → 已入库, all or nothing; or 已退回."""

from itertools import count, groupby
from operator import itemgetter

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from orgs.models import AuditEntry, ImportBatch, ImportBlock, ImportRow, Member, NotAllowed
from orgs.rosters.bulk import Inflow, MemberWriter, chunks, without_cycles
from orgs.rosters.review import in_order, review_stale, silent
from orgs.rosters.verdict import OnDuplicate, Verdict, changes, member_values, said_of

Status = ImportBatch.Status
ATTEMPTS = 3
#: So many new rows are fetched at a time.
PORTION = 10_000
#: Any number of our own: rosters go in one after the other, whoever brings them.
TURN = 20_17_16


def take_turn():
    """Wait until no other roster is going in; on SQLite every write waits anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


@without_cycles()
def commit(batch, *, actor, tell=silent) -> dict:
    """入库: the staged rows become members, in one transaction; returns the counts.

    Rows are judged again whose members others have changed since the staging.
    Raises NotAllowed.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _commit(batch, actor, tell)
        except IntegrityError:
            # Somebody registered one of these people by hand in the same moment.
            if attempt == ATTEMPTS:
                raise


def _commit(batch, actor, tell) -> dict:
    take_turn()
    begin(batch, Status.PENDING, actor)
    review_stale(batch)
    refuse_when_stopped(batch)
    write_updates(batch, tell)
    write_new(batch, tell)
    finish(batch, Status.COMMITTED, actor)
    record(batch, actor)
    return batch.counts


def begin(batch, status, actor):
    """Lock and re-read the batch; only then ask whether the actor may still decide it."""
    batch.refresh_from_db(from_queryset=ImportBatch.objects.select_for_update(of=("self",)))
    if batch.status != status or batch.work:
        raise NotAllowed(f"这一批{batch.status_words}，请刷新后查看。")
    if actor and not batch.may_be_decided_by(actor):
        raise NotAllowed("无权办理这一批名册，请由书记或组织部门核对。")


def refuse_when_stopped(batch):
    if batch.on_duplicate == OnDuplicate.STOP and batch.counts["duplicate"]:
        raise NotAllowed(
            f"有 {batch.counts['duplicate']} 行与表中其他行或已登记的党员重复，已停止，没有导入。"
        )


def write_new(batch, tell):
    writer = MemberWriter()
    with Inflow() as inflow:
        for portion in portions(batch, inflow, tell):
            writer.insert(inflow, portion)


def portions(batch, inflow, tell):
    """The new rows, many at a time, by block: (primary keys, blind indexes, values by field)."""
    new = batch.rows.filter(verdict=Verdict.NEW).order_by("number")
    told, total = new.values_list("block", "pk", "number", "id_index"), batch.counts["new"]
    rows = chunks(told.iterator(chunk_size=PORTION), PORTION)
    for done in count(0, PORTION):
        tell(done, total, "正在写入新增")
        inflow.finish()
        if not (some := next(rows, None)):
            return
        blocks = ImportBlock.objects.defer("cells").in_bulk({block for block, *_ in some})
        yield of_blocks(blocks, some)


def of_blocks(blocks, rows):
    for block, own in groupby(rows, itemgetter(0)):
        _, pks, numbers, indexes = zip(*own, strict=True)
        yield pks, indexes, blocks[block].columns(numbers)


def write_updates(batch, tell):
    """The whole of each member is written, so that the derived columns follow."""
    for some in in_order(batch.rows.filter(verdict=Verdict.UPDATE), tell, "正在写入更新"):
        locked = Member.objects.select_for_update(of=("self",)).order_by("pk")
        members = locked.in_bulk([row.member_id for row in some])
        for row in some:
            member = members[row.member_id]
            row.prior = changes(said_of(member), row.values)
            said = member_values({name: row.values[name] for name in row.prior})
            for name, value in said.items():
                setattr(member, name, value)
            member.version += 1
            row.target_version = member.version
        overwrite(members.values())
        ImportRow.objects.bulk_update(some, ["prior", "target_version"], batch_size=500)


def overwrite(members):
    """Members as they stand in memory, by one statement for many."""
    fields = [column.name for column in Member._meta.concrete_fields if not column.primary_key]
    Member.objects.bulk_create(
        members, batch_size=500,
        update_conflicts=True, unique_fields=["id"], update_fields=fields,
    )  # fmt: skip


def finish(batch, status, actor):
    batch.status, batch.decided_by, batch.decided_at = status, actor, timezone.now()
    batch.save(update_fields=["status", "decided_by", "decided_at", "counts"])


def record(batch, actor):
    names = {"rows": "行数", "new": "新增", "updated": "更新", "unchanged": "不变",
             "duplicate": "重复", "error": "错误"}  # fmt: skip
    told = "，".join(f"{label} {batch.counts[name]}" for name, label in names.items())
    AuditEntry.record(
        actor, "roster.committed", batch, label="导入名册", organization=batch.organization,
        note=f"{told}。文件校验值 {batch.sha256}",
    )  # fmt: skip
