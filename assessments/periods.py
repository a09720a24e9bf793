"""Which time a dashboard looks at, and the time before it to compare with."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from services.rates import ONE_DAY, Period

MONTH, LAST_MONTH, QUARTER, YEAR, CUSTOM = "month", "last_month", "quarter", "year", "custom"
PRESETS = [
    (MONTH, "本月"),
    (LAST_MONTH, "上月"),
    (QUARTER, "本季"),
    (YEAR, "本年"),
    (CUSTOM, "自定义"),
]
DEFAULT = QUARTER
QUARTERS = "一二三四"
#: A trend needs some months to be one.
LEAST_MONTHS = 6


@dataclass(frozen=True)
class Span:
    """A period by name, and the one before it, cut off after as many days as have passed."""

    code: str
    title: str
    period: Period
    before: Period
    before_words: str

    def months(self, today) -> list[date]:
        """First days of the months of the period so far, and of some before it."""
        last = min(self.period.until, today).replace(day=1)
        first = min(self.period.since.replace(day=1), shifted(last, -(LEAST_MONTHS - 1)))
        found = []
        while first <= last:
            found.append(first)
            first = shifted(first, 1)
        return found


def span_of(code, today, since=None, until=None) -> Span:
    if code == CUSTOM:
        title = f"{words(since)}至{words(until)}"
        length = until - since + ONE_DAY
        before = Period(since - length, since - ONE_DAY)
        return Span(code, title, Period(since, until), before, "此前同样天数")
    step = {MONTH: 1, LAST_MONTH: 1, QUARTER: 3, YEAR: 12}[code]
    start = shifted(today.replace(day=1), -1) if code == LAST_MONTH else first_day(today, step)
    until = shifted(start, step) - ONE_DAY
    passed = min(today, until) - start
    earlier = shifted(start, -step)
    before = Period(earlier, min(earlier + passed, start - ONE_DAY))
    if passed == until - start:
        before = Period(earlier, start - ONE_DAY)
    return Span(code, title_of(code, start), Period(start, until), before, compared(code))


def first_day(today, step) -> date:
    """First day of the month, quarter or year of `step` months that `today` lies in."""
    return today.replace(month=(today.month - 1) // step * step + 1, day=1)


def shifted(day, months) -> date:
    """The same day some months on or back; the last one where the month is shorter."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def title_of(code, start) -> str:
    if code == YEAR:
        return f"{start.year}年"
    if code == QUARTER:
        return f"{start.year}年第{QUARTERS[start.month // 3]}季度"
    return f"{start.year}年{start.month}月"


def compared(code) -> str:
    return {MONTH: "上月同期", LAST_MONTH: "再上月", QUARTER: "上季同期", YEAR: "上年同期"}[code]


def words(day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def reaches_too_far(since, until) -> bool:
    return until - since > timedelta(days=3 * 366)
