"""群众测评 as the result takes it: one score an organization, or why there is none yet."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from assessments.ballots.tally import Group, faults_of, pooled
from assessments.models import Ballot, PaperBatch, Stratum
from assessments.scoring import item_mean, public_score


@dataclass(frozen=True)
class GroupResult:
    """One group of voters. `mean` is None where too few voted to be shown or to count."""

    code: str
    label: str
    weight: Decimal
    eligible: int
    issued: int
    valid: int
    mean: Decimal | None
    #: Means of the questions on the goals, in their order; empty where not shown.
    goals: tuple[Decimal | None, ...] = ()


@dataclass(frozen=True)
class PublicResult:
    """M from 0 to 100 with its turnout; None while not valid: 待定, never zero."""

    score: Decimal | None
    #: What is lacking for a valid result, in words.
    faults: tuple[str, ...] = ()
    groups: tuple[GroupResult, ...] = field(default=())

    @property
    def is_pending(self) -> bool:
        return self.score is None

    @property
    def turnout_words(self) -> str:
        """Never a score without its turnout."""
        eligible, issued, valid = (
            sum(getattr(group, name) for group in self.groups)
            for name in ("eligible", "issued", "valid")
        )
        return f"应到 {eligible}，发出 {issued}，有效 {valid}"

    @property
    def goal_means(self) -> dict[int, Decimal]:
        """{place of the goal from 1: mean over the groups by their weights}, of a valid result."""
        found: dict[int, list[Decimal]] = {}
        for group in self.groups if self.score is not None else ():
            for number, mean in enumerate(group.goals, 1):
                if mean is not None:
                    sums = found.setdefault(number, [Decimal(0), Decimal(0)])
                    sums[0] += group.weight * mean
                    sums[1] += group.weight
        return {number: got / weight for number, (got, weight) in found.items()}


def public_results(cycle) -> dict[int, PublicResult]:
    """assessment id → result, for all of the cycle; one without a ballot is not in it."""
    return results_of(cycle, Stratum.objects.filter(ballot__assessment__cycle=cycle))


def public_result(assessment) -> PublicResult | None:
    """The result of one organization, as it stands now."""
    rows = Stratum.objects.filter(ballot__assessment=assessment)
    return results_of(assessment.cycle, rows).get(assessment.pk)


def ballot_result(ballot) -> PublicResult:
    """The result of one round by itself, whatever came after it."""
    assessment = ballot.assessment
    return results_of(assessment.cycle, Stratum.objects.filter(ballot=ballot))[assessment.pk]


def results_of(cycle, strata) -> dict[int, PublicResult]:
    """The last round of each counts: three queries, however many organizations."""
    weights = [goal.points for goal in cycle.scheme.goals.order_by("number")]
    found: dict[int, dict[int, list]] = {}
    for row in strata.select_related("group", "ballot").order_by("group"):
        rounds = found.setdefault(row.ballot.assessment_id, {})
        rounds.setdefault(row.ballot.round, []).append(row)
    unmatched = PaperBatch.objects.filter(matched_at__isnull=True, stratum__in=strata.values("pk"))
    waiting = Counter(unmatched.values_list("stratum__ballot", flat=True))
    return {
        pk: result(cycle.scheme, weights, rounds[max(rounds)], waiting)
        for pk, rounds in found.items()
    }


def result(scheme, weights, strata: list[Stratum], waiting) -> PublicResult:
    """Of one ballot; pending while it runs, while paper waits, and where it is not valid."""
    ballot, groups = strata[0].ballot, [row.as_group() for row in strata]
    if ballot.status != Ballot.Status.CLOSED:
        words = "重新测评还没有结束" if ballot.round == 2 else "测评还没有结束"
        return PublicResult(None, (words,), tuple(turnout(group) for group in groups))
    if left := waiting[ballot.pk]:
        words = f"纸质票还有 {left} 批没有录完"
        return PublicResult(None, (words,), tuple(turnout(group) for group in groups))
    faults = faults_of(groups, scheme)
    shown = tuple(
        group_result(group, weights, scheme) for group in pooled(groups, scheme.least_shown)
    )
    if faults:
        return PublicResult(None, tuple(faults), shown)
    score = public_score({group.code: (group.weight, group.mean) for group in shown})
    return PublicResult(score, (), shown)


def group_result(group: Group, weights, scheme) -> GroupResult:
    is_shown = group.tally.valid >= scheme.least_shown
    mean = group.tally.mean(weights, scheme.overall_share) if is_shown else None
    goals = tuple(item_mean(found) for found in group.tally.counts[:-1]) if is_shown else ()
    return turnout(group, mean, goals)


def turnout(group: Group, mean=None, goals=()) -> GroupResult:
    return GroupResult(
        group.code, group.label, group.weight, group.eligible, group.issued, group.tally.valid,
        mean, goals,
    )  # fmt: skip
