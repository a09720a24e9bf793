"""Where the rows of a roster are read, judged, and made ready to be staged."""

from django.utils import timezone

from orgs.fields import blind_index
from orgs.rosters import labels
from orgs.rosters.aliases import MEMBERS
from orgs.rosters.bulk import StagedRow
from orgs.rosters.cells import as_text
from orgs.rosters.person import PersonReader
from orgs.rosters.resolve import Resolver
from orgs.rosters.skip import LABELS, Skipper
from orgs.rosters.verdict import Judge, Verdict

#: Rows that may be about a branch which is not there.
ABOUT_BRANCHES = ("SECTION", "HEADING", "NOTE")


class Desk:
    """Where rows are read, judged, and made ready to be staged."""

    reader_class = PersonReader

    def __init__(self, batch, table):
        self.batch, self.table = batch, table
        self.resolver = Resolver(batch.organization)
        self.reader = self.reader_class(table, self.resolver, timezone.localdate())
        self.labels = labels.Labels(self.resolver)
        self.reader.section = self.labels.above(table)
        self.reader.claim = self.title_claim = labels.claim_above(table)
        #: Whether branches stand below a label such as 正式党员, and not such labels below them.
        self.is_claim_above = False
        self.skipper, self.judge = Skipper(table), self.judge_of(batch)

    def judge_of(self, batch):
        return Judge(batch, self.table.places)

    def read(self, rows) -> list[StagedRow]:
        """What they say; asks the database nothing."""
        staged = [StagedRow(self.batch.pk, row.number, row.values) for row in rows]
        for people in filter(None, self._parts(staged)):
            self._read(people)
        return staged

    def decide(self, staged):
        """What becomes of them."""
        good = [
            (row.number, row.values, row.id_index)
            for row in staged
            if row.verdict != Verdict.SKIPPED and not row.faults
        ]
        told, table = self.judge.judge(good), self.table
        places, headings, label = table.places, table.headings, table.words.label
        for row in staged:
            if judgement := told.get(row.number):
                pronounce(row, judgement, places, headings, label)

    def _parts(self, staged):
        """The rows that are people, as many at a time as stand below the same label."""
        if self.skipper.are_plainly_people(staged):
            yield staged
            return
        people = []
        for row in staged:
            reason, said = self.skipper.reason(row), labels.filled(row.raw)
            named, claim = self.labels.branch(row.number, said), labels.claim(said)
            if isinstance(named, labels.Unfound) and reason not in ABOUT_BRANCHES:
                named = None
            if named or claim or reason == "SECTION" or labels.is_numbered(said):
                yield people
                people, reason = [], "SECTION"
                self._go_on(said, named, claim)
            if reason:
                row.verdict = Verdict.SKIPPED
                row.warnings = [{"row": row.number, "message": LABELS[reason]}]
            else:
                people.append(row)
        yield people

    def _go_on(self, said, named, claim):
        """What the rows below a label are read with."""
        reader, is_same = self.reader, bool(named) and named == self.reader.section
        if claim:
            self.is_claim_above |= reader.section is None
        elif not (is_same or named and self.is_claim_above or labels.is_part(said)):
            reader.claim = self.title_claim
        reader.section, reader.claim = named or reader.section, claim or reader.claim

    def _read(self, rows):
        self.reader.read(rows)
        for row in rows:
            row.verdict = Verdict.ERROR
            if "id_number" in row.values:
                row.id_index = blind_index(row.values["id_number"])


def pronounce(row, judgement, places, headings, label=MEMBERS.label):
    """Write the verdict and what it says into the row."""
    row.verdict, row.prior = judgement.verdict, judgement.prior
    row.member_id, row.target_version = judgement.member_id, judgement.version
    row.is_warned = bool(row.warnings or judgement.warnings)
    if not judgement.faults and not judgement.warnings:
        return

    def note(name, message):
        place = places.get(name)
        return {
            "row": row.number,
            "column": headings.get(name) or label(name),
            "field": name,
            "value": "" if place is None else as_text(row.raw[place]),
            "message": message,
        }

    row.faults = [*row.faults, *(note(*said) | {"hint": ""} for said in judgement.faults)]
    row.warnings = [
        *row.warnings, *(note(*said) | {"judged": True} for said in judgement.warnings)
    ]  # fmt: skip
