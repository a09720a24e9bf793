"""已入库 → 已撤销: new organizations go unless something hangs on them, changes are taken back."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from orgs.models import ImportBatch, Organization
from orgs.rosters.commit import begin, take_turn
from orgs.rosters.undo import Undone, close
from orgs.rosters.verdict import Verdict

Status = ImportBatch.Status
TOUCHED, GONE, USED = "导入后又有变更", "已被删除", "下面已有党组织或其他记录"


@transaction.atomic
def undo(batch, *, actor) -> Undone:
    """撤销; what somebody has used or changed since is kept and told."""
    take_turn()
    begin(batch, Status.COMMITTED, actor)
    undone = Undone()
    updates = batch.rows.with_content().filter(verdict=Verdict.UPDATE).select_related("node")
    for row in updates.order_by("-number"):
        restore(row, actor, undone)
    remove(list(batch.rows.filter(verdict=Verdict.NEW).select_related("node")), undone)
    close(batch, actor, undone)
    return undone


def restore(row, actor, undone):
    """Field by field: what still is as the row wrote it becomes what it was before."""
    node = row.node
    if node is None:
        undone.kept.append((row.number, GONE))
        return
    fields, touched = {}, False
    for name, was in row.prior.items():
        if name in ("parent", "supervisor"):
            continue
        if name in row.values and not is_as_written(node, name, row.values[name]):
            touched = True
            continue
        fields[name] = date.fromisoformat(was) if was and name == "founded_on" else was
    if "founded_on" in fields:
        fields["founded_on"] = fields["founded_on"] or None
    if "supervisor" in row.prior:
        fields["local_supervisor"] = by_code(row.prior["supervisor"])
    if fields:
        node.revise(actor=actor, **fields)
    if "parent" in row.prior:
        touched = not move_back(row, node, actor) or touched
    if touched:
        undone.kept.append((row.number, TOUCHED))
    else:
        undone.restored += 1


def is_as_written(node, name, said) -> bool:
    """Words of the sheet against codes of the model: 党支部 is BRANCH."""
    value = getattr(node, name)
    label = getattr(node, f"get_{name}_display", lambda: value)()
    if isinstance(value, date):
        return value.isoformat().replace("-", "") == "".join(filter(str.isdigit, said))
    return said in (value, label)


def by_code(code):
    return Organization.objects.filter(code=code).first() if code else None


def move_back(row, node, actor) -> bool:
    now, before = Organization.objects.get_parent(node), by_code(row.prior["parent"])
    if now is None or now.code != row.values["parent"] or before is None:
        return False
    try:
        node.relocate(actor=actor, parent=before)
    except ValidationError:
        return False
    return True


def remove(rows, undone):
    """All at once where nothing hangs on any; else from the leaves up, one by one."""
    there = [row for row in rows if row.node]
    undone.kept += [(row.number, GONE) for row in rows if not row.node]
    mine = {row.node_id for row in there}
    if not has_others(there, mine) and is_gone(mine):
        undone.removed += len(there)
        return
    for row in sorted(there, key=lambda row: (-row.node.depth, -row.number)):
        if not has_others([row], {row.node_id}) and is_gone({row.node_id}):
            undone.removed += 1
        else:
            undone.kept.append((row.number, f"{row.node}：{USED}"))


def has_others(rows, mine) -> bool:
    """Whether organizations that are not of this batch lie below."""
    tops = [row.node for row in rows]
    paths = {node.path for node in tops}
    step = Organization.steplen
    roots = [n for n in tops if n.path[:-step] not in paths]
    return any(Organization.objects.within(node).exclude(pk__in=mine).exists() for node in roots)


def is_gone(pks) -> bool:
    try:
        with transaction.atomic():
            Organization.objects.filter(pk__in=pks).delete()
    except ProtectedError:
        return False
    return True
