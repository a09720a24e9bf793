"""自评 and 组织考评 of one assessment, from its answers: no queries, nothing stored.

The answers come with `indicator__goal`. A part is from 0 to 100, not rounded, None where nothing
counts. What is not applicable, with approval, is made up for within its goal.
"""

from decimal import Decimal

from assessments.scoring import ZERO, Item, goal_scores, part_score


def own_items(answers) -> list[Item]:
    """自评: the portal's figure, else what was typed; what was left blank is worth nothing."""
    return [item(a, ZERO if blank(a) else a.own_points) for a in answers]


def review_items(answers) -> list[Item]:
    """组织考评: the assessor's score, else the portal's figure; what is unscored is left out."""
    return [item(a, a.assessed_points) for a in answers]


def own_part(answers) -> Decimal | None:
    return part_score(own_items(answers))


def review_part(answers) -> Decimal | None:
    """Whole only once nothing is `unreviewed`; until then what the scores so far come to."""
    return part_score(review_items(answers))


def own_goals(answers) -> dict[int, tuple[Decimal, Decimal]]:
    """goal → (score, weight)."""
    return goal_scores(own_items(answers))


def review_goals(answers) -> dict[int, tuple[Decimal, Decimal]]:
    return goal_scores(review_items(answers))


def unreviewed(answers) -> list:
    """What an assessor has yet to score before the review is whole."""
    return [a for a in answers if a.wants_review_points and a.review_points is None]


def waived_points(answers) -> Decimal:
    """Points taken out as not applicable, with approval."""
    return sum((a.indicator.points for a in answers if a.is_waived), ZERO)


def item(answer, points) -> Item:
    indicator = answer.indicator
    goal = indicator.goal
    return Item(
        goal.number, goal.points, indicator.points, points, is_waived=answer.is_waived is True
    )


def blank(answer) -> bool:
    return answer.wants_self_points and answer.self_points is None
