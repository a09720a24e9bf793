"""What a publication asks to be put right, and the reminders of it."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from assessments.models import Answer, Rectification, Result, database_today
from assessments.models.rectification import own_people, people_above
from assessments.scoring import shown
from orgs.models import Notice

#: An indicator below this share of its points is a problem.
LOW = Decimal("0.6")
FEW_STARS = 2
#: 限期三个月; a reminder a week before.
DAYS, NOTICE_DAYS = 90, 7
CHUNK = 1000
Cause = Rectification.Cause


def demand_all(cycle) -> int:
    """Call inside the transaction that publishes; what is there already stays as it is."""
    due = database_today() + timedelta(DAYS)
    rows = [
        Rectification(
            assessment_id=assessment, cause=cause, source=source, problem=problem, due_on=due
        )
        for assessment, cause, source, problem in (*of_results(cycle), *of_indicators(cycle))
    ]
    Rectification.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    return len(rows)


def of_results(cycle):
    results = Result.objects.filter(assessment__cycle=cycle, is_pending=False)
    for row in results.order_by("assessment"):
        if row.public < cycle.scheme.low_public:
            line = cycle.scheme.low_public.normalize()
            words = f"群众测评 {row.public} 分，低于 {line:f} 分"
            yield row.assessment_id, Cause.PUBLIC, "PUBLIC", words
        if row.stars <= FEW_STARS:
            yield row.assessment_id, Cause.STARS, "STARS", f"评为 {row.stars} 星"


def of_indicators(cycle):
    """Confirmed reviews alone; without points nothing is said."""
    answers = Answer.objects.filter(assessment__cycle=cycle, assessment__status="REVIEWED")
    indicators = {row.pk: row for row in cycle.scheme.indicators.all()}
    for answer in answers.order_by("assessment", "pk").iterator(CHUNK):
        indicator = indicators[answer.indicator_id]
        points = answer.figure_points if answer.review_points is None else answer.review_points
        if answer.is_waived or points is None or points >= indicator.points * LOW:
            continue
        words = f"{indicator}：得 {shown(points)} 分，满分 {indicator.points} 分"
        yield answer.assessment_id, Cause.INDICATOR, f"INDICATOR:{indicator.pk}", words


def remind(today) -> int:
    """Once a week before the day, once after it; returns how many reminders went out."""
    rows = Rectification.objects.filter(status=Rectification.Status.TODO)
    late = rows.filter(due_on__lt=today, reminded__lt=2)
    soon = rows.filter(due_on__gte=today, due_on__lte=today + timedelta(NOTICE_DAYS), reminded=0)
    return send(late, 2, "考核整改已逾期") + send(soon, 1, "考核整改快到期")


def send(rows, stage, title) -> int:
    sent = 0
    for row in rows.select_related("assessment__organization", "assessment__cycle"):
        with transaction.atomic():
            mine = Rectification.objects.filter(pk=row.pk, reminded__lt=stage)
            if not mine.update(reminded=stage):
                continue  # another sweep was faster
            place = row.assessment.organization
            people = {*own_people(place), *(people_above(place) if stage > 1 else ())}
            Notice.post(
                people, f"{title}：{row}"[:120], kind=f"rectification.due{stage}", about=row,
                organization=place,
            )  # fmt: skip
            sent += 1
    return sent
