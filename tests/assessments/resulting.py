"""Three organizations whose parts are easy sums, and what their voters say."""

from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal

from assessments.ballots.tally import Tally
from assessments.models import (
    Assessment,
    Ballot,
    Cycle,
    Review,
    Stratum,
    database_now,
    database_today,
)
from orgs.models import Sector

#: sector → (自评, 组织考评) in tenths of the points of every indicator
SHARES = {
    Sector.RURAL: ("1", "0.9"),
    Sector.STATE_OWNED: ("0.8", "0.8"),
    Sector.UNIVERSITY: ("0.9", "0.5"),
}

#: In each group of voters; with these every score of two decimals comes out exactly.
VOTERS = 2000
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


def say(cast, **scores):
    """The voters' M by sector; None is a ballot that still runs, who is not named has none."""
    now = database_now()
    Ballot.objects.filter(assessment__cycle=cast.cycle).delete()
    for sector, score in scores.items():
        ballot = Ballot.objects.create(
            assessment=cast.assessment(sector), status="OPEN" if score is None else "CLOSED",
            opens_at=now - timedelta(9), closes_at=now, prepared_by=cast.second,
        )  # fmt: skip
        for group in cast.scheme.voter_groups.filter(is_vertical=False):
            tally = score and asdict(answers(Decimal(score)))
            Stratum.objects.create(ballot=ballot, group=group, eligible=VOTERS, tally=tally)


def answers(score) -> Tally:
    """Everybody votes, and to each question so that its mean is the score, to two decimals."""
    twenties = int(score * VOTERS / 20)
    if twenties >= 3 * VOTERS:
        best = max(0, twenties - 4 * VOTERS)
        good = twenties - 3 * VOTERS - 2 * best
        fair = VOTERS - best - good
    else:
        best, good = 0, twenties % 3
        fair = (twenties - 4 * good) // 3
    one = {"A": best, "B": good, "C": fair, "D": VOTERS - best - good - fair}
    return Tally(valid=VOTERS, counts=[one] * 7)


def shift(cycle, **windows):
    """Move windows to (first, last) day from today by the clock of the database."""
    today, days = database_today(), {}
    for name, (first, last) in windows.items():
        days |= {f"{name}_from": today + timedelta(first), f"{name}_until": today + timedelta(last)}
    Cycle.objects.filter(pk=cycle.pk).update(**days)
    cycle.refresh_from_db()
