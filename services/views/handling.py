"""One request: its page, its verbs, its papers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from orgs.masking import mask_text
from orgs.models import AuditEntry, NotAllowed
from orgs.models.calendar import workdays
from orgs.views.private_files import file_response
from services.errands import panel_of
from services.forms import AttachmentForm, UnmaskForm
from services.lights import light_of
from services.masked import hide_numbers
from services.models import VERBS, RequestAttachment, ServiceRequest, Status, verb_now
from services.models.request import LOOKS
from services.models.status import WINDOW
from services.models.verbs import DECISIONS
from services.progress_words import decision_words
from services.qr import qr_of
from services.reply_context import remarks_for
from services.verb_forms import verb_form

#: In the session: requests whose slips have not been shown yet.
FRESH = "fresh_slips"
#: Verbs that are not carried out on the page of the case but on one of their own.
OWN_PAGES = {"submit": "services:reply_edit"}


def find(request, pk):
    return get_object_or_404(ServiceRequest.objects.visible_to(request.user).for_detail(), pk=pk)


def detail(request, pk, *, bound=None, status=200):
    """办件页: what was asked, what was answered, who is responsible, what may be done now."""
    item = find(request, pk)
    forms = {
        name: (bound or {}).get(name) or verb_form(name, item, request.user)
        for name in item.verbs_for(request.user)
    }
    proposal = item.open_proposal()
    can_unmask = item.can_unmask(request.user)
    kept = [form for name, form in (bound or {}).items() if name not in forms]
    context = {
        "item": item,
        "content": item.content if can_unmask else mask_text(item.content),
        "light": light_of(item, workdays()),
        "due_words": due_words(item),
        "verbs": verbs_in(forms, proposal, main=True),
        "exceptions": verbs_in(forms, proposal, main=False),
        "proposal": proposal,
        "may_decide": not DECISIONS.keys().isdisjoint(forms),
        "refusal": item.refusal,
        "assignments": item.assignments.select_related("department__organization", "signed_by"),
        "merged": item.merged.all(),
        "can_attach": item.can_attach(request.user),
        "timeline": timeline_of(item, in_full=can_unmask),
        "replies": item.replies.select_related("submitted_by", "reviewed_by", "sent_by"),
        "draft": draft_of(item, forms, request.user),
        "evaluation": item.evaluation_of_round(),
        "callbacks": item.callbacks.select_related("by"),
        "rectifications": item.rectifications.all(),
        "complaints": item.complaints.select_related("answered_by"),
        "attachments": item.attachments.select_related("uploaded_by"),
        "can_unmask": can_unmask,
        "errand": panel_of(item, request.user),
        "kept": [field for form in kept for field in form.visible_fields()],
    }
    if not can_unmask:
        hide_numbers(context)
    return render(request, "services/request.html", context, status=status)


def draft_of(item, verbs, user):
    """What whoever reviews or delivers the answer looks at: what the citizen will see.

    Who reviews also gets the warnings that the author had.
    """
    if not {"approve", "reply"} & verbs.keys():
        return None
    reply = item.current_reply()
    return {
        "reply": reply,
        "text": mask_text(reply.text),
        "outcome": reply.get_outcome_display(),
        "remarks": remarks_for(item, reply.text, reply.outcome, user) if "approve" in verbs else [],
    }


def verbs_in(forms, proposal, *, main):
    """The next steps, or the exceptions, with their forms."""
    rows = [(name, verb_now(name, proposal), form) for name, form in forms.items()]
    return [row for row in rows if row[1].is_main is main]


def timeline_of(item, *, in_full):
    """What happened, newest first; who looked at personal data is for the auditor alone."""
    entries = AuditEntry.objects.about(item).exclude(action__startswith=LOOKS).reverse()
    return [
        {
            "title": row.label,
            "actor": row.actor_name,
            "post": row.actor_post,
            "at": row.at,
            "text": row.note if in_full else mask_text(row.note),
        }
        for row in entries
    ]


def due_words(item) -> str:
    """How the due date came about, in one line."""
    if not item.accepted_on:
        return ""
    accepted = f"{item.accepted_on:%-m月%-d日}受理"
    if not item.promised_days:
        return f"{accepted}，当日办结"
    extra = f"，延期 {item.extension_days} 个" if item.extension_days else ""
    return f"{accepted}，承诺 {item.promised_days} 个工作日{extra}，{item.closing_time:%H:%M} 截止"


@require_POST
def act(request, pk, verb):
    """Carry out one verb of the table on one request."""
    item = find(request, pk)
    if verb not in VERBS:
        raise Http404
    if verb in OWN_PAGES:
        return redirect(OWN_PAGES[verb], pk)
    form = verb_form(verb, item, request.user, request.POST)
    if not item.may_ever(verb, request.user):
        raise PermissionDenied
    label = verb_now(verb, item.open_proposal()).label
    if form.is_valid():
        try:
            getattr(item, verb)(actor=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))  # keep what was typed
            return lost_race(request, pk, verb, form)
        messages.success(request, f"已{label}。")
        return redirect("services:request", pk)
    return detail(request, pk, bound={verb: form})


def lost_race(request, pk, verb, form):
    """409: somebody was faster, or the case has moved on; the page says who and what."""
    messages.error(request, form.non_field_errors()[0])
    return detail(request, pk, bound={verb: form}, status=409)


def unmask(request, pk):
    """查看全文: the citizen's data in full, for a reason, on record."""
    item = find(request, pk)
    if not item.can_unmask(request.user):
        raise PermissionDenied
    form = UnmaskForm(request.POST or None)
    shown = form.is_valid()
    if shown:
        reason = " ".join(filter(None, [form.cleaned_data["reason"], form.cleaned_data["note"]]))
        AuditEntry.record(
            request.user,
            "citizen.unmasked",
            item,
            label="查看个人信息",
            organization=item.organization,
            note=reason,
        )
    context = {"item": item, "form": form, "shown": shown}
    response = render(request, "services/unmask.html", context)
    response["Cache-Control"] = "no-store"
    return response


