"""A year that runs in 青溪县: some have handed in, some fill in, one was sent back, many wait."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from assessments.models import Assessment, Ballot, Cycle, Scheme, database_today
from assessments.models.ballot_preparing import prepare_ballots
from assessments.opening import open_cycle, prepare, proposed_windows
from orgs.models import Organization, User
from orgs.models.calendar import workdays

SEED, COUNTY, DEPARTMENT = 20161201, "429921", "zhengkai"
TEXTS = (
    "按年初计划完成，台账齐全。",
    "全年开展 6 次，有记录、有照片。",
    "支委分工到人，每月对账。",
    "群众反映的问题当月解决，结果已公示。",
    "人员变动后已及时补齐。",
)
SUMMARY = (
    "一年来，支部把服务群众放在首位：代办点天天有人，党员包户走访两轮，群众反映的饮水、路灯等"
    "问题逐件办结。不足是网上办理用得少、年轻党员参与不够，明年重点改进。"
)
#: one in five each: handed in twice as often as left half-way
FATES = ("submitted", "submitted", "filling", "sent back", "waiting")


def load_running_year() -> int:
    """Open it through the verbs, as zhengkai; returns how many forms there are."""
    actor = User.objects.get(username=DEPARTMENT)
    scheme = Scheme.objects.usable().first()
    county, today = Organization.objects.get(code=COUNTY), database_today()
    cycle = open_cycle(
        scheme=scheme, organization=county, year=today.year, actor=actor,
        **windows_around(today, scheme),
    )  # fmt: skip
    prepare(cycle)
    rng = Random(SEED)  # noqa: S311
    rows = Cycle.objects.get(pk=cycle.pk).assessments.select_related("cycle", "organization")
    for number, row in enumerate(rows):
        tell(row, FATES[number % len(FATES)], actor, rng)
    ask_the_public(cycle, actor, rng)
    return len(rows)


def ask_the_public(cycle, actor, rng):
    """群众测评: every other organization has its numbers and is open, the rest still waits."""
    prepare_ballots(cycle=cycle, actor=actor)
    ballots = Ballot.objects.filter(assessment__cycle=cycle).select_related("assessment__cycle")
    for ballot in ballots.order_by("pk")[::2]:
        numbers = {}
        for stratum in ballot.strata.all():
            eligible = rng.randint(24, 60)
            numbers[stratum.pk] = {"eligible": eligible, "present": None, "issued": None}
        ballot.set_numbers(actor=actor, numbers=numbers)
        ballot.open(actor=actor)


def windows_around(today, scheme) -> dict:
    """自评 nearly over, 测评 and 考评 begun, whatever day the demo is loaded on."""
    days = {"self": (-20, 6), "vote": (-3, 17), "review": (-3, 24)}
    found = proposed_windows(today.year, scheme)
    for name, (first, last) in days.items():
        found[f"{name}_from"] = today + timedelta(first)
        found[f"{name}_until"] = today + timedelta(last)
    found["publication_from"] = found["appeal_from"] = today + timedelta(25)
    found["publication_until"] = today + timedelta(24 + scheme.publication_days)
    found["appeal_until"] = workdays().add(found["publication_until"], scheme.appeal_days)
    return found


def tell(row: Assessment, fate, actor, rng):
    """What has become of one form by today."""
    if fate == "waiting":
        return
    entries = filled(row, rng, 0.5 if fate == "filling" else 1)
    said = {"actor": actor, "version": row.version, "summary": SUMMARY, "entries": entries}
    if fate == "filling":
        row.fill(**said)
        return
    row.submit(**said)
    if fate == "sent back":
        row.send_back(actor=actor, reason="走访次数与登记不一致，请核对后补充记录。")


def filled(row, rng, share) -> dict:
    """Between 60 and 100 per cent of the points in halves, for that share of the indicators."""
    answers = [a for a in row.answers.select_related("indicator") if a.wants_self_points]
    return {
        answer.pk: {
            "self_points": half(answer.indicator.points * Decimal(str(rng.uniform(0.6, 1)))),
            "text": rng.choice(TEXTS),
        }
        for answer in answers[: round(len(answers) * share)]
    }


def half(points) -> Decimal:
    return (points * 2).to_integral_value() / 2
