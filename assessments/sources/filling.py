"""From the sources into the answers of a cycle, for all organizations in one go."""

from django.db import transaction
from django.utils import timezone

from assessments.models import Answer, Assessment, Cycle
from assessments.models.verbs import OPEN
from assessments.scoring import rate_points, shown
from assessments.sources.registry import SOURCES
from assessments.sources.source import Ground
from orgs.models import Organization

#: Forms written, and held, at a time.
CHUNK = 100
WRITTEN = ("figure", "numerator", "denominator", "figure_points", "computed_at")
Figure = Answer.Figure


def fill(cycle, tell=None) -> int:
    """Compute every automatic figure of the cycle; returns how many answers were written.

    What an organization has handed in stays as it was handed in. Safe to run again, and by two at
    once: only a few forms are held at a time, so that nobody waits long to save one.
    """
    tell = tell or (lambda *_: None)
    cycle = Cycle.objects.select_related("scheme", "organization").get(pk=cycle.pk)
    now, sums, count = timezone.now(), tallies(cycle, tell), 0
    forms = list(
        cycle.assessments.filter(status__in=OPEN).order_by("pk").values_list("pk", flat=True)
    )
    for first in range(0, len(forms), CHUNK):
        tell(first, len(forms), "写入自动得分")
        count += fill_forms(forms[first : first + CHUNK], sums, cycle.scheme.least_cases, now)
    Cycle.objects.filter(pk=cycle.pk).update(computed_at=now)
    return count


@transaction.atomic
def fill_forms(pks, sums, least_cases, now) -> int:
    """Write the figures of those of the forms that are still open once they are locked."""
    held = Assessment.objects.select_for_update().filter(pk__in=pks, status__in=OPEN)
    answers = list(
        Answer.objects.filter(assessment__in=list(held.order_by("pk")))
        .exclude(indicator__source="")
        .select_related("indicator", "assessment__organization")
        .order_by("pk")
    )
    for answer in answers:
        settle(answer, sums, least_cases)
        answer.computed_at = now
    Answer.objects.bulk_create(
        answers, update_conflicts=True, unique_fields=["pk"], update_fields=WRITTEN
    )
    return len(answers)


def tallies(cycle, tell) -> dict[str, dict[str, tuple[int, int]]]:
    """source → path → (numerator, denominator) of the organization and all below it."""
    ground = Ground.of(cycle)
    named = cycle.scheme.indicators.exclude(source="").order_by("source")
    codes = [code for code in named.values_list("source", flat=True).distinct() if code in SOURCES]
    paths = dict(Organization.objects.within(cycle.organization).values_list("pk", "path"))
    found = {}
    for number, code in enumerate(codes):
        tell(number, len(codes), f"统计{SOURCES[code].label}")
        counts = SOURCES[code].tally(ground)
        if SOURCES[code].rolls_up:
            found[code] = rolled_up(counts, paths)
        else:
            found[code] = {paths[pk]: count for pk, count in counts.items() if pk in paths}
    return found


def rolled_up(counts, paths) -> dict[str, tuple[int, int]]:
    """What happened at an organization counts for all above it, too."""
    step = Organization.steplen
    sums: dict[str, tuple[int, int]] = {}
    for pk, (numerator, denominator) in counts.items():
        path = paths.get(pk, "")
        for end in range(step, len(path) + 1, step):
            above = sums.get(path[:end], (0, 0))
            sums[path[:end]] = above[0] + numerator, above[1] + denominator
    return sums


def settle(answer, sums, least_cases):
    """Put the figure into one answer: a number, too few cases, or no ledger anywhere."""
    indicator = answer.indicator
    of_source = sums.get(indicator.source)
    answer.numerator = answer.denominator = answer.figure_points = None
    if not of_source or not any(denominator for _, denominator in of_source.values()):
        answer.figure = Figure.NO_LEDGER
        return
    counts = of_source.get(answer.assessment.organization.path, (0, 0))
    answer.numerator, answer.denominator = counts
    least = least_cases if SOURCES[indicator.source].needs_sample else 1
    if answer.denominator < least:
        answer.figure = Figure.FEW
        return
    answer.figure = Figure.COMPUTED
    answer.figure_points = shown(
        rate_points(indicator.points, *counts, indicator.floor, indicator.target)
    )
