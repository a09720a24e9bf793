"""群众测评 of a whole year: how far each organization is, and preparing or opening all at once."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments.ballot_forms import PlainForm
from assessments.ballot_tables import BallotFilter, BallotTable
from assessments.models import Assessment
from assessments.models.ballot_preparing import may_prepare, open_all, prepare_ballots
from assessments.views.cycles import READERS, find
from orgs.views.export import export_response
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

VERBS = {"prepare": ("准备测评", prepare_ballots), "open": ("开始测评", open_all)}


def listed(request, cycle):
    rows = Assessment.objects.visible_to(request.user).filter(cycle=cycle)
    return BallotFilter(request.GET, rows.select_related("cycle"))


def ballots(request, pk):
    cycle = find(request, pk)
    found = listed(request, cycle)
    context = {
        "cycle": cycle,
        "filter": found,
        "table": paged(request, BallotTable(found.qs)),
        "may": cycle.status == cycle.Status.OPEN and may_prepare(request.user, cycle),
        "lacking": cycle.assessments.filter(ballots__isnull=True).count(),
    }
    return render(request, "assessments/ballots.html", context)


def export(request, pk):
    """导出: the organizations that the filters show."""
    cycle = find(request, pk)
    if not request.user.holds(*READERS):
        raise PermissionDenied
    return export_response(request, BallotTable(listed(request, cycle).qs), f"{cycle}测评进度")


@require_POST
def act(request, pk, verb):
    """For all organizations of the year."""
    cycle = find(request, pk)
    if verb not in VERBS:
        raise Http404
    if not may_prepare(request.user, cycle):
        raise PermissionDenied
    label, carry = VERBS[verb]
    form = PlainForm(request.POST)
    if form.is_valid() and carry_out(form, partial(carry, cycle=cycle), actor=request.user):
        messages.success(request, f"已办理：{label}。")
    else:
        messages.error(request, form.non_field_errors()[0])
    return redirect(reverse("assessments:ballots", args=[pk]))
