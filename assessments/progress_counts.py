"""How many organizations of a cycle stand where, as counters that lead to them."""

from django.db.models import Count
from django.urls import reverse

from assessments.models import Assessment


def counters(cycle, user) -> list[dict]:
    """One counter a status and one for what is late, as ui/counter.html wants them."""
    rows = Assessment.objects.visible_to(user).filter(cycle=cycle)
    counts = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    address = reverse("assessments:cycle", args=[cycle.pk])
    found = [
        {
            "label": label,
            "value": counts.get(status, 0),
            "url": f"{address}?status={status}",
            "tone": "yellow" if status == Assessment.Status.RETURNED else "",
        }
        for status, label in Assessment.Status.choices
    ]
    late = {"label": "逾期未交", "value": rows.overdue().count(), "tone": "red"}
    return [*found, late | {"url": f"{address}?late=yes"}]
