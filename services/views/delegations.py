"""代办: the cadre's errands of the day, one errand with its verbs and papers, the printed forms."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from orgs.models import AuditEntry, NotAllowed, Role
from orgs.models.calendar import workdays
from orgs.views.access import allow
from orgs.views.listing import paged
from orgs.views.verbs import carry_out
from services.delegation_forms import EntrustForm, errand_form
from services.delegation_tables import ErrandTable
from services.errands import SETTLED, by_place, stages_of, step_of
from services.lights import light_of
from services.masked import ERRAND, hide_numbers, mask_fields
from services.models import ERRAND_VERBS, Delegation, ServiceRequest
from services.models.errand_clock import SUBMIT_DAYS
from services.models.errand_scope import wanting
from services.verb_forms import verb_form

CARRIERS = (Role.AGENT, Role.CLERK, Role.CENTRE_HEAD)
#: More than this nobody does in a day; the rest waits behind the most urgent.
MOST_STEPS = 200
BOXES = {"today": "今日代办", "waiting": "窗口办理中", "suspended": "已中止", "done": "已办"}
PAPERS = {
    "authorisation": "代办委托书",
    "custody": "材料交接清单",
    "receipt": "回交签收单",
}


@allow(*CARRIERS)
def errands(request):
    """今日代办 by place; and what waits, is suspended or done."""
    box = request.GET.get("box", "today")
    if box not in BOXES:
        raise Http404
    mine = Delegation.objects.carried_by(request.user)
    rows = getattr(mine, box)().for_list()
    context = {"box": box, "boxes": BOXES.items(), "may_see_ledger": may_see_ledger(request.user)}
    if box == "today":
        context |= today(rows, request.user)
    else:
        order = ("-entrusted_at", "-pk") if box == "done" else ()
        rows = rows.order_by(*order) if order else rows.urgent_first()
        context["table"] = paged(request, ErrandTable(rows))
    return render(request, "services/errands.html", context)


def may_see_ledger(user) -> bool:
    return user.holds(Role.AGENT, Role.CENTRE_HEAD)


def today(rows, user) -> dict:
    days, now = workdays(), timezone.now()
    found = rows.urgent_first().prefetch_related("moves")[: MOST_STEPS + 1]
    steps = [step_of(row, days, now) for row in found]
    wanted = [(row, light_of(row, days, now)) for row in wanting(user)[:MOST_STEPS]]
    return {
        "groups": by_place(steps[:MOST_STEPS]),
        "has_more": len(steps) > MOST_STEPS,
        "count": len(steps[:MOST_STEPS]) + len(wanted),
        "most": MOST_STEPS,
        "wanted": wanted,
        "shows_agent": not user.holds(Role.AGENT),
    }


def find(request, pk):
    rows = Delegation.objects.visible_to(request.user).for_list()
    rows = rows.select_related("request__department", "request__handler", "entrusted_by")
    return get_object_or_404(rows, pk=pk)


def detail(request, pk, *, bound=None, status=200):
    """代办页: how far it is, what to do next, every paper, what was entrusted."""
    errand = find(request, pk)
    may = errand.verbs_for(request.user)
    forms = {name: (bound or {}).get(name) or errand_form(name, errand) for name in may}
    item = errand.request
    may_reply = errand.is_in_hand and "reply" in item.verbs_for(request.user)
    context = {
        "errand": errand,
        "item": item,
        "step": step_of(errand, workdays()),
        "stages": stages_of(errand),
        "verbs": verbs_in(forms, main=True),
        "exceptions": verbs_in(forms, main=False),
        "reply_form": verb_form("reply", item, request.user) if may_reply else None,
        "answer": item.current_reply() if item.status in SETTLED else None,
        "moves": errand.moves.select_related("by"),
        "pauses": errand.pauses.select_related("by"),
        "visits": errand.visits.select_related("by"),
        "papers": PAPERS.items(),
        "can_unmask": item.can_unmask(request.user),
        "kept": kept_of(bound, forms),
    }
    hide_unless_full(context)
    return render(request, "services/delegation.html", context, status=status)


def hide_unless_full(context):
    """Who may not unmask reads nobody's numbers in what was typed about the errand either."""
    if not context["can_unmask"]:
        mask_fields(context["errand"], ERRAND)
        hide_numbers(context)


def verbs_in(forms, *, main):
    return [
        (name, ERRAND_VERBS[name], form)
        for name, form in forms.items()
        if ERRAND_VERBS[name].is_main is main
    ]


def kept_of(bound, forms):
    """What was typed into a form that is no longer to be had."""
    lost = [form for name, form in (bound or {}).items() if name not in forms]
    return [field for form in lost for field in form.visible_fields()]


@require_POST
def act(request, pk, verb):
    """Carry out one verb of the table on one errand."""
    errand = find(request, pk)
    if verb not in ERRAND_VERBS:
        raise Http404
    if not errand.may_ever(verb, request.user):
        raise PermissionDenied
    form = errand_form(verb, errand, request.POST, request.FILES)
    if not form.is_valid():
        return detail(request, pk, bound={verb: form})
    try:
        getattr(errand, verb)(actor=request.user, **form.cleaned_data)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))  # keep what was typed
        messages.error(request, str(refusal))
        return detail(request, pk, bound={verb: form}, status=409)
    messages.success(request, f"已{ERRAND_VERBS[verb].label}。")
    return redirect(errand)


def entrust(request, pk):
    """签订委托: on the page of the request, with the village's agent proposed."""
    item = get_object_or_404(ServiceRequest.objects.visible_to(request.user).for_detail(), pk=pk)
    if open_errand := item.delegations.in_hand().first():
        return redirect(open_errand)  # the same form sent twice, or a colleague was faster
    if not Delegation.may_entrust(item, request.user):
        raise PermissionDenied
    form = EntrustForm(
        request.POST or None, request.FILES or None, request_row=item, user=request.user
    )
    if form.is_valid():
        data = form.cleaned_data
        if carry_out(form, Delegation.entrust, request=item, actor=request.user, **data):
            messages.success(request, "已登记委托。可打印代办委托书，请群众签字。")
            return redirect(item.delegations.in_hand().get())
    return render(
        request,
        "services/delegation_entrust.html",
        {"item": item, "form": form, "days": SUBMIT_DAYS},
    )


def paper(request, pk, paper):
    """The printed forms on A4: masked, or with the citizen's data in full, which is on record."""
    errand = find(request, pk)
    if paper not in PAPERS:
        raise Http404
    in_full = request.method == "POST"
    if in_full:
        if not errand.request.can_unmask(request.user):
            raise PermissionDenied
        AuditEntry.record(
            request.user,
            "citizen.unmasked",
            errand.request,
            label="查看个人信息",
            organization=errand.request.organization,
            note=f"打印{PAPERS[paper]}",
        )
    citizen = errand.request.citizen
    context = {
        "errand": errand,
        "item": errand.request,
        "title": PAPERS[paper],
        "body": f"services/delegation_{paper}.html",
        "person": citizen if in_full else citizen.masked,
        "in_full": in_full,
        "can_unmask": errand.request.can_unmask(request.user),
        "moves": errand.moves.select_related("by"),
        "held": errand.holdings().at("AGENT"),
        "today": timezone.localdate(),
    }
    hide_unless_full(context)
    response = render(request, "services/delegation_paper.html", context)
    response["Cache-Control"] = "no-store"
    return response
