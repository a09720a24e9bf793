"""From points and votes to the total and the stars: pure arithmetic in Decimal, no database.

    points = P · clip((r − a) / (b − a), 0, 1)
    part   = Σ goals, each Σ points / Σ possible × the goal's weight, to 100
    M      = Σ group weight · (½ overall + ½ items by the goals' weights)
    total  = w₁·自评 + w₂·群众 + w₃·组织 + bonus, at most 100

Nothing is rounded on the way; `shown` rounds to two decimals, half up, at the end. The weights, the
thresholds and the bands come from the frozen scheme. 中办《意见》no. 14; formulas of the default
scheme in `default_scheme.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
CENT = Decimal("0.01")
#: What each answer on the ballot is worth; 不了解 says nothing.
ANSWERS = {"A": Decimal(100), "B": Decimal(80), "C": Decimal(60), "D": ZERO}


def shown(value: Decimal | None) -> Decimal | None:
    """Two decimals, half up, as scores are printed and ranked."""
    return None if value is None else value.quantize(CENT, ROUND_HALF_UP)


def rate_points(possible, numerator, denominator, floor, target) -> Decimal:
    """Points of an automatic indicator; floor > target for a rate that is better when low."""
    rate = Decimal(numerator) / Decimal(denominator)
    reached = (rate - Decimal(floor)) / (Decimal(target) - Decimal(floor))
    return Decimal(possible) * min(max(reached, ZERO), ONE)


@dataclass(frozen=True)
class Item:
    """One indicator as it is counted: its goal, the goal's weight, P, and the points or None.

    `is_waived`: not applicable, approved. Points None: not scored in this part (自评 of what only
    assessors score), which takes the indicator out of this part alone.
    """

    goal: int
    goal_points: Decimal
    possible: Decimal
    points: Decimal | None
    is_waived: bool = False


def goal_scores(items: Iterable[Item]) -> dict[int, tuple[Decimal, Decimal]]:
    """goal → (score, weight): what was waived is made up for within its own goal."""
    sums: dict[int, list[Decimal]] = {}
    for item in items:
        if item.is_waived or item.points is None:
            continue
        found = sums.setdefault(item.goal, [ZERO, ZERO, item.goal_points])
        found[0] += item.points
        found[1] += item.possible
    return {
        goal: (got / possible * weight, weight)
        for goal, (got, possible, weight) in sorted(sums.items())
    }


def part_score(items: Iterable[Item]) -> Decimal | None:
    """自评 or 组织考评, from 0 to 100; None where nothing is scored."""
    scores = goal_scores(items)
    weight = sum((w for _, w in scores.values()), ZERO)
    return sum((s for s, _ in scores.values()), ZERO) / weight * HUNDRED if weight else None


def item_mean(counts: Mapping[str, int]) -> Decimal | None:
    """Mean of one question over those who knew: {"A": n, "B": n, "C": n, "D": n, "U": n}."""
    known = sum(counts.get(answer, 0) for answer in ANSWERS)
    if not known:
        return None
    return sum((ANSWERS[a] * counts.get(a, 0) for a in ANSWERS), ZERO) / known


def group_mean(overall, items: Mapping[int, Decimal | None], weights, overall_share):
    """½ overall + ½ the six items by their goals' weights; items nobody could judge stay out."""
    known = {goal: mean for goal, mean in items.items() if mean is not None}
    weight = sum((Decimal(weights[goal]) for goal in known), ZERO)
    goals = (
        sum((mean * Decimal(weights[goal]) for goal, mean in known.items()), ZERO) / weight
        if weight
        else None
    )
    if overall is None or goals is None:
        return goals if overall is None else overall
    return overall_share * overall + (ONE - overall_share) * goals


def public_score(means: Mapping[str, tuple[Decimal, Decimal]]) -> Decimal | None:
    """M = Σ g·mean over {group: (weight, mean)}; None unless the weights are whole.

    A group without a valid result is never made up for silently by the others.
    """
    if sum((weight for weight, _ in means.values()), ZERO) != ONE:
        return None
    return sum((weight * mean for weight, mean in means.values()), ZERO)


@dataclass(frozen=True)
class Total:
    """Every term of the sum, as the result sheet shows it."""

    own: Decimal
    public: Decimal
    review: Decimal
    weights: tuple[Decimal, Decimal, Decimal]
    bonus: Decimal = ZERO

    @property
    def terms(self) -> tuple[Decimal, Decimal, Decimal]:
        parts = (self.own, self.public, self.review)
        return tuple(w * p for w, p in zip(self.weights, parts, strict=True))

    @property
    def value(self) -> Decimal:
        return min(HUNDRED, sum(self.terms, ZERO) + self.bonus)

    @property
    def gap(self) -> Decimal:
        """自评 − 组织考评."""
        return self.own - self.review


@dataclass(frozen=True)
class Band:
    stars: int
    least_total: Decimal
    least_public: Decimal | None = None
    quota: Decimal | None = None


@dataclass
class Candidate:
    """One organization in the ranking of its sector × level; `stars` is what `award` fills."""

    key: int
    total: Decimal
    public: Decimal
    most_stars: int = 5
    stars: int = 0


def deserved(candidate: Candidate, bands: Iterable[Band]) -> int:
    """The best band whose thresholds are met and no veto forbids."""
    for band in sorted(bands, key=lambda band: -band.stars):
        if (
            band.stars <= candidate.most_stars
            and shown(candidate.total) >= band.least_total
            and (band.least_public is None or shown(candidate.public) >= band.least_public)
        ):
            return band.stars
    return 1


def places(size: int, quota: Decimal) -> int:
    """How many of a group may get the stars: rounded down, but one at least."""
    return max(1, int(size * quota)) if size else 0


def award(candidates: list[Candidate], bands: list[Band]) -> list[Candidate]:
    """Stars for one sector × level, best first; over the quota one falls to the next band.

    Whoever has the same total (two decimals) and 群众 score as the last within the quota gets the
    stars, too: a draw is never decided by chance.
    """
    ranked = sorted(candidates, key=lambda c: (-shown(c.total), -shown(c.public), c.key))
    quotas = {band.stars: places(len(ranked), band.quota) for band in bands if band.quota}
    given: dict[int, list] = {}
    for one in ranked:
        one.stars = deserved(one, bands)
        mark = (shown(one.total), shown(one.public))
        while one.stars in quotas:
            there = given.setdefault(one.stars, [])
            if len(there) < quotas[one.stars] or mark == there[-1]:
                there.append(mark)
                break
            one.stars -= 1
    return ranked
