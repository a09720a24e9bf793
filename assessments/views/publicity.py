"""公示 for everybody: stars and totals with the turnout, on the days of the publication only."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from assessments.models import Cycle, Result, database_today
from orgs.models import Level, Sector

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
    """One cycle: one group of sector and level at a time, in the order of its ranking."""
    cycle = public_cycles().filter(year=year, pk=pk).first()
    if cycle is None:
        raise Http404
    rows = Result.objects.filter(assessment__cycle=cycle).select_related("assessment").ranked()
    sector, level = request.GET.get("sector", ""), request.GET.get("level", "")
    if sector in Sector.values:
        rows = rows.filter(assessment__sector=sector)
    if level in Level.values:
        rows = rows.filter(assessment__level=level)
    context = {
        "cycle": cycle,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "sectors": Sector.choices,
        "levels": Level.choices,
        "sector": sector,
        "level": level,
    }
    return render(request, "assessments/publicity_cycle.html", context)
