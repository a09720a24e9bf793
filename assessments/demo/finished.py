"""Last year in 青溪县, over and filed: forms, votes, points, stars, one appeal, tasks to put right.

Forms, points and rulings go through the verbs; the votes are laid down as the shuffle leaves them,
and the calendar is moved into last winter at the end, when everything has been done.
"""

from datetime import timedelta
from decimal import Decimal
from random import Random

from assessments.demo.running import COUNTY, DEPARTMENT, SUMMARY, filled
from assessments.models import (
    Appeal,
    Ballot,
    Bonus,
    Cycle,
    LocalOpinion,
    Review,
    Scheme,
    Veto,
    Vote,
    database_now,
    database_today,
)
from assessments.models.ballot_preparing import prepare_ballots
from assessments.opening import open_cycle, prepare, proposed_windows
from assessments.publication import lock, publish
from orgs.models import Organization, User

SEED, COLLEAGUE, SECRETARY = 20151201, "hongliang", "lizhenguo"
WISHES = (
    "代办点希望周末也有人。",
    "村口的路灯坏了半年，希望修好。",
    "办高龄津贴少跑一趟。",
    "活动室晚上能开到九点。",
    "希望多办几场招聘会。",
)
#: How an organization is seen: share of 满意 among its votes.
MOODS = (0.95, 0.9, 0.85, 0.8, 0.7, 0.55, 0.4)


def load_finished_year() -> int:
    """Returns how many organizations were assessed."""
    rng = Random(SEED)  # noqa: S311
    scorer, colleague = (User.objects.get(username=name) for name in (DEPARTMENT, COLLEAGUE))
    scheme = Scheme.objects.usable().first()
    year = database_today().year - 1
    cycle = open_cycle(
        scheme=scheme, organization=Organization.objects.get(code=COUNTY), year=year,
        actor=scorer, **proposed_windows(year, scheme),
    )  # fmt: skip
    prepare(cycle)
    rows = list(cycle.assessments.select_related("organization", "cycle__scheme"))
    moods = {row.pk: MOODS[n % len(MOODS)] for n, row in enumerate(rows)}
    for row in rows:
        row.submit(actor=scorer, version=row.version, summary=SUMMARY, entries=filled(row, rng, 1))
    vote(cycle, scorer, moods, rng)
    for row in rows:
        review(row, scorer, colleague, moods[row.pk], rng)
    rule(rows, scorer, scheme)
    publish_and_file(cycle, colleague)
    return len(rows)


def vote(cycle, actor, moods, rng):
    """Sealed codes handed out in every group; about two in three come back."""
    prepare_ballots(cycle=cycle, actor=actor)
    ballots = Ballot.objects.filter(assessment__cycle=cycle).select_related("assessment__cycle")
    for ballot in ballots:
        mood, votes = moods[ballot.assessment_id], []
        for stratum in ballot.strata.all():
            stratum.eligible = rng.randint(24, 60)
            stratum.issued = stratum.present = stratum.eligible - rng.randint(0, 4)
            stratum.save(update_fields=["eligible", "present", "issued"])
            returned = round(stratum.issued * rng.uniform(0.6, 0.9))
            votes += [
                Vote(stratum=stratum, answers=answers(mood, rng), text=wish(rng))
                for _ in range(returned)
            ]
        Vote.objects.bulk_create(votes)
        ballot.status, ballot.closed_at = Ballot.Status.CLOSED, database_now()
        ballot.save(update_fields=["status", "closed_at"])
        ballot.recount()


def answers(mood, rng) -> str:
    """Seven choices: 满意 as often as the mood says, the rest below it, some 不了解."""
    weights = [mood, (1 - mood) * 0.6, (1 - mood) * 0.25, (1 - mood) * 0.1, 0.04]
    return "".join(rng.choices("ABCDU", weights, k=7))


def wish(rng) -> str:
    return rng.choice(WISHES) if rng.random() < 0.1 else ""


def review(row, scorer, colleague, mood, rng):
    """One scores, near to what the organization says of itself, another confirms."""
    row.refresh_from_db()
    sheet = Review.of(row)
    scores = {}
    for answer in sheet.answers():
        if not answer.wants_review_points:
            continue
        points = tenth(answer.indicator.points * Decimal(str(mood * rng.uniform(0.85, 1.05))))
        scores[answer.pk] = (min(points, answer.indicator.points), "对照台账和抽查核定。")
    sheet.score(actor=scorer, version=sheet.version, scores=scores)
    if row.is_vertical:
        LocalOpinion.miss(actor=scorer, assessment=row, reason="所在地党组织逾期未反馈。")
    Review.of(row).look(actor=colleague)
    Review.of(row).confirm(actor=colleague)


def rule(rows, scorer, scheme):
    """加分 for one, 否决 for another."""
    Bonus.grant(
        actor=scorer, assessment=rows[1], points=Decimal("1.5"), reason="“代办快一步”做法全市推广",
        evidence="市委组织部通报",
    )  # fmt: skip
    Veto.impose(
        actor=scorer, assessment=rows[5], rule=scheme.veto_rules.first(),
        reason="支部委员因侵占集体资金受党内警告处分",
    )  # fmt: skip


def publish_and_file(cycle, colleague):
    """公示, an appeal and its answer, 归档; then all of it lies in last winter."""
    dates = {
        name: getattr(cycle, name)
        for name in ("publication_from", "publication_until", "appeal_from", "appeal_until")
    }
    today = database_today()
    Cycle.objects.filter(pk=cycle.pk).update(
        publication_from=today, appeal_from=today, publication_until=today + timedelta(5),
        appeal_until=today + timedelta(12),
    )  # fmt: skip
    publish(cycle, actor=colleague)
    cycle.refresh_from_db()
    secretary = User.objects.get(username=SECRETARY)
    own = cycle.assessments.get(organization__in=secretary.posts.values("organization"))
    appeal = Appeal.file(
        actor=secretary, assessment=own,
        text="本镇走访 12 次，有登记和照片，考评只认定 8 次，请复核。",
    )  # fmt: skip
    appeal.reply(
        actor=colleague, outcome="REJECTED", answer="其中 4 次为入户收费，不属走访，维持原结果。"
    )
    Cycle.objects.filter(pk=cycle.pk).update(**dates)
    cycle.assessments.update(is_late=False)
    cycle.refresh_from_db()
    lock(cycle, actor=colleague)


def tenth(points) -> Decimal:
    return points.quantize(Decimal("0.1"))
