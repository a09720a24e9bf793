"""考核表: one organization in one cycle."""

from django.shortcuts import get_object_or_404, render

from assessments.lights import deadline_light
from assessments.models import Assessment, database_today

RELATED = ("cycle__scheme", "cycle__organization", "organization__local_supervisor")


def find(request, pk) -> Assessment:
    rows = Assessment.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk)


def head(request, row, tab) -> dict:
    """What every tab of the page shows above its own matter."""
    return {
        "row": row,
        "tab": tab,
        "light": deadline_light(row, database_today()),
        "verbs": row.verbs_for(request.user),
    }


def assessment(request, pk):
    """自评: what the portal knows and what the organization says, goal by goal."""
    row = find(request, pk)
    answers = row.answers.select_related("indicator__goal")
    context = head(request, row, "self") | {"answers": answers}
    return render(request, "assessments/assessment.html", context)
