"""Staged rows become organizations, in one transaction, superiors first."""

from collections import Counter, defaultdict

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from orgs.models import AuditEntry, ImportBatch, ImportRow, NotAllowed, Organization
from orgs.naming import short_name_of
from orgs.rosters.commit import begin, finish, record, refuse_when_stopped, take_turn
from orgs.rosters.counts import counted, tally
from orgs.rosters.organizations.desk import judge
from orgs.rosters.organizations.plan import Plan
from orgs.rosters.organizations.row import Row, level_of
from orgs.rosters.organizations.words import WORDS
from orgs.rosters.review import silent
from orgs.rosters.verdict import Verdict

Status = ImportBatch.Status
CLASH = "与系统中正在修改的数据冲突，请稍后重新导入。"
SAVED = ["verdict", "faults", "warnings", "is_warned", "prior", "node"]


def commit(batch, *, actor, tell=silent) -> dict:
    """入库: returns the counts. Raises NotAllowed."""
    try:
        with transaction.atomic():
            return _commit(batch, actor, tell)
    except IntegrityError as error:
        raise NotAllowed(CLASH) from error


def _commit(batch, actor, tell):
    take_turn()
    begin(batch, Status.PENDING, actor)
    rows, plan = review(batch)
    refuse_when_stopped(batch)
    tell(0, 0, "正在写入党组织")
    Planting(plan, actor).run()
    for row in rows:
        if node := plan.known.get(row.values.get("code")):
            row.node_id = node.pk
    ImportRow.objects.bulk_update(rows, SAVED, batch_size=500)
    finish(batch, Status.COMMITTED, actor)
    record(batch, actor)
    return batch.counts


def review(batch):
    """The whole sheet judged again; the rows, not yet saved, and the plan."""
    places = {c["field"]: c["index"] for c in batch.columns if c["field"]}
    headings = {c["field"]: c["heading"] for c in batch.columns if c["field"]}
    told = batch.rows.with_content().exclude(verdict=Verdict.SKIPPED)
    rows = list(told.order_by("number"))
    plan = Plan([Row(row.number, dict(row.values)) for row in rows], batch)
    judge(rows, plan, places, headings, WORDS)
    batch.counts = counted(Counter(tally(rows)), batch.counts["skipped"])
    return rows, plan


@transaction.atomic
def choose_on_duplicate(batch, on_duplicate) -> ImportBatch:
    """跳过, 更新 or 停止, after the preview has shown how many there are."""
    begin(batch, Status.PENDING, None)
    batch.on_duplicate = ImportBatch.OnDuplicate(on_duplicate)
    rows, _ = review(batch)
    ImportRow.objects.bulk_update(rows, SAVED, batch_size=500)
    batch.save(update_fields=["on_duplicate", "counts"])
    return batch


class Planting:
    """Carries the plan out: the new by the thousand, then changes and moves one by one."""

    def __init__(self, plan, actor):
        self.plan, self.actor, self.known = plan, actor, plan.known

    def run(self):
        new = [row for row in self.plan.ordered if row["code"] not in self.known]
        changed = [row for row in self.plan.ordered if row["code"] in self.known]
        self._plant(new)
        for row in changed:
            self._change(row)

    def _plant(self, rows):
        """New nodes with their places in the tree, below parents that are locked meanwhile."""
        if not rows:
            return
        self._lock_parents(rows)
        grown, nodes = Counter(), []
        for row in rows:
            nodes.append(self._node(row, self.known.get(row["parent"]), grown))
        Organization.objects.bulk_create(nodes, batch_size=500)
        for path, number in grown.items():
            Organization.objects.filter(path=path).update(numchild=F("numchild") + number)
        self._supervise(rows)
        # Filed under what was there before: the batch may be undone, the record stays.
        AuditEntry.record_all(
            self.actor, "organization.established", nodes, label="组建党组织",
            organization=self.plan.top,
        )  # fmt: skip

    def _lock_parents(self, rows):
        """Two children added at once must not take the same place in the path."""
        codes = {row["parent"] for row in rows} & self.known.keys()
        parents = Organization.objects.filter(code__in=codes)
        for parent in parents.order_by("pk").select_for_update(no_key=True):
            self.known[parent.code] = parent
        step, self.last = Organization.steplen, defaultdict(int)
        for path in Organization.objects.order_by().values_list("path", flat=True):
            place = Organization._str2int(path[-step:])
            self.last[path[:-step]] = max(self.last[path[:-step]], place)

    def _node(self, row, parent, grown):
        above = parent.path if parent else ""
        level = level_of(row)
        short = short_name_of(row["name"], level, parent.name if parent else "")
        node = Organization(
            **row.values | {"short_name": row["short_name"] or short}, code=row["code"], level=level
        )
        self.last[above] += 1
        node.depth = parent.depth + 1 if parent else 1
        node.path = Organization._get_path(above, node.depth, self.last[above])
        if parent:
            grown[above] += 1
        self.known[row["code"]] = node
        return node

    def _supervise(self, rows):
        """所在地党组织, which may be one of the new."""
        led = [row for row in rows if row["supervisor"]]
        for row in led:
            self.known[row["code"]].local_supervisor = self.known[row["supervisor"]]
        nodes = [self.known[row["code"]] for row in led]
        Organization.objects.bulk_update(nodes, ["local_supervisor"], batch_size=500)

    def _change(self, row):
        node, prior = self.known[row["code"]], self.plan.told[row.number].prior
        node.refresh_from_db()
        fields = {
            name: value for name, value in self.plan.changes(row, node).items() if name in prior
        }
        if "supervisor" in prior:
            fields["local_supervisor"] = self.known[row["supervisor"]]
        if fields:
            node.revise(actor=self.actor, **fields)
        if "parent" in prior:
            try:
                node.relocate(actor=self.actor, parent=self.known[row["parent"]])
            except ValidationError as error:
                raise NotAllowed(f"第 {row.number} 行：{error.messages[0]}") from error
