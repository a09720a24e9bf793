"""Office hours of the past months: when something happens at a counter, and what comes after."""

from datetime import date, datetime, time, timedelta

from orgs.workdays import Workdays
from services.deadlines import SHANGHAI

ONE_DAY = timedelta(days=1)
MORNING, AFTERNOON = (time(8, 30), time(12)), (time(14), time(17, 30))


class Office:
    def __init__(self, days: Workdays, today: date):
        self.days, self.today = days, today

    def earlier(self, day: date, n: int) -> date:
        """The n-th workday before `day`; 0 is the day itself, or the last workday before it."""
        while not self.days.is_workday(day):
            day -= ONE_DAY
        for _ in range(n):
            day -= ONE_DAY
            while not self.days.is_workday(day):
                day -= ONE_DAY
        return day

    def back(self, n: int) -> date:
        return self.earlier(self.today, n)

    def due_in(self, left: int) -> date:
        """The due date with `left` workdays to go; negative when it has passed."""
        if left < 0:
            return self.back(-left)
        return self.days.add(self.today, left) if left else self.days.next_workday(self.today)

    def at(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour), SHANGHAI) + timedelta(minutes=minute)

    def after(self, moment: datetime, minutes: int) -> datetime:
        """`minutes` of office time later."""
        left = timedelta(minutes=minutes)
        while True:
            moment, end = self._open(moment.astimezone(SHANGHAI))
            if moment + left <= end:
                return moment + left
            left -= end - moment
            moment = end

    def _open(self, moment: datetime) -> tuple[datetime, datetime]:
        """The moment itself while the office is open, else the next opening; and the closing."""
        day = moment.date()
        while True:
            if self.days.is_workday(day):
                for opens, closes in (MORNING, AFTERNOON):
                    start = datetime.combine(day, opens, SHANGHAI)
                    end = datetime.combine(day, closes, SHANGHAI)
                    if moment < end:
                        return max(moment, start), end
            day += ONE_DAY
