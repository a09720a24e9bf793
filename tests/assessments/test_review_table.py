"""Who may do what about a review, from which state: the whole table at one glance."""

import pytest

from assessments.models import Review
from tests.assessments.reviewing import all_scores, open_year, scored, second_person, submitted

STATES = ("claimed", "fresh", "begun", "scored", "read", "blind", "disputed", "settled", "done")
#: state → person → verbs in the order of the buttons; who is not named may do nothing
TABLE = {
    "claimed": {},
    "fresh": {
        "first": ["score", "take_second"],
        "other": ["score", "take_second"],
        "second": ["score", "take_second"],
    },
    "begun": {
        "first": ["score"],
        "other": ["look", "take_second"],
        "second": ["look", "take_second"],
    },
    "scored": {
        "first": ["score"],
        "other": ["look", "take_second"],
        "second": ["look", "take_second"],
    },
    "read": {
        "first": ["score"],
        "other": ["score", "confirm"],
        "second": ["look", "take_second"],
    },
    "blind": {
        "first": ["score"],
        "other": ["drop_second"],
        "second": ["score_second", "drop_second"],
    },
    "disputed": {
        "first": ["score", "settle"],
        "other": ["score", "settle", "confirm"],
    },
    "settled": {
        "first": ["score", "settle"],
        "other": ["score", "settle", "confirm"],
    },
    "done": {"other": ["reopen"], "second": ["reopen"]},
}


@pytest.fixture
def people(cast):
    return {
        "first": cast.secretary,
        "other": cast.reviewer,
        "second": second_person(cast),
        "own": cast.agent,
        "clerk": cast.clerk,
    }


def reach(state, cast, people) -> Review:
    """The review of one village on its way to `state`."""
    claimed = "FILLING" if state == "claimed" else "SUBMITTED"
    assessment = submitted(open_year(cast), cast.home.village, status=claimed)
    steps = STATES.index(state)
    if steps >= STATES.index("begun"):
        but = ("6.5",) if state == "begun" else ()
        scored(assessment, people["first"], points=4, but=but)
    review = Review.of(assessment)
    if state in ("read", "disputed", "settled", "done"):
        review.look(actor=people["other"])
    if state in ("blind", "disputed", "settled", "done"):
        review.take_second(actor=people["second"])
    if state in ("disputed", "settled", "done"):
        points = {pk: given for pk, (given, _) in all_scores(assessment, 1).items()}
        review.score_second(actor=people["second"], version=0, points=points, is_done=True)
    if state in ("settled", "done"):
        review.settle(actor=people["first"], reason="复核台账无误")
    if state == "done":
        review.confirm(actor=people["other"])
    return Review.of(assessment)


@pytest.mark.parametrize("state", STATES)
def test_verbs_of_everybody(cast, people, state):
    review = reach(state, cast, people)
    answers = review.answers()

    found = {name: review.verbs_for(person, answers) for name, person in people.items()}

    assert {name: verbs for name, verbs in found.items() if verbs} == TABLE[state]


@pytest.mark.parametrize("state", STATES)
def test_only_those_who_may_know_the_points_see_them(cast, people, state):
    review = reach(state, cast, people)
    answers = review.answers()

    found = {name for name, who in people.items() if review.shows_points_to(who, answers)}

    everybody, assessors = set(people), {"first", "other", "second"}
    assert (
        found
        == {
            "claimed": assessors,  # there are none yet
            "fresh": assessors,
            "begun": {"first"},
            "scored": {"first"},
            "read": {"first", "other"},
            "blind": {"first"},
            "disputed": assessors,
            "settled": assessors,
            "done": everybody,
        }[state]
    )
