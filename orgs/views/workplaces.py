"""单位与覆盖: units of the place, and whether a Party organization is there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from orgs.blank_tables import WorkplaceFilter, WorkplaceTable
from orgs.forms.workplace import WorkplaceForm
from orgs.models import LEADING, READERS, Organization, Workplace
from orgs.models.member_course import leads
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from orgs.views.verbs import carry_out


def filtered(request):
    rows = Workplace.objects.visible_to(request.user).select_related("place", "organization")
    return WorkplaceFilter(request.GET, rows)


@allow(*READERS)
def workplaces(request):
    """单位列表, with the coverage of what the filters show."""
    found = filtered(request)
    counts = found.qs.coverage()
    context = {
        "filter": found,
        "table": paged(request, WorkplaceTable(found.qs)),
        "counts": counts,
        "percent": round(100 * counts["covered"] / counts["total"]) if counts["total"] else None,
        "leads": request.user.holds(*LEADING),
    }
    return render(request, "orgs/workplaces.html", context)


@allow(*READERS)
def export(request):
    """导出单位与覆盖."""
    return export_response(request, WorkplaceTable(filtered(request).qs), "单位与覆盖")


@allow(*LEADING)
def create(request):
    """登记单位."""
    reach = Organization.objects.in_reach_of(request.user, *LEADING)
    asked = {"place": request.GET.get("place", "")}
    form = WorkplaceForm(request.POST or None, initial=asked, reach=reach)
    if form.is_valid() and carry_out(
        form, Workplace.register, actor=request.user, **form.cleaned_data
    ):
        messages.success(request, f"已登记{form.cleaned_data['name']}。")
        return redirect("orgs:workplaces")
    return render(request, "orgs/workplace_form.html", {"form": form, "title": "登记单位"})


def edit(request, pk):
    """变更单位."""
    rows = Workplace.objects.visible_to(request.user).select_related("place", "organization")
    row = get_object_or_404(rows, pk=pk)
    if not leads(request.user, row.place):
        raise PermissionDenied
    reach = Organization.objects.in_reach_of(request.user, *LEADING)
    form = WorkplaceForm(request.POST or None, instance=row, reach=reach)
    if form.is_valid() and carry_out(form, row.revise, actor=request.user, **form.cleaned_data):
        messages.success(request, "单位信息已变更。")
        return redirect("orgs:workplaces")
    return render(request, "orgs/workplace_form.html", {"form": form, "title": f"变更{row}"})
