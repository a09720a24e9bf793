"""服务中心: centres, their windows and the handling units behind them."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render

from orgs.filters import CentreFilter
from orgs.forms.centre import EstablishCentreForm, ReviseCentreForm, ReviseUnitForm, UnitForm
from orgs.models import Department, Duty, Post, Role, ServiceCentre
from orgs.models.rights import on_centre
from orgs.models.venue import DEFAULT_WINDOWS
from orgs.tables import CentreTable
from orgs.views.access import allow
from orgs.views.listing import paged
from orgs.views.verbs import carry_out

#: Roles at the counter and behind it, without those of the handling units.
STAFF = (Role.CENTRE_HEAD, Role.CLERK, Role.AGENT, Role.DISPATCHER, Role.CALLBACK)


def find(request, pk, right=None):
    """The centre, 404 out of reach, 403 without the right to this."""
    rows = ServiceCentre.objects.visible_to(request.user).select_related("organization")
    centre = get_object_or_404(rows, pk=pk)
    if right and right not in on_centre(request.user, centre):
        raise PermissionDenied
    return centre


@allow(*Role, Duty.SYSTEM)
def centres(request):
    """服务中心列表."""
    units = Count("departments", filter=Q(departments__is_active=True))
    rows = ServiceCentre.objects.visible_to(request.user).select_related("organization")
    # Said again: the model's own order is not kept where rows are counted in groups.
    rows = rows.annotate(units=units).order_by("organization__path", "pk")
    found = CentreFilter(request.GET, rows)
    context = {
        "filter": found,
        "table": paged(request, CentreTable(found.qs)),
        "may_create": request.user.duty == Duty.SYSTEM,
    }
    return render(request, "orgs/centres.html", context)


@allow(Duty.SYSTEM)
def create(request):
    """设立服务中心."""
    asked = {"organization": request.GET.get("organization", "")}
    form = EstablishCentreForm(request.POST or None, initial=asked)
    if form.is_valid():
        centre = ServiceCentre.establish(actor=request.user, **form.cleaned_data)
        messages.success(request, f"已设立{centre}，请接着开设窗口。")
        return redirect(centre)
    return render(request, "orgs/centre_form.html", {"form": form, "title": "设立服务中心"})


def detail(request, pk):
    """服务中心: what it is, its windows, and who is on post behind each."""
    centre = find(request, pk)
    posts = Post.objects.current().filter(user__is_active=True).select_related("user")
    people = Prefetch("posts", queryset=posts, to_attr="people")
    units = centre.departments.prefetch_related(people)
    context = {
        "centre": centre,
        "rights": on_centre(request.user, centre),
        "units": units.filter(is_active=True),
        "stopped": units.filter(is_active=False),
        "staff": posts.filter(organization=centre.organization, role__in=STAFF),
    }
    return render(request, "orgs/centre.html", context)


def edit(request, pk):
    """变更服务中心."""
    centre = find(request, pk, "edit")
    form = ReviseCentreForm(request.POST or None, instance=copy(centre))
    if form.is_valid():
        centre.revise(actor=request.user, **form.cleaned_data)
        messages.success(request, "服务中心已变更。")
        return redirect(centre)
    context = {"form": form, "centre": centre, "title": "变更服务中心"}
    return render(request, "orgs/centre_form.html", context)


def open_windows(request, pk):
    """开设窗口: the eight usual departments, those that are not there yet."""
    centre = find(request, pk, "windows")
    present = set(centre.organization.departments.values_list("name", flat=True))
    missing = [name for name in DEFAULT_WINDOWS if name not in present]
    if request.method == "POST":
        made = centre.open_windows(actor=request.user)
        messages.success(request, f"新设 {len(made)} 个承办单位。" if made else "窗口已经齐全。")
        return redirect(centre)
    context = {"centre": centre, "missing": missing, "missing_words": "、".join(missing)}
    return render(request, "orgs/centre_windows.html", context)


def create_unit(request, pk):
    """设立承办单位."""
    centre = find(request, pk, "units")
    fixed = {"organization": centre.organization, "centre": centre}
    form = UnitForm(request.POST or None, instance=Department(**fixed))
    if form.is_valid():
        Department.establish(actor=request.user, **fixed, **form.cleaned_data)
        messages.success(request, "承办单位已设立。")
        return redirect(centre)
    context = {"form": form, "centre": centre, "title": "设立承办单位"}
    return render(request, "orgs/centre_form.html", context)


def edit_unit(request, pk, unit_pk):
    """变更或停用承办单位."""
    centre = find(request, pk, "units")
    unit = get_object_or_404(centre.departments.select_related("organization"), pk=unit_pk)
    form = ReviseUnitForm(request.POST or None, instance=copy(unit))
    if form.is_valid() and carry_out(form, unit.revise, actor=request.user, **form.cleaned_data):
        messages.success(request, "承办单位已变更。")
        return redirect(centre)
    context = {"form": form, "centre": centre, "title": f"变更{unit.name}"}
    return render(request, "orgs/centre_form.html", context)
