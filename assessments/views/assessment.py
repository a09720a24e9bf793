"""考核表: one organization in one cycle; 自评 is its first tab."""

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments.lights import deadline_light
from assessments.models import Assessment, Stale, database_today
from assessments.models.evidence import EVIDENCE
from assessments.models.verbs import VERBS
from assessments.self_forms import VERB_FORMS, SelfForm
from assessments.self_report import build
from assessments.self_sheet import goal_sheets, last_year, standing
from orgs.models import NotAllowed
from orgs.views.verbs import carry_out

RELATED = ("cycle__scheme", "cycle__organization", "organization__local_supervisor")


def find(request, pk) -> Assessment:
    rows = Assessment.objects.visible_to(request.user).select_related(*RELATED, "submitted_by")
    return get_object_or_404(rows, pk=pk)


def head(request, row, tab) -> dict:
    """What every tab of the page shows above its own matter."""
    return {
        "row": row,
        "tab": tab,
        "light": deadline_light(row, database_today()),
        "verbs": row.verbs_for(request.user),
    }


def sheet_of(row):
    rows = row.answers.select_related("indicator__goal").prefetch_related(*EVIDENCE)
    return list(rows)


def assessment(request, pk):
    """自评: what the portal knows and what the organization says, goal by goal."""
    row = find(request, pk)
    answers = sheet_of(row)
    may_fill = "fill" in row.verbs_for(request.user) and not row.why_closed(request.user)
    if request.method != "POST":
        return page(request, row, answers, SelfForm(row=row, answers=answers) if may_fill else None)
    if "fill" not in row.verbs_for(request.user):
        raise PermissionDenied
    is_final = request.POST.get("then") == "submit"
    if is_final and "submit" not in row.verbs_for(request.user):
        raise PermissionDenied
    form = SelfForm(request.POST, row=row, answers=answers, is_final=is_final)
    if request.htmx:
        return autosaved(request, row, form)
    if form.is_valid():
        verb = row.submit if is_final else row.fill
        try:
            if carry_out_fresh(form, verb, actor=request.user, **form.verb_arguments()):
                messages.success(request, "自评已提交。" if is_final else "自评已保存。")
                return redirect(row)
        except Stale as stale:
            row = find(request, pk)
            form = form.against(row, answers := sheet_of(row))
            form.add_error(None, str(stale))
            return page(request, row, answers, form, status=409)
    return page(request, row, answers, form)


def carry_out_fresh(form, verb, **arguments) -> bool:
    """`carry_out`, but a form that is out of date is told apart from one that is refused."""
    stale = []

    def attempt(**said):
        try:
            verb(**said)
        except Stale as error:
            stale.append(error)

    done = carry_out(form, attempt, **arguments)
    if stale:
        raise stale[0]
    return done


def autosaved(request, row, form):
    """A line for the foot of the form: saved when, or why not; nothing else changes."""
    words, is_saved = "有内容填得不对，保存前请先改正。", False
    if form.is_valid():
        try:
            row.fill(actor=request.user, **form.verb_arguments())
            words, is_saved = "", True
        except NotAllowed as refusal:
            words = str(refusal)
    context = {"row": row, "is_saved": is_saved, "words": words, "version": row.version}
    context["left"] = standing(row, sheet_of(row))["left"]
    return render(request, "assessments/self_saved.html", context)


def page(request, row, answers, form, *, bound=None, status=200):
    before = last_year(row)
    verbs = [name for name in row.verbs_for(request.user) if name in VERB_FORMS]
    bound = bound or {}
    context = head(request, row, "self") | {
        "form": form,
        "sheets": goal_sheets(answers, form, before),
        "standing": standing(row, answers),
        "may_submit": form is not None and "submit" in row.verbs_for(request.user),
        "closed": row.why_closed(request.user) if "fill" in row.verbs_for(request.user) else "",
        "verb_forms": [
            (name, VERBS[name].label, bound.get(name) or VERB_FORMS[name](prefix=name))
            for name in verbs
        ],
    }
    return render(request, "assessments/assessment.html", context, status=status)


@require_POST
def act(request, pk, verb):
    """退回 and 延期."""
    row = find(request, pk)
    if verb not in VERB_FORMS:
        raise Http404
    if verb not in row.verbs_for(request.user):
        raise PermissionDenied
    form = VERB_FORMS[verb](request.POST, prefix=verb)
    if form.is_valid() and carry_out(
        form, getattr(row, verb), actor=request.user, **form.cleaned_data
    ):
        messages.success(request, f"已{VERBS[verb].label}。")
        return redirect(row)
    return page(request, row, sheet_of(row), None, bound={verb: form})


def report(request, pk):
    """自评报告 for paper: the whole sheet in words, drafted from what is on record."""
    row = find(request, pk)
    return render(request, "assessments/self_report.html", {"row": row, **reported(row)})


def report_docx(request, pk):
    """自评报告 as a Word file."""
    row = find(request, pk)
    content = build(row, **reported(row))
    name = f"{row.name}{row.cycle.year}年度自评报告.docx"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name)


def reported(row) -> dict:
    answers = sheet_of(row)
    sheets = goal_sheets(answers, None, last_year(row))
    return {"sheets": sheets, "standing": standing(row, answers)}
