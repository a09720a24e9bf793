"""撤销导入: what would go back and what would stay is shown first."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from orgs.forms.imports import ReasonForm
from orgs.nudge import nudge
from orgs.rosters.kinds import kind_of
from orgs.rosters.undo import foresee
from orgs.rosters.work import outcome
from orgs.tasks import work_on_import
from orgs.views.imports import find
from orgs.views.verbs import carry_out

#: Of more rows the page does not try out beforehand what would stay.
FORESEEN = 2000


def undo(request, pk):
    """撤销导入."""
    batch = find(request, pk)
    if "take_back" not in batch.verbs_for(request.user):
        if batch.work or batch.status == "UNDONE":
            return redirect(batch)
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if form.is_valid() and carry_out(
        form, batch.take_back, actor=request.user, **form.cleaned_data
    ):
        nudge(work_on_import, pk)
        return redirect(batch)
    is_short = batch.goes_in <= FORESEEN
    undone = outcome(foresee(batch, kind_of(batch).undo)) if is_short else None
    return render(
        request, "orgs/import_undo.html", {"batch": batch, "form": form, "undone": undone}
    )
