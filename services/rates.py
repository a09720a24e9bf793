"""响应率、按期办结率、解决率、满意率、错派率: every rate is defined here, once.

Pages, exports and assessments all take them from this module. Rules that hold for each of them:
one case counts once, by its first result, however often it is taken up again (重办); a case left
out with approval (剔除) counts nowhere and is listed; silence is no opinion; below five cases
there is a count and no percentage.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q
from django.utils import timezone

from services.deadlines import SHANGHAI
from services.models import Evaluation, Grade, Status
from services.models.status import RUNNING

#: Below this a percentage says nothing (样本不足).
LEAST = 5
ONE_DAY = timedelta(days=1)
#: Unanswered although the promised days run; what was merged still owes its citizen an answer.
UNANSWERED = (*RUNNING, Status.MERGED)


@dataclass(frozen=True)
class Period:
    since: date
    until: date  # the last day, included

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment of the period to the first one after it."""
        return midnight(self.since), midnight(self.until + ONE_DAY)

    def holds(self, field: str) -> Q:
        start, stop = self.moments
        return Q(**{f"{field}__gte": start, f"{field}__lt": stop})


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


@dataclass(frozen=True)
class Definition:
    """A rate: which cases it looks at, which of these count, and which of those count for it."""

    code: str
    label: str
    formula: str
    rule: str
    #: (requests, period) → the cases whose first result falls into the period, with the facts
    population: Callable
    #: now → those that belong into the denominator already
    counted: Callable[[datetime], Q]
    met: Q
    met_words: str
    missed_words: str
    waiting_words: str
    #: (what, part, of which whole): how far the figure can speak for all; None is all
    coverage: tuple[tuple[str, Q, Q | None], ...] = ()
    #: counted, but written down by staff
    self_entered: Q | None = None
    lower_is_better: bool = False

    @property
    def parts(self) -> dict[str, str]:
        """The groups of cases behind the figure, in words."""
        return {
            "counted": "计入",
            "met": self.met_words,
            "missed": self.missed_words,
            "waiting": self.waiting_words,
            "excluded": "已剔除",
        }


@dataclass(frozen=True)
class Share:
    label: str
    part: int
    whole: int

    @property
    def percent(self) -> str:
        return percent(self.part, self.whole)


