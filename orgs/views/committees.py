"""班子: one organization's committee, its history, and what is done to it."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from orgs.forms.committee import (
    CommitteeForm,
    ExtendForm,
    ReviseCommitteeForm,
    SeatForm,
    VacateForm,
)
from orgs.lights import term_light
from orgs.models import AuditEntry, Committee, Member, Organization, Role, SeatPost
from orgs.models.rights import on_committee
from orgs.views.history import HISTORY_SHOWN, history_line
from orgs.views.verbs import carry_out

KEEPERS = (Role.SECRETARY, Role.REVIEWER)


def find(request, pk, right=None):
    """The committee, 404 out of reach, 403 without the right to this."""
    rows = Committee.objects.visible_to(request.user).select_related("organization")
    committee = get_object_or_404(rows, pk=pk)
    if right and right not in on_committee(request.user, committee.organization):
        raise PermissionDenied
    return committee


def detail(request, pk):
    """班子: its seats, its term, the terms before it."""
    committee = find(request, pk)
    seats = committee.seats.select_related("member", "user", "committee").in_order()
    terms = committee.organization.committees.with_secretary_name()
    entries = AuditEntry.objects.about(committee).reverse()[:HISTORY_SHOWN]
    rights = on_committee(request.user, committee.organization) if committee.is_serving else []
    context = {
        "committee": committee,
        "organization": committee.organization,
        "rights": rights,
        "seats": [seat for seat in seats if seat.is_open],
        "has_secretary": any(s.is_open and s.post == SeatPost.SECRETARY for s in seats),
        "left": [seat for seat in seats if not seat.is_open],
        "light": term_light(committee.due_on, timezone.localdate()),
        "terms": terms,
        "has_roster": Member.objects.within(committee.organization).exists(),
        "history": [history_line(entry) for entry in entries],
    }
    return render(request, "orgs/committee.html", context)


def section(user, organization) -> dict:
    """班子 for the page of the organization; names of office holders are public in the service."""
    committee = organization.committees.filter(status=Committee.Status.IN_OFFICE).first()
    seats = list(committee.seats.open().in_order()) if committee else []
    return {
        "committee": committee,
        "seats": seats,
        "has_secretary": any(seat.post == SeatPost.SECRETARY for seat in seats),
        "committee_light": committee and term_light(committee.due_on, timezone.localdate()),
        "committee_rights": on_committee(user, organization),
        "sees_committee": committee
        and Committee.objects.visible_to(user).filter(pk=committee.pk).exists(),
    }


def establish(request, pk):
    """登记班子: what the organization elected."""
    reach = Organization.objects.in_reach_of(request.user, *KEEPERS)
    organization = get_object_or_404(reach, pk=pk)
    if "establish" not in on_committee(request.user, organization):
        raise PermissionDenied
    form = CommitteeForm(request.POST or None, organization=organization)
    if form.is_valid() and carry_out(
        form, Committee.establish,
        actor=request.user, organization=organization, **form.term_fields(),
    ):  # fmt: skip
        messages.success(request, "班子已登记。")
        return redirect(organization.committees.latest("pk"))
    return page(request, form, organization, "登记班子")


def renew(request, pk):
    """换届: the next term; the seats of this one end the day before."""
    committee = find(request, pk, "renew")
    form = CommitteeForm(
        request.POST or None, organization=committee.organization, initial=successor_of(committee)
    )
    if form.is_valid() and carry_out(
        form, committee.renew, actor=request.user, **form.term_fields()
    ):
        messages.success(request, "换届已登记，上一届成员的任职同时结束。")
        return redirect(committee.organization.committees.latest("pk"))
    lede = f"已填入{committee}的成员，请改成新当选的；原成员任职到当选日的前一天。"
    return page(request, form, committee.organization, "换届", committee, lede=lede)


def successor_of(committee) -> dict:
    """What the form of the next term begins with: the number after this one, the same people."""
    initial = {"term": committee.term + 1 if committee.term else None}
    for seat in committee.seats.open().in_order():
        initial.setdefault(seat.post, []).append(seat.name)
        if seat.post == SeatPost.SECRETARY:
            initial |= {"heads_village": seat.heads_village}
    return initial


def edit(request, pk):
    """更正班子."""
    committee = find(request, pk, "edit")
    form = ReviseCommitteeForm(request.POST or None, instance=copy(committee))
    if form.is_valid() and carry_out(
        form, committee.revise, actor=request.user, **form.cleaned_data
    ):
        messages.success(request, "班子已更正。")
        return redirect(committee)
    return page(request, form, committee.organization, "更正班子", committee)


def extend(request, pk):
    """延期换届, with the approval from above."""
    committee = find(request, pk, "extend")
    form = ExtendForm(request.POST or None)
    if form.is_valid() and carry_out(
        form, committee.extend, actor=request.user, **form.cleaned_data
    ):
        messages.success(request, "延期已登记。")
        return redirect(committee)
    lede = extension_words(committee)
    return page(request, form, committee.organization, "批准延期换届", committee, lede=lede)


def extension_words(committee) -> str:
    if committee.due_on is None:
        return "这一届没有应换届日期，不需要延期。"
    last = committee.latest_extension
    return f"应换届日期 {committee.due_on:%Y年%-m月%-d日}，最晚可延到 {last:%Y年%-m月%-d日}。"


def fill(request, pk):
    """任职."""
    committee = find(request, pk, "fill")
    asked = {"post": request.GET.get("post", "")}
    form = SeatForm(request.POST or None, organization=committee.organization, initial=asked)
    if form.is_valid() and carry_out(
        form, committee.fill, actor=request.user, **form.seat_fields()
    ):
        messages.success(request, "任职已登记。")
        return redirect(committee)
    return page(request, form, committee.organization, "增加成员", committee)


def find_seat(request, pk, seat_pk, right):
    committee = find(request, pk, right)
    seats = committee.seats.select_related("member", "user", "committee__organization")
    return committee, get_object_or_404(seats, pk=seat_pk)


def edit_seat(request, pk, seat_pk):
    """更正班子成员."""
    committee, seat = find_seat(request, pk, seat_pk, "edit")
    form = SeatForm(request.POST or None, instance=copy(seat), organization=committee.organization)
    if form.is_valid() and carry_out(form, seat.revise, actor=request.user, **form.seat_fields()):
        messages.success(request, "已更正。")
        return redirect(committee)
    return page(request, form, committee.organization, f"更正：{seat.name}", committee)


def vacate(request, pk, seat_pk):
    """离任."""
    committee, seat = find_seat(request, pk, seat_pk, "vacate")
    form = VacateForm(request.POST or None)
    if form.is_valid() and carry_out(form, seat.vacate, actor=request.user, **form.cleaned_data):
        messages.success(request, f"{seat.name}的离任已登记。")
        if post := seat.open_account_post():
            messages.warning(request, f"{seat.name}的账号还有“{post}”任职，请安全管理员结束它。")
        return redirect(committee)
    lede = f"{committee.organization} {seat}。"
    return page(request, form, committee.organization, "离任", committee, lede=lede)


def page(request, form, organization, title, committee=None, lede=""):
    context = {
        "form": form,
        "organization": organization,
        "committee": committee,
        "title": title,
        "lede": lede,
        "columns": isinstance(form, CommitteeForm | SeatForm),
    }
    return render(request, "orgs/committee_form.html", context)
