"""暂存: put an unfinished intake form aside, find it again, go on with it or delete it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from services.draft_forms import DraftForm
from services.forms import IntakeForm
from services.models import Draft, ServiceRequest
from services.models.draft import KEPT_DAYS
from services.tables import DraftTable
from services.views.intake import counter_of, intake_page


def drafts(request):
    """我的草稿; a POST is an intake form to be put aside."""
    organization = counter_of(request.user)
    if request.method == "POST":
        return put_aside(request, organization)
    table = DraftTable(Draft.objects.visible_to(request.user), orderable=False)
    return render(request, "services/drafts.html", {"table": table, "days": KEPT_DAYS})


def put_aside(request, organization):
    form = DraftForm(request.POST, organization=organization)
    if not form.is_valid():
        return intake_page(request, form, organization)
    ServiceRequest.put_aside(
        actor=request.user,
        organization=organization,
        nonce=form.cleaned_data["nonce"],
        typed=form.typed,
    )
    left_out = "附件不随草稿保存，登记时请再次选择。" if request.FILES else ""
    messages.success(request, f"已暂存，还没有登记、没有编号。{left_out}")
    return redirect("services:drafts")


def draft(request, pk):
    """Go on where it was left: the intake form with what was typed."""
    row = get_object_or_404(Draft.objects.visible_to(request.user), pk=pk)
    form = IntakeForm(initial={**row.typed, "nonce": row.nonce}, organization=row.organization)
    return intake_page(request, form, row.organization, draft=row)


def discard(request, pk):
    """删除, after a question."""
    row = get_object_or_404(Draft.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        row.discard(actor=request.user)
        messages.success(request, "草稿已删除。")
        return redirect("services:drafts")
    return render(request, "services/drafts_discard.html", {"draft": row})
