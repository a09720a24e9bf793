"""Which time a dashboard looks at, and the time before it that is fair to compare with."""

from datetime import date

import pytest

from assessments.forms import PeriodForm
from assessments.periods import shifted, span_of
from services.rates import Period


def days(period):
    return str(period.since), str(period.until)


@pytest.mark.parametrize(
    ("code", "today", "title", "period", "before"),
    [
        ("month", date(2026, 3, 10), "2026年3月", ("2026-03-01", "2026-03-31"),
         ("2026-02-01", "2026-02-10")),
        # the 31st has no fellow in February: the whole month before
        ("month", date(2026, 3, 31), "2026年3月", ("2026-03-01", "2026-03-31"),
         ("2026-02-01", "2026-02-28")),
        ("last_month", date(2026, 3, 10), "2026年2月", ("2026-02-01", "2026-02-28"),
         ("2026-01-01", "2026-01-31")),
        ("last_month", date(2026, 1, 5), "2025年12月", ("2025-12-01", "2025-12-31"),
         ("2025-11-01", "2025-11-30")),
        ("quarter", date(2026, 11, 24), "2026年第四季度", ("2026-10-01", "2026-12-31"),
         ("2026-07-01", "2026-08-24")),
        ("quarter", date(2026, 1, 1), "2026年第一季度", ("2026-01-01", "2026-03-31"),
         ("2025-10-01", "2025-10-01")),
        ("year", date(2026, 3, 10), "2026年", ("2026-01-01", "2026-12-31"),
         ("2025-01-01", "2025-03-10")),
    ],
)  # fmt: skip
def test_period_and_its_like_before(code, today, title, period, before):
    span = span_of(code, today)

    assert (span.title, days(span.period), days(span.before)) == (title, period, before)


def test_chosen_days_are_compared_with_as_many_before_them():
    span = span_of("custom", date(2026, 3, 10), date(2026, 2, 27), date(2026, 3, 5))

    assert span.title == "2026年2月27日至2026年3月5日"
    assert days(span.before) == ("2026-02-20", "2026-02-26")


@pytest.mark.parametrize(
    ("code", "today", "first", "count"),
    [
        ("month", date(2026, 3, 10), date(2025, 10, 1), 6),
        ("quarter", date(2026, 11, 24), date(2026, 6, 1), 6),
        ("year", date(2026, 11, 24), date(2026, 1, 1), 11),
        ("year", date(2026, 1, 5), date(2025, 8, 1), 6),
    ],
)
def test_trend_has_six_months_at_least_and_none_to_come(code, today, first, count):
    months = span_of(code, today).months(today)

    assert (months[0], len(months)) == (first, count)
    assert months[-1] <= today


def test_shifting_keeps_to_the_end_of_shorter_months():
    assert shifted(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert shifted(date(2026, 1, 15), -1) == date(2025, 12, 15)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"since": "2026-03-01"}, "请填写开始和结束日期。"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "结束日期不能早于开始日期。"),
        ({"since": "2020-01-01", "until": "2026-03-01"}, "一次最多看三年。"),
    ],
)
def test_impossible_days_are_refused_and_the_usual_period_is_shown(clock, said, error):
    form = PeriodForm({"period": "custom"} | said)

    assert form.span().title == "2026年第一季度"
    assert [error] == sum(form.errors.values(), [])


def test_period_nobody_offered_is_the_usual_one(clock):
    assert PeriodForm({"period": "century"}).span().code == "quarter"
    assert PeriodForm({}).span().period == Period(date(2026, 1, 1), date(2026, 3, 31))
