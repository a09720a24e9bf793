"""One indicator of one organization: how its figure came about, and the evidence."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments.derivation import Derivation
from assessments.models import EvidenceCase, EvidenceFile, EvidenceMember
from assessments.review_forms import PlainForm
from assessments.self_forms import CaseForm, FileForm, MemberForm
from assessments.self_sheet import last_year
from assessments.views.assessment import find, head
from orgs.views.private_files import file_response
from orgs.views.verbs import carry_out

RELATED = ("indicator__goal", "indicator__scheme", "assessment__cycle", "assessment__organization")

CITING = {
    "add_file": ("上传文件", FileForm, EvidenceFile.add),
    "add_case": ("引用办件", CaseForm, EvidenceCase.add),
    "add_member": ("引用党员", MemberForm, EvidenceMember.add),
}


def find_answer(request, pk, answer_pk):
    row = find(request, pk)
    answer = get_object_or_404(row.answers.select_related(*RELATED), pk=answer_pk)
    answer.assessment = row
    return row, answer


def answer(request, pk, answer_pk):
    """取数过程和佐证."""
    row, found = find_answer(request, pk, answer_pk)
    may = "fill" in row.verbs_for(request.user) and not row.why_closed(request.user)
    given = {"user": request.user, "place": row.organization}
    forms = {}
    for name, (_, form_class, add) in CITING.items():
        data = [request.POST, request.FILES] if name in request.POST else []
        form = forms[name] = form_class(*data, **given)
        if not form.is_bound:
            continue
        if not may:
            raise PermissionDenied
        if form.is_valid() and carry_out(
            form, add, actor=request.user, answer=found, **form.verb_arguments()
        ):
            messages.success(request, "已添加佐证。")
            return redirect("assessments:answer", pk, answer_pk)
    key = (found.indicator.code, found.indicator.name)
    context = head(request, row, "self") | {
        "answer": found,
        "indicator": found.indicator,
        "derivation": Derivation(found, request.user, request.GET.get("part", "counted")),
        "before": last_year(row).get(key),
        "files": found.files.select_related("uploaded_by"),
        "cases": found.cases.select_related("request", "added_by"),
        "members": found.members.select_related("member", "added_by"),
        "may": may,
        "forms": [(name, CITING[name][0], form) for name, form in forms.items()],
    }
    return render(request, "assessments/answer.html", context)


def evidence_file(request, pk, answer_pk, file_pk):
    """One file, through the scope of its assessment."""
    _, found = find_answer(request, pk, answer_pk)
    row = get_object_or_404(EvidenceFile, answer=found, pk=file_pk)
    return file_response(request, row)


@require_POST
def remove(request, pk, answer_pk, kind, evidence_pk):
    """移除佐证."""
    row, found = find_answer(request, pk, answer_pk)
    rows = {"file": found.files, "case": found.cases, "member": found.members}.get(kind)
    if rows is None:
        raise Http404
    evidence = get_object_or_404(rows, pk=evidence_pk)
    if "fill" not in row.verbs_for(request.user) or row.why_closed(request.user):
        raise PermissionDenied
    evidence.answer = found
    form = PlainForm(request.POST)
    if carry_out(form, evidence.remove, actor=request.user):
        messages.success(request, "已移除。")
    else:
        messages.error(request, form.non_field_errors()[0])
    return redirect("assessments:answer", pk, answer_pk)
