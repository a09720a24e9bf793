"""Staged rows become committees and seats: all or nothing, each organization as a whole."""

from collections import Counter
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from orgs.models import Committee, CommitteeSeat, ImportBatch, ImportRow, Organization, SeatPost
from orgs.models.seat import LeftReason
from orgs.partial_date import PartialDate
from orgs.rosters.commit import begin, finish, record, refuse_when_stopped, take_turn
from orgs.rosters.committees.judge import SeatJudge, differing, model_value, same_seat, value_of
from orgs.rosters.committees.reader import OF_SEAT, OF_TERM
from orgs.rosters.committees.words import WORDS
from orgs.rosters.counts import counted
from orgs.rosters.desk import pronounce
from orgs.rosters.review import in_order
from orgs.rosters.verdict import OnDuplicate, Verdict
from orgs.terms import due_day

Status = ImportBatch.Status

GOING = (Verdict.NEW, Verdict.UPDATE)
JUDGED = (*GOING, Verdict.UNCHANGED, Verdict.DUPLICATE)


@transaction.atomic
def commit(batch, *, actor) -> dict:
    """入库: returns the counts. Raises NotAllowed."""
    take_turn()
    begin(batch, Status.PENDING, actor)
    review(batch)
    refuse_when_stopped(batch)
    rows = batch.rows.filter(verdict__in=GOING).order_by("node_id", "number")
    for node, some in groupby(list(rows), key=lambda row: row.node_id):
        Writer(Organization.objects.get(pk=node)).write(list(some))
    finish(batch, Status.COMMITTED, actor)
    record(batch, actor)
    return batch.counts


def review(batch):
    """Judge every row again that was read without faults: others may have been here since."""
    places = {c["field"]: c["index"] for c in batch.columns if c["field"]}
    headings = {c["field"]: c["heading"] for c in batch.columns if c["field"]}
    nodes = Organization.objects.within(batch.organization).in_bulk()
    judge = SeatJudge(batch, nodes, places)
    for some in in_order(batch.rows.filter(verdict__in=JUDGED)):
        told = judge.judge([(row.number, row.values) for row in some])
        for row in some:
            row.warnings = [note for note in row.warnings if not note.get("judged")]
            pronounce(row, told[row.number], places, headings, WORDS.label)
        ImportRow.objects.bulk_update(
            some, ["verdict", "faults", "warnings", "prior", "values"], batch_size=500
        )
    recount(batch)


def recount(batch):
    found, skipped = Counter(), batch.counts["skipped"]
    rows = batch.rows.exclude(verdict=Verdict.SKIPPED).values_list("verdict", "warnings")
    for verdict, warnings in rows.iterator(chunk_size=2000):
        found[verdict] += 1
        found["warned"] += bool(warnings)
    batch.counts = counted(found, skipped)


@transaction.atomic
def choose_on_duplicate(batch, on_duplicate) -> ImportBatch:
    """跳过, 更新 or 停止, after the preview has shown how many there are."""
    begin(batch, Status.PENDING, None)
    batch.on_duplicate = OnDuplicate(on_duplicate)
    review(batch)
    batch.save(update_fields=["on_duplicate", "counts"])
    return batch


class Writer:
    """Writes the rows of one organization; what it did stays with its first row, for the undo."""

    def __init__(self, organization):
        self.organization = organization
        serving = organization.committees.select_for_update().filter(status="IN_OFFICE")
        self.committee = serving.first()
        self.done = {"made": None, "closed": None, "revised": {}, "seats": {}, "new": []}

    def write(self, rows):
        self._term({k: v for row in reversed(rows) for k, v in row.values.items() if k in OF_TERM})
        self.seats = list(self.committee.seats.select_for_update().filter(ended_on=None))
        leaders = [row for row in rows if row.values["seats"]]
        for row in leaders:
            for said in row.values["seats"]:
                row.seat = self._seat(said)
        self.done |= {"committee": self.committee.pk, "version": self.committee.version}
        rows[0].prior = {**rows[0].prior, "undo": self.done}
        ImportRow.objects.bulk_update(rows, ["seat", "prior"], batch_size=500)

    def _term(self, said):
        """The committee that serves after this: the same, corrected, or a new one."""
        values = {name: model_value(name, value) for name, value in said.items()}
        there = self.committee
        if there and not self._is_another(values.get("elected")):
            if prior := differing(there, said, OF_TERM):
                self.done["revised"] = prior
                self._save(there, {name: values[name] for name in prior})
            return
        if there:
            self._close(values["elected"].earliest)
            values.setdefault("term", there.term + 1 if there.term else None)
        node = self.organization
        values["due_on"] = values.get("due_on") or due_day(
            values.get("elected"), node.kind, node.level
        )
        self.committee = Committee(organization=node, **values)
        self.committee.save()
        self.done["made"] = self.committee.pk

    def _is_another(self, elected) -> bool:
        there = self.committee.elected
        return bool(elected and there and not elected.agrees_with(there))

    def _close(self, day):
        """换届 as `Committee.renew` does it."""
        last = day - timedelta(days=1)
        for seat in self.committee.seats.select_for_update().filter(ended_on=None):
            self._leave(seat, last, LeftReason.RENEWAL)
        self.done["closed"] = self.committee.pk
        self._save(self.committee, {"status": "RENEWED", "renewed_on": day})

    def _leave(self, seat, last, reason):
        """离任; remembered as it was, so that it can be taken back."""
        self._remember(seat, ("ended_on", "left_reason"))
        self._save(seat, {"ended_on": max(last, seat.started_on or last), "left_reason": reason})
        self.done["seats"][str(seat.pk)]["version"] = seat.version

    def _remember(self, seat, names):
        was = {name: value_of(seat, name) for name in names}
        entry = self.done["seats"].setdefault(str(seat.pk), {"was": {}})
        entry["was"] = was | entry["was"]

    def _seat(self, said):
        there = same_seat(self.seats, said)
        if there:
            return self._update(there, said)
        if said["post"] == SeatPost.SECRETARY:
            self._replace_secretary(said)
        fields = {name: model_value(name, said[name]) for name in OF_SEAT if name in said}
        fields.setdefault("started", self._began(said))
        seat = CommitteeSeat(
            committee=self.committee, post=said["post"], name=said["name"],
            member_id=said["member"], **fields,
        )  # fmt: skip
        seat.save()
        self.seats.append(seat)
        self.done["new"].append(seat.pk)
        return seat

    def _began(self, said) -> PartialDate | None:
        """Who came with the term began with it; of others nobody said when."""
        return self.committee.elected if self.done["made"] else None

    def _update(self, seat, said):
        prior = differing(seat, said, OF_SEAT)
        new = {name: model_value(name, said[name]) for name in prior}
        if said["member"] and seat.member_id != said["member"]:
            prior["member_id"], new["member_id"] = seat.member_id, said["member"]
        if prior:
            self._remember(seat, prior)
            self._save(seat, new)
            self.done["seats"][str(seat.pk)]["version"] = seat.version
        return seat

    def _replace_secretary(self, said):
        began = model_value("started", said.get("started"))
        last = began.earliest - timedelta(days=1) if began else timezone.localdate()
        for seat in [seat for seat in self.seats if seat.post == SeatPost.SECRETARY]:
            self._leave(seat, last, LeftReason.OTHER)
            self.seats.remove(seat)

    def _save(self, row, values):
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
