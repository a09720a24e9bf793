"""述职评议: who has reported, how the votes lay, and the record of one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import redirect, render

from assessments.debriefing_forms import DebriefingForm
from assessments.debriefing_tables import DebriefingFilter, DebriefingTable
from assessments.models import Assessment, Debriefing
from assessments.views.assessment import find
from orgs.models import Role
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

READERS = (Role.AGENT, Role.SECRETARY, Role.REVIEWER)
FIELDS = [*DebriefingForm.base_fields]


def listed(request):
    rows = Assessment.objects.visible_to(request.user).select_related("cycle", "debriefing")
    return DebriefingFilter(request.GET, rows, user=request.user)


@allow(*READERS)
def debriefings(request):
    found = listed(request)
    context = {
        "filter": found,
        "table": paged(request, DebriefingTable(found.qs)),
        "counters": counters(found.qs),
    }
    return render(request, "assessments/debriefings.html", context)


def counters(rows) -> list:
    """(label, number) of each grade, and of those who have not reported."""
    counts = dict(rows.order_by().values_list("debriefing__grade").annotate(number=Count("pk")))
    grades = [(label, counts.get(code, 0)) for code, label in Debriefing.Grade.choices]
    return [*grades, ("未述职", counts.get(None, 0))]


@allow(*READERS)
def export(request):
    return export_response(request, DebriefingTable(listed(request).qs), "述职评议")


def debriefing(request, pk):
    """One: how it went; those above record it here."""
    assessment = find(request, pk)
    row = Debriefing.objects.filter(assessment=assessment).select_related("recorded_by").first()
    may = Debriefing.may_record(request.user, assessment)
    if request.method == "POST" and not may:
        raise PermissionDenied
    initial = {name: getattr(row, name) for name in FIELDS} if row else {}
    form = DebriefingForm(request.POST or None, initial=initial) if may else None
    if (
        form
        and form.is_valid()
        and carry_out(
            form, Debriefing.record, actor=request.user, assessment=assessment, **form.cleaned_data
        )
    ):
        messages.success(request, "述职评议已登记。")
        return redirect("assessments:debriefing", pk=pk)
    context = {"assessment": assessment, "row": row, "form": form}
    return render(request, "assessments/debriefing.html", context)
