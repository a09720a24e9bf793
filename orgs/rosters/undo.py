"""已入库 → 已撤销: take a batch back as far as nobody has changed anything since."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from orgs.models import AuditEntry, ImportBatch, Member
from orgs.rosters.commit import begin, overwrite, take_turn
from orgs.rosters.review import in_order
from orgs.rosters.verdict import Verdict, changes, labels, member_values, said_of

Status = ImportBatch.Status
#: The version of a member whom nobody has changed.
BORN = Member._meta.get_field("version").default


@dataclass
class Undone:
    removed: int = 0
    restored: int = 0
    #: (row number, why) of what somebody has touched since
    kept: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def undo(batch, *, actor) -> Undone:
    """撤销: new members go, updated ones get back what they had; the rest is told."""
    take_turn()
    begin(batch, Status.COMMITTED, actor)
    undone = Undone()
    locked = Member.objects.select_for_update(of=("self",)).order_by("pk")
    for rows in in_order(batch.rows.filter(verdict=Verdict.UPDATE)):
        restore(rows, locked.in_bulk([row.member_id for row in rows if row.member_id]), undone)
    for rows in in_order(batch.rows.filter(verdict=Verdict.NEW)):
        brought = locked.filter(origin__in=[row.pk for row in rows])
        remove(rows, {member.origin_id: member for member in brought}, undone)
    close(batch, actor, undone)
    return undone


def foresee(batch, verb) -> Undone:
    """What `verb`, the undo of the batch's kind, would do now; nothing is kept of it."""
    with transaction.atomic():
        undone = verb(type(batch).objects.get(pk=batch.pk), actor=None)
        transaction.set_rollback(True)
    return undone


def close(batch, actor, undone):
    """The batch is taken back, on record."""
    batch.status, batch.undone_by, batch.undone_at = Status.UNDONE, actor, timezone.now()
    batch.save(update_fields=["status", "undone_by", "undone_at"])
    note = f"删除 {undone.removed}，恢复 {undone.restored}，保留 {len(undone.kept)}。"
    note += f"原因：{batch.reason}" if batch.reason else ""
    AuditEntry.record(
        actor, "roster.undone", batch, label="撤销导入", organization=batch.organization, note=note
    )


def restore(rows, members, undone):
    """Field by field: what still is as the row wrote it becomes what it was before."""
    changed = []
    for row in rows:
        member = members.get(row.member_id)
        if member is None:
            undone.kept.append((row.number, "已被删除"))
            continue
        written = {name: row.values[name] for name in row.prior}
        since = changes(said_of(member), written)
        if since:
            undone.kept.append((row.number, f"{labels(since)}在导入后又有变更"))
        before = {name: value for name, value in row.prior.items() if name not in since}
        if not before:
            continue
        for name, value in member_values(before).items():
            setattr(member, name, value)
        untouched = member.version == row.target_version
        # As before the import, also for the undo of the batch that came before this one.
        member.version += -1 if untouched else 1
        changed.append(member)
        undone.restored += not since
    overwrite(changed)


def remove(rows, members, undone):
    """`members`: {the row's pk: whom it brought}."""
    going = []
    for row in rows:
        member = members.get(row.pk)
        if member is None:
            undone.kept.append((row.number, "已被删除"))
        elif member.version != BORN:
            undone.kept.append((row.number, "导入后又有变更"))
        else:
            going.append((row.number, member.pk))
    if is_gone([pk for _, pk in going]):
        undone.removed += len(going)
        return
    for number, pk in going:
        if is_gone([pk]):
            undone.removed += 1
        else:
            undone.kept.append((number, "已有其他记录与之相关"))


def is_gone(members) -> bool:
    """Whether all could be deleted."""
    try:
        with transaction.atomic():
            Member.objects.filter(pk__in=members).delete()
    except ProtectedError:
        return False
    return True
