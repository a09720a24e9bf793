"""Three organizations whose parts are easy sums, and what their voters say."""

from datetime import timedelta
from decimal import Decimal

from assessments.models import Assessment, Cycle, Review, database_today
from assessments.public_results import GroupResult, PublicResult
from orgs.models import Sector

#: sector → (自评, 组织考评) in tenths of the points of every indicator
SHARES = {
    Sector.RURAL: ("1", "0.9"),
    Sector.STATE_OWNED: ("0.8", "0.8"),
    Sector.UNIVERSITY: ("0.9", "0.5"),
}

VOICES = {Sector.RURAL: "92", Sector.STATE_OWNED: "75.5", Sector.UNIVERSITY: "64.25"}


def score_all(cast, sectors=SHARES, scorer=None):
    """Every indicator gets the same share of its points, and the review is confirmed."""
    for sector, (own, reviewed) in sectors.items():
        assessment = cast.assessment(sector)
        for answer in assessment.answers.select_related("indicator"):
            answer.figure, answer.figure_points = "NO_LEDGER", None
            answer.self_points = answer.indicator.points * Decimal(own)
            answer.review_points = answer.indicator.points * Decimal(reviewed)
            answer.save()
        review = Review.objects.create(assessment=assessment)
        review.scorers.add(scorer or cast.second)
        Assessment.objects.filter(pk=assessment.pk).update(status="REVIEWED")


def say(monkeypatch, cast, **scores):
    """The voters' M by sector, None for 待定; a sector that is not named has no ballot."""
    found = {
        cast.assessment(sector).pk: public(score and Decimal(score))
        for sector, score in scores.items()
    }
    monkeypatch.setattr("assessments.results.public_results", lambda cycle: found)


def public(score) -> PublicResult:
    group = GroupResult("SERVED", "服务对象", Decimal(1), 40, 40, 30, score)
    faults = () if score is not None else ("有效票 12 张，至少要 15 张",)
    return PublicResult(score, faults, (group,))


def shift(cycle, **windows):
    """Move windows to (first, last) day from today by the clock of the database."""
    today, days = database_today(), {}
    for name, (first, last) in windows.items():
        days |= {f"{name}_from": today + timedelta(first), f"{name}_until": today + timedelta(last)}
    Cycle.objects.filter(pk=cycle.pk).update(**days)
    cycle.refresh_from_db()
