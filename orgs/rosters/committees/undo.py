"""已入库 → 已撤销: take committees and seats back, where nobody has changed them since."""

from datetime import date

from django.db import transaction

from orgs.models import Committee, CommitteeSeat, ImportBatch
from orgs.partial_date import PartialDate
from orgs.rosters.commit import begin, take_turn
from orgs.rosters.undo import Undone, close

Status = ImportBatch.Status
TOUCHED, GONE, MANNED = "导入后又有变更", "已被删除", "班子里还有后来登记的成员"


@transaction.atomic
def undo(batch, *, actor) -> Undone:
    """撤销: new seats and terms go, changed ones get back what they had; the rest is told."""
    take_turn()
    begin(batch, Status.COMMITTED, actor)
    undone = Undone()
    for row in batch.rows.filter(verdict__in=("NEW", "UPDATE")).order_by("-number"):
        if done := row.prior.get("undo"):
            take_back(row.number, done, undone)
    close(batch, actor, undone)
    return undone


def take_back(number, done, undone):
    """In the order in which the constraints allow it: the new goes before the old comes back."""
    kept = len(undone.kept)
    for seat in CommitteeSeat.objects.select_for_update().filter(pk__in=done["new"]):
        if seat.version > 1:
            undone.kept.append((number, f"{seat}：{TOUCHED}"))
            continue
        seat.delete()
        undone.removed += 1
    if done["made"] and not remove_term(number, done, undone):
        return
    if len(undone.kept) > kept and done["seats"]:
        # the seat of a secretary who stays cannot be given back to the one before
        return
    for pk, entry in done["seats"].items():
        give_back(number, CommitteeSeat, int(pk), entry["version"], entry["was"], undone)
    if done["revised"]:
        give_back(number, Committee, done["committee"], done["version"], done["revised"], undone)
    if done["closed"]:
        was = {"status": "IN_OFFICE", "renewed_on": None}
        give_back(number, Committee, done["closed"], None, was, undone)


def remove_term(number, done, undone) -> bool:
    committee = Committee.objects.select_for_update().filter(pk=done["made"]).first()
    if committee is None:
        return True
    if committee.version != done["version"] or committee.seats.exists():
        why = MANNED if committee.seats.exists() else TOUCHED
        undone.kept.append((number, f"{committee}：{why}"))
        return False
    committee.delete()
    return True


def give_back(number, model, pk, version, was, undone):
    row = model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None or (version and row.version != version):
        undone.kept.append((number, f"{row or ''}{TOUCHED if row else GONE}"))
        return
    for name, value in was.items():
        setattr(row, name, restored(name, value))
    # As before the import, also for the undo of the batch that came before this one.
    row.version -= 1
    row.save()
    undone.restored += 1


def restored(name, value):
    if value and name in ("elected", "started"):
        return PartialDate.parse(value)
    return date.fromisoformat(value) if value and name.endswith("_on") else value
