"""Stars of a group: thresholds, quota, caps and one-star moves together, by property."""

from copy import deepcopy
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import Band, places, shown
from assessments.stars import Contender, Rules, decide

RULES = Rules(
    [
        Band(5, D(90), D(85), D("0.1")),
        Band(4, D(80), D(70)),
        Band(3, D(70)),
        Band(2, D(60)),
        Band(1, D(0)),
    ],
    low_public=D(60),
    capped_stars=2,
)
scores = st.decimals(0, 100, places=2)
groups = st.lists(
    st.tuples(scores, scores, st.sampled_from([None, 1, 2, 3, 4, 5]), st.booleans()),
    min_size=1, max_size=25,
)  # fmt: skip


def contenders(rows) -> list[Contender]:
    vetoes = {True: [("通报", 2)], False: []}
    return [
        Contender(key, total, public, last, vetoes[vetoed])
        for key, (total, public, last, vetoed) in enumerate(rows)
    ]


def decided(rows) -> list[Contender]:
    found = contenders(rows)
    decide(found, RULES)
    return found


def facts(found):
    return {one.key: (one.stars, one.rank, one.rule, one.reasons) for one in found}


@given(groups)
def test_caps_steps_and_bounds_hold(rows):
    for one in decided(rows):
        assert 1 <= one.stars <= 5
        assert one.stars <= RULES.cap(one)
        if one.last_stars is not None:
            assert one.stars <= one.last_stars + 1
            assert one.vetoes or one.stars >= min(one.last_stars - 1, RULES.cap(one))
        assert one.reasons[-1] == f"定为 {one.stars} 星。"


@given(groups, st.randoms())
def test_order_of_the_rows_changes_nothing(rows, random):
    found = contenders(rows)
    mixed = deepcopy(found)
    random.shuffle(mixed)
    decide(found, RULES)
    decide(mixed, RULES)

    assert facts(found) == facts(mixed)


@given(groups)
def test_quota_is_passed_only_by_draws(rows):
    found = decided([(total, public, None, vetoed) for total, public, _, vetoed in rows])
    best = sorted(((shown(one.total), shown(one.public)) for one in found if one.stars == 5),
                  reverse=True)  # fmt: skip
    most = places(len(found), D("0.1"))
    assert len(best) <= most or len(set(best[most - 1 :])) == 1


@given(groups)
def test_better_in_both_scores_is_never_ranked_behind(rows):
    found = decided(rows)
    for one in found:
        for other in found:
            if shown(one.total) > shown(other.total):
                assert one.rank < other.rank


def test_quota_is_full_by_hand():
    """Twenty organizations, two places for five stars, three that deserve them."""
    rows = [(D(95), D(90), None, False), (D(94), D(90), None, False), (D(93), D(90), None, False)]
    found = decided(rows + [(D(75), D(75), None, False)] * 17)

    assert [one.stars for one in found[:4]] == [5, 5, 4, 3]
    assert found[2].rule == "QUOTA"
    assert found[2].reasons[1] == "5 星名额为同领域同层级 20 个的 10%，即 2 个，名额已满。"
    assert [one.rank for one in found[:5]] == [1, 2, 3, 4, 4]


def test_veto_lets_fall_as_far_as_the_scores():
    one, other = contenders([(D(50), D(70), 5, True), (D(50), D(70), 5, False)])
    decide([one, other], RULES)

    assert (one.stars, other.stars) == (1, 4)
    assert one.reasons[-2:] == ["总分 50.00，群众测评 70.00，没有达到二星标准。", "定为 1 星。"]
