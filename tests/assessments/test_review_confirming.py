"""Who has scored nothing of a review reads it and confirms it."""

import pytest

from tests.assessments.reviewing import open_year, scored, submitted


@pytest.fixture
def assessment(cast):
    return submitted(open_year(cast), cast.home.village)


def test_who_may_confirm_reads_and_scores_only_on_asking(cast, signed_in, assessment):
    review = scored(assessment, cast.secretary)
    review.look(actor=cast.reviewer)
    client = signed_in(cast.reviewer)

    page = client.get(review.get_absolute_url())
    text = page.content.decode()
    assert page.context["form"] is None
    assert [step[0] for step in page.context["steps"]][0] == "confirm"
    assert '<summary class="btn btn-primary">考评定稿</summary>' in text
    assert "我要改分（改了就不能定稿）" in text

    asked = client.get(review.get_absolute_url(), {"score": 1})
    assert asked.context["form"] is not None
    assert "保存考评分以后您就不能定稿" in asked.content.decode()
    assert signed_in(cast.secretary).get(review.get_absolute_url()).context["form"] is not None


def test_own_claims_of_the_scorer_stand_beside_the_button(cast, signed_in, assessment):
    assessment.submitted_by = cast.secretary
    assessment.save()
    review = scored(assessment, cast.secretary)
    review.look(actor=cast.reviewer)

    text = signed_in(cast.reviewer).get(review.get_absolute_url()).content.decode()

    said = f"自评由考评人{cast.secretary}本人提交，请逐项核对后再定稿。"
    assert text.count("本人提交") == 1
    assert text.index('id="next"') < text.index(said) < text.index("考评定稿</summary>")
