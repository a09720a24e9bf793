"""党组织: the tree, one organization, and its changes."""

from copy import copy

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.module_loading import import_string

from orgs import organization_roster
from orgs.filters import OrganizationFilter
from orgs.forms.organization import EstablishForm, MoveForm, ReviseForm
from orgs.models import AuditEntry, Duty, Level, Organization, Role, ServiceCentre, Tag
from orgs.models.rights import on_organization
from orgs.tables import OrganizationTable
from orgs.views.access import allow
from orgs.views.committees import section as committee_section
from orgs.views.export import conditions, download
from orgs.views.history import HISTORY_SHOWN, history_line
from orgs.views.listing import paged
from orgs.views.members import section as member_section
from orgs.views.verbs import carry_out


def find(request, pk, right=None):
    """The organization, 404 out of reach, 403 without the right to this."""
    rows = Organization.objects.visible_to(request.user).select_related("local_supervisor")
    organization = get_object_or_404(rows, pk=pk)
    if right and right not in on_organization(request.user, organization):
        raise PermissionDenied
    return organization


def filtered(request):
    """The node whose branch is shown, if any, and the organizations asked for in it."""
    rows = visible = Organization.objects.visible_to(request.user)
    under = request.GET.get("under", "")
    node = get_object_or_404(visible, pk=under) if under.isdecimal() else None
    if node:
        rows = rows.within(node)
    return node, OrganizationFilter(request.GET, rows.with_parent_name())


@allow(*Role, Duty.SYSTEM, Duty.SECURITY)
def organizations(request):
    """党组织列表, in the order of the tree."""
    node, found = filtered(request)
    table = OrganizationTable(found.qs, depth=node.depth if node else 1)
    context = {
        "filter": found,
        "table": paged(request, table),
        "node": node,
        "above": above(request.user, node) if node else [],
        "may_create": request.user.duty == Duty.SYSTEM,
    }
    return render(request, "orgs/organizations.html", context)


@allow(*Role, Duty.SYSTEM, Duty.SECURITY)
def export(request):
    """导出: the organizations that the filters show, as the import takes them back."""
    _, found = filtered(request)
    rows = organization_roster.rows_of(found.qs.select_related("local_supervisor"))
    said = conditions(request)
    return download(request, "党组织", organization_roster.HEADINGS, rows, said=said)


def above(user, organization):
    """The organizations above, from the root, each with whether the user may open it."""
    reach = set(
        Organization.objects.visible_to(user)
        .with_parents(organization)
        .values_list("pk", flat=True)
    )
    parents = Organization.objects.with_parents(organization).exclude(pk=organization.pk)
    return [(parent, parent.pk in reach) for parent in parents]


def detail(request, pk):
    """党组织: place in the tree, 班子, 党员, 阵地, what the floors above tell of it, changes."""
    organization = find(request, pk)
    below = Organization.objects.within(organization).active().exclude(pk=organization.pk)
    levels = dict(below.order_by().values_list("level").annotate(number=Count("pk")))
    posts = organization.posts.current().filter(user__is_active=True)
    entries = AuditEntry.objects.about(organization).reverse()[:HISTORY_SHOWN]
    context = {
        "organization": organization,
        "rights": on_organization(request.user, organization),
        "above": above(request.user, organization),
        "below": sum(levels.values()),
        "levels": [(level.label, levels[level]) for level in Level if level in levels],
        "centres": organization.centres.active(),
        "centres_below": ServiceCentre.objects.active().filter(organization__in=below).count(),
        "sections": sections_above(request.user, organization),
        "posts": posts.select_related("organization", "department", "user"),
        "tags": organization.tags.all(),
        "history": [history_line(entry) for entry in entries],
        "sees_accounts": request.user.duty in (Duty.SYSTEM, Duty.SECURITY),
    }
    context |= committee_section(request.user, organization)
    context |= member_section(request.user, organization)
    return render(request, "orgs/organization.html", context)


def sections_above(user, organization) -> list[dict]:
    """办件, 考核: functions that the settings name make them, or None where there is nothing to
    see; each says which `template` shows it."""
    makers = [import_string(path) for path in settings.ORGANIZATION_SECTIONS]
    return list(filter(None, (make(user, organization) for make in makers)))


@allow(Duty.SYSTEM)
def create(request):
    """组建党组织."""
    form = EstablishForm(request.POST or None, initial={"parent": request.GET.get("parent", "")})
    if form.is_valid():
        fields = form.cleaned_data | {"tags": Tag.named(form.cleaned_data["tags"])}
        organization = Organization.establish(actor=request.user, **fields)
        messages.success(request, f"已组建{organization}。")
        return redirect(organization)
    return render(request, "orgs/organization_form.html", {"form": form, "title": "组建党组织"})


def edit(request, pk):
    """变更党组织信息."""
    organization = find(request, pk, "edit")
    # The form writes into its instance, and the verb compares with what was.
    form = ReviseForm(
        request.POST or None,
        instance=copy(organization),
        keeps_code=request.user.duty != Duty.SYSTEM,
    )
    if form.is_valid():
        fields = form.cleaned_data | {"tags": Tag.named(form.cleaned_data["tags"])}
        organization.revise(actor=request.user, **fields)
        messages.success(request, "党组织信息已变更。")
        return redirect(organization)
    context = {"form": form, "organization": organization, "title": "变更党组织信息"}
    return render(request, "orgs/organization_form.html", context)


def move(request, pk):
    """调整隶属关系."""
    organization = find(request, pk, "move")
    form = MoveForm(request.POST or None, moved=organization)
    if form.is_valid() and carry_out(
        form, organization.relocate, actor=request.user, **form.cleaned_data
    ):
        messages.success(request, "隶属关系已调整。")
        return redirect(organization)
    context = {
        "form": form,
        "organization": organization,
        "above": above(request.user, organization),
        "below": Organization.objects.within(organization).count() - 1,
    }
    return render(request, "orgs/organization_move.html", context)
