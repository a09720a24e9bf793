"""The scheme that ships is whole for all eight sectors, and an unbalanced one is told why."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from assessments.models import Scheme
from orgs.models import Sector


@pytest.fixture
def scheme(db):
    return Scheme.objects.get(version=1)


def test_default_has_100_points_for_each_sector(scheme):
    assert scheme.faults() == []
    for sector in Sector:
        assert sum(row.points for row in scheme.indicators_for(sector)) == 100


def test_community_moves_two_points_from_rooms_to_volunteers(scheme):
    points = {row.code: row.points for row in scheme.indicators_for(Sector.COMMUNITY)}

    assert (points["3.2"], points["4.3"]) == (1, 5)


def test_sum_that_is_not_100_is_named_by_sector(scheme):
    scheme.indicators.filter(code="6.1").update(points=9)

    assert scheme.faults()[0] == "农村：指标合计 101 分，应为 100 分。"
    with pytest.raises(ValidationError):
        scheme.freeze()


@pytest.mark.parametrize(
    "weights", [("0.10", "0.39", "0.51"), ("0.25", "0.50", "0.25"), ("0.10", "0.44", "0.46")]
)
def test_public_always_weighs_most(scheme, weights):
    for name, weight in zip(("self", "public", "review"), weights, strict=True):
        setattr(scheme, f"weight_{name}", Decimal(weight))

    with pytest.raises(IntegrityError), transaction.atomic():
        scheme.save()


def test_frozen_scheme_is_changed_only_as_a_new_version(scheme):
    scheme.freeze()

    copy = scheme.copy(actor=None)

    assert (copy.version, copy.based_on, copy.is_frozen) == (2, scheme, False)
    assert copy.faults() == []
    assert copy.indicators.count() == scheme.indicators.count()
    assert set(copy.indicators.values_list("goal__scheme", flat=True)) == {copy.pk}
    assert scheme.goals.count() == 6
