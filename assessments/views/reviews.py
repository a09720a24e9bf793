"""待考评、待定稿、已定稿: the work list of those who assess."""

from django.http import Http404
from django.shortcuts import render

from assessments.models import Assessment
from assessments.review_tables import BOXES, CHECKED, ReviewFilter, ReviewTable
from orgs.models import Role
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged

ASSESSORS = (Role.SECRETARY, Role.REVIEWER)


def in_box(user, box):
    rows = Assessment.objects
    waiting = {"todo": rows.to_review, "ready": rows.to_confirm, "advise": rows.to_advise}
    if box in waiting:
        return waiting[box](user)
    mine = rows.for_assessor(user) | rows.for_place(user)
    return mine.filter(status=Assessment.Status.REVIEWED) if box == "done" else mine


def filtered(request):
    box = request.GET.get("box", "todo")
    if box not in BOXES:
        raise Http404
    rows = in_box(request.user, box).annotate(is_checked=CHECKED)
    rows = rows.select_related("cycle__scheme", "review", "local_opinion")
    rows = rows.prefetch_related("review__scorers").order_by("-cycle__year", "organization__path")
    return box, ReviewFilter(request.GET, rows, user=request.user)


@allow(*ASSESSORS)
def reviews(request):
    """组织考评列表."""
    box, found = filtered(request)
    context = {
        "filter": found,
        "table": paged(request, ReviewTable(found.qs, user=request.user)),
        "box": box,
        "boxes": BOXES.items(),
        "caption": BOXES[box],
    }
    return render(request, "assessments/reviews.html", context)


@allow(*ASSESSORS)
def export(request):
    """导出: what the filters show."""
    box, found = filtered(request)
    table = ReviewTable(found.qs, user=request.user)
    return export_response(request, table, f"组织考评（{BOXES[box]}）")