def progress_qr(item) -> str:
    """The way to the progress page for a telephone's camera, as an image in the page."""
    return qr_of(reverse("services:progress", args=[item.number, item.query_code]))


def keep_fresh(request, items):
    """These have just been registered: their slips come out for the first time."""
    request.session[FRESH] = request.session.get(FRESH, []) + [item.pk for item in items]


def with_codes(request, items):
    """Each with its QR, where the user may hand out the slip; from the second time on record."""
    fresh = request.session.pop(FRESH, [])
    mine = [item for item in items if item.can_hand_out(request.user)]
    again = [item for item in mine if item.pk not in fresh]
    AuditEntry.record_all(
        request.user, "citizen.code_shown", again, label="补打带查询码的回执",
        organization=again[0].organization if again else None,
    )  # fmt: skip
    return [(item, progress_qr(item) if item in mine else "") for item in items]


def receipt(request, pk):
    """回执: two parts on A5, citizen's and file's; of a refusal its grounds, on A4.

    With the query code one may rate as the citizen: others than the window print none.
    """
    item = find(request, pk)
    if not item.can_unmask(request.user):
        raise PermissionDenied
    is_refused = item.status == Status.NOT_ACCEPTED
    # the paper of a refusal has no code on it
    qr = "" if is_refused else with_codes(request, [item])[0][1]
    context = {
        "item": item,
        "qr": qr,
        "decision": decision_words(item),
        "may_register": request.user.holds(*WINDOW),
    }
    paper = "refusal_notice" if is_refused else "receipt"
    response = render(request, f"services/{paper}.html", context)
    response["Cache-Control"] = "no-store"
    return response


def attach(request, pk):
    """Add files to an open case."""
    item = find(request, pk)
    if not item.can_attach(request.user):
        raise PermissionDenied
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        item.attach(form.cleaned_data["files"], actor=request.user)
        messages.success(request, "附件已保存。")
        return redirect(item)
    return render(request, "services/attach.html", {"item": item, "form": form})


def attachment(request, pk, file_pk):
    """One file, through the scope of its case."""
    item = find(request, pk)
    row = get_object_or_404(RequestAttachment, request=item, pk=file_pk)
    return file_response(request, row)
