"""看板 of one cycle, for those who lead and review it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from assessments.cycle_dashboard import CycleDashboard
from assessments.cycle_lens import CycleLens
from assessments.views.cycles import find
from orgs.models import Organization, Role, Sector
from orgs.views.export import export_response

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
