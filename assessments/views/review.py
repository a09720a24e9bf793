"""组织考评 of one organization: the sheet, saving points, the second assessor, the verbs."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments.models import Assessment, Cycle, LocalOpinion, Review
from assessments.models.verbs import Part, parts_of
from assessments.public_results import public_result
from assessments.review_forms import NOTES, VERB_FORMS, ReasonForm, ScoreForm, SecondForm
from assessments.review_sheet import goal_sheets, standing, waiting_words
from assessments.views.assessment import head
from orgs.models import AuditEntry
from orgs.views.history import HISTORY_SHOWN, history_line
from orgs.views.verbs import carry_out

RELATED = (
    "organization__local_supervisor", "cycle__scheme", "cycle__organization",
    "local_opinion__given_by",
)  # fmt: skip


def find(request, pk):
    rows = Assessment.objects.visible_to(request.user).select_related(*RELATED)
    return Review.of(get_object_or_404(rows, pk=pk))


def review(request, pk):
    """考评: look at everything side by side, give points, save as often as one likes."""
    row = find(request, pk)
    answers = row.sheet()
    may = row.verbs_for(request.user, answers)
    if request.method == "POST" and "score" not in may:
        raise PermissionDenied
    if request.method == "POST":
        form = ScoreForm(request.POST, answers=answers, version=row.version)
        if not form.is_valid():
            return page(request, row, answers, form=form)
        if carry_out(form, row.score, actor=request.user, **form.verb_arguments()):
            messages.success(request, "考评分已保存。")
            return redirect(row)
        row = find(request, pk)
        form.renew(row.version)
        return page(request, row, row.sheet(), form=form, status=409)
    return page(request, row, answers)


def score_form(request, row, answers, may):
    """The sheet to give points in; who may confirm reads it, and scores only on asking."""
    asks = {"score", "take_self"} & {*request.GET}
    if "score" not in may or ("confirm" in may and not asks):
        return None
    return ScoreForm(answers=answers, version=row.version, take_self="take_self" in request.GET)


def page(request, row, answers, *, form=None, bound=None, status=200):
    user = request.user
    shows, may = row.shows_points_to(user, answers), row.verbs_for(user, answers)
    form = form or score_form(request, row, answers, may)
    public = votes(row, user)
    second = row.second_points() if shows and row.difference(answers) is not None else {}
    context = {
        "review": row,
        "assessment": row.assessment,
        "shows_points": shows,
        "form": form,
        "sheets": goal_sheets(answers, form=form, shows_points=shows, second=second, public=public),
        "standing": standing(row, answers, shows_points=shows),
        "public": public,
        "scorers": row.scorers.all() if row.pk and shows else [],
        "has_own_claims": bool(row.pk) and shows and row.has_own_claims,
        "waiting": "" if shows or may else waiting_words(row),
        **work(row, user, answers, may, bound or {}),
        **background(row, user, answers, shows),
    }
    context = head(request, row.assessment, "review") | context
    return render(request, "assessments/review.html", context, status=status)


def votes(row, user):
    """群众测评 beside the points; the place has a say of its own and does not see it."""
    only_place = parts_of(user, row.assessment) == {Part.LOCAL}
    return None if only_place else public_result(row.assessment)


def work(row, user, answers, may, bound) -> dict:
    """下一步: what the user may do, and what is still to be done before the confirmation."""
    faults = row.faults(answers) if {"score", "confirm"} & {*may} else []
    is_open = row.assessment.cycle.status == Cycle.Status.OPEN
    theirs = row.assessment.verbs_for(user) if is_open else []
    return {
        "may": may,
        "steps": verb_forms(may, bound),
        "faults": faults,
        "is_waiting": "score" in may and "confirm" not in may and bool(row.total) and not faults,
        "asked": [answer for answer in answers if answer.waiver_reason],
        "may_waive": "waive" in theirs,
        "send_back": ReasonForm(prefix="send_back") if "send_back" in theirs else None,
    }


def background(row, user, answers, shows) -> dict:
    """What only assessors know: spot checks, and who gave which points when."""
    if not parts_of(user, row.assessment) & {Part.SUPERIOR, Part.DEPARTMENT}:
        return {}
    entries = AuditEntry.objects
    entries = entries.about(row).reverse() if row.pk and shows else entries.none()
    if row.is_blind(answers):
        entries = entries.exclude(action="review.second_scored")
    return {
        "checks": row.assessment.spot_check_items.select_related("checked_by"),
        "timeline": [history_line(entry) for entry in entries[:HISTORY_SHOWN]],
    }


def verb_forms(may, bound) -> list:
    """(verb, label, form, note) of each small form beside the sheet, 定稿 first."""
    return [
        (name, VERB_FORMS[name][0], bound.get(name) or VERB_FORMS[name][1](prefix=name),
         NOTES.get(name, ""))
        for name in sorted(may, key=lambda name: name != "confirm")
        if name in VERB_FORMS
    ]  # fmt: skip


@require_POST
def act(request, pk, verb):
    """Carry out one verb of a review."""
    row = find(request, pk)
    if verb not in VERB_FORMS:
        raise Http404
    answers = row.sheet()
    if verb not in row.verbs_for(request.user, answers):
        raise PermissionDenied
    label, form_class = VERB_FORMS[verb]
    form = form_class(request.POST, prefix=verb)
    if form.is_valid():
        if carry_out(form, verb_of(row, verb), actor=request.user, **form.cleaned_data):
            messages.success(request, f"已办理：{label}。")
            return redirect(
                reverse("assessments:review_second", args=[pk]) if verb == "take_second" else row
            )
        messages.error(request, form.non_field_errors()[0])
        return page(request, find(request, pk), answers, bound={verb: form}, status=409)
    return page(request, row, answers, bound={verb: form})


def verb_of(row, verb):
    opinions = {"give_opinion": LocalOpinion.give, "miss_opinion": LocalOpinion.miss}
    if verb in opinions:
        return partial(opinions[verb], assessment=row.assessment)
    return getattr(row, verb)


def second(request, pk):
    """第二考评人打分: without sight of the first's points."""
    row = find(request, pk)
    answers = row.sheet()
    if "score_second" not in row.verbs_for(request.user, answers):
        raise PermissionDenied
    form = SecondForm(
        request.POST or None,
        answers=answers,
        version=row.second_version,
        given=row.second_points(),
    )
    if form.is_valid() and carry_out(
        form, row.score_second, actor=request.user, **form.verb_arguments()
    ):
        messages.success(request, "已完成第二考评。" if row.second_done_at else "已保存。")
        return redirect(row if row.second_done_at else request.path)
    context = {
        "review": row,
        "assessment": row.assessment,
        "form": form,
        "sheets": goal_sheets(answers, form=form, public=votes(row, request.user)),
    }
    return render(request, "assessments/review_second.html", context)


@require_POST
def waive(request, pk, answer_pk):
    """审批不适用 of one indicator."""
    row = find(request, pk)
    answer = get_object_or_404(row.assessment.answers, pk=answer_pk)
    if "waive" not in row.assessment.verbs_for(request.user):
        raise PermissionDenied
    form = VERB_FORMS["confirm"][1](request.POST)
    approved = request.POST.get("approved") == "yes"
    if carry_out(form, row.waive, actor=request.user, answer=answer, approved=approved):
        messages.success(request, "已同意不适用。" if approved else "已定为适用，照常打分。")
        return redirect(row)
    messages.error(request, form.non_field_errors()[0])
    row = find(request, pk)
    return page(request, row, row.sheet(), status=409)
