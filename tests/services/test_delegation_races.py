"""Two at once on one errand: one wins, no paper is counted twice. They need the row locks."""

import uuid

import pytest

from orgs.models import NotAllowed, Notice
from services.models import Delegation, Paper, Party
from services.tasks import run_errands
from tests.people import Cast
from tests.services.errand import entrusted, wanted
from tests.services.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(clock):
    return Cast()


def tried(act):
    try:
        act()
    except NotAllowed:
        return "refused"
    return "won"


def test_one_errand_however_many_sign_at_once(cast):
    request = wanted(cast)

    def entrust(number):
        fresh = type(request).objects.get(pk=request.pk)
        return tried(lambda: entrusted(cast, fresh))

    assert sorted(at_once(8, entrust)) == ["refused"] * 7 + ["won"]
    assert Delegation.objects.count() == 1


def test_original_is_given_back_once(cast):
    errand = entrusted(cast)
    errand.receive(actor=cast.agent, names=["户口簿"], kind=Paper.ORIGINAL)
    pieces = errand.holdings().at(Party.AGENT)

    def give(number):
        fresh = Delegation.objects.get(pk=errand.pk)
        return tried(lambda: fresh.return_papers(actor=cast.agent, pieces=pieces))

    assert sorted(at_once(8, give)) == ["refused"] * 7 + ["won"]
    assert errand.moves.count() == 2


def test_same_form_from_eight_taps_is_one_entry(cast):
    errand, nonce = entrusted(cast), uuid.uuid4()

    def receive(number):
        fresh = Delegation.objects.get(pk=errand.pk)
        fresh.receive(actor=cast.agent, names=["户口簿"], kind="ORIGINAL", nonce=nonce)

    at_once(8, receive)

    assert errand.moves.count() == 1


def test_two_sweeps_remind_once(cast, clock):
    errand = entrusted(cast)
    clock.set("2026-03-06 08:00")

    at_once(4, lambda number: run_errands())

    assert Notice.objects.filter(kind="delegation.overdue", recipient=cast.agent).count() == 1
    errand.refresh_from_db()
    assert errand.urged_for == errand.submit_by
