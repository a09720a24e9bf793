"""待核对 → 已入库, all or nothing; or 已退回."""

from django.db import IntegrityError, connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from orgs.models import AuditEntry, ImportBatch, ImportRow, Member, NotAllowed
from orgs.rosters.staging import counted, pronounce
from orgs.rosters.verdict import Judge, OnDuplicate, Verdict, member_values

Status = ImportBatch.Status
WRITTEN = 1000
ATTEMPTS = 3
#: Any number of our own: rosters go in one after the other, whoever brings them.
TURN = 20_17_16


def take_turn():
    """Wait until no other roster is going in; on SQLite every write waits anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def commit(batch, *, actor) -> dict:
    """入库: the staged rows become members, in one transaction; returns the counts.

    Rows are judged again, because others may have changed the members since the staging.
    Raises NotAllowed.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _commit(batch, actor)
        except IntegrityError:
            # Somebody registered one of these people by hand in the same moment.
            if attempt == ATTEMPTS:
                raise


def _commit(batch, actor) -> dict:
    take_turn()
    begin(batch, Status.PENDING, actor)
    rows = list(batch.rows.exclude(verdict=Verdict.SKIPPED).order_by("number"))
    moved = judge_again(batch, rows)
    batch.counts = counted(rows, batch.counts["blank"]) | {
        name: batch.counts[name] for name in ("skipped", "blank")
    }
    refuse_when_stopped(batch)
    ImportRow.objects.bulk_update(
        [row for row in rows if row.number in moved],
        ["verdict", "faults", "warnings", "member"], batch_size=WRITTEN,
    )  # fmt: skip
    write_updates(rows)
    write_new(batch, rows)
    finish(batch, Status.COMMITTED, actor)
    record(batch, actor, "roster.committed", "导入名册", batch.counts)
    return batch.counts


def begin(batch, status, actor):
    """Lock and re-read the batch; only then ask whether the actor may still decide it."""
    batch.refresh_from_db(from_queryset=ImportBatch.objects.select_for_update(of=("self",)))
    if batch.status != status:
        raise NotAllowed(f"这一批{batch.get_status_display()}，请刷新后查看。")
    if actor and not batch.may_be_decided_by(actor):
        raise NotAllowed("无权办理这一批名册，请由书记或组织部门核对。")


def judge_again(batch, rows) -> set[int]:
    """Numbers of the rows whose verdict is not what it was at the staging."""
    places = {c["field"]: c["index"] for c in batch.columns if c["field"]}
    headings = {c["field"]: c["heading"] for c in batch.columns if c["field"]}
    good = [row for row in rows if row.verdict != Verdict.ERROR]
    told = Judge(batch, lock=True).judge([(row.number, row.values) for row in good])
    moved = set()
    for row in good:
        judgement = told[row.number]
        if judgement.verdict == row.verdict:
            row.member, row.prior = judgement.member, judgement.prior
            continue
        pronounce(row, judgement, places, headings)
        moved.add(row.number)
    return moved


def refuse_when_stopped(batch):
    if batch.on_duplicate == OnDuplicate.STOP and batch.counts["duplicate"]:
        raise NotAllowed(
            f"有 {batch.counts['duplicate']} 行与表中其他行或已登记的党员重复，已停止，没有导入。"
        )


def write_new(batch, rows):
    new = [row for row in rows if row.verdict == Verdict.NEW]
    members = [Member(**member_values(row.values)) for row in new]
    Member.objects.bulk_create(members, batch_size=WRITTEN)
    bare = []
    for row, member in zip(new, members, strict=True):
        if not row.id_index:
            row.member, row.member_version = member, member.version
            bare.append(row)
    ImportRow.objects.bulk_update(bare, ["member", "member_version"], batch_size=WRITTEN)
    same = Member.objects.filter(id_index=OuterRef("id_index"))
    batch.rows.filter(verdict=Verdict.NEW, id_index__isnull=False).update(
        member=Subquery(same.values("pk")[:1]), member_version=1
    )


def write_updates(rows):
    """The whole of each member is written, so that the derived columns follow."""
    changed = [row for row in rows if row.verdict == Verdict.UPDATE]
    if not changed:
        return
    for row in changed:
        values = member_values({name: row.values[name] for name in row.prior})
        for name, value in values.items():
            setattr(row.member, name, value)
        row.member.version += 1
        row.member_version = row.member.version
    fields = [field.name for field in Member._meta.concrete_fields if not field.primary_key]
    Member.objects.bulk_create(
        [row.member for row in changed], batch_size=WRITTEN,
        update_conflicts=True, unique_fields=["id"], update_fields=fields,
    )  # fmt: skip
    ImportRow.objects.bulk_update(
        changed, ["member", "prior", "member_version"], batch_size=WRITTEN
    )


def finish(batch, status, actor):
    batch.status, batch.decided_by, batch.decided_at = status, actor, timezone.now()
    batch.save(update_fields=["status", "decided_by", "decided_at", "counts"])


def record(batch, actor, action, label, counts):
    names = {"rows": "行数", "new": "新增", "updated": "更新", "unchanged": "不变",
             "duplicate": "重复", "error": "错误"}  # fmt: skip
    told = "，".join(f"{names.get(name, name)} {counts[name]}" for name in counts if name in names)
    AuditEntry.record(
        actor, action, batch, label=label, organization=batch.organization,
        note=f"{told}。文件校验值 {batch.sha256}",
    )  # fmt: skip


@transaction.atomic
def send_back(batch, *, actor, reason=""):
    """退回: the rows stay to be looked at, none goes in."""
    begin(batch, Status.PENDING, actor)
    finish(batch, Status.RETURNED, actor)
    AuditEntry.record(
        actor, "roster.returned", batch, label="退回名册", organization=batch.organization,
        note=reason,
    )  # fmt: skip
