"""承办负荷: who has how much, what waits to be signed, and what comes back; for dispatchers."""

from django.http import Http404
from django.shortcuts import render

from assessments.views.reach import look
from assessments.workload import Workload
from orgs.models import Role
from orgs.views.access import allow
from orgs.views.export import export_response

READERS = (Role.DISPATCHER, Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER)
PAGE = "assessments:workload"


@allow(*READERS)
def workload(request):
    lens = look(request, PAGE, *READERS)
    return render(request, "assessments/workload.html", {"lens": lens, "workload": Workload(lens)})


@allow(*READERS)
def export(request):
    """导出: the table of one panel."""
    lens = look(request, PAGE, *READERS)
    panel = Workload(lens).panel(request.GET.get("panel", "units"))
    if panel is None:
        raise Http404
    return export_response(request, panel.table, f"{lens.title}{panel.label}")
