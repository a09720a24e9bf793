"""一人一档: one member, what is known, what happened."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from orgs.forms.member import UnmaskForm
from orgs.models import Member
from orgs.models.rights import on_member
from orgs.views.member_timeline import timeline_of


def find(request, pk, right=None):
    """The member, 404 out of reach, 403 without the right to this."""
    rows = Member.objects.visible_to(request.user).select_related("organization")
    member = get_object_or_404(rows, pk=pk)
    if right and right not in on_member(request.user, member):
        raise PermissionDenied
    return member


def detail(request, pk):
    """一人一档."""
    member = find(request, pk)
    return render(request, "orgs/member.html", everything(member, request.user))


def everything(member, user) -> dict:
    """What the pages about one member show."""
    transfers = list(member.transfers.select_related("from_organization", "to_organization"))
    seats = list(member.seats.select_related("committee__organization").order_by("-pk"))
    names = member.name_for(user) == member.name
    return {
        "member": member,
        "name": member.name_for(user),
        "age": member.age_on(timezone.localdate()),
        "party_years": years_in_party(member),
        "rights": on_member(user, member),
        "transfers": transfers,
        "seats": seats,
        "timeline": timeline_of(member, transfers=transfers, seats=seats, names=names),
    }


def years_in_party(member) -> int | None:
    """党龄 in full years, counted from the day on which the person became a full member."""
    since = member.confirmed
    if since is None or not member.is_on_register:
        return None
    today, first = timezone.localdate(), since.earliest
    return today.year - first.year - ((today.month, today.day) < (first.month, first.day))


def unmask(request, pk):
    """查看全文: numbers and address in full, for a reason, on record."""
    member = find(request, pk, "unmask")
    form = UnmaskForm(request.POST or None)
    shown = form.is_valid()
    if shown:
        member.unmask(actor=request.user, reason=form.words())
    context = {"member": member, "form": form, "shown": shown}
    return unstored(render(request, "orgs/member_unmask.html", context))


def sheet(request, pk):
    """档案表: one member on A4, masked, or in full for a reason, on record."""
    member = find(request, pk, "unmask" if request.method == "POST" else None)
    form = UnmaskForm(request.POST or None)
    in_full = form.is_valid()
    if in_full:
        member.unmask(actor=request.user, reason=f"打印档案表 {form.words()}")
    context = {**everything(member, request.user), "form": form, "in_full": in_full}
    return unstored(render(request, "orgs/member_sheet.html", context))


def unstored(response):
    """No copy of what is shown in full stays in the browser."""
    response["Cache-Control"] = "no-store"
    return response
