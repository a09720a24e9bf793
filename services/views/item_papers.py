"""表格下载 on the staff's side: the head of the centre offers forms and takes them down."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from orgs.views.private_files import file_response
from orgs.views.verbs import carry_out
from services.models import ItemAttachment
from services.paper_forms import PaperForm
from services.views.items import find, find_to_maintain


def add(request, pk):
    """上传表格."""
    item = find_to_maintain(request, pk)
    form = PaperForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        offer = {"uploads": form.cleaned_data["files"], "item": item, "actor": request.user}
        if carry_out(form, ItemAttachment.offer, **offer):
            messages.success(request, "表格已上传，办事指南里可以下载。")
            return redirect(item)
    return render(request, "services/item_paper_form.html", {"item": item, "form": form})


def download(request, pk, paper_pk):
    """One form, also of an item that is not in use."""
    item = find(request, pk)
    row = get_object_or_404(item.papers.offered(), pk=paper_pk)
    return file_response(request, row)


def remove(request, pk, paper_pk):
    """撤下表格, after a question."""
    item = find_to_maintain(request, pk)
    row = get_object_or_404(item.papers, pk=paper_pk)
    if request.method == "POST":
        row.withdraw(actor=request.user)
        messages.success(request, f"“{row}”已撤下。")
        return redirect(item)
    return render(request, "services/item_paper_remove.html", {"item": item, "paper": row})
