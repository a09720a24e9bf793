"""纸质票 of one organization: batches are registered, then typed blind by two people."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from assessments.ballot_forms import BatchForm, PaperForm, paper_key
from assessments.models import PaperBatch
from assessments.views.assessment import find, head
from assessments.views.ballot import current
from orgs.views.verbs import carry_out


def look_up(request, pk, verb):
    assessment = find(request, pk)
    ballot = current(assessment)
    if ballot is None:
        raise Http404
    return assessment, ballot, verb in ballot.verbs_for(request.user)


def batch_new(request, pk):
    """登记一批."""
    assessment, ballot, may = look_up(request, pk, "add_batch")
    if not may:
        raise PermissionDenied
    form = BatchForm(request.POST or None, strata=ballot.strata.select_related("group"))
    if form.is_valid() and carry_out(
        form, partial(PaperBatch.register, ballot=ballot), actor=request.user, **form.cleaned_data
    ):
        messages.success(request, "批次已登记，请两位同志分别录入。")
        return redirect(ballot)
    context = head(request, assessment, "ballot") | {"ballot": ballot, "form": form}
    return render(request, "assessments/paper_new.html", context)


def batch(request, pk, batch_pk):
    """录入: the reader sees only what he or she typed."""
    assessment, ballot, may = look_up(request, pk, "enter_paper")
    rows = PaperBatch.objects.select_related("stratum__ballot__assessment", "stratum__group")
    row = get_object_or_404(rows, pk=batch_pk, stratum__ballot=ballot)
    if not may:
        raise PermissionDenied
    typed, size = row.typed_by(request.user), len(ballot.questions())
    form = PaperForm(request.POST or None, size=size, returned=row.returned, typed=typed)
    if form.is_valid() and carry_out(form, row.enter, actor=request.user, **form.cleaned_data):
        differing = row.differing()
        if row.matched_at:
            messages.success(request, f"{row}两人录入一致，已计入。")
        elif differing:
            numbers = "、".join(map(str, differing))
            messages.warning(request, f"与另一位不一致：第 {numbers} 张，请各自对照原票。")
        else:
            messages.success(request, "已保存，等另一位同志录入。")
        return redirect(ballot)
    context = head(request, assessment, "ballot") | {
        "ballot": ballot,
        "batch": row,
        "form": form,
        "typed": typed,
        "turn": row.turn_of(request.user),
        "differing": row.differing(),
        "key": paper_key(size),
    }
    return render(request, "assessments/paper.html", context)
