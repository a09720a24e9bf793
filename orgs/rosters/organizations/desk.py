"""Where the rows of a roster of organizations are read and judged, all of them at once."""

import re

from orgs.rosters.bulk import StagedRow
from orgs.rosters.desk import pronounce
from orgs.rosters.organizations.plan import Plan
from orgs.rosters.organizations.row import Row, tidy
from orgs.rosters.skip import LABELS, Skipper
from orgs.rosters.verdict import Verdict

CODE = re.compile(r"[0-9A-Za-z]")


class OrganizationDesk:
    def __init__(self, batch, table):
        self.batch, self.table, self.skipper = batch, table, Skipper(table)

    def read(self, rows) -> list[StagedRow]:
        return [self._read(row) for row in rows]

    def decide(self, staged):
        going = [row for row in staged if row.verdict != Verdict.SKIPPED]
        plan = Plan([Row(row.number, dict(row.values)) for row in going], self.batch)
        judge(going, plan, self.table.places, self.table.headings, self.table.words)

    def _read(self, row) -> StagedRow:
        staged = StagedRow(self.batch.pk, row.number, row.values)
        said = {name: tidy(name, row.values[at]) for name, at in self.table.places.items()}
        said.pop("serial", None)
        staged.values = {name: text for name, text in said.items() if text}
        reason = self.skipper.reason(staged) if staged.values else "BLANK"
        # whatever has a code is an organization, unless it says that it is a sample
        is_coded = bool(CODE.search(staged.values.get("code", "")))
        says_so = reason == "HEADING" or reason == "SAMPLE" and "例" in "".join(said.values())
        if reason and (says_so or not is_coded):
            staged.verdict, staged.values = Verdict.SKIPPED, {}
            staged.warnings = [{"row": row.number, "message": LABELS[reason]}]
        return staged


def judge(rows, plan, places, headings, words):
    """Write what the plan found into the rows."""
    for row in rows:
        row.faults, row.warnings = [], []
        pronounce(row, plan.told[row.number], places, headings, words.label)
        if node := plan.known.get(row.values.get("code")):
            row.node_id = node.pk
