"""已入库 → 已撤销: take committees and seats back, where nobody has changed them since."""

from datetime import date

from django.db import transaction

from orgs.models import Committee, CommitteeSeat, ImportBatch
from orgs.partial_date import PartialDate
from orgs.rosters.commit import begin, take_turn
from orgs.rosters.committees.commit import GOING
from orgs.rosters.undo import Undone, close

Status = ImportBatch.Status
TOUCHED, GONE, MANNED = "导入后又有变更", "已被删除", "班子里还有后来登记的成员"
REOPENED = {"status": "IN_OFFICE", "renewed_on": None}


@transaction.atomic
def undo(batch, *, actor) -> Undone:
    """撤销: new seats and terms go, changed ones get back what they had; the rest is told."""
    take_turn()
    begin(batch, Status.COMMITTED, actor)
    rows = batch.rows.filter(verdict__in=GOING).order_by("number")
    done = {row.number: row.prior["undo"] for row in rows if "undo" in row.prior}
    undone = Undone()
    # In the order that the constraints allow: the new goes before the old comes back.
    kept = remove_seats(done, undone) | remove_terms(done, undone)
    for number, one in done.items():
        if number not in kept:
            give_all_back(number, one, undone)
    close(batch, actor, undone)
    return undone


def remove_seats(done, undone) -> set[int]:
    """Row numbers of the organizations in which a new seat stays."""
    numbers = {pk: number for number, one in done.items() for pk in one["new"]}
    seats = CommitteeSeat.objects.select_for_update(of=("self",)).filter(pk__in=numbers)
    touched = [seat for seat in seats.in_order() if seat.version > 1]
    for seat in touched:
        undone.kept.append((numbers[seat.pk], f"{seat}：{TOUCHED}"))
    going = CommitteeSeat.objects.filter(pk__in=numbers.keys() - {seat.pk for seat in touched})
    undone.removed += going.count()
    going.delete()
    return {numbers[seat.pk] for seat in touched}


def remove_terms(done, undone) -> set[int]:
    """Row numbers of the organizations in which a new term stays."""
    made = {one["made"]: number for number, one in done.items() if one["made"]}
    terms = Committee.objects.select_for_update(of=("self",)).filter(pk__in=made)
    manned = set(
        CommitteeSeat.objects.filter(committee__in=made).values_list("committee", flat=True)
    )
    kept = set()
    for term in terms.select_related("organization"):
        if term.pk in manned or term.version != done[made[term.pk]]["version"]:
            why = MANNED if term.pk in manned else TOUCHED
            undone.kept.append((made[term.pk], f"{term}：{why}"))
            kept.add(term.pk)
    Committee.objects.filter(pk__in=made.keys() - kept).delete()
    return {made[pk] for pk in kept}


def give_all_back(number, one, undone):
    for pk, entry in one["seats"].items():
        give_back(number, CommitteeSeat, int(pk), entry["version"], entry["was"], undone)
    if one["revised"]:
        give_back(number, Committee, one["committee"], one["version"], one["revised"], undone)
    if closed := one["closed"]:
        give_back(number, Committee, closed["pk"], None, REOPENED | closed["was"], undone)


def give_back(number, model, pk, version, was, undone):
    row = model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None or (version and row.version != version):
        undone.kept.append((number, f"{row}：{TOUCHED}" if row else GONE))
        return
    for name, value in was.items():
        setattr(row, name, restored(name, value))
    row.save()
    undone.restored += 1


def restored(name, value):
    if value and name in ("elected", "started"):
        return PartialDate.parse(value)
    return date.fromisoformat(value) if value and name.endswith("_on") else value
