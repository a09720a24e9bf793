"""消息: the inbox."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from orgs.models import Notice
from orgs.paging import KeysetPage
from orgs.tables import NoticeTable

BOXES = {"unread": "未读", "all": "全部"}


def notices(request):
    """消息列表, unread first."""
    box = request.GET.get("box") if request.GET.get("box") in BOXES else "unread"
    mine = Notice.objects.visible_to(request.user).select_related("organization")
    rows = mine.unread() if box == "unread" else mine
    page = KeysetPage(rows, order="-created_at", cursor=request.GET.get("cursor", ""))
    context = {
        "table": NoticeTable(page.rows),
        "page": page,
        "box": box,
        "boxes": BOXES.items(),
        "caption": f"{BOXES[box]}消息",
        "has_unread": mine.unread().exists(),
    }
    return render(request, "orgs/notices.html", context)


def open_notice(request, pk):
    """Open a notice: read from now on, and on to what it tells of."""
    rows = Notice.objects.visible_to(request.user)
    notice = get_object_or_404(rows, pk=pk)
    rows.filter(pk=pk).mark_read()
    return redirect(notice.url or "orgs:notices")


@require_POST
def read_all(request):
    """全部已读."""
    count = Notice.objects.visible_to(request.user).mark_read()
    messages.success(request, f"{count} 条消息已标为已读。")
    return redirect("orgs:notices")
