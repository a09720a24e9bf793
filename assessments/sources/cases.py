"""Figures from the requests that an organization and those below it registered.

Rates that a dashboard shows too come from services/rates.py, so that both say the same.
"""

from django.db.models import F, Q

from assessments.sources.source import Ground, Source
from services.models.request import Source as Channel
from services.models.status import Status
from services.rates import ON_TIME, SATISFIED, cases, measure

#: The citizen did not come to a counter.
REMOTE = (Channel.ONLINE, Channel.PHONE, Channel.VISIT)


def rate_source(definition, code, label, counts) -> Source:
    """A rate of services/rates.py as a source."""

    def tally(ground: Ground):
        rates = measure(ground.requests, definition, ground.period, by="organization")
        return {pk: (rate.numerator, rate.denominator) for pk, rate in rates.items()}

    def rows(ground: Ground, part):
        return cases(ground.requests, definition, ground.period, part)

    return Source(
        code=code, label=label, counts=counts, tally=tally, rows=rows, kind="requests",
        parts=definition.parts,
    )  # fmt: skip


def share_source(code, label, counts, population, met, *, met_words, missed_words) -> Source:
    """`met` of the requests registered in the period that are in `population(ground)`."""

    def registered(ground: Ground):
        return ground.requests.filter(ground.period.holds("registered_at"), population(ground))

    def tally(ground: Ground):
        found = registered(ground).tally("organization", numerator=met, denominator=Q())
        return {pk: (row["numerator"], row["denominator"]) for pk, row in found.items()}

    def rows(ground: Ground, part):
        found = registered(ground)
        if part == "counted":
            return found
        hits = found.filter(met)
        return hits if part == "met" else found.exclude(pk__in=hits.values("pk"))

    return Source(
        code=code, label=label, counts=counts, tally=tally, rows=rows, kind="requests",
        parts={"counted": "计入", "met": met_words, "missed": missed_words},
    )  # fmt: skip


def decided(ground: Ground) -> Q:
    """Accepted, or so long ago that it should have been."""
    return Q(accepted_at__isnull=False) | Q(decide_by__lt=ground.day)


def everything(ground: Ground) -> Q:
    return ~Q(status=Status.WITHDRAWN)


#: What was deemed accepted came a day after the last one for the decision.
IN_TIME = Q(accepted_at__isnull=False) & (
    Q(decide_by__isnull=True) | Q(accepted_at__date__lte=F("decide_by"))
)
PUT_RIGHT = Q(rectifications__done_at__date__lte=F("rectifications__due_on"))
REPEATED = Q(merged_into__isnull=False) | Q(round__gt=1)

ON_TIME_SOURCE = rate_source(
    ON_TIME, "on_time", "按期办结率", "本期到期的办件中，按期回复的（第一次回复为准）"
)
OWN_REQUESTS = rate_source(
    ON_TIME, "own_requests", "诉求按期答复率", "本组织登记、本期到期的诉求中，按期答复的"
)
SATISFIED_SOURCE = rate_source(
    SATISFIED, "satisfied", "回访满意率", "本期回复并有评价的办件中，群众满意的（第一次评价为准）"
)
RECEIPT = share_source(
    "receipt", "及时受理率", "本期登记的诉求中，在受理期限内受理或答复的", decided, IN_TIME,
    met_words="及时受理", missed_words="未及时受理",
)  # fmt: skip
ONLINE = share_source(
    "online", "网上办理占比", "本期登记的诉求中，网上、电话和上门受理的", everything,
    Q(source__in=REMOTE), met_words="网上、电话、上门", missed_words="现场",
)  # fmt: skip
ONLINE_DELEGATED = share_source(
    "online_delegated", "网上和代办占比",
    "本期登记的诉求中，网上、电话、上门受理和代办的", everything,
    Q(source__in=(*REMOTE, Channel.AGENT)) | Q(is_delegated=True),
    met_words="网上、电话、上门、代办", missed_words="现场",
)  # fmt: skip
REPEATS = share_source(
    "repeats", "重复诉求率",
    "本期登记的诉求中，并案（同一事项重复提出）或重办的，越低越好", everything,
    REPEATED, met_words="重复或重办", missed_words="一次办好",
)  # fmt: skip


def due_rectifications(ground: Ground, **conditions):
    """差评整改 whose last day lies in the period and has passed."""
    last = min(ground.day, ground.until)
    return ground.requests.filter(
        rectifications__due_on__gte=ground.since, rectifications__due_on__lte=last, **conditions
    )


def rectification_tally(ground: Ground):
    found = due_rectifications(ground).tally("organization", numerator=PUT_RIGHT, denominator=Q())
    return {pk: (row["numerator"], row["denominator"]) for pk, row in found.items()}


def rectification_rows(ground: Ground, part):
    found = due_rectifications(ground)
    in_time = found.filter(PUT_RIGHT)
    rows = {"counted": found, "met": in_time}.get(part)
    rows = found.exclude(pk__in=in_time.values("pk")) if rows is None else rows
    return rows.distinct()


RECTIFICATION = Source(
    code="rectification",
    label="问题整改率",
    counts="本期到期的差评整改中，按期整改完成的",
    tally=rectification_tally,
    rows=rectification_rows,
    kind="requests",
    parts={"counted": "计入", "met": "按期整改", "missed": "未按期整改"},
)
CASES = (
    ON_TIME_SOURCE, SATISFIED_SOURCE, OWN_REQUESTS, RECEIPT, ONLINE, ONLINE_DELEGATED, REPEATS,
    RECTIFICATION,
)  # fmt: skip
