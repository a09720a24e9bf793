"""Staged rows become committees and seats: all or nothing, each organization as a whole."""

from collections import Counter
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from orgs.models import (
    AuditEntry,
    Committee,
    CommitteeSeat,
    ImportBatch,
    ImportRow,
    Organization,
    SeatPost,
)
from orgs.models.seat import LeftReason
from orgs.rosters.commit import begin, finish, record, refuse_when_stopped, take_turn
from orgs.rosters.committees.judge import SeatJudge, differing, model_value, same_seat, value_of
from orgs.rosters.committees.reader import OF_SEAT, OF_TERM
from orgs.rosters.committees.words import WORDS
from orgs.rosters.counts import counted
from orgs.rosters.desk import pronounce
from orgs.rosters.review import in_order, silent
from orgs.rosters.verdict import OnDuplicate, Verdict
from orgs.terms import due_day

Status = ImportBatch.Status
GOING = (Verdict.NEW, Verdict.UPDATE)
TOLD = ("verdict", "faults", "warnings", "is_warned")
JUDGED = (*GOING, Verdict.UNCHANGED, Verdict.DUPLICATE)


@transaction.atomic
def commit(batch, *, actor, tell=silent) -> dict:
    """入库: returns the counts. Raises NotAllowed."""
    take_turn()
    begin(batch, Status.PENDING, actor)
    review(batch)
    refuse_when_stopped(batch)
    going = batch.rows.with_content().filter(verdict__in=GOING)
    rows = list(going.order_by("node_id", "number"))
    tell(0, 0, "正在写入班子")
    touched = Ledger(rows).write()
    # Filed under the importer's organization: the record outlives what an undo takes back.
    AuditEntry.record_all(
        actor, "committee.imported", touched, label="由名册导入", organization=batch.organization,
        note=batch.file_name,
    )  # fmt: skip
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
        before = [standing(row) for row in some]
        told = judge.judge([(row.number, row.values) for row in some])
        for row in some:
            row.warnings = [note for note in row.warnings if not note.get("judged")]
            pronounce(row, told[row.number], places, headings, WORDS.label)
        moved = [row for row, was in zip(some, before, strict=True) if standing(row) != was]
        overwrite(ImportRow, moved, [*TOLD, "prior"])
        ImportRow.objects.save_values(moved)
    recount(batch)


def standing(row) -> tuple:
    """What a judgement may change of a row."""
    members = [seat["member"] for seat in row.values["seats"]]
    return row.verdict, members, dict(row.prior), list(row.warnings)


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


def overwrite(model, rows, names):
    """These columns of rows as they stand in memory, by one statement for many."""
    model.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=names
    )


def columns(model) -> list[str]:
    return [column.name for column in model._meta.concrete_fields if not column.primary_key]


class Ledger:
    """Everything that the rows change, written in the order which the constraints allow."""

    def __init__(self, rows):
        self.rows = rows
        wanted = {row.node_id for row in rows}
        self.nodes = Organization.objects.in_bulk(wanted)
        serving = Committee.objects.select_for_update(of=("self",)).filter(
            status="IN_OFFICE", organization__in=wanted
        )
        self.serving = {committee.organization_id: committee for committee in serving}
        self.seats = {committee.pk: [] for committee in self.serving.values()}
        held = CommitteeSeat.objects.select_for_update(of=("self",)).filter(
            ended_on=None, committee__in=self.seats
        )
        for seat in held:
            self.seats[seat.committee_id].append(seat)

    def write(self) -> list[Committee]:
        groups = groupby(self.rows, key=lambda row: row.node_id)
        told = [Telling(self, self.nodes[node], list(rows)) for node, rows in groups]
        # who leaves makes room for who comes
        for model in (CommitteeSeat, Committee):
            changed = [row for one in told for row in one.changed if isinstance(row, model)]
            overwrite(model, changed, columns(model))
        terms = [one.committee for one in told if one.committee.pk is None]
        Committee.objects.bulk_create(terms, batch_size=500)
        seats = [seat for one in told for seat in one.new]
        for seat in seats:
            seat.committee_id = seat.committee.pk
        CommitteeSeat.objects.bulk_create(seats, batch_size=500)
        for one in told:
            one.sign()
        overwrite(ImportRow, self.rows, ["seat", "prior"])
        return [one.committee for one in told]


