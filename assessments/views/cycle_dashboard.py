"""看板 of one cycle, for those who lead and review it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from assessments.cycle_dashboard import CycleDashboard
from assessments.cycle_lens import CycleLens
from assessments.indicator_tables import IndicatorAnswerTable, IndicatorFilter
from assessments.models import Assessment
from assessments.standing import answers_to
from assessments.views.cycles import find
from orgs.models import Organization, Role, Sector
from orgs.views.export import export_response
from orgs.views.listing import paged

READERS = (Role.SECRETARY, Role.REVIEWER)


def look(request, pk) -> CycleDashboard:
    """The cycle, the part of the tree and the sector of the address."""
    cycle = find(request, pk)
    if not request.user.holds(*READERS):
        raise PermissionDenied
    reach = Organization.objects.in_reach_of(request.user, *READERS)
    here = reach.within(cycle.organization)
    asked = request.GET.get("organization", "")
    if asked:
        node = get_object_or_404(here, pk=int(asked)) if asked.isdecimal() else None
    else:
        node = here.order_by("depth", "path").first()
    sector = request.GET.get("sector", "")
    if node is None or sector not in ("", *Sector.values):
        raise Http404
    return CycleDashboard(CycleLens(cycle, node, request.user, sector), request.user)


def dashboard(request, pk):
    page = look(request, pk)
    return render(request, "assessments/cycle_dashboard.html", {"page": page, "lens": page.lens})


def export(request, pk):
    """导出: the table of one panel."""
    page = look(request, pk)
    panel = page.panel(request.GET.get("panel", "progress"))
    if panel is None:
        raise Http404
    return export_response(request, panel.table, f"{page.lens.title}{panel.label}")


def answers(request, pk):
    """The organizations behind the figure of one indicator."""
    cycle = find(request, pk)
    if not request.user.holds(*READERS):
        raise PermissionDenied
    found = filtered(request, cycle)
    code, name = key_of(request)
    context = {
        "cycle": cycle,
        "indicator": f"{code} {name}",
        "filter": found,
        "table": paged(request, IndicatorAnswerTable(found.qs)),
        "export_url": reverse("assessments:indicator_export", args=[pk]),
    }
    return render(request, "assessments/indicator.html", context)


def answers_export(request, pk):
    """导出: the organizations that the filters show."""
    cycle = find(request, pk)
    if not request.user.holds(*READERS):
        raise PermissionDenied
    code, name = key_of(request)
    table = IndicatorAnswerTable(filtered(request, cycle).qs)
    return export_response(request, table, f"{cycle} {code} {name}")


def filtered(request, cycle) -> IndicatorFilter:
    rows = Assessment.objects.visible_to(request.user).filter(cycle=cycle)
    rows = rows.scored_for(request.user)
    return IndicatorFilter(request.GET, answers_to(rows, *key_of(request)))


def key_of(request):
    return request.GET.get("code", ""), request.GET.get("name", "")
