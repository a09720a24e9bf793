"""Two at once at the doors: no guess and no post slips through between them."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from orgs.models import (
    AuditEntry,
    Duty,
    NotAllowed,
    Notice,
    Organization,
    Role,
    Tag,
    Throttle,
    User,
)
from orgs.models.audit import AuditChain, first_fault
from orgs.models.sign_in import check, is_locked
from tests import races
from tests.people import Cast

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(clock):
    return Cast()


def at_once(count, act):
    """As `races.at_once`; who is turned away counts as "refused"."""

    def try_it(number):
        try:
            return act(number)
        except (NotAllowed, ValidationError):
            return "refused"

    return races.at_once(count, try_it)


def guesses_looked_at(cast):
    """Twenty guesses at once; how many were counted as one of the five that are allowed."""
    at_once(20, lambda number: check(cast.clerk.username, f"guess{number}", ip="10.0.0.9"))
    entries = AuditEntry.objects.filter(action__startswith="account.").values_list("action")
    assert is_locked(cast.clerk.username)
    return list(entries.values_list("action", flat=True)).count("account.locked")


def test_twenty_guesses_lock_once_and_the_right_one_comes_too_late(cast):
    assert guesses_looked_at(cast) == 1
    tries = Throttle.objects.get(key__startswith="sign_in.tries:")
    assert tries.count >= 5
    with pytest.raises(NotAllowed):
        check(cast.clerk.username, "Qingxi@2026", ip="10.0.0.9")


def test_every_attempt_gets_a_number_of_its_own(db):
    assert sorted(at_once(20, lambda _: Throttle.hit("key", seconds=60))) == list(range(1, 21))


@pytest.mark.parametrize("_", range(4))
def test_nobody_is_appointed_and_made_administrator_at_the_same_time(cast, _):
    def act(number):
        user = User.objects.get(pk=cast.fellow.pk)
        if number:
            user.appoint(actor=cast.security_admin, organization=cast.county, role=Role.SECRETARY)
        else:
            user.revise(actor=cast.security_admin, duty=Duty.AUDIT)
        return "done"

    assert sorted(at_once(2, act)) == ["done", "refused"]


def test_two_administrators_do_not_stop_each_other(cast):
    second = User.objects.open_account(
        actor=None, password="x", username="s2", name="系统员乙", duty=Duty.SYSTEM
    )
    both = [cast.system_admin, second]

    def stop(number):
        User.objects.get(pk=both[number].pk).set_active(False, actor=both[1 - number])
        return "done"

    assert sorted(at_once(2, stop)) == ["done", "refused"]
    assert User.objects.filter(duty=Duty.SYSTEM, is_active=True).count() == 1


def test_twenty_moves_leave_a_whole_tree(cast):
    targets = [cast.home.organization, cast.away.organization]

    def move(number):
        village = Organization.objects.get(pk=cast.home.village.pk)
        village.relocate(actor=cast.system_admin, parent=targets[number % 2])
        return "done"

    assert at_once(20, move) == ["done"] * 20
    assert Organization.objects.find_problems() == ([], [], [], [], [])


def test_clerks_at_work_are_not_thrown_out_by_a_move(cast):
    """The move needs the rows that their entries refer to, and the chain that they hold."""
    targets = [cast.away.organization, cast.home.organization] * 5

    def act(number):
        village = Organization.objects.get(pk=cast.home.village.pk)
        if number == 0:
            for parent in targets:
                village.relocate(actor=cast.system_admin, parent=parent)
        else:
            for _ in range(25):
                work_in(village, cast.clerk)
        return "done"

    results = at_once(9, act)

    # In this crowd the move may be asked to come back later; the clerks never are.
    assert results[1:] == ["done"] * 8
    assert first_fault(AuditChain.objects.get()) == ""
    Organization.objects.get(pk=cast.home.village.pk).relocate(
        actor=cast.system_admin, parent=cast.away.organization
    )


@transaction.atomic
def work_in(village, clerk):
    """As a verb does: the change, its entry, and last a notice, each referring to the village."""
    village.tags.add(Tag.objects.create(name=uuid4().hex[:20]))
    AuditEntry.record(clerk, "request.accepted", clerk, label="受理", organization=village)
    Notice.post([clerk], "新的派单", kind=uuid4().hex, organization=village)


def test_account_is_changed_while_its_owner_works(cast):
    def act(number):
        for turn in range(20):
            if number:
                work_in(cast.home.village, cast.clerk)
            else:
                user = User.objects.get(pk=cast.clerk.pk)
                user.revise(actor=cast.system_admin, telephone=str(turn))
        return "done"

    assert at_once(6, act) == ["done"] * 6


def test_twenty_entries_at_once_make_one_chain(cast):
    at_once(
        20,
        lambda number: (
            AuditEntry.record(
                cast.clerk, "request.accepted", cast.clerk, label="受理", note=str(number)
            ).pk
        ),
    )

    chain = AuditChain.objects.get()
    assert first_fault(chain) == ""
    assert chain.count == AuditEntry.objects.count() == 20
