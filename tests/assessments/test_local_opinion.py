"""条块: the place of a vertical unit gives its opinion before the review is confirmed."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.models import LocalOpinion, Review
from orgs.models import AuditEntry, Level, NotAllowed, Role
from tests.assessments.reviewing import open_year, scored, second_person, submitted
from tests.people import place


def unit_of(cast):
    unit = place("4299301", "青溪税务所党支部", Level.UNIT, cast.county)
    unit.local_supervisor = cast.home.organization
    unit.save()
    return unit


@pytest.fixture
def county(cast):
    return second_person(cast, "县组工", where=cast.county)


@pytest.fixture
def assessment(cast):
    return submitted(open_year(cast), unit_of(cast), is_vertical=True)


def act(assessment, verb):
    return reverse("assessments:review_act", args=[assessment.pk, verb])


def test_place_gives_opinion_and_score_without_seeing_points(cast, signed_in, assessment, county):
    scored(assessment, county, points="0.7")
    client = signed_in(cast.secretary)
    page = client.get(reverse("assessments:review", args=[assessment.pk]))

    client.post(
        act(assessment, "give_opinion"),
        {"give_opinion-score": "86.5", "give_opinion-text": "常来村里办税。"},
    )

    assert "0.70" not in page.content.decode()
    assert page.context["may"] == ["give_opinion"]
    opinion = LocalOpinion.objects.get()
    assert (opinion.score, opinion.text, opinion.given_by) == (
        D("86.5"), "常来村里办税。", cast.secretary,
    )  # fmt: skip


def test_opinion_may_be_changed_on_record_until_confirmed(cast, assessment, county):
    LocalOpinion.give(actor=cast.secretary, assessment=assessment, score=D(80), text="较好")
    LocalOpinion.give(actor=cast.secretary, assessment=assessment, score=D(60), text="较好")

    assert AuditEntry.objects.filter(action="review.opinion_given").first().changes == {
        "score": ["80", "60"]
    }
    confirm(assessment, county, second_person(cast, "县组工乙", where=cast.county))
    with pytest.raises(NotAllowed):
        LocalOpinion.give(actor=cast.secretary, assessment=assessment, score=D(90), text="好")


def confirm(assessment, scorer, other):
    review = scored(assessment, scorer)
    review.look(actor=other)
    review.confirm(actor=other)
    return review


def test_confirmation_waits_for_the_opinion(cast, assessment, county):
    review = scored(assessment, county)

    assert review.faults(review.answers()) == [
        "所在地党组织的意见还没有填写，考评截止后仍没有的请登记缺意见。"
    ]
    with pytest.raises(ValidationError):
        confirm(assessment, county, second_person(cast, "县组工乙", where=cast.county))


def test_missing_opinion_is_put_on_record_only_after_the_window(cast, signed_in, county):
    early = submitted(open_year(cast), unit_of(cast), is_vertical=True)
    with pytest.raises(NotAllowed):
        LocalOpinion.miss(actor=county, assessment=early, reason="催了三次")
    early.cycle.review_until = early.cycle.review_from
    early.cycle.save()
    early.refresh_from_db()

    signed_in(county).post(act(early, "miss_opinion"), {"miss_opinion-reason": "催了三次"})

    opinion = LocalOpinion.objects.get()
    assert (opinion.is_missing, opinion.text, opinion.given_by) == (True, "催了三次", county)
    early.refresh_from_db()
    assert Review.of(early).faults([]) == []


def test_opinion_far_from_the_review_is_flagged(cast, signed_in, assessment, county):
    scored(assessment, county)
    LocalOpinion.give(actor=cast.secretary, assessment=assessment, score=D(100), text="很好")

    page = signed_in(county).get(reverse("assessments:review", args=[assessment.pk]))

    part = page.context["standing"].review
    assert f"所在地评分与考评相差 {100 - part} 分" in [
        flag.words for flag in page.context["standing"].flags
    ]


def test_who_scored_does_not_speak_for_the_place(cast, assessment, county):
    """The county covers both lines: one person does not take both parts."""
    review = scored(assessment, county)

    assert "give_opinion" not in review.verbs_for(county, review.answers())
    with pytest.raises(NotAllowed):
        LocalOpinion.give(actor=county, assessment=assessment, score=D(90), text="好")


def test_other_township_has_no_say(cast, signed_in, assessment):
    stranger = cast.away.people[Role.SECRETARY]

    assert signed_in(stranger).post(act(assessment, "give_opinion")).status_code == 404
