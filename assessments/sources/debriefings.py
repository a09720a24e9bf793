"""Figures from 述职评议, for the organization of the secretary alone."""

from assessments.models import Debriefing
from assessments.sources.source import Ground, Source

#: 好 4, 较好 3, 一般 1.5, 差 0 of four points, in eighths.
WORTH = {"GOOD": 8, "BETTER": 6, "FAIR": 3, "POOR": 0}
WHOLE = 8


def held(ground: Ground):
    places = ground.organizations.order_by().values("pk")
    return Debriefing.objects.filter(
        assessment__organization__in=places, held_on__gte=ground.since,
        assessment__cycle__since=ground.since,
    )  # fmt: skip


def grades(ground: Ground):
    """organization → (worth of its grade, of all that a grade can be worth)."""
    rows = held(ground).order_by().values_list("assessment__organization", "grade")
    return {place: (WORTH[grade], WHOLE) for place, grade in rows}


def rows(ground: Ground, part):
    """The very organization, or nothing: its figure is not made up of those below it."""
    found = held(ground)
    if part == "met":
        found = found.filter(grade__in=("GOOD", "BETTER"))
    elif part == "missed":
        found = found.filter(grade__in=("FAIR", "POOR"))
    here = ground.organizations.filter(pk=ground.organization.pk)
    return here.filter(pk__in=found.order_by().values("assessment__organization"))


DEBRIEFING = Source(
    code="debriefing",
    label="书记述职评议等次",
    counts="上级评定的述职等次：好计 8/8、较好计 6/8、一般计 3/8、差计 0/8，只看本组织书记",
    tally=grades,
    rows=rows,
    kind="organizations",
    parts={"counted": "已述职", "met": "好、较好", "missed": "一般、差"},
    needs_sample=False,
    rolls_up=False,
)
