"""公示 for everybody: stars and totals with the turnout, on the days of the publication only."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import render

from assessments.models import Cycle, Result, database_today
from orgs.models import Level, Sector, ServiceCentre

PER_PAGE = 50


def public_cycles():
    """By the clock of the database; before and after nobody sees them."""
    today = database_today()
    return Cycle.objects.filter(
        status=Cycle.Status.PUBLISHED, publication_from__lte=today, publication_until__gte=today
    ).select_related("organization", "scheme")


@login_not_required
def cycles(request):
    """What is on show now."""
    return render(request, "assessments/publicity.html", {"cycles": public_cycles()})


@login_not_required
def publicity(request, year, pk):
    """One cycle: by group of sector and level, each in the order of its ranking."""
    cycle = public_cycles().filter(year=year, pk=pk).first()
    if cycle is None:
        raise Http404
    rows = Result.objects.filter(assessment__cycle=cycle).select_related("assessment").ranked()
    sector, level = request.GET.get("sector", ""), request.GET.get("level", "")
    if sector in Sector.values:
        rows = rows.filter(assessment__sector=sector)
    if level in Level.values:
        rows = rows.filter(assessment__level=level)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "page": page,
        "groups": groups(page, rows),
        "phones": phones(cycle.organization),
        "sectors": Sector.choices,
        "levels": Level.choices,
        "sector": sector,
        "level": level,
    }
    return render(request, "assessments/publicity_cycle.html", context)


def groups(page, rows) -> list:
    """(heading, how many there are, those on this page) of each group, in order."""
    keys = "assessment__sector", "assessment__level"
    counts = rows.order_by().values_list(*keys).annotate(Count("pk"))
    sizes = {(sector, level): size for sector, level, size in counts}
    found = {}
    for row in page:
        found.setdefault((row.assessment.sector, row.assessment.level), []).append(row)
    return [(those[0].assessment.group_words, sizes[key], those) for key, those in found.items()]


def phones(place) -> list[str]:
    """监督电话 of the place's own centres, for who wants to say something."""
    rows = ServiceCentre.objects.filter(organization=place, is_active=True)
    return sorted({*rows.values_list("complaint_phone", flat=True)} - {""})
