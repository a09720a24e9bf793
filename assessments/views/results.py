"""结果 of a whole cycle: the ranking, its export, and the computation in the background."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from assessments.models import Cycle, Result, ResultRun
from assessments.opening import may_open
from assessments.publication import (
    lock,
    may_lock,
    may_publish,
    may_reopen,
    publish,
    reopen,
    unreviewed,
)
from assessments.result_forms import PublishForm
from assessments.result_tables import ResultCycleTable, ResultFilter, ResultTable
from assessments.results import ask, may_change
from assessments.review_forms import PlainForm, ReasonForm
from assessments.tasks import compute_results, results_progress
from assessments.views.appeals import READERS as APPEAL_READERS
from assessments.views.cycles import READERS, RELATED, find
from orgs.nudge import nudge
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

#: verb → label, form, who may, what it does
CYCLE_VERBS = {
    "publish": ("公示结果", PublishForm, may_publish, publish),
    "lock": ("归档", PlainForm, may_lock, lock),
    "reopen": ("重新开放", ReasonForm, may_reopen, reopen),
}


@allow(*READERS)
def cycles(request):
    """考核结果: the years."""
    rows = Cycle.objects.visible_to(request.user).exclude(status=Cycle.Status.PREPARING)
    table = paged(request, ResultCycleTable(rows.select_related(*RELATED)))
    return render(request, "assessments/result_cycles.html", {"table": table})


def listed(request, cycle):
    rows = Result.objects.visible_to(request.user).filter(assessment__cycle=cycle)
    return ResultFilter(request.GET, rows.select_related("assessment").ranked())


def results(request, pk):
    """排名 within sector and level; while it is computed, how far that is."""
    cycle = find(request, pk)
    run = ResultRun.objects.filter(cycle=cycle).first()
    works = run is not None and run.done_at is None and may_change(cycle)
    if request.htmx and request.htmx.target == "work":
        return progress(request, cycle, works)
    return page(request, cycle, run, works)


def page(request, cycle, run=None, works=False, *, bound=None):
    user, found = request.user, listed(request, cycle)
    context = {
        "cycle": cycle,
        "run": run,
        "works": works,
        "progress": results_progress(cycle).read() if works else None,
        "may_compute": may_open(user, cycle.organization) and may_change(cycle),
        "steps": [] if works else steps(user, cycle, bound or {}),
        "reads_appeals": user.holds(*APPEAL_READERS),
        "lacking": unreviewed(cycle).count() if cycle.status == Cycle.Status.OPEN else 0,
        "publications": cycle.publications.select_related("published_by", "withdrawn_by"),
        "filter": found,
        "table": paged(request, ResultTable(found.qs, exclude=("sector", "level"))),
    }
    return render(request, "assessments/results.html", context)


def steps(user, cycle, bound) -> list:
    """(verb, label, form) of what the user may do with the whole cycle."""
    return [
        (verb, label, bound.get(verb) or form(prefix=verb))
        for verb, (label, form, may, _) in CYCLE_VERBS.items()
        if may(user, cycle)
    ]


@require_POST
def act(request, pk, verb):
    """公示, 归档, 重新开放."""
    cycle = find(request, pk)
    if verb not in CYCLE_VERBS:
        raise Http404
    label, form_class, may, done = CYCLE_VERBS[verb]
    if not may(request.user, cycle):
        raise PermissionDenied
    form = form_class(request.POST, prefix=verb)
    if form.is_valid() and carry_out(
        form, done, cycle=cycle, actor=request.user, **form.cleaned_data
    ):
        messages.success(request, f"已办理：{label}。")
        return redirect("assessments:results", pk=pk)
    return page(request, find(request, pk), bound={verb: form})


def progress(request, cycle, works):
    context = {"progress": results_progress(cycle).read(), "url": request.path}
    response = render(request, "ui/progress.html", context)
    if not works:
        response["HX-Refresh"] = "true"
    return response


def export(request, pk):
    cycle = find(request, pk)
    return export_response(request, ResultTable(listed(request, cycle).qs), f"{cycle}结果")


@require_POST
def compute(request, pk):
    """计算结果: ask for it; the page shows how far it is."""
    cycle = find(request, pk)
    if not may_open(request.user, cycle.organization):
        raise PermissionDenied
    form = PlainForm(request.POST)
    if carry_out(form, ask, cycle=cycle, actor=request.user):
        nudge(compute_results, cycle.pk)
    else:
        messages.error(request, form.non_field_errors()[0])
    return redirect("assessments:results", pk=pk)
