"""结果单: one result as a page, a sheet of paper and a workbook show it, term by term."""

from dataclasses import dataclass
from decimal import Decimal

from assessments.models import Assessment, Result
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


def is_confirmed(assessment) -> bool:
    """Until then a second assessor may be scoring blind."""
    return assessment.status == Assessment.Status.REVIEWED


def indicator_rows(assessment, answers) -> list[tuple]:
    """(goal, indicator, points, own, assessed) of each, in the order of the form."""
    confirmed = is_confirmed(assessment)
    return [
        (a.indicator.goal.name, str(a.indicator), a.indicator.points,
         "不适用" if a.is_waived else a.own_points,
         "不适用" if a.is_waived else a.settled_points(confirmed))
        for a in answers
    ]  # fmt: skip


def sheet_rows(assessment, result, answers) -> list[tuple]:
    """The result sheet as rows of a workbook: what, own or score, weight or review, note."""
    rows = [(term.label, term.score, f"{term.weight.normalize():f}%", term.value)
            for term in formula(result)]  # fmt: skip
    rows += [("加分", result.bonus, "", result.bonus), ("总分", "", "", result.total)]
    stars = "待定" if result.is_pending else f"{result.stars} 星"
    rows += [("星级", stars, result.get_tier_display(), "".join(result.reasons))]
    rank = "" if result.is_pending else f"{result.rank} / {result.group_size}"
    rows += [("名次", rank, group_words(assessment), "；".join(result.pending_reasons))]
    for goal, name, points, own, assessed in indicator_rows(assessment, answers):
        rows.append((f"{goal} {name}（{points.normalize():f} 分）", own, assessed, ""))
    return rows


FIXED = (
    "党组织代码 党组织 领域 层级 状态 名次 同组个数 星级 等次 总分 自评 群众测评 组织考评 加分 "
    "应参评 有效票 待定原因 否决情形"
)


def all_headers(codes) -> list[str]:
    return [*FIXED.split(), *(f"{code} {part}" for code in codes for part in ("自评", "考评"))]


def all_row(result, answers, codes) -> list:
    """One organization, with the points of every indicator that its sector has."""
    form = result.assessment
    confirmed = is_confirmed(form)
    found = {a.indicator.code: (a.own_points, a.settled_points(confirmed)) for a in answers
             if not a.is_waived}  # fmt: skip
    points = [value for code in codes for value in found.get(code, (None, None))]
    level = Level(form.level).label if form.level in Level.values else form.level
    return [
        form.organization.code, form.name, form.get_sector_display(), level,
        form.get_status_display(), result.rank, result.group_size, result.stars,
        result.get_tier_display(), result.total, result.own, result.public, result.review,
        result.bonus, result.eligible, result.valid, "；".join(result.pending_reasons),
        "；".join(result.vetoes), *points,
    ]  # fmt: skip
