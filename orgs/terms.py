"""How long a committee may serve and when its successor is due. Pure functions.

Sources: 中办《关于党的基层组织任期的意见》(2018): 党的基层委员会 five years, 总支部委员会 and
支部委员会 three, those of villages and communities five whatever they are; reminded six months
before, put off by a year at most. 《中国共产党支部工作条例（试行）》第二十一条 says the same of
branches; 党章第三十条 sets the frame of three to five years.
"""

from calendar import monthrange
from datetime import date

from orgs.partial_date import PartialDate

#: Codes of OrganizationKind. 党组, 党工委 and 临时党支部 are appointed from above, so that no term
#: ends; a 党小组 has no committee.
WITHOUT_TERM = ("LEADING_GROUP", "WORKING_COMMITTEE", "TEMPORARY_BRANCH", "GROUP")
LONG, SHORT = 5, 3
#: Days before the end of a term on which the organization is reminded.
NOTICE_DAYS = (180, 90, 30)
#: Days of a vacancy after which it is told, and the months after which it counts as too long.
VACANCY_DAYS = (30, 60, 90)
VACANCY_MONTHS = 3
EXTENSION_MONTHS = 12


def years_of_term(kind: str, level: str) -> int | None:
    """Years of one term; None where the organization has none."""
    if kind in WITHOUT_TERM:
        return None
    if kind == "COMMITTEE" or level == "VILLAGE":
        return LONG
    return SHORT


def due_day(elected: PartialDate | None, kind: str, level: str) -> date | None:
    """The last day on which the successor is in time; of a month alone the end of that month."""
    years = years_of_term(kind, level)
    return months_after(elected.latest, 12 * years) if elected and years else None


def months_after(day: date, months: int) -> date:
    """The same day of another month, or its last where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def too_long_since(day: date) -> date:
    """Who was last led before this day has been without a secretary for too long."""
    return months_after(day, -VACANCY_MONTHS)
