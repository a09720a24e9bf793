"""办事指南: what the centres do for citizens, open to everybody."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from orgs.models import Organization, ServiceCentre
from orgs.views.private_files import file_response
from services.models import Announcement, ItemAttachment, ServiceItem
from services.qr import qr_of

PER_PAGE = 20
LONGEST_SEARCH = 40
NEWS = 5
#: As many centres are listed at once; more are folded by county.
OPEN_CENTRES = 12


@login_not_required
def guide(request):
    """办事指南: search, or browse by centre and unit."""
    words, unit = asked(request, "q"), asked(request, "unit")
    centre = chosen_centre(request)
    found = offered(centre).search(words)
    chosen = found.filter(department__name=unit) if unit else found
    context = {
        "words": words,
        "centre": centre,
        "counties": [] if centre or words else counties(),
        "units": [{**row, "query": query(words, centre, row["name"])} for row in units_of(found)],
        "unit": unit,
        "page": Paginator(chosen.for_guide(), PER_PAGE).get_page(request.GET.get("page")),
        "query": query(words, centre, unit),
        "all_units": query(words, centre),
        "everywhere": query(words, None, unit),
        "news": [] if words or unit else newest(centre),
    }
    return render(request, "services/guide.html", context)


def asked(request, name) -> str:
    """A parameter as somebody may have typed it; PostgreSQL takes no NUL."""
    text = "".join(filter(str.isprintable, request.GET.get(name, "")))
    return text.strip()[:LONGEST_SEARCH]


def offered(centre):
    items = ServiceItem.objects.active()
    return items.available_to(centre.organization) if centre else items


def query(words, centre, unit="") -> str:
    """The address's part after the question mark."""
    said = {"q": words, "centre": centre.pk if centre else "", "unit": unit}
    return urlencode({name: value for name, value in said.items() if value})


def chosen_centre(request):
    pk = request.GET.get("centre", "")
    centres = ServiceCentre.objects.active().select_related("organization")
    return get_object_or_404(centres, pk=pk) if pk.isdecimal() else None


def newest(centre):
    """What the board says now; of a centre, its organization's and those above."""
    rows = Announcement.objects.current()
    if centre:
        above = Organization.objects.with_parents(centre.organization)
        rows = rows.filter(organization__in=above)
    return rows[:NEWS]


def units_of(found):
    """The units behind the items, the busiest first; those of one name are one."""
    rows = found.order_by().values("department__name").annotate(items=Count("pk"))
    rows = sorted(rows, key=lambda row: (-row["items"], row["department__name"]))
    return [{"name": row["department__name"], "items": row["items"]} for row in rows]


def counties():
    """Centres that offer items of their own, by the organization above them."""
    own = ServiceItem.objects.active().filter(organization=OuterRef("organization"))
    centres = ServiceCentre.objects.active().filter(Exists(own)).select_related("organization")
    step = Organization.steplen
    paths = {centre.organization.path[:-step] for centre in centres}
    names = {node.path: str(node) for node in Organization.objects.filter(path__in=paths)}
    groups = {}
    for centre in centres:
        groups.setdefault(names.get(centre.organization.path[:-step], ""), []).append(centre)
    folded = len(centres) > OPEN_CENTRES and len(groups) > 1
    return [{"name": name, "centres": rows, "folded": folded} for name, rows in groups.items()]


@login_not_required
def guide_item(request, pk):
    """One item, as a citizen needs it before setting out."""
    return render(request, "services/guide_item.html", told_of(pk))


@login_not_required
def poster(request, pk):
    """张贴页: the item on one A4 sheet, with the way to its page."""
    path = reverse("services:guide_item", args=[pk])
    return render(request, "services/guide_poster.html", {**told_of(pk), "qr": qr_of(path)})


@login_not_required
def paper(request, pk, paper_pk):
    """A blank form, for everybody while its item is in use."""
    row = get_object_or_404(ItemAttachment.objects.public(), item=pk, pk=paper_pk)
    return file_response(request, row)


def told_of(pk) -> dict:
    """Everything the public may know of an item in use."""
    item = get_object_or_404(ServiceItem.objects.active().for_guide(), pk=pk)
    centre = item.department.centre
    if centre is None or not centre.is_active:
        centre = ServiceCentre.objects.active().serving(item.organization).first()
    version = item.current
    return {
        "item": item,
        "version": version,
        "centre": centre,
        "materials": version.materials.splitlines(),
        "steps": version.steps.splitlines(),
        "papers": item.papers.offered(),
    }
