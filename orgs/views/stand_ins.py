"""AB岗: who takes whose place, from when to when."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from orgs.forms.stand_in import StandInForm
from orgs.models import NotAllowed, Role, StandIn
from orgs.views.access import allow


@allow(*Role)
def stand_ins(request):
    """AB岗代理: one's own, and those of one's subordinates."""
    form = StandInForm(request.POST or None, user=request.user)
    if form.is_valid():
        person = form.cleaned_data.pop("user")
        try:
            row = person.hand_over(actor=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已安排：{row}。")
            return redirect("orgs:stand_ins")
    rows = StandIn.objects.visible_to(request.user).select_related("user", "deputy")[:50]
    return render(request, "orgs/stand_ins.html", {"form": form, "rows": rows})


@require_POST
def end(request, pk):
    """返岗: the deputy's powers end today."""
    row = get_object_or_404(StandIn.objects.visible_to(request.user).current(), pk=pk)
    row.end(actor=request.user, on=localdate())
    messages.success(request, f"{row.user} 已返岗。")
    return redirect("orgs:stand_ins")
