"""Keyset paging: a page starts after a row, so page one thousand costs what page one costs."""

import base64
import binascii
import json
from datetime import datetime
from functools import reduce

from django.core.exceptions import ValidationError
from django.db.models import Q

COUNT_CAP = 1000


class KeysetPage:
    """One page of a queryset ordered by `order` and then by primary key.

    `order` is a field name or several, all with "-" for descending or none; the fields must not
    be null in the rows. `cursor` is what `next_cursor` gave; an unreadable one starts from the
    beginning.
    """

    def __init__(self, queryset, *, order, cursor="", size=20):
        order = (order,) if isinstance(order, str) else tuple(order)
        self.fields, self.down = [name.lstrip("-") for name in order], order[0].startswith("-")
        self.size = size
        after = read_cursor(cursor, len(self.fields))
        rows = queryset.order_by(*order, "-pk" if self.down else "pk")
        if after:
            try:
                rows = rows.filter(self._beyond(after))
            except (ValidationError, ValueError, TypeError):  # values of another list
                after = None
        found = list(rows[: size + 1])
        self.rows, self.has_next = found[:size], len(found) > size
        self.is_first = not after
        self.count, self.more = capped_count(queryset)

    def _beyond(self, values):
        """Greater in the first field, or equal there and greater in the next, and so on."""
        way = "lt" if self.down else "gt"
        beyond, equal = Q(pk__in=[]), Q()
        for name, value in zip([*self.fields, "pk"], values, strict=True):
            beyond |= equal & Q(**{f"{name}__{way}": value})
            equal &= Q(**{name: value})
        return beyond

    @property
    def next_cursor(self) -> str:
        if not self.has_next:
            return ""
        last = self.rows[-1]
        text = json.dumps([*(said(last, name) for name in self.fields), last.pk])
        return base64.urlsafe_b64encode(text.encode()).decode()


def said(row, name):
    """The row's value of the field, as JSON can hold it."""
    value = reduce(getattr, name.split("__"), row)
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def read_cursor(text, fields=1):
    """The values after which the page starts; None from the beginning."""
    try:
        *values, pk = json.loads(base64.urlsafe_b64decode(text.encode())) if text else ()
        if len(values) != fields or not all(isinstance(v, str | int | dict) for v in values):
            return None
        return [*(datetime.fromisoformat(v["at"]) if isinstance(v, dict) else v for v in values),
                int(pk)]  # fmt: skip
    except (ValueError, TypeError, KeyError, binascii.Error):
        return None


def capped_count(queryset) -> tuple[int, bool]:
    """How many rows there are, counted no further than the cap; whether there are more."""
    counted = queryset.order_by()[: COUNT_CAP + 1].count()
    return min(counted, COUNT_CAP), counted > COUNT_CAP
