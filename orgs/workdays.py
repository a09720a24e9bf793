"""The working calendar as a pure value: which days count, and counting them quickly."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

SATURDAY = 5


@dataclass(frozen=True)
class Workdays:
    """Monday to Friday except `off`, and the days in `on` (调休).

    `confirmed_years` are those whose calendar the State Council has published; elsewhere the
    weekday rule stands in, and what is counted there is provisional.
    """

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    confirmed_years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        return day in self.on or (day.weekday() < SATURDAY and day not in self.off)

    def next_workday(self, day: date) -> date:
        """The first workday on or after `day`."""
        return day if self.is_workday(day) else self.add(day, 1)

    def add(self, day: date, n: int) -> date:
        """The n-th workday strictly after `day`; `day` itself when n is 0."""
        if n < 0:
            raise ValueError("n must not be negative")
        if n == 0:
            return day
        low = day.toordinal()
        target = self._count(low) + n
        # Every five workdays need a week, and no exception can cost more than one day.
        high = low + (n + len(self._skipped)) * 7 // 5 + 7
        while low < high:
            middle = (low + high) // 2
            if self._count(middle) < target:
                low = middle + 1
            else:
                high = middle
        return date.fromordinal(low)

    def between(self, a: date, b: date) -> int:
        """W(a,b]: the workdays after `a` through `b`; 0 when `b` is not after `a`."""
        return self._count(b.toordinal()) - self._count(a.toordinal()) if a < b else 0

    def is_provisional(self, a: date, b: date) -> bool:
        """Whether the span touches a year without a published calendar."""
        return any(year not in self.confirmed_years for year in range(a.year, b.year + 1))

    def _count(self, ordinal: int) -> int:
        """Workdays from the beginning of time through this day (ordinal 1 is a Monday)."""
        weeks, rest = divmod(ordinal, 7)
        weekdays = weeks * 5 + min(rest, 5)
        return weekdays - bisect_right(self._skipped, ordinal) + bisect_right(self._added, ordinal)

    @cached_property
    def _skipped(self) -> list[int]:
        return _ordinals(day for day in self.off - self.on if day.weekday() < SATURDAY)

    @cached_property
    def _added(self) -> list[int]:
        return _ordinals(day for day in self.on if day.weekday() >= SATURDAY)


def _ordinals(days: Iterable[date]) -> list[int]:
    return sorted(day.toordinal() for day in days)
