"""导入事项: a preview first; only what was previewed is imported."""

from django.contrib import messages
from django.shortcuts import redirect, render
from tablib import Dataset

from orgs.models import Role
from orgs.views.access import allow
from orgs.views.export import export_response
from services.item_file_forms import ItemFileForm, ItemRowsForm
from services.item_resource import COLUMNS, REQUIRED, import_items
from services.views.categories import Sheet

SHOWN = 100


@allow(Role.CENTRE_HEAD)
def import_file(request):
    """导入事项: 下载模板, 预览, 确认."""
    if "template" in request.GET:
        return export_response(request, Sheet(template()), "事项导入模板")
    if "rows" in request.POST:
        return confirm(request)
    form = ItemFileForm(request.POST or None, request.FILES or None)
    context = {"form": form}
    if form.is_valid():
        context |= preview(form.cleaned_data["file"], request.user)
    return render(request, "services/item_import.html", context)


def preview(records, user) -> dict:
    report, numbers = import_items(records, actor=user, dry_run=True)
    packed = ItemRowsForm.pack({"records": records, "seen": numbers}, user)
    return {
        "report": report.as_dict(),
        "todo": len(report.changes),
        "changes": report.changes[:SHOWN],
        "rest": len(report.changes[SHOWN:]),
        "confirm": ItemRowsForm(initial={"rows": packed}, user=user),
    }


def confirm(request):
    form = ItemRowsForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, "预览已过期，请重新上传文件。")
        return redirect("services:item_import")
    report, _ = import_items(**form.cleaned_data["rows"], actor=request.user)
    lines = report.lines()
    messages.success(request, lines[0])
    for line in lines[1:]:
        messages.error(request, line)
    return redirect("services:items")


def template() -> Dataset:
    """The headings alone; those that must be filled say so."""
    marks = dict.fromkeys(REQUIRED, "（必填）")
    return Dataset(headers=[heading + marks.get(name, "") for name, heading in COLUMNS.items()])
