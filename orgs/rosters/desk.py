"""Where the rows of a roster are read, judged, and made ready to be staged."""

import re
from datetime import date, datetime

from django.utils import timezone

from orgs.fields import blind_index
from orgs.rosters.aliases import MEMBERS
from orgs.rosters.bulk import StagedRow
from orgs.rosters.cells import as_text
from orgs.rosters.person import PersonReader
from orgs.rosters.resolve import Resolver
from orgs.rosters.skip import LABELS, Skipper
from orgs.rosters.verdict import Judge, Verdict

DATES = {date, datetime}
BRANCH = re.compile(r"(?:支部|总支|党委|党组|小组|委员会|村|社区)[:：]?$")


class Desk:
    """Where rows are read, judged, and made ready to be staged."""

    def __init__(self, batch, table):
        self.batch, self.table = batch, table
        self.resolver = Resolver(batch.organization)
        self.reader = PersonReader(table, self.resolver, timezone.localdate())
        self.reader.section = branch_above(table, self.resolver)
        self.skipper, self.judge = Skipper(table), Judge(batch)

    def stage(self, rows) -> list[StagedRow]:
        staged = [self._read(row) for row in rows]
        good = [
            (row.number, row.values, row.id_index)
            for row in staged
            if row.verdict != Verdict.SKIPPED and not row.faults
        ]
        told, label = self.judge.judge(good), self.table.words.label
        for row in staged:
            if row.number in told:
                pronounce(row, told[row.number], self.table.places, self.table.headings, label)
        return staged

    def _read(self, row) -> StagedRow:
        named = branch_alone(row.values, self.resolver)
        self.reader.section = named or self.reader.section
        reason = "SECTION" if named else self.skipper.reason(row)
        staged = StagedRow(self.batch.pk, row.number, json_cells(row.values))
        if reason:
            staged.verdict = Verdict.SKIPPED
            staged.warnings = [{"row": row.number, "message": LABELS[reason]}]
            return staged
        reading = self.reader.read(row)
        staged.verdict, staged.values = Verdict.ERROR, reading.values
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

    row.faults = row.faults + [note(*said) | {"hint": ""} for said in judgement.faults]
    row.warnings = row.warnings + [note(*said) | {"judged": True} for said in judgement.warnings]


def json_cells(values) -> list:
    """Dates as text: the row is kept as JSON."""
    if DATES.isdisjoint(map(type, values)):
        return values
    return [as_text(value) if isinstance(value, date) else value for value in values]
