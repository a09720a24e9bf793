"""Lists of requests: the same list for every role, narrowed by box and filter."""

from django.http import Http404
from django.shortcuts import render

from orgs.models import Role
from orgs.paging import KeysetPage
from orgs.views.access import allow
from orgs.views.export import export_response
from services.filters import BOXES, RequestFilter, in_box
from services.models import ServiceRequest
from services.models.status import WINDOW
from services.tables import RequestTable

EXPORT_LIMIT = 5000
#: what `sort` may be → the field that orders the keyset
ORDERS = {
    "registered_at": "registered_at",
    "-registered_at": "-registered_at",
    "due_at": "due_at",
    "-due_at": "-due_at",
}


def filtered(request):
    """The requests that the URL asks for, within the user's reach."""
    box = request.GET.get("box", "all" if request.GET.get("q") else "todo")
    if box not in BOXES:
        raise Http404
    rows = in_box(ServiceRequest.objects.visible_to(request.user), box, request.user)
    found = RequestFilter(request.GET, rows.for_list(), user=request.user)
    sort = request.GET.get("sort")
    if sort not in ORDERS:
        sort = "due_at" if box in ("todo", "open", "soon", "late") else "-registered_at"
    return box, found, sort


@allow(*Role)
def requests(request):
    """办件列表: 待办, 在办, 超期, 已办."""
    box, found, sort = filtered(request)
    rows = found.qs
    if "due_at" in sort:
        # What is not yet accepted has no due date; it is listed by the day it must be decided.
        rows = rows.with_deadline()
        sort = sort.replace("due_at", "deadline")
    page = KeysetPage(rows, order=sort, cursor=request.GET.get("cursor", ""))
    table = RequestTable(page.rows, order_by=sort.replace("deadline", "due_at"))
    context = {
        "table": table,
        "page": page,
        "filter": found,
        "box": box,
        "boxes": BOXES.items(),
        "caption": f"{BOXES[box]}办件",
        "may_register": request.user.holds(*WINDOW),
    }
    return render(request, "services/requests.html", context)


@allow(*Role)
def export(request):
    """导出: the rows that the filters show, masked as on the page."""
    box, found, _ = filtered(request)
    rows = found.qs.order_by("-registered_at", "-pk")[:EXPORT_LIMIT]
    return export_response(request, RequestTable(rows), f"办件（{BOXES[box]}）")
