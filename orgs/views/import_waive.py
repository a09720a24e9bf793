"""忽略证件校验: rows whose number stands so on the card."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from orgs.forms.imports import WaiveForm
from orgs.rosters.lines import lines_of
from orgs.rosters.waive import waivable, waive
from orgs.views.imports import find
from orgs.views.verbs import carry_out


def waive_rows(request, pk):
    """忽略证件校验."""
    batch = find(request, pk)
    if "waive" not in batch.verbs_for(request.user):
        if batch.may_be_decided_by(request.user):
            return redirect(batch)
        raise PermissionDenied
    form = WaiveForm(request.POST or None, lines=lines_of(batch, waivable(batch), request.user))
    if form.is_valid() and carry_out(
        form, waive, batch=batch, actor=request.user, **form.cleaned_data
    ):
        return redirect(f"{batch.get_absolute_url()}?tab=WARNED")
    return render(request, "orgs/import_waive.html", {"batch": batch, "form": form})