@dataclass(frozen=True)
class Rate:
    """A rate with everything needed to judge it."""

    definition: Definition
    numerator: int = 0
    denominator: int = 0
    waiting: int = 0
    excluded: int = 0
    late_entries: int = 0
    self_entered: int | None = None
    coverage: tuple[Share, ...] = ()

    @property
    def is_small(self) -> bool:
        return self.denominator < LEAST

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None where there are too few cases."""
        return None if self.is_small else self.numerator / self.denominator

    @property
    def percent(self) -> str:
        if not self.denominator:
            return "—"
        return "样本不足" if self.is_small else percent(self.numerator, self.denominator)

    @property
    def counts(self) -> str:
        return f"{self.numerator:,} / {self.denominator:,}"

    @property
    def missed(self) -> int:
        return self.denominator - self.numerator

    @property
    def reach(self) -> Share:
        """How many of the cases looked at the figure speaks for."""
        return Share("覆盖", self.denominator, self.denominator + self.waiting)


def percent(part: int, whole: int) -> str:
    """One decimal; 100.0% and 0.0% only where they are exact."""
    if not whole:
        return "—"
    tenths = round(part * 1000 / whole)
    if part and tenths == 0:
        tenths = 1
    if part < whole and tenths == 1000:
        tenths = 999
    return f"{tenths // 10}.{tenths % 10}%"


def dispatched(rows, period):
    return rows.with_first_contact().filter(period.holds("first_dispatched_at"))


def due(rows, period):
    """Answered or still owed an answer; one withdrawn unanswered, or suspended, has no due day."""
    has_due = Q(first_replied_at__isnull=False) | Q(status__in=UNANSWERED)
    return rows.with_first_due().filter(has_due, period.holds("answer_due_at"))


def answered(rows, period):
    return rows.filter(period.holds("first_replied_at"))


IS_REACHED = Q(first_solved__isnull=False)
IS_GRADED = Q(first_grade__isnull=False)
GONE = (Status.WITHDRAWN, Status.MERGED)

RESPONSE = Definition(
    code="response",
    label="响应率",
    formula="按时首次响应 ÷ 已派单",
    rule=(
        "首次响应指承办单位有具名承办人签收，首问责任随之解除。以首次派单规定的签收期限为准，"
        "退单、改派不另计时；自动提醒和催办不算响应。"
    ),
    population=dispatched,
    counted=lambda now: (
        Q(first_signed_at__isnull=False) | (Q(first_sign_by__lt=now) & ~Q(status__in=GONE))
    ),
    met=Q(first_signed_at__lte=F("first_sign_by")),
    met_words="按时响应",
    missed_words="未按时响应",
    waiting_words="签收期限未到或签收前撤回、并案",
)
ON_TIME = Definition(
    code="on_time",
    label="按期办结率",
    formula="按期回复 ÷ 本期到期",
    rule=(
        "看第一次回复和第一轮的期限，批准的延期和计时中止计入期限；重办不改变第一次的结果。"
        "到期未回复的算未按期。"
    ),
    population=due,
    counted=lambda now: Q(answer_due_at__lt=now),
    met=Q(first_replied_at__lte=F("answer_due_at")),
    met_words="按期回复",
    missed_words="未按期回复",
    waiting_words="本期尚未到期",
)
SOLVED = Definition(
    code="solved",
    label="解决率",
    formula="群众认为已解决 ÷ 回访联系上",
    rule="本期首次回复的办件中，以第一次联系上时群众的说法为准，重办后再回访不改变结果。",
    population=lambda rows, period: answered(rows, period).with_first_callback(),
    counted=lambda now: IS_REACHED,
    met=Q(first_solved=True),
    met_words="已解决",
    missed_words="未解决",
    waiting_words="未回访或未联系上",
    coverage=(("回访", Q(was_called=True), None), ("联系上", IS_REACHED, Q(was_called=True))),
)
SATISFIED = Definition(
    code="satisfied",
    label="满意率",
    formula="非常满意、满意、基本满意 ÷ 已评价",
    rule="本期首次回复的办件中，以群众第一次评价为准；未评价不算满意，也不计入分母。",
    population=lambda rows, period: answered(rows, period).with_first_grade(),
    counted=lambda now: IS_GRADED,
    met=Q(first_grade__gte=Grade.FAIR),
    met_words="满意",
    missed_words="不满意",
    waiting_words="未评价",
    coverage=(("评价", IS_GRADED, None),),
    self_entered=Q(first_grade_source=Evaluation.Source.CALLBACK),
)
MISDISPATCH = Definition(
    code="misdispatch",
    label="错派率",
    formula="发生过退单 ÷ 已派单",
    rule="本期首次派单的办件中，被任一承办单位退回过的；一件多次退单只算一件。",
    population=dispatched,
    counted=lambda now: Q(),
    met=Q(was_returned_once=True),
    met_words="发生过退单",
    missed_words="未退单",
    waiting_words="未计入",
    lower_is_better=True,
)
RATES = (RESPONSE, ON_TIME, SOLVED, SATISFIED)
BY_CODE = {definition.code: definition for definition in (*RATES, MISDISPATCH)}


def measure(rows, definition, period, *, by=None):
    """The rate over these cases; with `by`, a dict of rates by the values of that field."""
    found = definition.population(rows, period).tally(by, **conditions_of(definition))
    if by is None:
        return rate_from(definition, found)
    return {key: rate_from(definition, counts) for key, counts in found.items()}


def conditions_of(definition) -> dict[str, Q]:
    kept = Q(is_excluded=False)
    counted = kept & definition.counted(timezone.now())
    conditions = {
        "base": kept,
        "denominator": counted,
        "numerator": counted & definition.met,
        "excluded": Q(is_excluded=True),
        "late_entries": counted & Q(is_late_entry=True),
    }
    if definition.self_entered is not None:
        conditions["self_entered"] = counted & definition.self_entered
    for number, (_, part, whole) in enumerate(definition.coverage):
        conditions[f"part_{number}"] = kept & part
        conditions[f"whole_{number}"] = kept if whole is None else kept & whole
    return conditions


def rate_from(definition, counts) -> Rate:
    return Rate(
        definition=definition,
        numerator=counts["numerator"],
        denominator=counts["denominator"],
        waiting=counts["base"] - counts["denominator"],
        excluded=counts["excluded"],
        late_entries=counts["late_entries"],
        self_entered=counts.get("self_entered"),
        coverage=tuple(
            Share(label, counts[f"part_{number}"], counts[f"whole_{number}"])
            for number, (label, _, _) in enumerate(definition.coverage)
        ),
    )


def cases(rows, definition, period, part):
    """The cases behind one of the counts of a rate (`Definition.parts`)."""
    conditions = conditions_of(definition)
    population = definition.population(rows, period)
    if part == "excluded":
        return population.filter(conditions["excluded"])
    counted = population.filter(conditions["denominator"])
    if part == "waiting":
        return population.filter(conditions["base"]).exclude(pk__in=counted.values("pk"))
    met = population.filter(conditions["numerator"])
    missed = counted.exclude(pk__in=met.values("pk"))
    return {"counted": counted, "met": met, "missed": missed}[part]


def excluded_cases(rows, period):
    """The cases that are missing from one of the four rates, whichever it is."""
    missing = Q()
    for definition in RATES:
        found = definition.population(rows, period).filter(is_excluded=True)
        missing |= Q(pk__in=found.values("pk"))
    return rows.filter(missing)
