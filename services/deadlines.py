"""Deadlines in workdays: pure functions over a calendar, dates and suspension intervals.

Sources: 民法典第二百零一条 (按日计算期间的，开始的当日不计入；按照小时计算的，自约定的时间开始),
第二百零三条 (末日是法定休假日的，顺延；有业务时间的，停止业务活动的时间为截止时间).

A suspension is a pair (suspended on, resumed on); resumed on is None while it lasts. Nothing here
accumulates: each answer is computed anew from the intervals.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orgs.workdays import Workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOSING = time(17, 30)
#: 明确答复: how many workdays when nothing else was promised.
EXPLAIN_DAYS = 3
#: Yellow from one fifth of the promise, or the last workday before the due date.
WARN_FRACTION = 5

Pauses = Iterable[tuple[date, date | None]]


def civil_date(moment: datetime) -> date:
    """The date on the wall in China; refuses a moment without a time zone."""
    return _in_china(moment).date()


def start_day(
    days: Workdays, accepted_on: date, accepted_at: datetime, closing: time, promised: int
) -> date:
    """The day from which the promise is counted: the day of acceptance.

    Only a matter promised for the same day (直接办理, 0 workdays) that came after closing or on a
    rest day is taken as come on the next workday; otherwise it would be late on arrival.
    """
    if promised > 0:
        return accepted_on
    local = _in_china(accepted_at)
    if local.date() == accepted_on and local.time() >= closing:
        return days.add(accepted_on, 1)
    return days.next_workday(accepted_on)


def due_date(
    days: Workdays,
    accepted_on: date,
    promised: int,
    extension: int = 0,
    pauses: Pauses = (),
    *,
    as_of: date | None = None,
) -> date:
    """The last workday of the promise.

    民法典第二百零一条: the day of acceptance does not count. 第二百零三条: the last day is never a
    rest day. Each suspension adds its own workdays, days suspended twice only once. One that
    still lasts counts through `as_of`; without it, as if it ended the day it began.
    """
    total = promised + extension + _paused(days, accepted_on, pauses, as_of)
    return days.add(accepted_on, total) if total else days.next_workday(accepted_on)


def due_at(day: date, closing: time = CLOSING) -> datetime:
    """第二百零三条: where there are business hours, the day ends when business ends."""
    return datetime.combine(day, closing, SHANGHAI)


def add_hours(event: datetime, hours: float) -> datetime:
    """第二百零一条第二款: hours run from the event itself, nights and rest days included."""
    return _in_china(event.astimezone(UTC) + timedelta(hours=hours))


def is_overdue(stop: datetime, due: datetime) -> bool:
    """`stop` is the moment of the reply, or now; the closing minute itself is in time."""
    return _in_china(stop) > _in_china(due)


def used_workdays(days: Workdays, accepted_on: date, stop: date, pauses: Pauses = ()) -> int:
    """Workdays of the promise that had run by the end of `stop`."""
    past = [(min(start, stop), min(end or stop, stop)) for start, end in pauses]
    return days.between(accepted_on, stop) - _paused(days, accepted_on, past)


def remaining(
    days: Workdays,
    accepted_on: date,
    on: date,
    promised: int,
    extension: int = 0,
    pauses: Pauses = (),
) -> int:
    """Workdays left after `on`: 0 on the due date, negative when overdue."""
    return promised + extension - used_workdays(days, accepted_on, on, pauses)


def warn_date(
    days: Workdays,
    accepted_on: date,
    promised: int,
    extension: int = 0,
    pauses: Pauses = (),
    *,
    as_of: date | None = None,
) -> date:
    """黄灯: the first day on which a fifth of the promise, or one workday, is left."""
    if promised + extension == 0:
        return days.next_workday(accepted_on)
    running = max(0, promised + extension - max(1, promised // WARN_FRACTION))
    day = days.add(accepted_on, running)
    for start, end in _merged(accepted_on, pauses, as_of):
        if start < day:
            running += days.between(start, end)
            day = days.add(accepted_on, running)
    return day


def _paused(days: Workdays, accepted_on: date, pauses: Pauses, as_of: date | None = None) -> int:
    return sum(days.between(start, end) for start, end in _merged(accepted_on, pauses, as_of))


def _merged(accepted_on: date, pauses: Pauses, as_of: date | None) -> list[tuple[date, date]]:
    """The suspensions since acceptance in order, none overlapping."""
    merged: list[tuple[date, date]] = []
    for start, end in sorted(_closed(accepted_on, pause, as_of) for pause in pauses):
        if merged and start <= merged[-1][1]:
            before = merged.pop()
            start, end = before[0], max(before[1], end)
        merged.append((start, end))
    return merged


def _closed(
    accepted_on: date, pause: tuple[date, date | None], as_of: date | None
) -> tuple[date, date]:
    start, end = pause
    if end is not None and end < start:
        raise ValueError(f"suspension ends on {end}, before it begins on {start}")
    if end is None:
        end = max(start, as_of or start)
    return max(start, accepted_on), max(end, accepted_on)


def _in_china(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(SHANGHAI)
