"""组织关系转接: the list, one transfer, its verbs, its letter."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from orgs.forms.member import UnmaskForm
from orgs.forms.transfer import VERB_FORMS, AdmitForm, ProposeForm
from orgs.models import LEADING, READERS, AuditEntry, Member, Organization, Transfer
from orgs.models.member_course import leads
from orgs.models.transfer_course import VERBS
from orgs.transfer_tables import BOXES, TransferFilter, TransferTable
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.history import history_line
from orgs.views.listing import paged
from orgs.views.member import find as find_member
from orgs.views.member import unstored
from orgs.views.verbs import carry_out

RELATED = ("member__organization", "from_organization", "to_organization", "proposed_by")


def find(request, pk):
    rows = Transfer.objects.visible_to(request.user).select_related(*RELATED, "decided_by")
    return get_object_or_404(rows, pk=pk)


def in_box(user, box):
    rows, here = Transfer.objects.visible_to(user), Organization.objects.visible_to(user)
    return {
        "mine": lambda: rows.awaiting(user),
        "open": rows.waiting,
        "expiring": rows.expiring,
        "in": lambda: rows.coming_to(here),
        "out": lambda: rows.going_out_of(here),
        "all": rows.all,
    }[box]()


def filtered(request):
    box = request.GET.get("box", "all")
    if box not in BOXES:
        raise Http404
    rows = in_box(request.user, box).select_related(*RELATED)
    return box, TransferFilter(request.GET, rows)


@allow(*READERS)
def transfers(request):
    """转接列表: waiting for me, under way, in, out."""
    box, found = filtered(request)
    context = {
        "filter": found,
        "table": paged(request, TransferTable(found.qs, user=request.user)),
        "box": box,
        "boxes": BOXES.items(),
        "caption": f"{BOXES[box]}转接",
        "may_admit": request.user.holds(*LEADING),
    }
    return render(request, "orgs/transfers.html", context)


@allow(*READERS)
def export(request):
    """导出: the transfers that the filters show."""
    box, found = filtered(request)
    table = TransferTable(found.qs, user=request.user)
    return export_response(request, table, f"组织关系转接（{BOXES[box]}）")


@allow(*LEADING)
def admit(request):
    """外地转入: the letter that somebody from outside hands in."""
    reach = Organization.objects.in_reach_of(request.user, *LEADING)
    asked = {"organization": request.GET.get("organization", "")}
    form = AdmitForm(request.POST or None, initial=asked, reach=reach)
    if form.is_valid() and carry_out(
        form, Transfer.admit, actor=request.user, **form.verb_arguments()
    ):
        for doubt in form.doubts():
            messages.warning(request, doubt)
        messages.success(request, f"已接收{form.cleaned_data['name']}的组织关系。")
        number = form.cleaned_data["id_number"]
        return redirect(Member.objects.visible_to(request.user).with_id(number).get())
    return render(request, "orgs/transfer_admit.html", {"form": form})


def propose(request, pk):
    """发起转接."""
    member = find_member(request, pk, "transfer")
    if waiting := member.transfers.waiting().first():
        return redirect(waiting)
    form = ProposeForm(request.POST or None, member=member)
    if form.is_valid() and carry_out(
        form, Transfer.propose, actor=request.user, member=member, **form.cleaned_data
    ):
        messages.success(request, "已发起转接，接收方收到消息后办理。")
        return redirect(member.transfers.waiting().get())
    context = {"form": form, "member": member, "title": "转接组织关系", "submit": "发起转接"}
    return render(request, "orgs/member_form.html", context)


def detail(request, pk, *, bound=None, status=200):
    """一次转接: who, from where, where to, what comes next."""
    row = find(request, pk)
    names = row.verbs_for(request.user)
    bound = bound or {}
    entries = AuditEntry.objects.about(row).reverse()
    sees_member = Member.objects.visible_to(request.user).filter(pk=row.member_id)
    context = {
        "row": row,
        "name": row.name_for(request.user),
        "verbs": [(n, VERBS[n], bound.get(n) or VERB_FORMS[n](prefix=n)) for n in names],
        "sees_member": sees_member.exists(),
        "may_print": may_print(request.user, row),
        "timeline": [history_line(entry) for entry in entries],
    }
    return render(request, "orgs/transfer.html", context, status=status)


@require_POST
def act(request, pk, verb):
    """Carry out one verb of a transfer."""
    row = find(request, pk)
    if verb not in VERBS:
        raise Http404
    if row.is_waiting and verb not in row.verbs_for(request.user):
        raise PermissionDenied
    form = VERB_FORMS[verb](request.POST, prefix=verb)
    if form.is_valid():
        if carry_out(form, getattr(row, verb), actor=request.user, **form.cleaned_data):
            messages.success(request, f"已{VERBS[verb].label}。")
            still = Transfer.objects.visible_to(request.user).filter(pk=pk).exists()
            return redirect(row if still else "orgs:transfers")
        if form.non_field_errors():
            messages.error(request, form.non_field_errors()[0])
            return detail(request, pk, bound={verb: form}, status=409)
    return detail(request, pk, bound={verb: form})


def may_print(user, row) -> bool:
    """The giving side writes the letter, for as long as it holds."""
    holds = row.status in (Transfer.Status.WAITING, Transfer.Status.RECEIVED)
    return holds and bool(row.from_organization) and leads(user, row.from_organization)


def letter(request, pk):
    """介绍信: on A4, with the number in full for a reason, on record."""
    row = find(request, pk)
    if not may_print(request.user, row):
        raise PermissionDenied
    form = UnmaskForm(request.POST or None)
    in_full = form.is_valid()
    if in_full:
        row.member.unmask(actor=request.user, reason=f"打印介绍信 {form.words()}")
    context = {"row": row, "member": row.member, "form": form, "in_full": in_full}
    return unstored(render(request, "orgs/transfer_letter.html", context))
