"""事项清单 for staff: everybody sees it, the head of the centre keeps it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from orgs.models import NotAllowed, Role
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from services.item_filters import ItemFilter
from services.item_forms import ItemForm, SwitchForm
from services.item_tables import ItemTable
from services.models import ServiceItem
from services.models.item import CONTENT
from services.models.openness import openness


def filtered(request):
    rows = ServiceItem.objects.visible_to(request.user).for_list().with_openness()
    return ItemFilter(request.GET, rows, user=request.user)


@allow(*Role)
def items(request):
    """事项清单."""
    found = filtered(request)
    context = {
        "table": paged(request, ItemTable(found.qs)),
        "filter": found,
        "openness": found.qs.mean_openness(),
        "may_create": request.user.holds(Role.CENTRE_HEAD),
    }
    return render(request, "services/items.html", context)


@allow(*Role)
def export(request):
    """导出: the items that the filters show, with everything their versions say."""
    rows = filtered(request).qs.select_related("current__category__parent__parent")
    return export_response(request, ItemTable(rows), "事项清单")


def find(request, pk):
    rows = ServiceItem.objects.visible_to(request.user).for_list()
    rows = rows.select_related("department__organization", "current__category__parent__parent")
    return get_object_or_404(rows, pk=pk)


def find_to_maintain(request, pk):
    item = find(request, pk)
    if not item.may_maintain(request.user):
        raise PermissionDenied
    return item


def detail(request, pk):
    """事项页: the version in force, and how it came about."""
    item = find(request, pk)
    versions = item.versions.select_related("category__parent__parent", "published_by")
    papers = list(item.papers.offered().select_related("uploaded_by"))
    context = {
        "item": item,
        "version": item.current,
        "papers": papers,
        "openness": openness(item, papers=len(papers)),
        "history": history_of(list(versions)),
        "may_maintain": item.may_maintain(request.user),
    }
    return render(request, "services/item.html", context)


def history_of(versions):
    """Every version with what it changed of the one before, newest first."""
    return [
        (version, version.differences(earlier))
        for version, earlier in zip(versions, [*versions[1:], None], strict=True)
    ]


@allow(Role.CENTRE_HEAD)
def create(request):
    """新增事项."""
    form = ItemForm(request.POST or None, user=request.user)
    if form.is_valid():
        item = ServiceItem.introduce(actor=request.user, **said(form, "code"))
        messages.success(request, f"已新增“{item}”，办事指南和登记窗口即可使用。")
        return redirect(item)
    return render(request, "services/item_form.html", {"form": form})


def edit(request, pk):
    """修改事项: what is saved becomes a new version."""
    item = find_to_maintain(request, pk)
    form = ItemForm(request.POST or None, item=item, user=request.user)
    status, news = 200, []
    if form.is_valid():
        try:
            changed = item.revise(actor=request.user, **said(form, "since"))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))  # keep what was typed
            status, news = 409, news_since(item, form.cleaned_data["since"])
            form.catch_up()
        else:
            tell(request, item, changed)
            return redirect(item)
    context = {"form": form, "item": item, "history": news}
    return render(request, "services/item_form.html", context, status=status)


def news_since(item, number):
    """The versions that came after the one somebody has read, with what they changed."""
    versions = item.versions.filter(number__gte=number)
    return history_of(list(versions.select_related("category__parent__parent", "published_by")))[
        :-1
    ]


def said(form, *more):
    return {name: form.cleaned_data[name] for name in (*CONTENT, "department", *more)}


def tell(request, item, changed):
    if changed:
        messages.success(request, f"已保存，现为第 {item.current.number} 版。")
    else:
        messages.info(request, "内容没有变化，没有发布新版本。")


def switch(request, pk):
    """启用 or 停用, after a question."""
    item = find_to_maintain(request, pk)
    form = SwitchForm(request.POST or None, initial={"active": not item.is_active})
    if form.is_valid():
        item.switch(form.cleaned_data["active"], actor=request.user)
        messages.success(request, f"“{item}”已{'启用' if item.is_active else '停用'}。")
        return redirect(item)
    return render(request, "services/item_switch.html", {"item": item, "form": form})
