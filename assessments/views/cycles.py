"""年度考核: the cycles one may see, opening one, and how far its organizations have come."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments import tasks
from assessments.cycle_forms import OpenForm, RescheduleForm
from assessments.cycle_tables import BoardFilter, BoardTable, CycleFilter, CycleTable
from assessments.models import Assessment, Cycle
from assessments.opening import may_open, open_cycle
from assessments.progress_counts import branches, counters
from assessments.review_forms import PlainForm
from assessments.tasks import prepare_cycle, progress_of
from orgs.models import Organization, Role
from orgs.nudge import nudge
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

READERS = (Role.AGENT, Role.SECRETARY, Role.REVIEWER)
RELATED = ("organization", "scheme")


def find(request, pk):
    rows = Cycle.objects.visible_to(request.user).select_related(*RELATED)
    return get_object_or_404(rows, pk=pk)


def listed(request):
    rows = Cycle.objects.visible_to(request.user).select_related(*RELATED)
    return CycleFilter(request.GET, rows)


@allow(*READERS)
def cycles(request):
    """年度考核列表."""
    found = listed(request)
    context = {
        "filter": found,
        "table": paged(request, CycleTable(found.qs)),
        "may_open": request.user.holds(Role.REVIEWER),
    }
    return render(request, "assessments/cycles.html", context)


@allow(*READERS)
def cycles_export(request):
    """导出: the cycles that the filters show."""
    return export_response(request, CycleTable(listed(request).qs), "年度考核")


@allow(Role.REVIEWER)
def cycle_new(request):
    """启动: scheme, part of the tree, year and calendar."""
    reach = Organization.objects.in_reach_of(request.user, Role.REVIEWER)
    form = OpenForm(request.POST or None, reach=reach)
    if form.is_valid() and carry_out(form, open_cycle, actor=request.user, **form.cleaned_data):
        cycle = Cycle.objects.get(
            organization=form.cleaned_data["organization"], year=form.cleaned_data["year"]
        )
        nudge(prepare_cycle, cycle.pk)
        messages.success(request, "已启动，正在生成各组织的考核表。")
        return redirect(cycle)
    return render(request, "assessments/cycle_new.html", {"form": form})


def boarded(request, row):
    rows = Assessment.objects.visible_to(request.user).filter(cycle=row).select_related("cycle")
    return BoardFilter(request.GET, rows)


def part_of_tree(request, row):
    """The organization the board has been narrowed to, and the way back up from it."""
    asked = request.GET.get("organization", "")
    below = Organization.objects.within(row.organization)
    node = below.filter(pk=asked).first() if asked.isdecimal() else None
    if node is None:
        return row.organization, []
    line = Organization.objects.with_parents(node).within(row.organization)
    address = row.get_absolute_url()
    return node, [
        (place, f"{address}?organization={place.pk}") for place in line.exclude(pk=node.pk)
    ]


def cycle(request, pk):
    """进度: counts by status, and every organization the reader may see."""
    row = find(request, pk)
    if row.status == Cycle.Status.PREPARING:
        context = {"cycle": row, "progress": progress_of(row).read()}
        name = "ui/progress.html" if request.htmx else "assessments/cycle_preparing.html"
        return render(request, name, context | {"url": row.get_absolute_url()})
    if row.is_counting and request.htmx and request.htmx.target == "work":
        context = {"progress": progress_of(row).read(), "url": row.get_absolute_url()}
        return render(request, "ui/progress.html", context)
    found = boarded(request, row)
    node, above = part_of_tree(request, row)
    rows = Assessment.objects.visible_to(request.user).filter(cycle=row).within(node)
    context = {
        "cycle": row,
        "node": node,
        "above": above,
        "counters": counters(row, rows, node if above else None),
        "branches": branches(row, rows, node),
        "filter": found,
        "table": paged(request, BoardTable(found.qs)),
        "windows": row.windows(),
        "progress": progress_of(row).read() if row.is_counting else None,
        "may_recount": row.may_recount(request.user),
        "may_reschedule": row.may_reschedule(request.user),
        "may_look": request.user.holds(Role.SECRETARY, Role.REVIEWER),
    }
    response = render(request, "assessments/cycle.html", context)
    if request.htmx and request.htmx.target == "work":
        response["HX-Refresh"] = "true"  # the forms are there: show the board
    return response


@require_POST
def recount(request, pk):
    """重新取数: asked for; the page shows how far it is."""
    row = find(request, pk)
    if not may_open(request.user, row.organization):
        raise PermissionDenied
    form = PlainForm(request.POST)
    if carry_out(form, row.recount, actor=request.user):
        nudge(tasks.recount, row.pk)
    else:
        messages.error(request, form.non_field_errors()[0])
    return redirect(row)


def reschedule(request, pk):
    """调整日程: days to come, with a reason."""
    row = find(request, pk)
    if not row.may_reschedule(request.user):
        raise PermissionDenied
    form = RescheduleForm(request.POST or None, cycle=row)
    if form.is_valid() and carry_out(form, row.reschedule, actor=request.user, **form.cleaned_data):
        messages.success(request, "日程已调整，并通知了各党组织书记。")
        return redirect(row)
    return render(request, "assessments/cycle_calendar.html", {"cycle": row, "form": form})


def board_export(request, pk):
    """导出: the organizations that the filters show."""
    row = find(request, pk)
    if not request.user.holds(*READERS):
        raise PermissionDenied
    return export_response(request, BoardTable(boarded(request, row).qs), f"{row}进度")
