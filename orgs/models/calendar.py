"""The working calendar: every deadline is counted on these rows."""

from django.db import models, transaction
from django.urls import reverse

from orgs.holidays_seed import is_published, official_days
from orgs.models.audit import AuditEntry
from orgs.workdays import Workdays


class CalendarYear(models.Model):
    """A year whose calendar is known; until confirmed its deadlines are provisional."""

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    confirmed = models.BooleanField("国务院已公布", default=False)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "年度日历"
        ordering = ["-year"]

    def __str__(self):
        return f"{self.year}年"

    def get_absolute_url(self):
        return reverse("orgs:calendar", args=[self.year])

    @classmethod
    @transaction.atomic
    def seed(cls, year, *, actor=None):
        """Fill a year from the holidays library unless it is there already."""
        row, made = cls.objects.get_or_create(year=year, defaults={"confirmed": is_published(year)})
        if made:
            if actor:
                AuditEntry.record(actor, "calendar.opened", row, label="新增年度日历")
            CalendarDay.objects.bulk_create(
                CalendarDay(date=day, is_workday=works, name=name)
                for day, works, name in official_days(year)
            )
        return row, made

    @transaction.atomic
    def change(self, *, actor, set_days=(), remove=(), confirmed=None):
        """Edit the year: set exceptions [(date, is_workday, name)], drop others, confirm it.

        Raises the version; open requests are recomputed by a sweep that compares versions.
        """
        year = CalendarYear.objects.select_for_update().get(pk=self.pk)
        days = [*remove, *(day for day, _, _ in set_days)]
        before = CalendarDay.objects.in_bulk(days)
        CalendarDay.objects.filter(date__year=year.pk, date__in=remove).delete()
        for day, works, name in set_days:
            CalendarDay.objects.update_or_create(
                date=day, defaults={"is_workday": works, "name": name}
            )
        year.version += 1
        if confirmed is not None:
            year.confirmed = confirmed
        year.save(update_fields=["version", "confirmed"])
        after = {day: f"{name}{'上班' if works else '放假'}" for day, works, name in set_days}
        changes = {
            str(day): [before[day].words if day in before else "", after.get(day, "恢复默认")]
            for day in days
        }
        label = "确认年度日历" if confirmed else "调整日历"
        AuditEntry.record(actor, "calendar.changed", year, label=label, changes=changes)
        self.refresh_from_db()

    @classmethod
    @transaction.atomic
    def adopt(cls, days, *, actor):
        """导入: set the exceptions of one or several years, opening years not yet there."""
        for number in sorted({day.year for day, _, _ in days}):
            year, _ = cls.seed(number, actor=actor)
            year.change(actor=actor, set_days=[row for row in days if row[0].year == number])


class CalendarDay(models.Model):
    """An exception: a weekday off, or a weekend day on (调休)."""

    date = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历例外"
        ordering = ["date"]

    def __str__(self):
        return f"{self.date} {self.words}"

    @property
    def words(self) -> str:
        return f"{self.name}{'上班' if self.is_workday else '放假'}"


_cache: dict[tuple, Workdays] = {}


def calendar_version() -> int:
    """Rises with every change of any year; frozen on each request."""
    return CalendarYear.objects.aggregate(total=models.Sum("version"))["total"] or 0


def workdays() -> Workdays:
    """The calendar as a pure value; built once for each state of the tables."""
    state = tuple(CalendarYear.objects.order_by("year").values_list("year", "version", "confirmed"))
    if state not in _cache:
        days = list(CalendarDay.objects.values_list("date", "is_workday"))
        _cache.clear()
        _cache[state] = Workdays(
            off=frozenset(day for day, works in days if not works),
            on=frozenset(day for day, works in days if works),
            confirmed_years=frozenset(year for year, _, sure in state if sure),
        )
    return _cache[state]
