"""Two at once: one wins, nothing is doubled. With the row lock removed these tests fail."""

import threading
import uuid

import pytest

from orgs.models import AuditEntry, NotAllowed, Notice
from services.models import Reminder, ServiceRequest
from services.tasks import remind
from tests.people import Cast, person, post
from tests.races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(clock):
    return Cast()


def accept_by_twenty(cast):
    request = cast.register()
    clerks = [person(f"clerk{n}", f"窗口{n}") for n in range(20)]
    for clerk in clerks:
        post(clerk, cast.home.organization, "CLERK")

    def accept(number):
        try:
            ServiceRequest.objects.get(pk=request.pk).accept(actor=clerks[number])
        except NotAllowed as refusal:
            return str(refusal)
        return "won"

    return request, at_once(20, accept)


def test_twenty_clerks_accept_one_request(cast):
    request, results = accept_by_twenty(cast)

    assert results.count("won") == 1
    winner = AuditEntry.objects.about(request).get(action="request.accepted")
    losers = [text for text in results if text != "won"]
    assert len(losers) == 19
    assert all(winner.actor_name in text for text in losers)


def test_without_the_lock_more_than_one_would_win(cast, monkeypatch):
    """The control: the same race, the row read without a lock."""
    meet = threading.Barrier(20)

    def unlocked(self, verb, actor):
        self.refresh_from_db()
        meet.wait(timeout=30)
        if verb not in self.verbs_for(actor):
            raise NotAllowed("")

    monkeypatch.setattr(ServiceRequest, "_begin", unlocked)

    _, results = accept_by_twenty(cast)

    assert results.count("won") > 1


def test_one_form_posted_twice_is_one_request(cast):
    nonce = uuid.uuid4()

    numbers = at_once(2, lambda _: cast.register(nonce=nonce).number)

    assert numbers[0] == numbers[1]
    assert ServiceRequest.objects.count() == 1


def test_two_beats_remind_once(cast, clock):
    for _ in range(10):
        cast.handling()
    clock.set("2026-03-10 09:00")

    at_once(2, lambda _: remind())

    assert Reminder.objects.filter(rule="OVERDUE").count() == 10
    for user in (cast.handler, cast.unit_head, cast.centre_head):
        assert Notice.objects.filter(recipient=user, kind="request.overdue").count() == 10


def test_registrations_at_once_get_numbers_in_a_row(cast):
    numbers = at_once(8, lambda _: cast.register().number)

    assert sorted(int(number[-4:]) for number in numbers) == list(range(1, 9))


def test_entries_written_at_once_make_one_whole_chain(cast):
    from orgs.models.audit import AuditChain, first_fault

    at_once(8, lambda _: cast.register())

    chain = AuditChain.objects.get()
    assert first_fault(chain) == ""
