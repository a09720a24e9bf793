"""Two at once about one transfer: one wins, the other is told why, and the member is in exactly
one place. On PostgreSQL."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from orgs.models import AuditEntry, Member, NotAllowed, Notice, Role, Transfer
from orgs.models.transfer_course import TransferCourse
from orgs.tasks import remind_of_letters
from tests.orgs.members import enrolled
from tests.orgs.transfers import ELSEWHERE, TODAY, letter
from tests.people import Cast
from tests.races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SEVERAL = 8


@pytest.fixture
def cast(clock):
    return Cast()


@pytest.fixture
def row(cast):
    member = enrolled(cast.home.village)
    return letter(member, actor=cast.secretary, to_organization=cast.away.village)


def outcome(act):
    try:
        act()
    except (NotAllowed, ValidationError, IntegrityError) as refusal:
        return type(refusal).__name__
    return "won"


def again(row):
    return Transfer.objects.get(pk=row.pk)


def receive_at_once(cast, row):
    people = [cast.away.people[Role.SECRETARY], cast.away.people[Role.REVIEWER]]

    def receive(number):
        mine = again(row)
        return outcome(lambda: mine.receive(actor=people[number % 2], received_on=TODAY))

    return at_once(SEVERAL, receive)


def test_letter_is_received_once(cast, row):
    assert sorted(receive_at_once(cast, row)) == ["NotAllowed"] * (SEVERAL - 1) + ["won"]

    member = Member.objects.get()
    assert (member.organization, member.version) == (cast.away.village, 2)
    assert AuditEntry.objects.filter(action="transfer.received").count() == 1


def test_without_the_lock_it_is_received_more_than_once(cast, row, monkeypatch):
    """The control: nobody waits, so that several find the letter waiting."""

    def careless(self, verb, actor):
        self.refresh_from_db()
        return Member.objects.get(pk=self.member_id)

    monkeypatch.setattr(TransferCourse, "_begin", careless)

    assert receive_at_once(cast, row).count("won") > 1


def test_letter_is_received_or_withdrawn_never_both(cast, row):
    taker = cast.away.people[Role.SECRETARY]

    def act(number):
        mine = again(row)
        if number % 2:
            return outcome(lambda: mine.receive(actor=taker, received_on=TODAY))
        return outcome(lambda: mine.withdraw(actor=cast.secretary, reason="调动取消。"))

    assert sorted(at_once(SEVERAL, act)) == ["NotAllowed"] * (SEVERAL - 1) + ["won"]

    row.refresh_from_db()
    there = cast.away.village if row.status == "RECEIVED" else cast.home.village
    assert Member.objects.get().organization == there


def test_two_letters_for_one_member_are_one(cast):
    member = enrolled(cast.home.village)
    places = [cast.away.village, cast.away.organization]

    def propose(number):
        mine = Member.objects.get(pk=member.pk)
        return outcome(
            lambda: letter(mine, actor=cast.secretary, to_organization=places[number % 2])
        )

    assert sorted(at_once(SEVERAL, propose)) == ["NotAllowed"] * (SEVERAL - 1) + ["won"]
    assert Transfer.objects.count() == 1


def test_somebody_from_elsewhere_is_admitted_once(cast):
    gone = enrolled(cast.home.village, standing="MOVED_OUT")
    townships = (cast.home, cast.away)

    def admit(number):
        town = townships[number % 2]
        return outcome(
            lambda: Transfer.admit(
                actor=town.people[Role.SECRETARY],
                organization=town.village,
                started_on=TODAY,
                received_on=TODAY,
                from_place=ELSEWHERE,
                person={"name": gone.name, "id_number": gone.id_number, "stage": "FULL"},
            )  # fmt: skip
        )

    assert sorted(at_once(SEVERAL, admit)) == ["ValidationError"] * (SEVERAL - 1) + ["won"]
    assert Member.objects.count() == Transfer.objects.count() == 1


def test_two_sweeps_remind_once(cast, clock):
    letter(
        enrolled(cast.home.village), actor=cast.secretary, to_organization=cast.away.village,
        started_on=date(2025, 12, 10),
    )  # fmt: skip
    Notice.objects.all().delete()

    at_once(SEVERAL, lambda n: remind_of_letters())

    assert Notice.objects.filter(kind="transfer.expiring").count() == 4