class Telling:
    """The rows of one organization; what they did stays with the first, for the undo."""

    def __init__(self, ledger, organization, rows):
        self.organization, self.rows = organization, rows
        self.committee = ledger.serving.get(organization.pk)
        self.seats = list(ledger.seats[self.committee.pk]) if self.committee else []
        self.changed, self.new, self.was = [], [], {}
        self.closed = self.revised = None
        self.is_new = False
        said = {k: v for row in reversed(rows) for k, v in row.values.items() if k in OF_TERM}
        self._term(said)
        self.filled = [[self._seat(seat) for seat in row.values["seats"]] for row in rows]

    def sign(self):
        """Once everything is in the database and has its number."""
        for row, filled in zip(self.rows, self.filled, strict=True):
            row.seat = filled[0] if filled else None
        done = {
            "committee": self.committee.pk,
            "version": self.committee.version,
            "made": self.committee.pk if self.is_new else None,
            "new": [seat.pk for seat in self.new],
            "seats": {
                str(seat.pk): {"was": was, "version": seat.version}
                for seat, was in self.was.values()
            },
            "closed": self.closed,
            "revised": self.revised,
        }
        self.rows[0].prior = {**self.rows[0].prior, "undo": done}

    def _term(self, said):
        """The committee that serves after this: the same, corrected, or a new one."""
        values = {name: model_value(name, value) for name, value in said.items()}
        there = self.committee
        if there and not self._is_another(values.get("elected")):
            if prior := differing(there, said, OF_TERM):
                self.revised = prior | {"version": there.version}
                self._change(there, {name: values[name] for name in prior})
            return
        if there:
            self._close(there, values["elected"].earliest)
            values.setdefault("term", there.term + 1 if there.term else None)
        node = self.organization
        due_on = values.get("due_on") or due_day(values.get("elected"), node.kind, node.level)
        self.committee = Committee(organization=node, **values | {"due_on": due_on})
        self.is_new, self.seats = True, []

    def _is_another(self, elected) -> bool:
        there = self.committee.elected
        return bool(elected and there and not elected.agrees_with(there))

    def _close(self, committee, day):
        """换届 as `Committee.renew` does it."""
        last = day - timedelta(days=1)
        for seat in self.seats:
            self._leave(seat, last, LeftReason.RENEWAL)
        self.closed = {"pk": committee.pk, "was": {"version": committee.version}}
        self._change(committee, {"status": "RENEWED", "renewed_on": day})

    def _leave(self, seat, last, reason):
        """离任; remembered as it was, so that it can be taken back."""
        self._remember(seat, ("ended_on", "left_reason"))
        self._change(seat, {"ended_on": max(last, seat.started_on or last), "left_reason": reason})

    def _remember(self, seat, names):
        _, was = self.was.setdefault(seat.pk, (seat, {"version": seat.version}))
        was |= {name: value_of(seat, name) for name in names if name not in was}

    def _seat(self, said):
        there = same_seat(self.seats, said)
        if there:
            return self._update(there, said)
        if said["post"] == SeatPost.SECRETARY:
            self._replace_secretary(said)
        fields = {name: model_value(name, said[name]) for name in OF_SEAT if name in said}
        # who came with the term began with it; of others nobody said when
        fields.setdefault("started", self.committee.elected if self.is_new else None)
        seat = CommitteeSeat(
            committee=self.committee, post=said["post"], name=said["name"],
            member_id=said["member"], **fields,
        )  # fmt: skip
        self.seats.append(seat)
        self.new.append(seat)
        return seat

    def _update(self, seat, said):
        prior = differing(seat, said, OF_SEAT)
        new = {name: model_value(name, said[name]) for name in prior}
        if said["member"] and seat.member_id != said["member"]:
            prior["member_id"], new["member_id"] = seat.member_id, said["member"]
        if prior:
            self._remember(seat, prior)
            self._change(seat, new)
        return seat

    def _replace_secretary(self, said):
        began = model_value("started", said.get("started"))
        last = began.earliest - timedelta(days=1) if began else timezone.localdate()
        for seat in [seat for seat in self.seats if seat.post == SeatPost.SECRETARY]:
            self._leave(seat, last, LeftReason.OTHER)
            self.seats.remove(seat)

    def _change(self, row, values):
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        if row not in self.changed:
            self.changed.append(row)
