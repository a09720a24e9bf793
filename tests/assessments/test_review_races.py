"""Two assessors at once: one save counts, the other is told. On PostgreSQL."""

import pytest
from django.core.exceptions import ValidationError

from assessments.models import Assessment, Review
from assessments.models.review_ground import ReviewGround
from orgs.models import AuditEntry, NotAllowed
from tests.assessments.reviewing import all_scores, open_year, scored, second_person, submitted
from tests.people import Cast
from tests.races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SEVERAL = 6


@pytest.fixture
def cast(clock):
    return Cast()


@pytest.fixture
def assessment(cast):
    return submitted(open_year(cast), cast.home.village)


def outcome(act):
    try:
        act()
    except (NotAllowed, ValidationError) as refusal:
        return type(refusal).__name__
    return "won"


def fresh(assessment):
    return Review.of(Assessment.objects.get(pk=assessment.pk))


def save_at_once(cast, assessment):
    scores = [all_scores(assessment, points) for points in ("0.1", "0.2", "0.3", "0.4", "0.5", "1")]

    def save(number):
        review = fresh(assessment)
        return outcome(lambda: review.score(actor=cast.secretary, version=0, scores=scores[number]))

    return at_once(SEVERAL, save)


def test_one_save_of_several_counts(cast, assessment):
    assert sorted(save_at_once(cast, assessment)) == ["NotAllowed"] * (SEVERAL - 1) + ["won"]
    assert fresh(assessment).version == 1
    assert AuditEntry.objects.filter(action="review.scored").count() == 1


def test_without_the_check_of_the_version_all_overwrite_each_other(cast, assessment, monkeypatch):
    """The control."""
    unchecked = staticmethod(lambda seen, now: None)
    monkeypatch.setattr(ReviewGround, "_check_version", unchecked)

    assert save_at_once(cast, assessment).count("won") > 1


def test_what_is_confirmed_is_what_was_scored_before(cast, assessment):
    """Confirm against score: whoever comes second finds the other's work done."""
    review = scored(assessment, cast.secretary)
    review.look(actor=cast.reviewer)
    scores = all_scores(assessment, "0.5")

    def act(number):
        mine = fresh(assessment)
        if number:
            return outcome(lambda: mine.confirm(actor=cast.reviewer))
        return outcome(lambda: mine.score(actor=cast.secretary, version=1, scores=scores))

    results = at_once(2, act)

    entries = AuditEntry.objects.filter(action__in=["review.scored", "review.confirmed"])
    actions = list(entries.order_by("day", "sequence").values_list("action", flat=True))
    assert results[1] == "won"
    assert fresh(assessment).assessment.status == "REVIEWED"
    assert actions[-1] == "review.confirmed"
    assert len(actions) == (3 if results[0] == "won" else 2)


def test_one_of_several_becomes_the_second(cast, assessment):
    people = [second_person(cast, f"组工{n}") for n in range(SEVERAL)]

    def take(number):
        return outcome(lambda: fresh(assessment).take_second(actor=people[number]))

    assert sorted(at_once(SEVERAL, take)) == ["NotAllowed"] * (SEVERAL - 1) + ["won"]
    assert fresh(assessment).second in people
