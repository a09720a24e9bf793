"""The whole demo at once: the county, then its requests in the order in which they came."""

from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from orgs.models import CalendarYear, Organization, User
from orgs.models.calendar import workdays
from services.demo.build import build
from services.demo.cases import plan
from services.demo.office import Office
from services.demo.people import ACCOUNTS
from services.demo.places import COUNTY, PLACES
from services.demo.situations import Situation

SEED = 20160701
#: How far back the requests reach, in days, with room for a holiday.
REACH = timedelta(days=200)


def is_loaded() -> bool:
    """Something of the demo is there already: its county, or one of its accounts."""
    county = next(place.code for place in PLACES if place.short_name == COUNTY)
    names = [account.username for account in ACCOUNTS]
    return (
        Organization.objects.filter(code=county).exists()
        or User.objects.filter(username__in=names).exists()
    )


@transaction.atomic
def load():
    """The same demo on the same day, whoever loads it."""
    now = timezone.now()
    today = timezone.localdate(now)
    for year in range((today - REACH).year, today.year + 2):
        CalendarYear.seed(year)
    towns = {town.organization.short_name: town for town in build()}
    rng, office = Random(SEED), Office(workdays(), today)  # noqa: S311
    stories = [Situation(case, towns[case.township], office, rng) for case in plan()]
    for story in sorted(stories, key=lambda story: story.opened_at):
        story.tell(now)
