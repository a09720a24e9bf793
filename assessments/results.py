"""Results of a whole cycle in one go: parts, total, stars, rank; nothing of it depends on order.

Who lacks a part is 待定: no total, no stars, no rank, and never a zero in its place. Safe to run
again: the same answers, votes and rulings give the same rows.
"""

from collections import defaultdict
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from assessments.models import Answer, Appeal, Assessment, Bonus, Cycle, Result, ResultRun, Veto
from assessments.models.result import PUBLIC
from assessments.opening import may_open
from assessments.parts import own_part, review_part
from assessments.public_results import public_results
from assessments.scoring import Band, Total, shown
from assessments.stars import Contender, Rules, decide
from orgs.models import AuditEntry, NotAllowed

CHUNK = 500
TIERS = {5: "ADVANCED", 4: "ADVANCED", 3: "MIDDLE", 2: "BACKWARD", 1: "BACKWARD"}
#: All but the assessment and what people decided about the row.
WRITTEN = [
    "own", "public", "review", "bonus", "total", "gap", "stars", "tier", "rank", "group_size",
    "rule", "reasons", "last_stars", "is_pending", "pending_reasons", "vetoes", "eligible",
    "valid", "terms", "computed_at",
]  # fmt: skip


@transaction.atomic
def ask(cycle, *, actor):
    """计算结果: the department asks for it; a task does it."""
    if not may_open(actor, cycle.organization):
        raise NotAllowed("只有组织部门可以计算结果。")
    check_open(cycle)
    ResultRun.objects.update_or_create(
        cycle=cycle, defaults={"asked_at": timezone.now(), "asked_by": actor, "done_at": None}
    )
    AuditEntry.record(
        actor, "result.asked", cycle, label="计算考核结果", organization=cycle.organization
    )


@transaction.atomic
def compute(cycle, tell=None) -> int:
    """All results of the cycle; returns how many have stars.

    `tell(done, total, words)` hears how far it is. Raises NotAllowed once the results are public.
    """
    tell = tell or (lambda *_: None)
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=cycle.pk)
    check_open(cycle)
    since = timezone.now()
    forms = {row.pk: row for row in cycle.assessments.select_related("organization")}
    results = sums(cycle, forms, tell)
    tell(len(forms), len(forms), "评定星级")
    star(cycle, forms, results)
    write(results.values(), tell)
    # who asked meanwhile may know of what was not read any more: that is computed next
    ResultRun.objects.filter(cycle=cycle, asked_at__lte=since).update(done_at=timezone.now())
    return sum(not row.is_pending for row in results.values())


def may_change(cycle) -> bool:
    """Before the results are public, and after an upheld appeal."""
    if cycle.status == Cycle.Status.PUBLISHED:
        return Appeal.objects.filter(assessment__cycle=cycle, status="UPHELD").exists()
    return cycle.status == Cycle.Status.OPEN


def check_open(cycle):
    if not may_change(cycle):
        raise NotAllowed(f"年度考核{cycle.get_status_display()}，结果不能再算。")


def sums(cycle, forms, tell) -> dict[int, Result]:
    """assessment → its result but for stars and rank."""
    public, rulings, now = public_results(cycle), Rulings(cycle), timezone.now()
    indicators = {row.pk: row for row in cycle.scheme.indicators.select_related("goal")}
    found, ids = {}, sorted(forms)
    for first in range(0, len(ids), CHUNK):
        tell(first, len(ids), "计算总分")
        chunk = ids[first : first + CHUNK]
        answers = answers_of(chunk, indicators)
        for pk in chunk:
            row = result_of(forms[pk], answers[pk], public.get(pk), cycle.scheme, rulings)
            row.computed_at = now
            found[pk] = row
    return found


def answers_of(chunk, indicators):
    found = defaultdict(list)
    for answer in Answer.objects.filter(assessment__in=chunk).order_by("pk"):
        answer.indicator = indicators[answer.indicator_id]
        found[answer.assessment_id].append(answer)
    return found


