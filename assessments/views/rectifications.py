"""整改: the list, one task with its verbs, and one demanded by hand."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments.models import Rectification, database_today
from assessments.models.verbs import ASSESSORS, parts_of
from assessments.rectification_forms import VERB_FORMS, DemandForm
from assessments.rectification_tables import (
    BOXES,
    RectificationFilter,
    RectificationTable,
    rectification_light,
)
from assessments.views.assessment import find as find_assessment
from orgs.models import AuditEntry, Role
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.history import HISTORY_SHOWN, history_line
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

READERS = (Role.AGENT, Role.SECRETARY, Role.REVIEWER)
RELATED = (
    "assessment__cycle__organization", "assessment__organization", "reported_by", "checked_by",
)  # fmt: skip


def box_of(request) -> str:
    box = request.GET.get("box", "mine")
    return box if box in BOXES else "mine"


def listed(request):
    rows = Rectification.objects.visible_to(request.user).select_related(*RELATED)
    box = box_of(request)
    if box == "mine":
        rows = rows.awaiting(request.user)
    elif box == "open":
        rows = rows.open()
    elif box == "closed":
        rows = rows.filter(status=Rectification.Status.CLOSED)
    return RectificationFilter(request.GET, rows)


@allow(*READERS)
def rectifications(request):
    found, box = listed(request), box_of(request)
    context = {
        "filter": found,
        "table": paged(request, RectificationTable(found.qs)),
        "boxes": BOXES.items(),
        "box": box,
        "caption": BOXES[box],
    }
    return render(request, "assessments/rectifications.html", context)


@allow(*READERS)
def export(request):
    return export_response(request, RectificationTable(listed(request).qs), "考核整改")


def find(request, pk):
    rows = Rectification.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk)


def rectification(request, pk):
    return page(request, find(request, pk))


def page(request, row, bound=None):
    entries = AuditEntry.objects.about(row).reverse()[:HISTORY_SHOWN]
    context = {
        "row": row,
        "light": rectification_light(row, database_today()),
        "steps": [
            (verb, VERB_FORMS[verb][0], (bound or {}).get(verb) or empty_form(row, verb))
            for verb in row.verbs_for(request.user)
        ],
        "timeline": [history_line(entry) for entry in entries],
    }
    return render(request, "assessments/rectification.html", context)


def empty_form(row, verb):
    initial = {"person": row.person, "measure": row.measure} if verb == "plan" else {}
    return VERB_FORMS[verb][1](prefix=verb, initial=initial)


@require_POST
def act(request, pk, verb):
    """One verb of a task."""
    row = find(request, pk)
    if verb not in VERB_FORMS:
        raise Http404
    if verb not in row.verbs_for(request.user):
        raise PermissionDenied
    label, form_class = VERB_FORMS[verb]
    form = form_class(request.POST, prefix=verb)
    done = row.submit if verb == "report" else getattr(row, verb)
    if form.is_valid() and carry_out(form, done, actor=request.user, **form.cleaned_data):
        messages.success(request, f"已办理：{label}。")
        return redirect(row)
    return page(request, row, {verb: form})


def demand(request, pk):
    """要求整改 of one organization, by hand."""
    assessment = find_assessment(request, pk)
    if not parts_of(request.user, assessment) & set(ASSESSORS):
        raise PermissionDenied
    form = DemandForm(request.POST or None)
    if form.is_valid() and carry_out(
        form, Rectification.demand, actor=request.user, assessment=assessment, **form.cleaned_data
    ):
        messages.success(request, "已提出整改要求，党组织会收到消息。")
        return redirect("assessments:result", pk=pk)
    context = {"form": form, "assessment": assessment}
    return render(request, "assessments/rectification_demand.html", context)
