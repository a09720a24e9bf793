"""Deadlines go by the clock of the database, not by the one of the portal's own machine."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import database_now, database_today
from tests.assessments.cycles import CycleCast


def test_database_tells_the_moment_and_the_day_in_china(db, clock):
    before = database_now()

    clock.set("2031-01-01 00:00")

    assert timezone.is_aware(before)
    assert timedelta(0) <= database_now() - before < timedelta(hours=1)
    assert database_today() in {
        timezone.localdate(before), timezone.localdate(before) + timedelta(1),
    }  # fmt: skip


@pytest.mark.parametrize("wrong_by", [timedelta(minutes=10), timedelta(days=1)])
@pytest.mark.parametrize("sign", [-1, 1])
def test_app_clock_that_is_wrong_decides_nothing(cast, clock, wrong_by, sign):
    people = CycleCast(cast)
    wrong = timezone.localtime(database_now() + sign * wrong_by)
    last, yesterday = database_today(), database_today() - timedelta(days=1)

    for until, answer in ((last, ""), (yesterday, "截止")):
        people.cycle.self_until = until
        people.cycle.save()
        clock.set(f"{wrong:%Y-%m-%d %H:%M}")
        why = people.assessment().why_closed(people.secretaries["RURAL"])
        assert (answer in why, bool(why)) == (True, bool(answer))
    assert people.cycle.assessments.overdue().count() == 3
