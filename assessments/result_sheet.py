"""结果单: one result as a page, a sheet of paper and a workbook show it, term by term."""

from dataclasses import dataclass
from decimal import Decimal

from assessments.models import Result
from assessments.models.result import PUBLIC
from assessments.scoring import shown
from orgs.models import Level

YEARS = 6


@dataclass(frozen=True)
class Term:
    label: str
    score: Decimal | None
    weight: Decimal
    value: Decimal | None


def formula(result) -> list[Term]:
    """Each part, its weight and what it adds; unrounded inside, two decimals outside."""
    labels = ("自评", "群众测评", "组织考评")
    scores = (result.own, result.public, result.review)
    weights = [Decimal(weight) for weight in result.terms["weights"]]
    exact = [Decimal(part) for part in result.terms.get("parts", [])] or [None] * 3
    return [
        Term(label, score, weight * 100, None if part is None else shown(weight * part))
        for label, score, weight, part in zip(labels, scores, weights, exact, strict=True)
    ]


def group_words(assessment) -> str:
    """同组: the sector and the level within which it is ranked."""
    level = Level(assessment.level).label if assessment.level in Level.values else assessment.level
    return f"{assessment.get_sector_display()} · {level}"


def trend(assessment, result) -> list[Result]:
    """The public results of the organization, and this one, oldest first."""
    rows = Result.objects.filter(
        assessment__organization=assessment.organization_id,
        assessment__cycle__status__in=PUBLIC, assessment__cycle__year__lt=assessment.cycle.year,
    )  # fmt: skip
    past = rows.select_related("assessment__cycle").order_by("-assessment__cycle__year")[:YEARS]
    return [*reversed(past), *([result] if result else [])]