class Rulings:
    """加分 and 否决情形 of a cycle, by assessment."""

    def __init__(self, cycle):
        self.bonuses, self.vetoes = defaultdict(Decimal), defaultdict(list)
        for bonus in Bonus.objects.filter(assessment__cycle=cycle):
            self.bonuses[bonus.assessment_id] += bonus.points
        for veto in Veto.objects.filter(assessment__cycle=cycle).select_related("rule"):
            self.vetoes[veto.assessment_id].append((veto.rule.name, veto.rule.most_stars))


def result_of(form, answers, public, scheme, rulings) -> Result:
    own, reviewed = own_part(answers), review_part(answers)
    score = public.score if public else None
    lacking = reasons_pending(form, own, reviewed, public)
    bonus = min(rulings.bonuses[form.pk], scheme.most_bonus)
    weights = (scheme.weight_self, scheme.weight_public, scheme.weight_review)
    groups = public.groups if public else ()
    row = Result(
        assessment=form, own=shown(own), public=shown(score), bonus=bonus,
        review=shown(reviewed) if form.status == Assessment.Status.REVIEWED else None,
        is_pending=bool(lacking), pending_reasons=lacking,
        vetoes=[name for name, _ in rulings.vetoes[form.pk]],
        eligible=sum(group.eligible for group in groups),
        valid=sum(group.valid for group in groups),
        terms={
            "weights": [str(weight) for weight in weights],
            "vetoes": rulings.vetoes[form.pk],
            "groups": [
                {"label": g.label, "weight": str(g.weight), "eligible": g.eligible,
                 "issued": g.issued, "valid": g.valid, "mean": g.mean and str(shown(g.mean))}
                for g in groups
            ],
        },
    )  # fmt: skip
    if not lacking:
        total = Total(own, score, reviewed, weights, bonus)
        row.total, row.gap = shown(total.value), shown(total.gap)
        row.terms |= {"parts": [str(own), str(score), str(reviewed)], "total": str(total.value)}
    return row


def reasons_pending(form, own, reviewed, public) -> list[str]:
    """Why there is no total yet; empty where every part is there."""
    found = []
    if form.status != Assessment.Status.REVIEWED or reviewed is None:
        found.append("组织考评没有定稿")
    if own is None:
        found.append("自评没有得分")
    if public is None:
        found.append("群众测评没有结果")
    elif public.is_pending:
        found.append("群众测评待定" + (f"：{'；'.join(public.faults)}" if public.faults else ""))
    return found


def star(cycle, forms, results):
    """Stars and ranks within each sector × level."""
    scheme, last = cycle.scheme, last_stars(cycle, forms)
    bands = [
        Band(band.stars, band.least_total, band.least_public, band.quota)
        for band in scheme.star_bands.all()
    ]
    rules = Rules(bands, scheme.low_public, scheme.capped_stars)
    groups = defaultdict(list)
    for pk, row in results.items():
        row.last_stars = last.get(forms[pk].organization_id)
        if not row.is_pending:
            one = Contender(
                pk, Decimal(row.terms["total"]), Decimal(row.terms["parts"][1]), row.last_stars,
                row.terms["vetoes"],
            )  # fmt: skip
            groups[forms[pk].sector, forms[pk].level].append(one)
    for group in groups.values():
        decide(group, rules)
        for one in group:
            row = results[one.key]
            row.stars, row.rank, row.rule, row.reasons = one.stars, one.rank, one.rule, one.reasons
            row.tier, row.group_size = TIERS[one.stars], len(group)


def last_stars(cycle, forms) -> dict[int, int]:
    """organization → its stars of the year before, where they were public."""
    rows = Result.objects.filter(
        assessment__cycle__year=cycle.year - 1, assessment__cycle__status__in=PUBLIC,
        assessment__organization__path__startswith=cycle.organization.path, stars__isnull=False,
    )  # fmt: skip
    return dict(rows.values_list("assessment__organization", "stars"))


def write(rows, tell):
    rows = list(rows)
    for first in range(0, len(rows), CHUNK):
        tell(first, len(rows), "保存结果")
        Result.objects.bulk_create(
            rows[first : first + CHUNK], update_conflicts=True, unique_fields=["assessment"],
            update_fields=WRITTEN,
        )  # fmt: skip
