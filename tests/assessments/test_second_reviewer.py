"""A second assessor scores blind; a large difference is settled before the confirmation."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.models import Review
from orgs.models import AuditEntry, NotAllowed, Notice
from tests.assessments.reviewing import all_scores, open_year, scored, second_person, submitted


@pytest.fixture
def assessment(cast):
    return submitted(open_year(cast), cast.home.village)


@pytest.fixture
def second(cast):
    return second_person(cast)


def url(assessment, name="review"):
    return reverse(f"assessments:{name}", args=[assessment.pk])


def act(assessment, verb):
    return reverse("assessments:review_act", args=[assessment.pk, verb])


def given(assessment, points):
    return {pk: score for pk, (score, _) in all_scores(assessment, points).items()}


def score_blind(assessment, user, points=1, *, done=True):
    review = Review.of(assessment)
    if not review.second_id:
        review.take_second(actor=user)
    review.score_second(
        actor=user, version=review.second_version, points=given(assessment, points), is_done=done
    )
    return review


def test_neither_sees_the_other_before_both_are_done(cast, signed_in, assessment, second):
    scored(assessment, cast.secretary, points="0.7", but=("6.5",))
    score_blind(assessment, second, points="0.3")

    blind = signed_in(second).get(url(assessment))
    first = signed_in(cast.secretary).get(url(assessment))
    other = signed_in(cast.reviewer).get(url(assessment))

    assert ("0.70" in blind.content.decode(), blind.context["standing"].review) == (False, None)
    assert ("0.30" in first.content.decode(), first.context["standing"].second) == (False, None)
    assert [p.context["standing"].review for p in (blind, other)] == [None, None]
    assert blind.context["timeline"] == other.context["timeline"] == []
    assert [line["title"] for line in first.context["timeline"]] == ["领取第二考评", "考评打分"]

    scored(assessment, cast.secretary, points="0.7")
    for user in (second, cast.secretary):
        text = signed_in(user).get(url(assessment)).content.decode()
        assert ("0.70" in text or 'value="0.7"' in text, "0.30" in text) == (True, True)


def test_second_scores_on_the_own_page_and_ends(cast, signed_in, assessment, second):
    client = signed_in(second)
    client.post(act(assessment, "take_second"))
    page = url(assessment, "review_second")
    form = {"version": 0} | {f"points_{pk}": "1" for pk in all_scores(assessment)}

    client.post(page, form | {f"points_{min(all_scores(assessment))}": ""})
    refused = client.post(page, form | {"version": 1, f"points_{min(all_scores(assessment))}": "",
                                        "done": "yes"})  # fmt: skip
    client.post(page, form | {"version": 1, "done": "yes"})

    assert refused.context["form"].non_field_errors() == ["还有 1 项没有打分：1.1。"]
    review = Review.of(assessment)
    assert review.second_points() == dict.fromkeys(all_scores(assessment), D(1))
    assert review.second_done_at is not None
    assert client.get(page).status_code == 403


def test_who_has_read_or_scored_is_no_second(cast, assessment, second):
    review = scored(assessment, cast.secretary)
    review.look(actor=second)

    for user in (second, cast.secretary):
        assert "take_second" not in review.verbs_for(user, review.answers())
        with pytest.raises(NotAllowed):
            review.take_second(actor=user)
    assert AuditEntry.objects.filter(action="review.read", actor=second).count() == 1


def test_second_cannot_score_officially_nor_confirm(cast, assessment, second):
    scored(assessment, cast.secretary)
    review = score_blind(assessment, second)

    with pytest.raises(NotAllowed):
        scored(assessment, second, points=2)
    with pytest.raises(NotAllowed):
        review.confirm(actor=second)


def test_nobody_looks_while_the_second_is_at_work(cast, assessment, second):
    review = scored(assessment, cast.secretary)
    review.take_second(actor=second)

    assert "look" not in review.verbs_for(cast.reviewer, review.answers())
    with pytest.raises(NotAllowed):
        review.look(actor=cast.reviewer)


def test_confirmation_waits_for_the_second(cast, assessment, second):
    review = scored(assessment, cast.secretary)
    review.look(actor=cast.reviewer)
    review.take_second(actor=second)
    review.drop_second(actor=cast.reviewer, reason="出差")
    review.take_second(actor=second_person_again(cast))

    answers = review.answers()
    assert review.faults(answers) == ["第二考评人柳河组工乙还没有完成打分。"]


def second_person_again(cast):
    return second_person(cast, "柳河组工乙")


def test_large_difference_is_flagged_settled_and_only_then_confirmed(
    cast, signed_in, assessment, second
):
    scored(assessment, cast.secretary, points=3)
    review = score_blind(assessment, second, points=1)
    review.look(actor=cast.reviewer)
    words = "两名考评人差异较大，请先由第一考评人或组织部门处理。"

    assert review.is_disputed(review.answers())
    assert Notice.objects.get(kind="review.disputed").recipient == cast.secretary
    with pytest.raises(ValidationError) as refusal:
        review.confirm(actor=cast.reviewer)
    assert refusal.value.messages == [words]
    with pytest.raises(NotAllowed):
        review.settle(actor=second, reason="我的对")

    signed_in(cast.secretary).post(act(assessment, "settle"), {"settle-reason": "复核台账无误"})
    review = Review.of(assessment)
    review.confirm(actor=cast.reviewer)

    assert (review.settled_by, review.settled_reason) == (cast.secretary, "复核台账无误")
    assert review.assessment.status == "REVIEWED"


def test_points_changed_after_the_settlement_are_settled_anew(cast, assessment, second):
    scored(assessment, cast.secretary, points=4)
    review = score_blind(assessment, second, points=1)
    review.settle(actor=cast.secretary, reason="复核台账无误")

    review = scored(assessment, cast.secretary, points=3)

    assert review.settled_by is None
    assert review.faults(review.answers()) == [
        "两名考评人差异较大，请先由第一考评人或组织部门处理。"
    ]


def test_small_difference_passes(cast, assessment, second):
    scored(assessment, cast.secretary, points="1.1")
    review = score_blind(assessment, second, points="1")
    review.look(actor=cast.reviewer)

    review.confirm(actor=cast.reviewer)

    assert review.assessment.status == "REVIEWED"


def test_first_and_second_save_side_by_side(cast, assessment, second):
    """Two at work at the same time are two forms: neither is told that it is outdated."""
    review = Review.of(assessment)
    review.take_second(actor=second)
    scored(assessment, cast.secretary)
    mine = Review.of(assessment)

    mine.score_second(actor=second, version=0, points=given(assessment, 1), is_done=False)
    scored(assessment, cast.secretary, points="0.9")

    assert (Review.of(assessment).version, Review.of(assessment).second_version) == (2, 1)


def test_list_does_not_tell_the_second_how_far_the_first_is_from_the_claim(
    cast, assessment, second
):
    assessment.answers.filter(self_points__isnull=False).update(self_points=3)
    review = scored(assessment, cast.secretary, points="0.2")
    assert review.gap > 15

    review.take_second(actor=second)
    assert Review.of(assessment).gap is None
    score_blind(assessment, second, points="0.2")
    assert Review.of(assessment).gap > 15
