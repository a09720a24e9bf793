"""服务中心 for citizens: where it is, when it is open, and who is on duty behind each window."""

import re

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render

from orgs.models import Level, Organization, Post, Role, ServiceCentre
from services.models import Announcement
from services.views.guide import asked

PER_PAGE, NEWS = 20, 3
#: Whom a citizen meets in the hall; 驻村干部 are the cadres of a village's station.
HALL = (Role.CENTRE_HEAD, Role.CLERK)


@login_not_required
def centres(request):
    """各级服务中心, by township with the stations of its villages."""
    words = asked(request, "q")
    rows = ServiceCentre.objects.active().find(words).select_related("organization")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "groups": by_township(page.object_list), "words": words}
    return render(request, "services/guide_centres.html", context)


def by_township(centres) -> list[tuple]:
    """Neighbours in the list that belong to one township, under its name."""
    groups = []
    paths = {centre.pk: township_path(centre.organization) for centre in centres}
    names = {row.path: str(row) for row in Organization.objects.filter(path__in=paths.values())}
    for centre in centres:
        name = names.get(paths[centre.pk], "")
        if not groups or groups[-1][0] != name:
            groups.append((name, []))
        groups[-1][1].append(centre)
    return groups


def township_path(organization) -> str:
    """The organization itself, or for a village the one right above it."""
    is_village = organization.level == Level.VILLAGE
    return organization.path[: -Organization.steplen] if is_village else organization.path


@login_not_required
def centre(request, pk):
    """One centre: its windows with the people on duty, its hall, its telephones."""
    rows = ServiceCentre.objects.active().select_related("organization")
    place = get_object_or_404(rows, pk=pk)
    posts = Post.objects.on_duty()
    units = place.departments.active().prefetch_related(Prefetch("posts", posts, to_attr="people"))
    here = list(posts.filter(organization=place.organization, role__in=(*HALL, Role.AGENT)))
    context = {
        "centre": place,
        "units": sorted(units, key=window_order),
        "hall": [post for post in here if post.role in HALL],
        "cadres": [post for post in here if post.role == Role.AGENT],
        "stations": stations_of(place),
        "news": Announcement.objects.current().filter(organization=place.organization)[:NEWS],
    }
    return render(request, "services/guide_centre.html", context)


def window_order(unit) -> tuple:
    """By the number of the window; units without one come last."""
    number = re.search(r"\d+", unit.window)
    return not unit.window, int(number[0]) if number else 0, unit.window, unit.pk


def stations_of(place):
    """The stations in the villages right below."""
    organization = place.organization
    below = ServiceCentre.objects.active().filter(
        organization__path__startswith=organization.path,
        organization__depth=organization.depth + 1,
        organization__level=Level.VILLAGE,
    )
    return below.select_related("organization")
