"""What may be done with several sheets of one file at once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from orgs.forms.imports import TogetherForm
from orgs.nudge import nudge
from orgs.rosters.together import VERBS, ready
from orgs.tasks import work_on_import
from orgs.views.imports import find
from orgs.views.verbs import carry_out


@require_POST
def act(request, pk, verb):
    """确认入库 or 放弃 of several sheets of the file, all or none."""
    batch = find(request, pk)
    if verb not in VERBS:
        raise Http404
    form = TogetherForm(request.POST, batches=ready(batch, request.user)[verb])
    batches = form.cleaned_data["batches"] if form.is_valid() else []
    if batches and carry_out(form, VERBS[verb], batches=batches, actor=request.user):
        for asked in batches:
            nudge(work_on_import, asked.pk)
        done = "已交给系统依次入库" if verb == "approve" else "已放弃"
        messages.success(request, f"{done}：{len(batches)} 张工作表。")
    else:
        for errors in form.errors.values():
            messages.error(request, errors[0])
    return redirect(batch)
