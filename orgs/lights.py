"""亮灯 of terms and vacancies: how one stands, in a tone and in words."""

from dataclasses import dataclass
from datetime import date

from orgs.terms import NOTICE_DAYS, too_long_since


@dataclass(frozen=True)
class Light:
    tone: str  # green, yellow, red, done
    words: str


def term_light(due_on: date | None, today: date) -> Light | None:
    """换届: yellow from six months before, red once it is late; None where no term is known."""
    if due_on is None:
        return None
    left = (due_on - today).days
    if left < 0:
        return Light("red", f"逾期 {-left} 天")
    if left == 0:
        return Light("yellow", "今天到期")
    if left <= NOTICE_DAYS[0]:
        return Light("yellow", f"还有 {left} 天")
    return Light("green", f"还有 {span(left)}")


def vacancy_light(last_led_on: date | None, today: date) -> Light:
    """书记缺: yellow, and red after more than three months (软弱涣散 begins there)."""
    if last_led_on is None:
        return Light("yellow", "从未登记书记")
    days = (today - last_led_on).days
    if last_led_on < too_long_since(today):
        return Light("red", f"空缺 {days} 天，超过 3 个月")
    return Light("yellow", f"空缺 {days} 天")


def span(days: int) -> str:
    """A long stretch in the words people use: 2 年 3 个月."""
    years, months = divmod(days * 12 // 365, 12)
    return (
        " ".join(filter(None, [years and f"{years} 年", months and f"{months} 个月"]))
        or "不到 1 个月"
    )
