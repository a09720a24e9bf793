"""A year as twelve small months, each day with what it is in words. Pure."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from orgs.workdays import SATURDAY


@dataclass(frozen=True)
class Day:
    date: date
    kind: str  # work, weekend; off and on are the exceptions
    mark: str  # what the cell shows beside the number
    words: str  # the whole of it


def months(year: int, exceptions: dict) -> list[dict]:
    """`exceptions`: date → an object with `is_workday` and `name`."""
    return [
        {
            "number": month,
            "weeks": [
                [day_of(day, exceptions.get(day)) if day.month == month else None for day in week]
                for week in Calendar().monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def day_of(day: date, exception) -> Day:
    if exception is None:
        rests = day.weekday() >= SATURDAY
        return Day(day, "weekend" if rests else "work", "", "周末休息" if rests else "上班")
    if exception.is_workday:
        return Day(day, "on", "班", f"{exception.name or '调休'}，上班")
    return Day(day, "off", "休", f"{exception.name or '放假'}，放假")


def spans(exceptions: dict) -> list[tuple[date, date, str, bool]]:
    """Days in a row with the same name and kind as one line: first, last, name, is it worked."""
    lines = []
    for day in sorted(exceptions):
        row = exceptions[day]
        if lines and (day - lines[-1][1]).days == 1 and lines[-1][2:] == (row.name, row.is_workday):
            lines[-1] = (lines[-1][0], day, *lines[-1][2:])
        else:
            lines.append((day, day, row.name, row.is_workday))
    return lines
