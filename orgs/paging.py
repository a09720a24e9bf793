"""Keyset paging: a page starts after a row, so page one thousand costs what page one costs."""

import base64
import binascii
import json
from datetime import datetime

from django.db.models import Q

COUNT_CAP = 1000


class KeysetPage:
    """One page of a queryset ordered by `field` and then by primary key.

    `order` is a field name, with "-" for descending; the field must not be null in the rows.
    `cursor` is what `next_cursor` gave; an unreadable one starts from the beginning.
    """

    def __init__(self, queryset, *, order, cursor="", size=20):
        self.order, self.size = order, size
        self.field, self.down = order.lstrip("-"), order.startswith("-")
        after = read_cursor(cursor)
        rows = queryset.order_by(order, "-pk" if self.down else "pk")
        if after:
            rows = rows.filter(self._beyond(*after))
        found = list(rows[: size + 1])
        self.rows, self.has_next = found[:size], len(found) > size
        self.is_first = not after
        self.count, self.more = capped_count(queryset)

    def _beyond(self, value, pk):
        if self.down:
            return Q(**{f"{self.field}__lt": value}) | Q(**{self.field: value, "pk__lt": pk})
        return Q(**{f"{self.field}__gt": value}) | Q(**{self.field: value, "pk__gt": pk})

    @property
    def next_cursor(self) -> str:
        if not self.has_next:
            return ""
        last = self.rows[-1]
        value = getattr(last, self.field)
        text = json.dumps([value.isoformat() if isinstance(value, datetime) else value, last.pk])
        return base64.urlsafe_b64encode(text.encode()).decode()


def read_cursor(text):
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(text.encode()))
        return (datetime.fromisoformat(value), int(pk)) if text else None
    except (ValueError, TypeError, binascii.Error):
        return None


def capped_count(queryset) -> tuple[int, bool]:
    """How many rows there are, counted no further than the cap; whether there are more."""
    counted = queryset.order_by()[: COUNT_CAP + 1].count()
    return min(counted, COUNT_CAP), counted > COUNT_CAP
