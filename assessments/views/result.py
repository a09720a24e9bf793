"""结果 of one assessment: every term of the total, the stars and why; 加分 and 否决情形."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments.models import Appeal, Bonus, Result, Veto
from assessments.models.result import PUBLIC, is_assessor
from assessments.models.result_ground import may_rule
from assessments.result_forms import RULING_FORMS, AnswerForm, AppealForm
from assessments.result_sheet import formula, group_words, trend
from assessments.review_forms import ReasonForm
from assessments.views.assessment import find, head
from orgs.views.verbs import carry_out

RULINGS = {"bonus": (Bonus, "revoke", "撤销加分"), "veto": (Veto, "lift", "撤销否决情形")}


def result(request, pk):
    return page(request, find(request, pk))


def page(request, assessment, *, bound=None, appeal_form=None, answer_form=None, status=200):
    row = Result.seen_by(assessment, request.user)
    assesses = is_assessor(assessment, request.user)
    may, shows = may_rule(request.user, assessment), row or assesses
    context = head(request, assessment, "result") | {
        "result": row,
        "terms": formula(row) if row else [],
        "group": group_words(assessment),
        "trend": trend(assessment, row),
        "is_public": assessment.cycle.status in PUBLIC,
        "bonuses": rulings(assessment.bonuses, "bonus", may) if shows else [],
        "vetoes": rulings(assessment.vetoes.select_related("rule"), "veto", may) if shows else [],
        "may_demand": assesses,
        "tasks": assessment.rectifications.all() if shows else [],
        "appeals": [
            (
                appeal,
                (answer_form or AnswerForm(prefix="answer"))
                if appeal.may_answer(request.user)
                else None,
            )
            for appeal in appeals_of(assessment)
        ]
        if shows
        else [],
        "appeal_form": (appeal_form or AppealForm(prefix="file"))
        if Appeal.may_file(request.user, assessment)
        else None,
        "steps": steps(assessment, bound or {}) if may else [],
    }
    return render(request, "assessments/result.html", context, status=status)


def appeals_of(assessment) -> list:
    rows = list(assessment.appeals.select_related("filed_by", "answered_by"))
    for row in rows:
        row.assessment = assessment
    return rows


def rulings(rows, kind, may) -> list:
    """(row, form to take it back or None) of each."""
    rows = rows.select_related("given_by")
    return [(row, ReasonForm(prefix=f"{kind}-{row.pk}") if may else None) for row in rows]


def steps(assessment, bound) -> list:
    """(verb, label, form) of what the department may do."""
    scheme = assessment.cycle.scheme
    return [
        (verb, label, bound.get(verb) or form(prefix=verb, scheme=scheme))
        for verb, (label, form) in RULING_FORMS.items()
    ]


@require_POST
def act(request, pk, verb):
    """加分, or an entry of 否决情形."""
    assessment = find(request, pk)
    if verb not in RULING_FORMS:
        raise Http404
    if not may_rule(request.user, assessment):
        raise PermissionDenied
    label, form_class = RULING_FORMS[verb]
    form = form_class(request.POST, prefix=verb, scheme=assessment.cycle.scheme)
    done = {"grant": Bonus.grant, "impose": Veto.impose}[verb]
    if form.is_valid() and carry_out(
        form, done, actor=request.user, assessment=assessment, **form.cleaned_data
    ):
        messages.success(request, f"已办理：{label}。重新计算结果后计入。")
        return redirect(reverse("assessments:result", args=[pk]))
    return page(request, assessment, bound={verb: form})


@require_POST
def undo(request, pk, kind, ruling_pk):
    """Take one 加分 or 否决情形 back, with the reason."""
    assessment = find(request, pk)
    if kind not in RULINGS:
        raise Http404
    model, verb, label = RULINGS[kind]
    if not may_rule(request.user, assessment):
        raise PermissionDenied
    row = get_object_or_404(model.objects.filter(assessment=assessment), pk=ruling_pk)
    row.assessment = assessment
    form = ReasonForm(request.POST, prefix=f"{kind}-{ruling_pk}")
    if form.is_valid() and carry_out(
        form, getattr(row, verb), actor=request.user, **form.cleaned_data
    ):
        messages.success(request, f"已办理：{label}。重新计算结果后生效。")
        return redirect(reverse("assessments:result", args=[pk]))
    messages.error(request, f"{label}请写明原因。" if form.has_error("reason") else
                   form.non_field_errors()[0])  # fmt: skip
    return page(request, find(request, pk))
