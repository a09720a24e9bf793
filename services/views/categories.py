"""诉求分类: the tree of three levels, and the file that brings it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from orgs.models import Duty, Role
from orgs.views.access import allow, may_open
from orgs.views.export import export_response
from services.category_forms import CategoryFileForm, CategoryForm, CategoryRowsForm
from services.item_filters import CategoryFilter
from services.models import Category
from services.resources import CategoryResource, import_categories

KEEPERS = (Duty.SYSTEM, Role.CENTRE_HEAD)
PREVIEWED = 100


@allow(*KEEPERS)
def categories(request):
    """分类树."""
    rows = Category.objects.visible_to(request.user)
    found = CategoryFilter(request.GET, rows)
    tree = grow(rows, set(found.qs.values_list("pk", flat=True)))
    context = {
        "tree": tree,
        "filter": found,
        "narrowed": any(request.GET.get(name) for name in found.filters),
        "leaves": sum(len(middle["below"]) for top in tree for middle in top["below"]),
    }
    return render(request, "services/categories.html", context)


def grow(rows, shown) -> list[dict]:
    """The shown rows as a tree, with whatever is above them."""
    children = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)

    def branches(parent):
        grown = [{"row": row, "below": branches(row.pk)} for row in children.get(parent, ())]
        return [branch for branch in grown if branch["below"] or branch["row"].pk in shown]

    return branches(None)


@allow(*KEEPERS)
def create(request):
    """新增分类."""
    initial = {"parent": request.GET.get("parent")}
    form = CategoryForm(request.POST or None, initial=initial)
    if form.is_valid():
        row = Category.establish(actor=request.user, **form.cleaned_data)
        messages.success(request, f"已新增“{row.full_name}”。")
        return redirect(row)
    return render(request, "services/category_form.html", {"form": form})


def edit(request, pk):
    """修改 or 停用 one category."""
    rows = Category.objects.visible_to(request.user).with_full_name()
    row = get_object_or_404(rows, pk=pk)
    if not may_open(request.user, KEEPERS):
        raise PermissionDenied
    form = CategoryForm(request.POST or None, instance=row)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "is_active")}
        Category.objects.get(pk=pk).revise(actor=request.user, **fields)
        messages.success(request, "已保存。")
        return redirect(row)
    title = row.full_name if not form.errors else Category.objects.get(pk=pk).full_name
    return render(request, "services/category_form.html", {"form": form, "category": title})


@allow(*KEEPERS)
def import_file(request):
    """导入: a preview first; only what was previewed is imported."""
    if "template" in request.GET:
        return export_response(request, Sheet(CategoryResource().export()), "诉求分类")
    if "rows" in request.POST:
        return confirm(request)
    form = CategoryFileForm(request.POST or None, request.FILES or None)
    context = {"form": form}
    if form.is_valid():
        records = form.cleaned_data["file"]
        report = import_categories(records, dry_run=True)
        context |= {
            "report": report.as_dict(),
            "made": report.made[:PREVIEWED],
            "rest": len(report.made[PREVIEWED:]),
            "confirm": CategoryRowsForm(
                initial={"rows": CategoryRowsForm.pack(records, request.user)}, user=request.user
            ),
        }
    return render(request, "services/category_import.html", context)


def confirm(request):
    form = CategoryRowsForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, "预览已过期，请重新上传文件。")
        return redirect("services:category_import")
    report = import_categories(form.cleaned_data["rows"], actor=request.user)
    messages.success(request, report.lines()[0])
    return redirect("services:categories")


class Sheet:
    """A resource's dataset, in the shape that exports take."""

    def __init__(self, dataset):
        self.dataset = dataset

    def as_values(self):
        return [self.dataset.headers, *self.dataset]
