"""An assessor scores what an organization claims; another one confirms; the trail keeps it all."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.models import Answer, Assessment, EvidenceCase, Review
from assessments.parts import review_part
from orgs.models import AuditEntry, NotAllowed, Notice, Role
from tests.assessments.reviewing import (
    all_scores,
    answer_of,
    open_year,
    scored,
    second_person,
    submitted,
)
from tests.people import person, post


@pytest.fixture
def assessment(cast):
    return submitted(open_year(cast), cast.home.village)


def url(assessment):
    return reverse("assessments:review", args=[assessment.pk])


def act(assessment, verb):
    return reverse("assessments:review_act", args=[assessment.pk, verb])


def typed(assessment, version=0, **points):
    """What the browser sends: all scored 1, but what `points` (code → points) says."""
    form = {"version": version}
    for answer in Review.of(assessment).answers():
        given = points.get(answer.indicator.code, "" if answer.is_locked else "1")
        form[f"points_{answer.pk}"] = given
        form[f"reason_{answer.pk}"] = ""
    return form


def test_assessor_scores_and_the_sum_is_as_by_hand(cast, signed_in, assessment):
    answer = signed_in(cast.secretary).post(url(assessment), typed(assessment), follow=True)

    review = Review.of(assessment)
    # one point each: goals 1 to 5 give n/points·weight, 6.1 is the portal's 6 of 8
    by_goal = {}
    for a in review.answers():
        got, whole, weight = by_goal.get(a.indicator.goal.number, (0, 0, a.indicator.goal.points))
        given = D(6) if a.is_locked else D(1)
        by_goal[a.indicator.goal.number] = (got + given, whole + a.indicator.points, weight)
    expected = sum(got / whole * weight for got, whole, weight in by_goal.values())
    assert review_part(review.answers()) == expected
    assert [m.message for m in answer.context["messages"]] == ["考评分已保存。"]
    assert review.version == 1
    assert list(review.scorers.all()) == [cast.secretary]


def test_assessor_who_has_submitted_the_claims_is_shown_to_the_next(cast, signed_in, assessment):
    Assessment.objects.filter(pk=assessment.pk).update(submitted_by=cast.secretary)
    said, other = f"自评由考评人{cast.secretary}本人提交", second_person(cast)
    next_one = signed_in(other)
    assert said not in next_one.get(url(assessment)).content.decode()

    Review.of(assessment).score(
        actor=cast.secretary, version=0, scores={answer_of(assessment, "1.2").pk: (D(1), "核查")}
    )

    # who scores stays hidden until the points have been asked for
    assert said not in next_one.get(url(assessment)).content.decode()
    Review.of(assessment).look(actor=other)
    assert said in next_one.get(url(assessment)).content.decode()


def test_each_change_is_on_record_before_and_after(cast, assessment):
    answer = answer_of(assessment, "1.2")
    review = Review.of(assessment)
    review.score(actor=cast.secretary, version=0, scores={answer.pk: (D("2.5"), "有计划")})
    review.score(actor=cast.secretary, version=1, scores={answer.pk: (D(1), "只一次研究")})

    entry = AuditEntry.objects.filter(action="review.scored").first()
    assert entry.changes == {
        "1.2 服务意识：有计划、专题研究不少于 2 次": ["2.5（有计划）", "1（只一次研究）"]
    }
    assert (entry.actor, entry.organization) == (cast.secretary, cast.home.village)


def test_saving_without_a_change_leaves_no_trace(cast, assessment):
    scored(assessment, cast.secretary)
    scored(assessment, cast.secretary)

    assert Review.of(assessment).version == 1
    assert AuditEntry.objects.filter(action="review.scored").count() == 1


@pytest.mark.parametrize(
    ("code", "points", "error"),
    [
        ("1.2", "3.1", "最多 3 分。"),
        ("1.2", "-1", "不能低于 0 分。"),
        ("1.2", "1.25", "最多一位小数。"),
        ("1.2", "许多", "请填数字。"),
    ],
)
def test_wrong_points_are_told_at_the_field(cast, signed_in, assessment, code, points, error):
    page = signed_in(cast.secretary).post(url(assessment), typed(assessment, **{code: points}))

    answer = answer_of(assessment, code)
    assert page.context["form"].errors == {f"points_{answer.pk}": [error]}
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("code", "points", "error"),
    [
        ("6.1", "5", "与自动取数不同，请写明理由。"),
        ("1.2", "3", "与自评分相差较大，请写明理由。"),
        ("1.2", "1.6", None),  # 0.6 of 3 points is the fifth that passes
    ],
)
def test_reason_is_asked_where_points_do_not_speak_for_themselves(
    cast, signed_in, assessment, code, points, error
):
    page = signed_in(cast.secretary).post(url(assessment), typed(assessment, **{code: points}))

    key = f"reason_{answer_of(assessment, code).pk}"
    found = page.context["form"].errors if page.context else {}
    assert found == ({key: [error]} if error else {})


def test_form_opened_before_another_ones_save_is_refused_with_what_was_typed(
    cast, signed_in, assessment
):
    form = typed(assessment, **{"1.2": "1.5"})
    scored(assessment, cast.secretary)

    client = signed_in(cast.secretary)
    page = client.post(url(assessment), form)

    answer = answer_of(assessment, "1.2")
    kept = page.context["form"]
    assert page.status_code == 409
    assert (kept[f"points_{answer.pk}"].value(), kept["version"].value()) == ("1.5", 1)
    assert "现在是 1（实地核查）" in page.content.decode()
    assert page.content.decode().count("现在是") == 1
    assert answer.review_points == D(1)

    client.post(url(assessment), form | {"version": 1})
    assert answer_of(assessment, "1.2").review_points == D("1.5")


def test_nobody_scores_the_own_organization(cast, signed_in, assessment):
    own = person("own", "村书记")
    post(own, cast.home.village, Role.SECRETARY)
    post(own, cast.home.organization, Role.REVIEWER)  # 回避, even with a post above

    for user in (own, cast.agent):
        page = signed_in(user).get(url(assessment))
        assert (page.status_code, page.context["form"]) == (200, None)
        assert signed_in(user).post(url(assessment), typed(assessment)).status_code == 403


def test_own_organization_reads_the_points_only_when_confirmed(cast, signed_in, assessment):
    review = scored(assessment, cast.secretary, points="0.7")

    before = signed_in(cast.agent).get(url(assessment)).content.decode()
    review.look(actor=cast.reviewer)
    review.confirm(actor=cast.reviewer)
    after = signed_in(cast.agent).get(url(assessment)).content.decode()

    assert ("0.70" in before, "实地核查" in before) == (False, False)
    assert ("0.70" in after, "实地核查" in after) == (True, True)


def test_scorer_does_not_confirm(cast, signed_in, assessment):
    review = scored(assessment, cast.secretary)

    assert "confirm" not in review.verbs_for(cast.secretary, review.answers())
    assert signed_in(cast.secretary).post(act(assessment, "confirm")).status_code == 403
    with pytest.raises(NotAllowed):
        review.confirm(actor=cast.secretary)


def test_other_assessor_confirms_and_the_organization_is_told(cast, signed_in, assessment):
    scored(assessment, cast.secretary)
    client = signed_in(cast.reviewer)
    client.post(act(assessment, "look"))

    client.post(act(assessment, "confirm"))

    assessment.refresh_from_db()
    review = Review.of(assessment)
    assert (assessment.status, review.confirmed_by) == ("REVIEWED", cast.reviewer)
    notice = Notice.objects.get(kind="review.confirmed")
    assert (notice.recipient, notice.url) == (cast.agent, url(assessment))
    assert client.post(url(assessment), typed(assessment, 1)).status_code == 403


def test_what_is_not_scored_cannot_be_confirmed(cast, assessment):
    review = scored(assessment, cast.secretary, but=("2.4", "6.5"))
    review.look(actor=cast.reviewer)

    with pytest.raises(ValidationError) as refusal:
        review.confirm(actor=cast.reviewer)

    assert refusal.value.messages == ["还有 2 项没有打分：2.4、6.5。"]


def test_department_opens_the_review_again_and_says_why(cast, signed_in, assessment):
    review = scored(assessment, cast.secretary)
    review.look(actor=cast.reviewer)
    review.confirm(actor=cast.reviewer)

    assert signed_in(cast.secretary).post(act(assessment, "reopen")).status_code == 403
    signed_in(cast.reviewer).post(act(assessment, "reopen"), {"reopen-reason": "漏看会议记录"})

    review = Review.of(Assessment.objects.get())
    assert (review.assessment.status, review.confirmed_by) == ("SUBMITTED", None)
    notices = Notice.objects.filter(kind="review.reopened")
    assert {n.recipient for n in notices} == {cast.agent, cast.secretary}
    assert {n.body for n in notices} == {"漏看会议记录"}


@pytest.mark.parametrize(("window", "department_may"), [((1, 5), False), ((-9, -1), True)])
def test_outside_the_window_only_the_department_is_late(cast, window, department_may):
    assessment = submitted(open_year(cast, review=window), cast.home.village)

    with pytest.raises(NotAllowed):
        scored(assessment, cast.secretary)
    if department_may:
        scored(assessment, cast.reviewer)
    else:
        with pytest.raises(NotAllowed):
            scored(assessment, cast.reviewer)


def test_published_year_is_not_scored_any_more(cast, signed_in, assessment):
    assessment.cycle.status = "PUBLISHED"
    assessment.cycle.save()

    assert signed_in(cast.secretary).get(url(assessment)).context["form"] is None
    with pytest.raises(NotAllowed):
        scored(assessment, cast.secretary)


def test_waiver_is_approved_up_to_the_limit(cast, signed_in, assessment):
    scheme = assessment.cycle.scheme
    scheme.most_not_applicable = 6
    scheme.save()
    assessment.answers.filter(indicator__code__in=["3.1", "3.3"]).update(waiver_reason="没有大厅")

    def decide(code, approved):
        answer = answer_of(assessment, code)
        address = reverse("assessments:review_waive", args=[assessment.pk, answer.pk])
        return signed_in(cast.reviewer).post(address, {"approved": approved}, follow=True)

    assert decide("3.1", "yes").status_code == 200
    refused = decide("3.3", "yes")
    decide("3.3", "no")

    assert refused.status_code == 409
    assert "不适用合计 7 分，超过上限 6 分，不能再批准。" in refused.content.decode()
    assert [answer_of(assessment, code).is_waived for code in ("3.1", "3.3")] == [True, False]
    assert Notice.objects.filter(recipient=cast.agent).count() == 2


def test_undecided_waiver_holds_the_confirmation(cast, assessment):
    assessment.answers.filter(indicator__code="3.1").update(waiver_reason="没有大厅")
    review = scored(assessment, cast.secretary)

    assert review.faults(review.answers()) == ["不适用申请没有审批：3.1。"]


def test_self_scores_are_taken_over_only_where_nothing_was_given(cast, signed_in, assessment):
    page = signed_in(cast.secretary).get(url(assessment), {"take_self": 1})

    fields = page.context["form"]
    values = {
        a.indicator.code: fields[f"points_{a.pk}"].value() for a in Review.of(assessment).answers()
    }
    assert (values["1.2"], values["6.1"]) == ("1", None)
    assert not Answer.objects.filter(review_points__isnull=False).exists()


def test_assessor_finds_the_evidence_and_the_way_back_of_the_form(cast, signed_in, assessment):
    request = cast.register(subject="修水渠")
    EvidenceCase.objects.create(
        answer=answer_of(assessment, "1.2"), request=request, added_by=cast.agent
    )
    client = signed_in(cast.secretary)

    page = client.get(url(assessment)).content.decode()
    client.post(
        reverse("assessments:self_act", args=[assessment.pk, "send_back"]),
        {"send_back-reason": "请补会议记录"},
    )

    for code, words in (("1.2", "佐证（1）"), ("6.1", "取数过程")):
        link = reverse("assessments:answer", args=[assessment.pk, answer_of(assessment, code).pk])
        assert f'href="{link}">{words}' in page
    assessment.refresh_from_db()
    assert (assessment.status, assessment.return_reason) == ("RETURNED", "请补会议记录")
    assert client.post(url(assessment), typed(assessment)).status_code == 403


def test_goal_has_a_sum_only_when_all_of_it_is_scored(cast, signed_in, assessment):
    scored(assessment, cast.secretary, but=("1.2", "6.5"))

    sheets = signed_in(cast.secretary).get(url(assessment)).context["sheets"]

    assert [sheet.goal.number for sheet in sheets if sheet.review is None] == [1, 6]


def test_gap_is_flagged(cast, signed_in, assessment):
    assessment.answers.update(figure="", self_points=D(1))
    for answer in assessment.answers.select_related("indicator"):
        answer.self_points = answer.indicator.points
        answer.save()
    scored(assessment, cast.secretary)

    flags = signed_in(cast.secretary).get(url(assessment)).context["standing"].flags

    part = review_part(Review.of(assessment).answers())
    assert [flag.words for flag in flags] == [f"自评与考评差距 {round(100 - part, 2)} 分"]


def test_page_takes_as_many_queries_with_many_indicators(cast, queries, assessment):
    few = submitted(open_year_again(assessment), cast.away.village)
    few.answers.exclude(indicator__code__in=["1.1", "1.2"]).delete()
    county = second_person(cast, "县组工", where=cast.county)
    for one in (assessment, few):
        scored(one, county)

    counts = {queries(county, url(one)) for one in (assessment, few)}

    assert len(counts) == 1, counts


def open_year_again(assessment):
    return assessment.cycle


def test_confirmation_asks_for_all_scores_of_the_form(cast, assessment):
    assert len(all_scores(assessment)) == len(Review.of(assessment).answers()) - 1
