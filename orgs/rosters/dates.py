"""Dates as people type them: 198506, 1985.06, 1985年6月, 19850601, Excel's day numbers.

What was not said is not added: a month stays a month.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache

from orgs.partial_date import PartialDate

WRITE = "请写成 1985-06-01、1985.06 或 1985年6月。"
#: Of a date that is written well and cannot be.
CHECK = "请核对后重填。"
#: 1927 to 2049 as Excel counts days; four digits would be 9806 for June 1998.
FIRST_SERIAL, LAST_SERIAL = 10000, 54788
EXCEL_ZERO = date(1899, 12, 30)
EARLIEST_YEAR = 1900

ISO = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
#: Instead of a day that has not come yet, or of nothing: a formula that found an empty cell.
NOT_YET = frozenset(
    "未转正 待转正 尚未转正 未到期 未满 未定 预备 预备期 预备党员 0 00:00:00".split()  # noqa: SIM905
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
PARTS = re.compile(r"(\d{4})[-./年,、·~ ](\d{1,2})(?:[-./月,、· ](\d{1,2}))?[日号月.]?")
YEAR = re.compile(r"(\d{4})年?")
SHORT_YEAR = re.compile(r"\d{2}[-./年]\d{1,2}([-./月]\d{1,2}日?)?月?")
TIME_OF_DAY = re.compile(r"[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
CHINESE = re.compile(r"([〇○零一二三四五六七八九\d]{4})年(?:(\w{1,3})月(?:(\w{1,3}?)[日号]?)?)?")
DASHES = str.maketrans("‐‑‒–—−／。", "------/.")


class BadDate(ValueError):
    """The message says what is wrong, for the person who typed it; the hint what to do."""

    def __init__(self, message, hint=WRITE):
        super().__init__(message)
        self.hint = hint


def read_date(value, today: date | None = None) -> tuple[PartialDate | None, str]:
    """The date and a warning; nothing for a blank. Raises BadDate."""
    if isinstance(value, datetime | date):
        found, warning = PartialDate.of(value.year, value.month, value.day), ""
    elif isinstance(value, bool) or value is None:
        raise BadDate("不是日期。")
    elif isinstance(value, int | float):
        found, warning = _number(value)
    else:
        found, warning = _text(value)
    if found.year < EARLIEST_YEAR:
        raise BadDate(f"年份 {found.year} 不对。", CHECK)
    if today and found.year >= today.year and found.earliest > today:
        raise BadDate("日期晚于今天。", CHECK)
    return found, warning


def _number(value) -> tuple[PartialDate, str]:
    if isinstance(value, float) and not value.is_integer():
        return _fraction(value)
    whole = int(value)
    if FIRST_SERIAL <= whole <= LAST_SERIAL:
        day = EXCEL_ZERO + timedelta(days=whole)
        said = PartialDate.of(day.year, day.month, day.day)
        return said, f"Excel 日期序号 {whole} 已按 {said} 读取，请核对。"
    return _text(str(whole))


def _fraction(value: float) -> tuple[PartialDate, str]:
    """1985.06 typed as a number; 1985.1 may have been 1985.10 and nobody can tell."""
    if FIRST_SERIAL <= value <= LAST_SERIAL:
        return _number(int(value))
    text = repr(value)
    if re.fullmatch(r"\d{4}\.1", text):
        raise BadDate("无法分清是 1 月还是 10 月，请把单元格设为文本后重填。")
    return _text(text)


@lru_cache(maxsize=65536)
def _text(value: str) -> tuple[PartialDate, str]:
    if found := ISO.fullmatch(value):
        return _date(*found.groups()), ""
    text = unicodedata.normalize("NFKC", value).translate(DASHES).strip().strip("'")
    text = TIME_OF_DAY.sub("", text)
    if found := CHINESE.fullmatch("".join(text.split())):
        year, month, day = found.groups()
        return _date(year.translate(CHINESE_DIGITS), _spoken(month), _spoken(day)), ""
    text = re.sub(r"\s*([-./年月日])\s*", r"\1", " ".join(text.split()))
    for form in (COMPACT, PARTS, YEAR):
        if found := form.fullmatch(text):
            if form is YEAR and not text.endswith("年") and not 1900 <= int(text) <= 2100:
                continue
            return _date(*found.groups()), ""
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        return _number(int(float(text)))
    if SHORT_YEAR.fullmatch(text):
        raise BadDate("年份须写四位。")
    if re.search(r"\d{4}.*[-~至到].*\d{4}", text):
        raise BadDate("这里有两个日期，请只填一个。", "")
    raise BadDate("日期无法识别。")


def _spoken(text: str | None) -> str | None:
    """六 → 6, 十二 → 12, 三十一 → 31."""
    if not text:
        return None
    if text.isdigit() and text.isascii():
        return text
    tens, ten, ones = text.partition("十")
    tens, ones = tens.translate(CHINESE_DIGITS), ones.translate(CHINESE_DIGITS)
    text = f"{tens or 1}{ones or 0}" if ten else tens
    if not text.isdigit():
        raise BadDate("日期无法识别。")
    return text


def _date(year, month=None, day=None) -> PartialDate:
    year, month, day = (int(part) if part else part for part in (year, month, day))
    if month is not None and not 1 <= month <= 12:
        raise BadDate(f"没有 {month} 月。", CHECK)
    if day is not None and not 1 <= day <= 31:
        raise BadDate(f"没有 {day} 日。", CHECK)
    try:
        return PartialDate.of(year, month, day)
    except ValueError as error:
        raise BadDate(f"{year}年{month}月没有 {day} 日。", CHECK) from error
