"""The State Council's yearly notice, as exceptions to the weekday rule.

The `holidays` package follows each notice; our own table is seeded from it once and then
belongs to the administrators.
"""

from datetime import date, timedelta

from holidays.countries.china import China, ChinaStaticHolidays

from orgs.workdays import SATURDAY

ONE_DAY = timedelta(days=1)
#: The package names a moved day off "休息日（由 2026-02-14 调休）", a substitute "春节（补假）".
MOVED, NOTE = "休息日", "（"
PUBLISHED = frozenset(ChinaStaticHolidays.special_public_holidays)


def is_published(year: int) -> bool:
    """Whether the package knows the notice; later years would be guesses without 调休."""
    return year in PUBLISHED


def official_days(year: int) -> list[tuple[date, bool, str]]:
    """(day, is it a workday, Chinese name) of each exception; empty until the notice is out."""
    if not is_published(year):
        return []
    # The notice of the next year may move a day of this December.
    notice = China(years=[year, *({year + 1} & PUBLISHED)], language="zh_CN")
    on = {day for day in notice.weekend_workdays if day.year == year}
    off = {day for day in notice if day.year == year and day.weekday() < SATURDAY}
    moved = {_replaced_by(text): day for day, text in notice.items() if MOVED in text}
    rows = [(day, False, _name(day, notice)) for day in off]
    rows += [(day, True, f"{_name(moved[day], notice)}调休上班") for day in on]
    return sorted(rows)


def _replaced_by(text: str) -> date:
    """The weekend day that is worked for a day off."""
    return date.fromisoformat(text.split()[1])


def _name(day: date, notice: China) -> str:
    """The holiday of a day off; a moved day takes the names of the holidays it lengthens."""
    span = _span(day, notice) if MOVED in notice[day] else [day]
    names = dict.fromkeys(name for near in span for name in _names_on(near, notice))
    # "春节延长假期" beside "春节" says nothing more.
    longer = {name for name in names for other in names if name.startswith(other) and name != other}
    return "、".join(name for name in names if name not in longer)


def _span(day: date, notice: China) -> list[date]:
    """The unbroken rest around `day`."""
    first = last = day
    while _rests(first - ONE_DAY, notice):
        first -= ONE_DAY
    while _rests(last + ONE_DAY, notice):
        last += ONE_DAY
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def _names_on(day: date, notice: China) -> list[str]:
    texts = notice.get(day, MOVED).split("; ")
    return [text.split(NOTE)[0].replace("农历除夕", "春节") for text in texts if MOVED not in text]


def _rests(day: date, notice: China) -> bool:
    return day in notice or (day.weekday() >= SATURDAY and day not in notice.weekend_workdays)
