"""How a cycle stands, counted in the database: each figure is one query for all organizations."""

from django.db.models import Case, Count, DecimalField, F, FloatField, Q, Sum, When
from django.db.models.functions import Cast, Coalesce, Substr

from assessments.models import Answer, Assessment
from orgs.models import Organization

Status = Assessment.Status


def by_status(rows, node) -> dict[str, dict[str, int]]:
    """path of the organization one level down (or of the node itself) → status → count."""
    length = (node.depth + 1) * Organization.steplen
    counts = (
        rows.order_by()
        .annotate(branch=Substr("organization__path", 1, length))
        .values("branch", "status")
        .annotate(count=Count("pk"))
    )
    found: dict[str, dict[str, int]] = {}
    for row in counts:
        found.setdefault(row["branch"], {})[row["status"]] = row["count"]
    return found


def by_goal(rows) -> dict[tuple[str, int], tuple[float | None, float | None]]:
    """(sector, goal number) → (自评, 组织考评) as shares of what could be had, 0 to 100.

    What was waived counts in neither; what has no points yet is left out of that part.
    """
    own = Case(
        When(figure=Answer.Figure.COMPUTED, then=F("figure_points")),
        default=F("self_points"),
        output_field=DecimalField(),
    )
    review = Coalesce("review_points", "figure_points")
    counts = (
        Answer.objects.filter(assessment__in=rows.order_by().values("pk"))
        .exclude(is_waived=True)
        .order_by()
        .annotate(own=own, review=review)
        .values("assessment__sector", "indicator__goal__number")
        .annotate(
            got_own=Sum("own"),
            of_own=Sum("indicator__points", filter=Q(own__isnull=False)),
            got_review=Sum("review"),
            of_review=Sum("indicator__points", filter=Q(review__isnull=False)),
        )
    )
    return {
        (row["assessment__sector"], row["indicator__goal__number"]): (
            rate(row["got_own"], row["of_own"]),
            rate(row["got_review"], row["of_review"]),
        )
        for row in counts
    }


def by_indicator(rows) -> list[dict]:
    """Indicators with what organizations got of them, worst first: code, name, rate, count, zeros.

    The same code and name in several sectors is one indicator; points differ, so rates compare.
    """
    review = Coalesce("review_points", "figure_points")
    counts = (
        Answer.objects.filter(assessment__in=rows.order_by().values("pk"))
        .exclude(is_waived=True)
        .order_by()
        .annotate(review=review)
        .filter(review__isnull=False)
        .values("indicator__code", "indicator__name")
        .annotate(
            got=Sum("review"),
            possible=Sum("indicator__points"),
            count=Count("pk"),
            zeros=Count("pk", filter=Q(review=0)),
        )
    )
    found = [
        {
            "code": row["indicator__code"],
            "name": row["indicator__name"],
            "rate": rate(row["got"], row["possible"]),
            "count": row["count"],
            "zeros": row["zeros"],
        }
        for row in counts
    ]
    return sorted(found, key=lambda row: (row["rate"], row["code"], row["name"]))


def answers_to(rows, code, name):
    """What these organizations got of one indicator, worst first: `assessed` points, `share`."""
    assessed = Coalesce("review_points", "figure_points")
    share = Cast(assessed, FloatField()) / Cast("indicator__points", FloatField())
    return (
        Answer.objects.filter(
            assessment__in=rows.order_by().values("pk"),
            indicator__code=code,
            indicator__name=name,
        )
        .exclude(is_waived=True)
        .annotate(assessed=assessed, share=share)
        .filter(assessed__isnull=False)
        .select_related("assessment", "indicator")
        .order_by("share", "assessment__organization__path")
    )


def rate(got, possible) -> float | None:
    return float(got) * 100 / float(possible) if possible else None
