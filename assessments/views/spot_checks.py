"""抽查: draws, one draw with its list, what was found at each organization."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from assessments.models import Assessment, Cycle, SpotCheck
from assessments.review_forms import DrawForm, ReportForm
from assessments.review_tables import SpotCheckItemTable, SpotCheckTable
from orgs.models import Organization, Role
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

READERS = (Role.SECRETARY, Role.REVIEWER)


def find(request, pk):
    rows = SpotCheck.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("cycle__organization", "drawn_by"), pk=pk)


def drawable(user):
    """Running years whose whole range the department of this user covers."""
    reach = Organization.objects.in_reach_of(user, Role.REVIEWER).order_by()
    rows = Cycle.objects.running().filter(organization__in=reach.values("pk"))
    return rows.select_related("organization")


@allow(*READERS)
def spot_checks(request):
    """抽查列表."""
    rows = SpotCheck.objects.visible_to(request.user).with_counts(request.user)
    rows = rows.select_related("cycle__organization", "drawn_by")
    context = {
        "table": paged(request, SpotCheckTable(rows)),
        "may_draw": drawable(request.user).exists(),
    }
    return render(request, "assessments/spot_checks.html", context)


@allow(*READERS)
def draw(request):
    """抽取: at random, with a seed that anybody may check."""
    form = DrawForm(request.POST or None, cycles=drawable(request.user))
    if form.is_valid() and carry_out(form, SpotCheck.draw, actor=request.user, **form.cleaned_data):
        messages.success(request, "抽查名单已抽出，种子已记录。")
        return redirect(SpotCheck.objects.filter(drawn_by=request.user).latest("pk"))
    return render(request, "assessments/spot_check_draw.html", {"form": form})


def items_of(row, user):
    """The drawn organizations that the reader may check."""
    mine = Assessment.objects.for_assessor(user)
    rows = row.items.filter(assessment__in=mine.values("pk"))
    return rows.select_related("assessment", "checked_by").order_by("number")


def spot_check(request, pk):
    """一次抽查: the list, on screen and on A4."""
    row = find(request, pk)
    context = {
        "row": row,
        # whole, as it is printed and signed
        "table": SpotCheckItemTable(items_of(row, request.user)),
        "is_reproduced": row.is_reproduced(),
    }
    return render(request, "assessments/spot_check.html", context)


def export(request, pk):
    """导出抽查名单."""
    row = find(request, pk)
    table = SpotCheckItemTable(items_of(row, request.user))
    return export_response(request, table, f"抽查名单（种子{row.seed}）")


def report(request, pk, item_pk):
    """抽查结果 of one organization."""
    row = find(request, pk)
    item = get_object_or_404(items_of(row, request.user), pk=item_pk)
    initial = {"outcome": item.outcome, "note": item.note}
    form = ReportForm(request.POST or None, initial=initial)
    if form.is_valid() and carry_out(form, item.report, actor=request.user, **form.cleaned_data):
        messages.success(request, f"{item.assessment.name}的抽查结果已登记。")
        return redirect(row)
    context = {"row": row, "item": item, "form": form}
    return render(request, "assessments/spot_check_report.html", context)
