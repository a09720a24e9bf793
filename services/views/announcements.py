"""公示栏: its keepers publish, change and withdraw; the public reads."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render

from orgs.models import Organization, Role
from orgs.views.access import allow
from orgs.views.listing import paged
from orgs.views.verbs import carry_out
from services.announcement_forms import AnnouncementFilter, AnnouncementForm, AnnouncementTable
from services.models import Announcement
from services.models.announcement import KEEPERS

PER_PAGE = 15


@allow(*Role)
def announcements(request):
    """公示栏 as those see it who work here."""
    rows = Announcement.objects.visible_to(request.user).for_list()
    found = AnnouncementFilter(request.GET, rows)
    context = {
        "filter": found,
        "table": paged(request, AnnouncementTable(found.qs)),
        "may_create": request.user.holds(*KEEPERS),
    }
    return render(request, "services/announcements.html", context)


def find(request, pk):
    rows = Announcement.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows, pk=pk)


def find_to_keep(request, pk):
    row = find(request, pk)
    if not row.may_keep(request.user, row.organization):
        raise PermissionDenied
    return row


def detail(request, pk):
    """One announcement, on the board or not."""
    row = find(request, pk)
    keeps = row.may_keep(request.user, row.organization) and not row.withdrawn_at
    return render(request, "services/announcement.html", {"row": row, "keeps": keeps})


@allow(*KEEPERS)
def create(request):
    """发布公示."""
    form = AnnouncementForm(request.POST or None, user=request.user)
    if form.is_valid():
        row = Announcement.publish(actor=request.user, **form.cleaned_data)
        messages.success(request, f"“{row}”{row.state_words}。")
        return redirect(row)
    return render(request, "services/announcement_form.html", {"form": form})


def edit(request, pk):
    """修改公示."""
    row = find_to_keep(request, pk)
    form = AnnouncementForm(request.POST or None, instance=copy(row), user=request.user)
    if form.is_valid() and carry_out(form, row.revise, actor=request.user, **form.cleaned_data):
        messages.success(request, "已保存。")
        return redirect(row)
    return render(request, "services/announcement_form.html", {"form": form, "row": row})


def withdraw(request, pk):
    """撤下公示, after a question; asked twice it is gone all the same."""
    row = find_to_keep(request, pk)
    if row.withdrawn_at:
        return redirect(row)
    if request.method == "POST":
        row.withdraw(actor=request.user)
        messages.success(request, f"“{row}”已撤下。")
        return redirect(row)
    return render(request, "services/announcement_withdraw.html", {"row": row})


@login_not_required
def board(request, pk=None):
    """公示栏 for everybody: of one organization, or of all."""
    place = get_object_or_404(Organization.objects.active(), pk=pk) if pk else None
    rows = Announcement.objects.current()
    rows = rows.filter(organization=place) if place else rows
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "services/board.html", {"place": place, "page": page})


@login_not_required
def board_notice(request, pk):
    """One announcement for everybody, fit for the wall."""
    row = get_object_or_404(Announcement.objects.current(), pk=pk)
    return render(request, "services/board_notice.html", {"row": row})
