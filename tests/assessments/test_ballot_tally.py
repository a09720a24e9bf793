"""Counting, validity and the result of 群众测评: by hand, and as properties."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.ballots.tally import (
    Group,
    count,
    faults_of,
    kind_of,
    percent,
    pooled,
    valid_needed,
)

SCHEME = SimpleNamespace(
    least_valid=15, enough_valid=60, valid_of_eligible=Decimal("0.2"),
    valid_of_few=Decimal("0.6667"), least_turnout=Decimal("0.5"), least_non_party=Decimal("0.5"),
    most_unknown=Decimal("0.4"), least_shown=5,
)  # fmt: skip
HALF = Decimal("0.5")
WEIGHTS = [Decimal(n) for n in (15, 15, 10, 15, 15, 30)]
words = st.text(alphabet="ABCDU-", min_size=7, max_size=7)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("AAAAAAA", "valid"),
        ("AAAA---", "valid"),
        ("AAA----", "invalid"),
        ("UUUU---", "valid"),
        ("-------", "abstain"),
    ],
)
def test_half_of_the_questions_make_a_ballot_valid(word, kind):
    assert kind_of(word, HALF) == kind


def test_mean_of_a_group_by_hand():
    """Overall (100+0)/2 = 50. Questions: 1–5 are 80, the sixth (30 of 100) is 60: 74."""
    tally = count(["BBBBBCA", "BBBBBCD"], 7, HALF)

    assert tally.mean(WEIGHTS, HALF) == (Decimal(50) + Decimal(74)) / 2


@pytest.mark.parametrize(
    ("eligible", "needed"), [(9, 6), (14, 10), (15, 15), (60, 15), (100, 20), (300, 60), (2000, 60)]
)
def test_how_many_valid_ballots_are_needed(eligible, needed):
    assert valid_needed(eligible, SCHEME) == needed


def group(code, words, *, eligible=20, issued=20, is_party=False):
    return Group(code, code, HALF, is_party, eligible, issued, count(words, 7, HALF))


def test_valid_result_has_no_faults():
    groups = [group("群众", ["A" * 7] * 15), group("党员", ["A" * 7] * 10, is_party=True)]

    assert faults_of(groups, SCHEME) == []


def test_every_lack_is_named():
    groups = [
        group("群众", ["U" * 7] * 4),
        group("服务对象", []),
        group("党员", ["U" * 7] * 6, is_party=True, eligible=40, issued=40),
    ]

    assert faults_of(groups, SCHEME) == [
        "有效票 10 张，至少要 16 张",
        "参评率 12%，至少要 50%",
        "党外有效票 4 张，应占一半以上",
        "服务对象有效票 0 张，不足 5 张",
        "知晓度不足：“不了解”占 100%",
    ]


def test_three_party_members_are_counted_with_the_smallest_other_group():
    groups = [
        group("服务对象", ["A" * 7] * 12),
        group("群众", ["A" * 7] * 7, eligible=9, issued=9),
        group("党员", ["D" * 7] * 3, is_party=True, eligible=3, issued=3),
    ]

    [served, rest] = pooled(groups, SCHEME.least_shown)

    assert (served.label, rest.label) == ("服务对象", "群众、党员（合并计算）")
    assert (rest.weight, rest.tally.valid, rest.is_party) == (1, 10, False)
    # seven hundreds and three noughts in every question
    assert rest.tally.mean(WEIGHTS, HALF) == 70
    assert faults_of(groups, SCHEME) == []


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_pooling_loses_no_ballot_and_no_weight(sizes):
    groups = [group(str(n), ["A" * 7] * size) for n, size in enumerate(sizes)]

    found = pooled(groups, SCHEME.least_shown)

    assert sum(one.tally.valid for one in found) == sum(sizes)
    assert sum(one.weight for one in found) == HALF * len(sizes)
    few = [one for one in found if 0 < one.tally.valid < SCHEME.least_shown]
    assert not few or sum(sizes) < SCHEME.least_shown


def test_more_ballots_than_people_do_not_count():
    groups = [
        group("群众", ["A" * 7] * 21),
        group("党员", ["A" * 7] * 10, is_party=True),
    ]

    assert faults_of(groups, SCHEME) == ["群众收回 21 张，多于应到 20 人"]


def test_percent_is_whole():
    assert percent(Decimal("0.239")) == "24%"


@given(st.lists(words, max_size=30), st.randoms())
def test_order_of_votes_does_not_matter(votes, chance):
    mixed = list(votes)
    chance.shuffle(mixed)

    assert count(votes, 7, HALF) == count(mixed, 7, HALF)


@given(st.lists(words, min_size=1, max_size=30))
def test_every_ballot_is_counted_once_and_the_mean_stays_in_bounds(votes):
    tally = count(votes, 7, HALF)
    mean = tally.mean(WEIGHTS, HALF)

    assert tally.returned == len(votes)
    assert mean is None or 0 <= mean <= 100


@given(st.lists(words, max_size=10), st.integers(0, 6))
def test_better_answer_never_lowers_the_mean(votes, place):
    before = count([*votes, "C" * 7], 7, HALF).mean(WEIGHTS, HALF)
    better = "C" * place + "A" + "C" * (6 - place)

    assert count([*votes, better], 7, HALF).mean(WEIGHTS, HALF) >= before
