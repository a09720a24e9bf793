"""A citizen asks when; the answer is a date that the law, not the clerk, decides.

The day of acceptance does not count, rest days do not count, moved workdays do, suspensions stop
the clock for exactly as long as they last, and the office's closing time ends the day.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs.holidays_seed import official_days
from orgs.workdays import Workdays
from services.deadlines import (
    add_hours,
    civil_date,
    due_at,
    due_date,
    is_overdue,
    remaining,
    start_day,
    used_workdays,
    warn_date,
)

OFFICIAL = official_days(2026)
CALENDAR = Workdays(
    off=frozenset(day for day, works, _ in OFFICIAL if not works),
    on=frozenset(day for day, works, _ in OFFICIAL if works),
    confirmed_years=frozenset([2026]),
)
WITHOUT_MOVED_DAYS = Workdays(off=CALENDAR.off)
CHINA = ZoneInfo("Asia/Shanghai")
CLOSING = time(17, 30)

accepted_days = st.dates(date(2026, 1, 1), date(2026, 10, 31))
promises = st.integers(1, 40)
intervals = st.tuples(accepted_days, st.integers(0, 40)).map(
    lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))
)
pause_lists = st.lists(intervals, max_size=4)


def on(text):
    return date.fromisoformat(f"2026-{text}")


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CHINA)


def suspended_days(pauses, since, until=date.max):
    """Every workday that some suspension covers, found the slow way."""
    return {
        day
        for start, end in pauses
        for day in (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        if CALENDAR.is_workday(day) and since < day <= until
    }


@pytest.mark.parametrize(
    ("accepted", "promised", "due"),
    [("02-13", 5, "02-27"), ("09-18", 5, "09-24"), ("09-30", 5, "10-13")],
)
def test_published_vector(accepted, promised, due):
    assert due_date(CALENDAR, on(accepted), promised) == on(due)


def test_published_vector_with_a_suspension_of_two_workdays():
    pauses = [(on("02-14"), on("02-25"))]

    assert CALENDAR.between(*pauses[0]) == 2
    assert due_date(CALENDAR, on("02-13"), 5, pauses=pauses) == on("03-02")


def test_control_without_moved_workdays_gives_the_wrong_date():
    assert due_date(WITHOUT_MOVED_DAYS, on("02-13"), 5) == on("03-02")


@pytest.mark.parametrize(("promised", "starts", "wrong"), [(5, 348, 50), (15, 334, 100)])
def test_control_without_moved_workdays_is_wrong_this_often(promised, starts, wrong):
    days = [on("01-01") + timedelta(days=n) for n in range(starts)]

    assert wrong == sum(
        due_date(CALENDAR, day, promised) != due_date(WITHOUT_MOVED_DAYS, day, promised)
        for day in days
    )


def test_accepted_on_a_rest_day_needs_no_special_case():
    assert due_date(CALENDAR, on("02-15"), 1) == on("02-24")
    assert due_date(CALENDAR, on("02-23"), 1) == on("02-24")


def test_extension_adds_its_workdays_to_the_first_promise():
    assert due_date(CALENDAR, on("02-13"), 5, extension=3) == on("03-03")


def test_overlapping_suspensions_count_once():
    overlapping = [(on("03-05"), on("03-11")), (on("03-03"), on("03-09"))]
    apart = [(on("03-03"), on("03-06")), (on("03-10"), on("03-12"))]

    assert due_date(CALENDAR, on("03-02"), 5, pauses=overlapping) == on("03-17")
    assert due_date(CALENDAR, on("03-02"), 5, pauses=apart) == on("03-16")


def test_suspension_before_acceptance_counts_only_from_acceptance():
    assert due_date(CALENDAR, on("03-02"), 5, pauses=[(on("02-25"), on("03-03"))]) == on("03-10")


def test_lasting_suspension_moves_the_due_date_day_by_day():
    pauses = [(on("03-03"), None)]

    assert due_date(CALENDAR, on("03-02"), 5, pauses=pauses) == on("03-09")
    assert due_date(CALENDAR, on("03-02"), 5, pauses=pauses, as_of=on("03-06")) == on("03-12")
    assert warn_date(CALENDAR, on("03-02"), 5, pauses=pauses, as_of=on("03-06")) == on("03-11")
    assert [
        used_workdays(CALENDAR, on("03-02"), on(day), pauses) for day in ("03-03", "03-31")
    ] == [
        1,
        1,
    ]


def test_suspension_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        due_date(CALENDAR, on("03-02"), 5, pauses=[(on("03-09"), on("03-06"))])


@given(accepted_days, promises, st.integers(0, 10), pause_lists)
def test_due_date_is_never_a_rest_day(accepted, promised, extension, pauses):
    assert CALENDAR.is_workday(due_date(CALENDAR, accepted, promised, extension, pauses))


@given(accepted_days, st.integers(0, 40), pause_lists)
def test_due_date_is_monotone_in_the_promise(accepted, promised, pauses):
    shorter = due_date(CALENDAR, accepted, promised, pauses=pauses)

    assert shorter <= due_date(CALENDAR, accepted, promised + 1, pauses=pauses)


@given(accepted_days, promises, pause_lists)
def test_suspensions_add_exactly_their_workdays(accepted, promised, pauses):
    plain = due_date(CALENDAR, accepted, promised)
    paused = due_date(CALENDAR, accepted, promised, pauses=pauses)

    assert CALENDAR.between(plain, paused) == len(suspended_days(pauses, accepted))


@given(accepted_days, promises, pause_lists, accepted_days)
def test_used_is_every_workday_that_no_suspension_covers(accepted, promised, pauses, stop):
    covered = suspended_days(pauses, accepted, stop)

    assert used_workdays(CALENDAR, accepted, stop, pauses) == (
        CALENDAR.between(accepted, stop) - len(covered)
    )
    assert remaining(CALENDAR, accepted, stop, promised, 2, pauses) == (
        promised + 2 - used_workdays(CALENDAR, accepted, stop, pauses)
    )


@given(accepted_days, promises, pause_lists)
def test_nothing_is_left_on_the_due_date_and_less_the_day_after(accepted, promised, pauses):
    in_time = []
    for pause in sorted(pauses):
        if pause[0] <= due_date(CALENDAR, accepted, promised, pauses=in_time):
            in_time.append(pause)
    due = due_date(CALENDAR, accepted, promised, pauses=in_time)
    day_after = CALENDAR.add(due, 1)

    assert remaining(CALENDAR, accepted, due, promised, pauses=in_time) == 0
    assert remaining(CALENDAR, accepted, day_after, promised, pauses=in_time) == -1


@given(accepted_days, promises, st.integers(0, 5), pause_lists)
def test_yellow_begins_on_the_first_day_with_a_fifth_or_one_workday_left(
    accepted, promised, extension, pauses
):
    left = max(1, promised // 5)
    day = accepted
    while remaining(CALENDAR, accepted, day, promised, extension, pauses) > left:
        day += timedelta(days=1)

    assert warn_date(CALENDAR, accepted, promised, extension, pauses) == day


@pytest.mark.parametrize(
    ("promised", "due", "yellow"),
    [
        (1, "03-03", "03-02"),
        (5, "03-09", "03-06"),
        (9, "03-13", "03-12"),
        (10, "03-16", "03-12"),
        (20, "03-30", "03-24"),
    ],
)
def test_yellow_date_by_length_of_promise(promised, due, yellow):
    assert due_date(CALENDAR, on("03-02"), promised) == on(due)
    assert warn_date(CALENDAR, on("03-02"), promised) == on(yellow)


@pytest.mark.parametrize(
    ("accepted_at", "due"),
    [
        ("02-13 09:00", "02-13"),
        ("02-13 17:29:59", "02-13"),
        ("02-13 17:30:00", "02-14"),
        ("02-14 18:00", "02-24"),
        ("02-15 09:00", "02-24"),
    ],
)
def test_direct_matter_is_due_today_before_closing_and_else_on_the_next_workday(accepted_at, due):
    accepted_at = at(accepted_at)
    start = start_day(CALENDAR, accepted_at.date(), accepted_at, CLOSING, 0)

    assert start == due_date(CALENDAR, start, 0) == warn_date(CALENDAR, start, 0) == on(due)


def test_longer_promise_counts_from_acceptance_whatever_the_hour():
    late = at("02-14 20:00")

    assert start_day(CALENDAR, late.date(), late, CLOSING, 5) == on("02-14")


def test_hour_of_an_earlier_round_does_not_move_a_matter_taken_up_again():
    first_round = at("02-10 20:00")

    assert start_day(CALENDAR, on("02-13"), first_round, CLOSING, 0) == on("02-13")


def test_due_time_is_the_closing_time_in_china():
    due = due_at(on("02-27"), time(17, 0))

    assert due == datetime(2026, 2, 27, 9, 0, tzinfo=UTC)
    assert due.utcoffset() == timedelta(hours=8)


def test_reply_at_closing_time_is_in_time_and_a_second_later_is_overdue():
    due = due_at(on("02-27"), CLOSING)

    assert not is_overdue(datetime(2026, 2, 27, 9, 30, tzinfo=UTC), due)
    assert is_overdue(datetime(2026, 2, 27, 9, 30, 1, tzinfo=UTC), due)


@pytest.mark.parametrize(
    ("moment", "day"), [("2026-02-27T15:59:59+00:00", "02-27"), ("2026-02-27T16:00+00:00", "02-28")]
)
def test_day_changes_at_midnight_in_china_wherever_the_server_stands(moment, day):
    moment = datetime.fromisoformat(moment)

    assert civil_date(moment) == on(day)
    assert civil_date(moment.astimezone(ZoneInfo("America/New_York"))) == on(day)


def test_promise_in_hours_runs_from_the_event_through_nights_and_holidays():
    assert add_hours(at("02-14 17:00"), 24) == at("02-15 17:00")
    assert add_hours(datetime(2026, 2, 14, 9, 0, tzinfo=UTC), 0.5) == at("02-14 17:30")


def test_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        is_overdue(datetime(2026, 2, 27, 9, 30), due_at(on("02-27"), CLOSING))
