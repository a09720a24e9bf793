"""Where the rows of a committee's roster are read, judged, and made ready to be staged."""

from orgs.rosters.committees.judge import SeatJudge
from orgs.rosters.committees.reader import SeatReader
from orgs.rosters.desk import Desk


class SeatDesk(Desk):
    reader_class = SeatReader

    def judge_of(self, batch):
        nodes = {node.pk: node for node in self.resolver.nodes}
        return SeatJudge(batch, nodes, self.table.places)

    def decide(self, staged):
        super().decide(staged)
        for row in staged:
            row.node_id = row.values.get("organization")
