"""What 自评 and 组织考评 come to is what one would compute by hand from the answers."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Answer, Goal, Indicator
from assessments.parts import own_goals, own_part, review_part, unreviewed, waived_points

COMPUTED, FEW = Answer.Figure.COMPUTED, Answer.Figure.FEW
BOARD = Goal(number=1, points=D(15))
ROOMS = Goal(number=3, points=D(10))


def said(goal, points, *, source="", own=True, review=True, **fields):
    indicator = Indicator(
        goal=goal, points=D(points), source=source, is_self_scored=own, is_review_scored=review
    )
    return Answer(indicator=indicator, **fields)


def form():
    return [
        said(BOARD, 10, source="on_time", own=False, figure=COMPUTED, figure_points=D(8)),
        said(BOARD, 5, self_points=D(5), review_points=D("2.5")),
        said(ROOMS, 6, self_points=D(6), review_points=D(3)),
        said(ROOMS, 4, self_points=D(4), is_waived=True),
    ]


def test_own_part_by_hand():
    # (13/15·15 + 6/6·10) / 25
    assert own_part(form()) == D(92)
    assert own_goals(form()) == {1: (D(13), D(15)), 3: (D(10), D(10))}


def test_review_part_by_hand():
    # (10.5/15·15 + 3/6·10) / 25
    assert review_part(form()) == D(62)


def test_assessor_who_adjusts_the_figure_is_followed_in_the_review_alone():
    answers = form()
    answers[0].review_points = D(5)

    assert (own_part(answers), review_part(answers)) == (D(92), D(50))


def test_what_was_left_blank_is_worth_nothing():
    answers = [said(BOARD, 10, self_points=D(10)), said(BOARD, 10)]

    assert own_part(answers) == D(50)


def test_nothing_scored_is_no_score():
    assert review_part([said(BOARD, 10, self_points=D(10))]) is None
    assert own_part([said(BOARD, 10, own=False, review_points=D(10))]) is None
    assert own_part([]) is None


def test_assessor_has_to_score_what_nobody_else_can():
    few = said(BOARD, 8, source="on_time", own=False, review=False, figure=FEW)
    known = said(BOARD, 8, source="on_time", review=True, figure=COMPUTED, figure_points=D(1))
    own_only = said(BOARD, 3, review=False)
    waived = said(ROOMS, 4, is_waived=True)
    asked = said(ROOMS, 4, is_waived=None)

    answers = [few, known, own_only, waived, asked]

    assert [answers.index(a) for a in unreviewed(answers)] == [0, 4]
    assert waived_points(answers) == 4


@given(st.lists(st.decimals(0, 5, places=1), min_size=1, max_size=8), st.data())
def test_review_is_bounded_and_rises_with_every_score(scores, data):
    answers = [said(BOARD if n % 2 else ROOMS, 5, review_points=s) for n, s in enumerate(scores)]
    before = review_part(answers)
    raised = data.draw(st.sampled_from(answers))
    raised.review_points = D(5)

    assert 0 <= before <= review_part(answers) <= 100


@given(st.permutations(range(4)))
def test_order_of_answers_is_irrelevant(order):
    answers = form()

    assert review_part([answers[n] for n in order]) == D(62)
