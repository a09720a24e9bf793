"""看板: how a part of the tree stands, for those who lead and review it."""

from django.http import Http404
from django.shortcuts import render

from assessments.dashboard import Dashboard
from assessments.views.reach import look
from orgs.models import Role
from orgs.views.access import allow
from orgs.views.export import export_response

READERS = (Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER)
PAGE = "assessments:dashboard"


@allow(*READERS)
def dashboard(request):
    lens = look(request, PAGE, *READERS)
    context = {"lens": lens, "dashboard": Dashboard(lens)}
    return render(request, "assessments/dashboard.html", context)


@allow(*READERS)
def export(request):
    """导出: the table of one panel."""
    lens = look(request, PAGE, *READERS)
    panel = Dashboard(lens).panel(request.GET.get("panel", "rates"))
    if panel is None:
        raise Http404
    return export_response(request, panel.table, f"{lens.title}{panel.label}")
