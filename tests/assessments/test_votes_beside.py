"""What the public says stands beside the points, goal by goal, once the ballot is valid."""

from decimal import Decimal as D

from django.urls import reverse

from assessments.public_results import GroupResult, PublicResult
from assessments.review_sheet import goal_sheets
from orgs.models import Level
from tests.assessments.reviewing import open_year, submitted
from tests.people import place


def group(weight, *goals):
    return GroupResult("G", "组", D(weight), 40, 40, 30, D(80), tuple(map(D, goals)))


GROUPS = (group("0.6", 90, 50), group("0.4", 70, 100))


def test_mean_of_each_goal_by_hand():
    result = PublicResult(D(80), (), GROUPS)

    assert result.goal_means == {1: D(82), 2: D(70)}
    assert result.turnout_words == "应到 80，发出 80，有效 60"


def test_ballot_that_does_not_count_shows_nothing_of_its_goals():
    assert PublicResult(None, ("有效票不足",), GROUPS).goal_means == {}


def test_assessor_sees_them_at_the_goal(cast):
    assessment = submitted(open_year(cast), cast.home.village)
    answers = assessment.answers.select_related("indicator__goal")

    sheets = goal_sheets(answers, public=PublicResult(D(80), (), GROUPS))

    assert [sheet.public for sheet in sheets[:3]] == [D("82.00"), D("70.00"), None]


def test_place_does_not_see_the_votes(cast, signed_in):
    unit = place("4299301", "青溪税务所党支部", Level.UNIT, cast.county)
    unit.local_supervisor = cast.home.organization
    unit.save()
    row = submitted(open_year(cast), unit, is_vertical=True)

    page = signed_in(cast.secretary).get(reverse("assessments:review", args=[row.pk]))

    assert (page.context["public"], page.context["may"]) == (None, ["give_opinion"])
