"""Where the rows of a committee's roster are read, judged, and made ready to be staged."""

from django.utils import timezone

from orgs.rosters.committees.judge import SeatJudge
from orgs.rosters.committees.reader import SeatReader
from orgs.rosters.desk import Desk, branch_above
from orgs.rosters.resolve import Resolver
from orgs.rosters.skip import Skipper


class SeatDesk(Desk):
    def __init__(self, batch, table):
        self.batch, self.table = batch, table
        self.resolver = Resolver(batch.organization)
        self.reader = SeatReader(table, self.resolver, timezone.localdate())
        self.reader.section = branch_above(table, self.resolver)
        self.skipper = Skipper(table)
        nodes = {node.pk: node for node in self.resolver.nodes}
        self.judge = SeatJudge(batch, nodes, table.places)

    def stage(self, rows):
        staged = super().stage(rows)
        for row in staged:
            row.node_id = row.values.get("organization")
        return staged
