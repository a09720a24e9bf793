"""群众测评 of one organization, for staff: numbers, codes, opening, the count. No single ballot."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments.ballot_forms import VERB_FORMS, NumbersForm
from assessments.ballots.shown import HEADS, one_group, texts_shown
from assessments.ballots.tally import count
from assessments.models import CodeIssue, PaperBatch, Vote
from assessments.models.ballot_preparing import rerun
from assessments.public_results import public_result
from assessments.tasks import vacuum_ballots
from assessments.views.assessment import find, head
from orgs.models import NotAllowed
from orgs.nudge import nudge
from orgs.views.verbs import carry_out
from services.qr import qr_of

PAPER_LEFT = "还有纸质票没有核对一致：结束后结果待定，核对一致后才计入。"


def current(assessment):
    """The ballot that counts: the last round; None while there is none."""
    rows = assessment.ballots.select_related("assessment__cycle__scheme")
    return rows.order_by("-round").first()


def ballot(request, pk):
    """Before the end only numbers; after it the count as far as it may be shown."""
    return page(request, find(request, pk))


def page(request, assessment, *, bound=None, status=200):
    row, bound = current(assessment), bound or {}
    context = head(request, assessment, "ballot") | {"ballot": row}
    if row:
        used = Count("codes", filter=Q(codes__is_used=True))
        strata = list(row.strata.select_related("group").annotate(used=used))
        may = row.verbs_for(request.user)
        context |= {
            "strata": strata,
            "result": public_result(assessment),
            "issue": row.issues.select_related("asked_by", "allowed_by", "printed_by").first(),
            "steps": steps(row, may, bound, request.user),
            "numbers": bound.get("set_numbers") or numbers_form(strata, may),
            "batches": (found := list(batches(row))),
            "paper": paper_turns(found, request.user) if "enter_paper" in may else [],
            "may": may,
            "is_early": row.status != row.Status.CLOSED,
        }
        if row.closed_at and not row.waits_for_paper:
            context |= counted(row, strata)
    return render(request, "assessments/ballot.html", context, status=status)


def numbers_form(strata, may):
    return NumbersForm(strata=strata, prefix="set_numbers") if "set_numbers" in may else None


def batches(row):
    rows = PaperBatch.objects.filter(stratum__ballot=row)
    return rows.select_related("stratum__group", "stratum__ballot").prefetch_related(
        "entries__entered_by"
    )


def paper_turns(found, user) -> list:
    """(batch, turn) of what waits for this user, what differs first."""
    turns = [(batch, turn) for batch in found if (turn := batch.turn_of(user))]
    return sorted(turns, key=lambda pair: pair[1] != "correct")


def counted(row, strata) -> dict:
    """What the count may show, and the open poster beside it."""
    scheme, questions = row.assessment.cycle.scheme, row.questions()
    weights = [goal.points for goal in scheme.goals.order_by("number")]
    texts = Vote.objects.filter(stratum__ballot=row).values_list("text", flat=True)
    valid = sum(stratum.counted.valid for stratum in strata)
    said = list(row.open_votes.values_list("answers", "text"))
    opinion = count([word for word, _ in said], len(questions), scheme.least_answered)
    return {
        "heads": HEADS,
        "groups": row.shown(),
        "texts": texts_shown(texts, valid, scheme),
        "least": scheme.least_shown,
        "opinion": one_group("开放评议", opinion, questions, weights, scheme, is_total=True),
        "opinion_texts": texts_shown([text for _, text in said], opinion.valid, scheme),
    }


def steps(row, may, bound, user) -> list:
    """(verb, label, form, note) of each verb beside the numbers."""
    issue = row.issues.first()
    waiting = bool(issue and not issue.printed_at)
    hidden = {"ask_codes"} if waiting else {"allow_codes"}
    if waiting and (issue.allowed_by_id or issue.asked_by_id == user.pk):
        hidden.add("allow_codes")
    if "rerun" in may and (row.round == 2 or not row.faults()):
        hidden.add("rerun")
    notes = {"close": PAPER_LEFT} if row.waits_for_paper else {}
    return [
        (name, label, bound.get(name) or form(prefix=name), notes.get(name, note))
        for name, (label, form, note) in VERB_FORMS.items()
        if name in may and name not in hidden
    ]


@require_POST
def act(request, pk, verb):
    """Carry out one verb of the ballot."""
    assessment = find(request, pk)
    row = current(assessment)
    if row is None or verb not in {*VERB_FORMS, "set_numbers"}:
        raise Http404
    if verb not in row.verbs_for(request.user):
        raise PermissionDenied
    if verb == "set_numbers":
        form = NumbersForm(request.POST, strata=row.strata.select_related("group"), prefix=verb)
        label = "登记人数"
    else:
        label, form_class, _ = VERB_FORMS[verb]
        form = form_class(request.POST, prefix=verb)
    if form.is_valid() and carry_out(
        form, verb_of(row, verb), actor=request.user, **form.verb_arguments()
    ):
        if verb == "close":
            nudge(vacuum_ballots)
        messages.success(request, f"已办理：{label}。")
        return redirect(row)
    return page(request, find(request, pk), bound={verb: form}, status=409)


def verb_of(row, verb):
    if verb == "ask_codes":
        return partial(CodeIssue.ask, ballot=row)
    if verb == "allow_codes":
        return get_object_or_404(row.issues, printed_at__isnull=True).allow
    if verb == "rerun":
        return partial(rerun, ballot=row)
    return getattr(row, verb)


@require_POST
def print_codes(request, pk):
    """印制: slips of all groups on A4, in this one response; the codes are nowhere else."""
    assessment = find(request, pk)
    row = current(assessment)
    if row is None:
        raise Http404
    if "print_codes" not in row.verbs_for(request.user):
        raise PermissionDenied
    issue = get_object_or_404(row.issues, printed_at__isnull=True)
    try:
        sheets = issue.print(actor=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return page(request, assessment, status=409)
    context = {"ballot": row, "sheets": [(stratum, slips(drawn)) for stratum, drawn in sheets]}
    response = render(request, "assessments/ballot_slips.html", context)
    response["Cache-Control"] = "no-store"
    return response


def slips(drawn):
    return [(secret.printed, qr_of(f"/v/#{secret.fragment}")) for secret in drawn]


def poster(request, pk):
    """开放评议 poster: a QR code for everybody, apart from the score."""
    assessment = find(request, pk)
    row = current(assessment)
    if row is None:
        raise Http404
    path = f"/v/open/{row.key}/"
    context = {"row": assessment, "ballot": row, "qr": qr_of(path), "path": path}
    return render(request, "assessments/ballot_poster.html", context)
