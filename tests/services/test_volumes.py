"""件数, counted by hand: what came, what is open, how old it is, how it was month by month."""

from datetime import date, timedelta

import pytest

from orgs.models.calendar import workdays
from services.models import ServiceRequest
from services.rates import Period, midnight
from services.volumes import ages, backlog, earliest, open_at, volumes
from tests.services.test_rates import MARCH, answer


def everything():
    return ServiceRequest.objects.all()


def open_on(day):
    return set(everything().filter(open_at(midnight(day))))


def test_volumes_count_what_came_and_went_in_the_period_and_what_stands_now(cast, clock):
    clock.set("2026-02-27 09:00")
    late = cast.handling()  # due 6 March
    clock.set("2026-03-02 09:00")
    cast.replied()
    cast.register().withdraw(actor=cast.clerk, reason="不办了", signed=True)
    clock.set("2026-03-09 09:00")
    soon, fresh = cast.handling(promised_days=1), cast.register()

    found = volumes(everything(), MARCH)

    assert found == {
        "registered": 4,
        "answered": 1,
        "late_entries": 0,
        "open": 3,
        "overdue": 1,
        "soon": 1,
    }
    assert set(everything().open()) == {late, soon, fresh}


def test_case_taken_up_again_is_open_again_from_that_day(cast, clock):
    redone, plain = cast.replied(), cast.handling()
    clock.set("2026-03-10 09:00")
    redone.redo(actor=cast.centre_head, reason="仍未解决")
    clock.set("2026-03-12 09:00")
    answer(cast, plain)
    answer(cast, redone)
    clock.set("2026-03-20 09:00")

    days = [date(2026, 3, n) for n in (2, 3, 10, 11, 13)]
    assert [open_on(day) for day in days] == [set(), {plain}, {plain}, {plain, redone}, set()]


def test_open_at_this_moment_is_what_the_lists_call_open(cast, clock):
    cast.register().withdraw(actor=cast.clerk, reason="不办了", signed=True)
    cast.replied().redo(actor=cast.centre_head, reason="仍未解决")
    primary, merged = cast.handling(), cast.handling()
    merged.merge(actor=cast.dispatcher, primary=primary)
    refused = cast.register()
    refused.propose_refusal(actor=cast.clerk, reason="属法院", alternative="法院")
    refused.endorse(actor=cast.centre_head)
    cast.replied().evaluate(grade=5)
    clock.advance(minutes=1)

    assert set(everything().filter(open_at(midnight(date(2026, 3, 3))))) == set(everything().open())


def test_months_are_those_of_the_wall_calendar(cast, clock):
    clock.set("2026-03-01 00:10")  # still February by UTC
    cast.register()
    clock.set("2026-03-31 23:50")
    cast.register()
    clock.set("2026-04-01 00:10")
    cast.register()

    assert everything().per_month("registered_at") == {date(2026, 3, 1): 2, date(2026, 4, 1): 1}


@pytest.mark.parametrize("today", [date(2026, 3, 31), date(2026, 3, 1), date(2026, 10, 8)])
def test_every_day_falls_into_the_group_of_its_workdays(cast, today):
    days = workdays()

    for n in (0, 5, 10, 20):
        first = earliest(days, today, n)
        assert days.between(first, today) <= n < days.between(first - timedelta(days=1), today)


def test_backlog_groups_are_whole_and_separate(cast, clock):
    for day, count in ((2, 1), (9, 2), (16, 3), (24, 4), (31, 1)):
        clock.set(f"2026-03-{day:02d} 09:00")
        for _ in range(count):
            cast.handling()
    cast.replied()
    clock.set("2026-03-31 10:00")

    found = backlog(everything(), workdays())

    # workdays from 2, 9, 16, 24 and 31 March through 31 March: 21, 16, 11, 5, 0
    assert [(age.label, count, late) for age, count, late in found] == [
        ("0–5 个工作日", 5, 0),
        ("6–10 个工作日", 0, 0),
        ("11–20 个工作日", 5, 5),
        ("超过 20 个工作日", 1, 1),
    ]
    assert len(ages(workdays(), date(2026, 3, 31))) == 4


def test_period_ends_with_its_last_day(cast, clock):
    clock.set("2026-03-31 23:59")
    cast.register()

    assert volumes(everything(), MARCH)["registered"] == 1
    assert volumes(everything(), Period(date(2026, 4, 1), date(2026, 4, 1)))["registered"] == 0
