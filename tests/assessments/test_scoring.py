"""From points and votes to the total and the stars, by hand and by property."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import (
    ANSWERS,
    Band,
    Candidate,
    Item,
    Total,
    award,
    deserved,
    group_mean,
    item_mean,
    part_score,
    places,
    public_score,
    rate_points,
    shown,
)

WEIGHTS = (D("0.10"), D("0.50"), D("0.40"))
GOALS = {1: D(15), 2: D(15), 3: D(10), 4: D(15), 5: D(15), 6: D(30)}
BANDS = [
    Band(5, D(90), D(85), D("0.1")),
    Band(4, D(80), D(70)),
    Band(3, D(70)),
    Band(2, D(60)),
    Band(1, D(0)),
]
scores = st.decimals(0, 100, places=2)
counts = st.fixed_dictionaries({answer: st.integers(0, 200) for answer in "ABCDU"})


@pytest.mark.parametrize(
    ("part", "whole", "floor", "target", "points"),
    [
        (19, 20, "0.6", "0.95", "8"),  # the target itself
        (12, 20, "0.6", "0.95", "0"),  # the floor itself
        (31, 40, "0.6", "0.95", "4"),  # 77.5 %, half way
        (20, 20, "0.6", "0.95", "8"),
        (1, 20, "0.6", "0.95", "0"),
        (11, 100, "0.2", "0.02", "4"),  # the lower the better, half way
        (1, 100, "0.2", "0.02", "8"),
    ],
)
def test_points_of_a_rate(part, whole, floor, target, points):
    assert rate_points(D(8), part, whole, D(floor), D(target)) == D(points)


def test_part_by_hand():
    items = [
        Item(1, D(15), D(10), D(8)),
        Item(1, D(15), D(5), D(5)),
        Item(3, D(10), D(6), D(3)),
        Item(3, D(10), D(4), None, is_waived=True),  # made up for within the goal: 3/6 of 10
    ]

    # (13/15·15 + 3/6·10) / 25
    assert part_score(items) == D(18) / D(25) * 100


def test_votes_by_hand():
    # 10 × 100 + 5 × 80 + 3 × 60 + 2 × 0, over 20; four did not know
    overall = item_mean({"A": 10, "B": 5, "C": 3, "D": 2, "U": 4})
    assert overall == D(79)

    mean = group_mean(overall, {1: D(90), 6: D(60), 3: None}, GOALS, D("0.5"))

    # ½·79 + ½·(15·90 + 30·60)/45
    assert mean == D("74.5")


def test_group_that_is_lacking_leaves_no_score():
    whole = {"SERVED": (D("0.4"), D(80)), "PUBLIC": (D("0.4"), D(70)), "PARTY": (D("0.2"), D(95))}

    assert public_score(whole) == D(79)
    assert public_score({code: whole[code] for code in ("SERVED", "PUBLIC")}) is None


def test_total_by_hand():
    total = Total(D(96), D("82.4"), D(88), WEIGHTS, D(2))

    assert total.terms == (D("9.600"), D("41.200"), D("35.200"))
    assert total.value == D("88.000")
    assert total.gap == D(8)


def test_total_never_passes_100():
    assert Total(D(100), D(99), D(100), WEIGHTS, D(3)).value == 100


def test_stars_by_threshold_and_veto():
    def one(total, public, most=5):
        return deserved(Candidate(1, D(total), D(public), most), BANDS)

    assert [one(90, 85), one("89.99", 95), one(95, "84.99")] == [5, 4, 4]
    assert [one(85, "69.99"), one(60, 40), one("59.99", 99)] == [3, 2, 1]
    assert one(99, 99, most=2) == 2
    assert one("89.995", 85) == 5  # as printed: 90.00


def test_quota_goes_to_the_best_and_draws_share_it():
    crowd = [Candidate(n, D(95) - n, D(90)) for n in range(4)]
    crowd += [Candidate(9, D(95), D(90)), *(Candidate(20 + n, D(70), D(70)) for n in range(6))]

    stars = {one.key: one.stars for one in award(crowd, BANDS)}

    assert places(11, D("0.1")) == 1
    assert (stars[0], stars[9]) == (5, 5)
    assert [stars[n] for n in (1, 2, 3)] == [4, 4, 4]


@given(counts)
def test_mean_lies_between_the_worst_and_the_best_answer(votes):
    mean = item_mean(votes)

    known = [ANSWERS[answer] for answer in ANSWERS if votes[answer]]
    assert mean is None if not known else min(known) <= mean <= max(known)


@given(counts)
def test_better_vote_never_lowers_the_mean(votes):
    before = item_mean(votes)
    if votes["D"]:
        after = item_mean({**votes, "D": votes["D"] - 1, "A": votes["A"] + 1})
        assert after > before


@given(scores, scores, scores, st.decimals(0, 3, places=2))
def test_total_is_bounded_and_rises_with_each_part(own, public, review, bonus):
    total = Total(own, public, review, WEIGHTS, bonus).value

    assert 0 <= total <= 100
    assert Total(own, min(public + 1, D(100)), review, WEIGHTS, bonus).value >= total


@given(st.lists(st.tuples(scores, scores, st.integers(1, 5)), max_size=30), st.randoms())
def test_order_of_the_candidates_does_not_matter(rows, rng):
    crowd = [Candidate(key, *row) for key, row in enumerate(rows)]
    mixed = [Candidate(key, *row) for key, row in enumerate(rows)]
    rng.shuffle(mixed)

    first = {one.key: one.stars for one in award(crowd, BANDS)}
    second = {one.key: one.stars for one in award(mixed, BANDS)}

    assert first == second
    assert all(one.stars <= one.most_stars for one in crowd)


@given(st.integers(0, 40), st.integers(1, 40))
def test_points_are_bounded_and_rise(part, whole):
    part = min(part, whole)
    points = rate_points(D(8), part, whole, D("0.6"), D("0.95"))

    assert 0 <= points <= 8
    assert rate_points(D(8), min(part + 1, whole), whole, D("0.6"), D("0.95")) >= points


def test_shown_rounds_half_up():
    assert (shown(D("89.995")), shown(D("89.994")), shown(None)) == (D("90.00"), D("89.99"), None)
