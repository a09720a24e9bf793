"""Deadlines go by the clock of the database, not by the one of the portal's own machine."""

from datetime import timedelta

from django.utils import timezone

from assessments.models import database_now, database_today


def test_database_tells_the_moment_and_the_day_in_china(db, clock):
    before = database_now()

    clock.set("2031-01-01 00:00")

    assert timezone.is_aware(before)
    assert timedelta(0) <= database_now() - before < timedelta(hours=1)
    assert database_today() in {
        timezone.localdate(before), timezone.localdate(before) + timedelta(1),
    }  # fmt: skip
