"""What the clock says of errands, what their lists hold, what the ledger counts."""

from datetime import date

import pytest

from orgs.models import CalendarYear, Notice, Role
from services.models import Delegation
from services.tasks import run_errands
from tests.services import errand as stages
from tests.services.errand import (
    answered,
    approve,
    colleague,
    entrusted,
    labels,
    submitted,
    told,
    wanted,
)


@pytest.fixture
def second_agent(cast):
    return colleague(cast)


def test_handing_in_is_called_for_on_the_day_and_urged_after_it_once_each(cast, clock):
    errand = entrusted(cast)
    run_errands()
    assert told(cast.agent) == []

    clock.set("2026-03-05 08:00")
    for _ in range(2):
        run_errands()
    assert told(cast.agent) == ["今天应报送：高龄津贴"]

    clock.set("2026-03-06 08:00")
    run_errands()
    clock.set("2026-03-09 08:00")
    run_errands()
    assert told(cast.agent)[1:] == ["代办超期未报送：高龄津贴"]
    assert told(cast.centre_head) == ["代办超期未报送：高龄津贴"]
    assert errand in Delegation.objects.overdue()
    assert labels(errand.request) == ["委托代办", "代办报送提醒", "代办催办"]


def test_new_deadline_is_reminded_of_anew(cast, clock):
    errand = entrusted(cast)
    clock.set("2026-03-05 08:00")
    run_errands()
    errand.suspend(actor=cast.agent, reason="群众外出")
    clock.set("2026-03-06 08:00")
    errand.resume(actor=cast.agent)

    run_errands()

    assert told(cast.agent) == ["今天应报送：高龄津贴"] * 2


def test_nothing_is_urged_once_it_was_handed_in_or_the_request_has_ended(cast, clock):
    submitted(cast)
    entrusted(cast).request.withdraw(actor=cast.clerk, reason="不办了", signed=True)
    clock.set("2026-03-09 08:00")

    run_errands()

    assert not Notice.objects.filter(kind__in=("delegation.due", "delegation.overdue")).exists()


def test_agent_hears_when_the_request_needs_an_agent_again(cast):
    errand = submitted(cast)
    request = errand.request
    request.ask_supplement(actor=cast.clerk, missing="银行卡复印件")
    for _ in range(2):
        run_errands()
    request.receive_supplement(actor=cast.clerk)
    approve(cast, request)
    run_errands()
    request.reply(actor=cast.agent, channel="VISIT", proof="上门告知")
    run_errands()

    assert told(cast.agent) == [
        "须补交材料：高龄津贴",
        "答复已审核：高龄津贴",
        "已回复，请回交：高龄津贴",
    ]


def test_changed_calendar_moves_the_deadline(cast):
    errand = entrusted(cast)
    year = CalendarYear.objects.get(year=2026)
    year.change(actor=cast.system_admin, set_days=[(date(2026, 3, 4), False, "临时放假")])

    for _ in range(2):
        run_errands()

    errand.refresh_from_db()
    assert errand.submit_by == date(2026, 3, 6)
    assert labels(errand.request) == ["委托代办", "按新日历重算报送期限"]


def test_today_waiting_and_done_hold_what_their_names_say(cast):
    fresh, waiting = entrusted(cast), submitted(cast)
    back, paused, over = answered(cast), stages.suspended(cast), stages.ended(cast)
    filed, unfiled = stages.archived(cast), stages.returned(cast)
    rows = Delegation.objects.carried_by(cast.agent)

    assert set(rows.today()) == {fresh, back, unfiled}
    assert set(rows.waiting()) == {waiting}
    assert set(rows.suspended()) == {paused}
    assert set(rows.done()) == {over, filed}
    assert set(rows.in_hand()) == {fresh, waiting, back, paused}


def test_people_in_hardship_come_first(cast, clock):
    plain = entrusted(cast)
    clock.advance(days=1)
    first = entrusted(cast, wanted(cast, citizen={"name": "向兰", "is_vulnerable": True}))

    assert list(Delegation.objects.urgent_first()) == [first, plain]


def test_colleague_carries_nothing_of_the_agents_and_the_window_sees_all(cast, second_agent):
    errand = entrusted(cast)

    assert list(Delegation.objects.carried_by(second_agent)) == []
    assert list(Delegation.objects.visible_to(second_agent)) == [errand]
    for user in (cast.clerk, cast.centre_head, cast.agent):
        assert list(Delegation.objects.carried_by(user)) == [errand]
    for user in cast.away.people.values():
        assert list(Delegation.objects.visible_to(user)) == []


def test_figures_of_a_period_say_what_the_cadre_did(cast, clock):
    vulnerable = wanted(cast, citizen={"name": "向兰", "is_vulnerable": True})
    entrusted(cast, vulnerable, is_visit=True)  # due on the 5th, never handed in
    submitted(cast)
    stages.returned(cast)
    stages.ended(cast)
    suspended = stages.suspended(cast)
    clock.set("2026-03-10 09:00")
    suspended.resume(actor=cast.agent)
    march = (date(2026, 3, 1), date(2026, 3, 31))

    (row,) = Delegation.objects.by_agent(*march)

    assert row == {
        "agent": cast.agent.pk,
        "entrusted": 5,
        "vulnerable": 1,
        "due": 3,
        "on_time": 2,
        "done": 1,
        "ended": 1,
    }
    assert Delegation.objects.touched_in(*march).count() == 5
    april = (date(2026, 4, 1), date(2026, 4, 30))
    (row,) = Delegation.objects.by_agent(*april)
    assert {row[name] for name in row if name != "agent"} == {0}


def test_ledger_is_read_by_the_agent_and_by_those_above(cast, second_agent):
    errand = entrusted(cast)

    for role in (Role.AGENT, Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER):
        assert list(Delegation.objects.counted_for(cast.home.people[role])) == [errand]
    for user in (second_agent, cast.clerk, cast.handler, *cast.away.people.values()):
        assert list(Delegation.objects.counted_for(user)) == []
