"""A deadline counts workdays: weekends and holidays rest, and a moved workday (调休) works.

The calendar is the State Council's notice of each year. A year whose notice is not out yet is
counted by weekdays alone and said to be provisional.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs.holidays_seed import is_published, official_days
from orgs.workdays import Workdays

YEARS = range(2025, 2027)
EXCEPTIONS = [row for year in YEARS for row in official_days(year)]
CALENDAR = Workdays(
    off=frozenset(day for day, works, _ in EXCEPTIONS if not works),
    on=frozenset(day for day, works, _ in EXCEPTIONS if works),
    confirmed_years=frozenset(YEARS),
)
days_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
counts = st.integers(0, 60)


def walk(start, end):
    """The workdays after `start` through `end`, found the slow way."""
    every = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return [day for day in every if CALENDAR.is_workday(day)]


def test_spring_festival_of_2026_rests_nine_days_between_two_worked_saturdays():
    february = [date(2026, 2, day) for day in range(13, 29)]

    assert [day.day for day in february if CALENDAR.is_workday(day)] == [13, 14, 24, 25, 26, 27, 28]


def test_next_workday_after_a_holiday_begins_is_the_first_day_back():
    assert CALENDAR.next_workday(date(2026, 2, 15)) == date(2026, 2, 24)
    assert CALENDAR.next_workday(date(2026, 2, 14)) == date(2026, 2, 14)


def test_workday_beats_holiday_where_a_day_is_entered_as_both():
    day = date(2026, 10, 10)
    both = Workdays(off=frozenset([day]), on=frozenset([day]))

    assert both.is_workday(day)
    assert both.add(date(2026, 10, 9), 1) == day


def test_an_exception_that_repeats_the_weekday_rule_changes_nothing():
    monday, sunday = date(2026, 3, 2), date(2026, 3, 1)
    idle = Workdays(off=frozenset([sunday]), on=frozenset([monday]))

    assert idle.between(date(2026, 2, 27), date(2026, 3, 9)) == 6


@given(days_2026, counts)
def test_add_lands_on_the_nth_workday_of_a_walk(start, n):
    landed = CALENDAR.add(start, n)

    assert len(walk(start, landed)) == n
    assert landed == start if n == 0 else CALENDAR.is_workday(landed)


@given(days_2026, days_2026)
def test_between_counts_what_a_walk_counts(a, b):
    assert CALENDAR.between(a, b) == len(walk(a, b))


def test_counting_backwards_is_refused():
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add(date(2026, 3, 2), -1)


def test_span_is_provisional_as_soon_as_it_touches_an_unpublished_year():
    assert not CALENDAR.is_provisional(date(2025, 12, 25), date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2026, 12, 31), date(2027, 1, 1))
    assert CALENDAR.is_provisional(date(2024, 12, 31), date(2026, 1, 1))


def test_notice_of_2026_is_seeded_day_by_day_with_chinese_names():
    assert [(day.isoformat(), works, name) for day, works, name in official_days(2026)] == [
        ("2026-01-01", False, "元旦"),
        ("2026-01-02", False, "元旦"),
        ("2026-01-04", True, "元旦调休上班"),
        ("2026-02-14", True, "春节调休上班"),
        ("2026-02-16", False, "春节"),
        ("2026-02-17", False, "春节"),
        ("2026-02-18", False, "春节"),
        ("2026-02-19", False, "春节"),
        ("2026-02-20", False, "春节"),
        ("2026-02-23", False, "春节"),
        ("2026-02-28", True, "春节调休上班"),
        ("2026-04-06", False, "清明节"),
        ("2026-05-01", False, "劳动节"),
        ("2026-05-04", False, "劳动节"),
        ("2026-05-05", False, "劳动节"),
        ("2026-05-09", True, "劳动节调休上班"),
        ("2026-06-19", False, "端午节"),
        ("2026-09-20", True, "国庆节调休上班"),
        ("2026-09-25", False, "中秋节"),
        ("2026-10-01", False, "国庆节"),
        ("2026-10-02", False, "国庆节"),
        ("2026-10-05", False, "国庆节"),
        ("2026-10-06", False, "国庆节"),
        ("2026-10-07", False, "国庆节"),
        ("2026-10-10", True, "国庆节调休上班"),
    ]


def test_two_holidays_in_one_rest_share_their_moved_days():
    assert (date(2023, 10, 7), True, "中秋节、国庆节调休上班") in official_days(2023)
    assert (date(2020, 1, 19), True, "春节调休上班") in official_days(2020)


def test_december_of_one_year_is_moved_by_the_notice_of_the_next():
    assert [row for row in official_days(2011) if row[0].month == 12] == [
        (date(2011, 12, 31), True, "元旦调休上班")
    ]


@pytest.mark.parametrize("year", range(2001, 2027))
def test_every_seeded_day_is_a_real_exception(year):
    rows = official_days(year)

    assert is_published(year)
    assert [works for _, works, _ in rows] == [day.weekday() >= 5 for day, _, _ in rows]
    assert {day.year for day, _, _ in rows} == {year}
    assert all(name and len(name) <= 40 and "（" not in name for _, _, name in rows)


@pytest.mark.parametrize("year", [2000, 2030])
def test_year_without_a_notice_is_not_guessed(year):
    assert not is_published(year)
    assert official_days(year) == []
