"""Dates that are known to the year, the month or the day, and never to more than was said."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

from django.core.exceptions import ValidationError
from django.db import models

STORED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
NOT_A_DATE = "请写成 1985、1985-06 或 1985-06-01。"


def may_be_one(day: str, other: str) -> bool:
    """Whether two dates as they are stored may mean the same day: 1985-06 and 1985-06-01."""
    return day.startswith(other) or other.startswith(day)


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """1985, 1985年6月 or 1985年6月1日; in order of the earliest day each may mean."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def of(cls, year, month=None, day=None) -> "PartialDate":
        """Raises ValueError for a month or day that no calendar has."""
        date(year, month or 1, day or 1)
        if day and not month:
            raise ValueError("a day without its month")
        return cls(year, month or None, day or None)

    @classmethod
    def on(cls, day: date) -> "PartialDate":
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """What `isoformat` writes."""
        found = STORED.fullmatch(text)
        if not found:
            raise ValueError(text)
        return cls.of(*(int(part) if part else None for part in found.groups()))

    @property
    def precision(self) -> str:
        return "DAY" if self.day else "MONTH" if self.month else "YEAR"

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def agrees_with(self, other: "PartialDate") -> bool:
        """Whether both may mean the same day: 1985年6月 agrees with 1985年6月1日."""
        return may_be_one(self.isoformat(), other.isoformat())

    def isoformat(self) -> str:
        text = f"{self.year:04}"
        text += f"-{self.month:02}" if self.month else ""
        return text + (f"-{self.day:02}" if self.day else "")

    def __str__(self):
        text = f"{self.year}年"
        text += f"{self.month}月" if self.month else ""
        return text + (f"{self.day}日" if self.day else "")

    def __lt__(self, other):
        return self.isoformat() < other.isoformat()


class PartialDateField(models.CharField):
    """A PartialDate or None, held as "1985", "1985-06" or "1985-06-01": they sort as they are.

    Compare with values of the same kind: `joined__gte=PartialDate(1985)`.
    """

    description = "日期（可只到年或月）"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "max_length": 10, "blank": True, "null": True})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "blank", "null"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return PartialDate.parse(value) if value else None

    def to_python(self, value):
        if value in (None, "") or isinstance(value, PartialDate):
            return value or None
        if isinstance(value, date):
            return PartialDate(value.year, value.month, value.day)
        try:
            return PartialDate.parse(str(value).strip())
        except ValueError as error:
            raise ValidationError(NOT_A_DATE, code="invalid") from error

    def get_prep_value(self, value):
        value = self.to_python(value)
        return value.isoformat() if value else None

    def clean(self, value, model_instance):
        # max_length speaks of the stored text
        value = self.to_python(value)
        self.validate(value, model_instance)
        return value

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj)) or ""


class EarliestField(models.DateField):
    """The first day that a PartialDateField of the same row may mean: for order and ranges.

    Computed when the row is saved; `save(update_fields=…)` must name it too.
    """

    description = "最早一天"

    def __init__(self, *args, source, **kwargs):
        self.source = source
        super().__init__(*args, **{**kwargs, "null": True, "blank": True, "editable": False})

    def pre_save(self, model_instance, add):
        partial = getattr(model_instance, self.source)
        day = partial.earliest if partial else None
        setattr(model_instance, self.attname, day)
        return day

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("null", "blank", "editable"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "source": self.source}
