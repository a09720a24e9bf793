"""申诉: the list, filing one, answering it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments.appeal_tables import AppealFilter, AppealTable
from assessments.models import Appeal
from assessments.result_forms import AnswerForm, AppealForm
from assessments.views.assessment import find
from assessments.views.result import page
from orgs.models import Role
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

READERS = (Role.SECRETARY, Role.REVIEWER)


def listed(request):
    rows = Appeal.objects.visible_to(request.user).select_related("assessment__cycle", "filed_by")
    return AppealFilter(request.GET, rows)


@allow(*READERS)
def appeals(request):
    found = listed(request)
    context = {"filter": found, "table": paged(request, AppealTable(found.qs))}
    return render(request, "assessments/appeals.html", context)


@allow(*READERS)
def export(request):
    return export_response(request, AppealTable(listed(request).qs), "考核申诉")


@require_POST
def file(request, pk):
    """提出申诉."""
    assessment = find(request, pk)
    if not Appeal.may_file(request.user, assessment):
        raise PermissionDenied
    form = AppealForm(request.POST, prefix="file")
    if form.is_valid() and carry_out(
        form, Appeal.file, actor=request.user, assessment=assessment, **form.cleaned_data
    ):
        messages.success(request, "申诉已提交，组织部门会在期限内答复。")
        return redirect(reverse("assessments:result", args=[pk]))
    return page(request, assessment, appeal_form=form)


@require_POST
def answer(request, pk, appeal_pk):
    """答复申诉."""
    assessment = find(request, pk)
    row = get_object_or_404(Appeal.objects.filter(assessment=assessment), pk=appeal_pk)
    row.assessment = assessment
    if not row.may_answer(request.user):
        raise PermissionDenied
    form = AnswerForm(request.POST, prefix="answer")
    if form.is_valid() and carry_out(form, row.reply, actor=request.user, **form.cleaned_data):
        messages.success(request, f"已答复：{row.get_status_display()}。")
        return redirect(reverse("assessments:result", args=[pk]))
    return page(request, assessment, answer_form=form)
