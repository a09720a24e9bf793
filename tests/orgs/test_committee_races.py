"""Two at once about one committee: one wins, the other is told why. On PostgreSQL."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from orgs.models import Committee, CommitteeSeat, LeadershipReminder, NotAllowed, Notice
from orgs.models.term_course import TermCourse
from orgs.partial_date import PartialDate
from orgs.tasks import remind_of_leadership
from tests.orgs.leaders import elect, seat
from tests.people import Cast
from tests.races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SEVERAL = 8


@pytest.fixture
def cast(clock):
    return Cast()


def outcome(act):
    try:
        act()
    except (NotAllowed, ValidationError, IntegrityError) as refusal:
        return type(refusal).__name__
    return "won"


def test_committee_is_registered_once(cast):
    results = at_once(SEVERAL, lambda n: outcome(lambda: elect(cast.home.village)))

    assert sorted(results) == ["NotAllowed"] * (SEVERAL - 1) + ["won"]
    assert Committee.objects.count() == CommitteeSeat.objects.count() == 1


def fill_at_once(cast):
    committee = elect(cast.home.village, seat("田秀英", "MEMBER"))

    def fill(number):
        mine = Committee.objects.get(pk=committee.pk)
        return outcome(lambda: mine.fill(actor=None, **seat(f"书记{number}")))

    return at_once(SEVERAL, fill)


def test_committee_gets_one_secretary(cast):
    assert sorted(fill_at_once(cast)) == ["ValidationError"] * (SEVERAL - 1) + ["won"]
    assert CommitteeSeat.objects.secretaries().count() == 1


def test_without_the_lock_the_database_has_to_refuse(cast, monkeypatch):
    """The control: nobody waits, so that several find the seat empty."""
    monkeypatch.setattr(TermCourse, "_lock", lambda self: self.refresh_from_db())

    assert "IntegrityError" in fill_at_once(cast)
    assert CommitteeSeat.objects.secretaries().count() == 1


def test_term_is_renewed_once(cast):
    committee = elect(cast.home.village, elected="2021-03")

    def renew(number):
        mine = Committee.objects.get(pk=committee.pk)
        return outcome(lambda: mine.renew(actor=None, elected=PartialDate(2026, 2, 20)))

    results = at_once(SEVERAL, renew)

    assert sorted(results) == ["NotAllowed"] * (SEVERAL - 1) + ["won"]
    assert Committee.objects.count() == 2


def test_two_sweeps_remind_once(cast):
    elect(cast.home.village, elected="2021-03-01")
    Notice.objects.all().delete()

    at_once(SEVERAL, lambda n: remind_of_leadership())

    assert LeadershipReminder.objects.count() == 1
    assert [n.title for n in Notice.objects.all()] == ["换届已逾期：柳河镇一村"]
