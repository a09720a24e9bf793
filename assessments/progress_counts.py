"""How many organizations of a cycle stand where: in all, and by the part of the tree below."""

from collections import Counter

from django.db.models import Count
from django.db.models.functions import Substr
from django.urls import reverse

from assessments.cycle_tables import BranchProgressTable
from assessments.models import Assessment
from assessments.standing import by_status
from orgs.models import Organization

Status = Assessment.Status


def counters(cycle, rows, node=None) -> list[dict]:
    """One counter a status and one for what is late, as ui/counter.html wants them."""
    counts = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    address = reverse("assessments:cycle", args=[cycle.pk])
    below = f"&organization={node.pk}" if node else ""
    found = [
        {
            "label": label,
            "value": counts.get(status, 0),
            "url": f"{address}?status={status}{below}",
            "tone": "yellow" if status == Status.RETURNED else "",
        }
        for status, label in Status.choices
    ]
    late = {"label": "逾期未交", "value": rows.overdue().count(), "tone": "red"}
    return [*found, late | {"url": f"{address}?late=yes{below}"}]


def branches(cycle, rows, node) -> BranchProgressTable | None:
    """下一级组织: those with others below them, each leading further down; the rest as one line.

    None where nothing lies below: the list of organizations says it all.
    """
    end = len(node.path) + Organization.steplen
    rows = rows.filter(organization__path__startswith=node.path).order_by()
    branch = Substr("organization__path", 1, end)
    counts = {path: Counter(found) for path, found in by_status(rows, node).items()}
    lates = Counter()
    for path, count in rows.overdue().values_list(branch).annotate(count=Count("pk")):
        lates[path] = count
    children = Organization.objects.filter(path__in=[p for p in counts if len(p) == end])
    lines, single, late = [], Counter(), 0
    for child in children.filter(numchild__gt=0):
        url = f"{cycle.get_absolute_url()}?organization={child.pk}"
        lines.append(line(str(child), counts.pop(child.path), lates.pop(child.path, 0), url))
    if not lines:
        return None
    for path, of_path in counts.items():
        single += of_path
        late += lates[path]
    if single:
        lines.append(line(f"{node}本级和直属单位", single, late))
    return BranchProgressTable(lines)


def line(name, counts, late, url=None) -> dict:
    found = {status.lower(): counts[status] for status in Status.values}
    return found | {"name": name, "name_url": url, "total": counts.total(), "late": late}
