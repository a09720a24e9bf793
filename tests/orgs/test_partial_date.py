"""A date is kept as exactly as it was said: a year, a month or a day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from orgs.partial_date import PartialDate, PartialDateField

YEAR, MONTH, DAY = PartialDate(1985), PartialDate(1985, 6), PartialDate(1985, 6, 1)


def test_precision_is_what_was_said():
    assert [(str(said), said.precision, said.isoformat()) for said in (YEAR, MONTH, DAY)] == [
        ("1985年", "YEAR", "1985"),
        ("1985年6月", "MONTH", "1985-06"),
        ("1985年6月1日", "DAY", "1985-06-01"),
    ]
    assert (MONTH.earliest, MONTH.latest) == (date(1985, 6, 1), date(1985, 6, 30))
    assert (YEAR.latest, PartialDate(2024, 2).latest) == (date(1985, 12, 31), date(2024, 2, 29))


def test_order_and_agreement():
    assert sorted([DAY, PartialDate(1986), YEAR, MONTH]) == [YEAR, MONTH, DAY, PartialDate(1986)]
    assert MONTH.agrees_with(DAY) and DAY.agrees_with(YEAR)
    assert not DAY.agrees_with(PartialDate(1985, 6, 2))


@pytest.mark.parametrize("parts", [(1985, 13), (1985, 2, 30), (1985, None, 3), (0,)])
def test_what_no_calendar_has_is_refused(parts):
    with pytest.raises(ValueError):
        PartialDate.of(*parts)


def test_field_reads_what_it_writes():
    field = PartialDateField("入党")
    for said in (YEAR, MONTH, DAY):
        stored = field.get_prep_value(said)
        assert field.from_db_value(stored, None, None) == said
        assert field.clean(stored, None) == said
    assert field.get_prep_value(date(1985, 6, 1)) == "1985-06-01"
    assert field.clean("", None) is None
    for wrong in ("1985-6", "1985-13", "八五年"):
        with pytest.raises(ValidationError, match="请写成 1985"):
            field.clean(wrong, None)
