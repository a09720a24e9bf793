"""抽查: organizations drawn at random from each sector × level, with the seed on record.

Whoever has the seed can draw again and must come to the same list. A draw is never deleted, so
that nobody draws until the list pleases.
"""

import random
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.assessment import Assessment
from assessments.models.cycle import Cycle
from assessments.models.review import Review
from assessments.models.verbs import Part, parts_of
from orgs.models import AuditEntry, NotAllowed, Notice, Organization, Role


class SpotCheckQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Draws with somebody whom the user assesses; nobody learns that he or she is drawn."""
        mine = Assessment.objects.for_assessor(user).filter(spot_check_items__isnull=False)
        items = SpotCheckItem.objects.filter(assessment__in=mine.values("pk"))
        return self.filter(pk__in=items.values("spot_check"))

    def with_counts(self, user):
        """How many of those whom the user assesses are drawn, wait, and were found different."""
        mine = Assessment.objects.for_assessor(user).values("pk")
        here = Q(items__assessment__in=mine)
        return self.annotate(
            drawn=Count("items", filter=here),
            waiting=Count("items", filter=here & Q(items__outcome="")),
            different=Count("items", filter=here & Q(items__outcome="DIFFERENT")),
        )


class SpotCheck(models.Model):
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="spot_checks", verbose_name="年度考核"
    )
    seed = models.PositiveIntegerField("随机种子")
    #: One of the two: so many, or this share, of each sector × level.
    count = models.PositiveSmallIntegerField("每组抽取个数", null=True, blank=True)
    percent = models.PositiveSmallIntegerField("每组抽取比例", null=True, blank=True)
    drawn_from = models.PositiveIntegerField("抽取范围（个）", default=0)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="抽取人"
    )
    drawn_at = models.DateTimeField("抽取时间", default=timezone.now)

    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查"
        ordering = ["-drawn_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(count__isnull=True, percent__gte=1, percent__lte=100)
                | Q(percent__isnull=True, count__gte=1),
                name="spot_check_count_or_percent",
                violation_error_message="每组抽取个数和比例填一个，并且只填一个。",
            )
        ]

    def __str__(self):
        return f"{self.cycle} 抽查（种子 {self.seed}）"

    def get_absolute_url(self):
        return reverse("assessments:spot_check", args=[self.pk])

    @classmethod
    @transaction.atomic
    def draw(cls, *, actor, cycle, seed=None, count=None, percent=None):
        """抽取: the department whose post covers the whole of the cycle."""
        cycle.refresh_from_db(from_queryset=Cycle.objects.select_for_update())
        reach = Organization.objects.in_reach_of(actor, Role.REVIEWER)
        if not reach.filter(pk=cycle.organization_id).exists():
            raise NotAllowed("抽查由组织部门对整个考核范围抽取，您无权抽取这个年度考核。")
        if cycle.status != Cycle.Status.OPEN:
            raise NotAllowed(f"这一年度的考核{cycle.get_status_display()}，不能再抽查。")
        row = cls(
            cycle=cycle, seed=secrets.randbelow(10**8) if seed is None else seed,
            count=count, percent=percent, drawn_by=actor,
        )  # fmt: skip
        row.full_clean()
        people = population(cycle)
        drawn = sample(people, row.seed, count=count, percent=percent)
        if not drawn:
            raise ValidationError("这个年度考核里还没有党组织，没有可抽的。")
        row.drawn_from = len(people)
        row.save()
        SpotCheckItem.objects.bulk_create(
            SpotCheckItem(spot_check=row, assessment_id=pk, number=number)
            for number, pk in enumerate(drawn, 1)
        )
        note = f"每组 {row.extent}，共 {len(people)} 个中抽取 {len(drawn)} 个"
        AuditEntry.record(
            actor, "spot_check.drawn", row, label="抽取抽查名单", organization=cycle.organization,
            note=note,
        )  # fmt: skip
        return row

    @property
    def extent(self) -> str:
        return f"{self.count} 个" if self.count else f"{self.percent}%"

    def is_reproduced(self) -> bool:
        """Whether the seed leads to this very list again."""
        again = sample(population(self.cycle), self.seed, count=self.count, percent=self.percent)
        return again == list(self.items.order_by("number").values_list("assessment", flat=True))


class SpotCheckItem(models.Model):
    class Outcome(models.TextChoices):
        SAME = "SAME", "一致"
        DIFFERENT = "DIFFERENT", "不一致"

    spot_check = models.ForeignKey(
        SpotCheck, models.CASCADE, related_name="items", verbose_name="抽查"
    )
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="spot_check_items", verbose_name="考核表"
    )
    number = models.PositiveIntegerField("序号")
    outcome = models.CharField("结果", max_length=10, choices=Outcome, blank=True)
    note = models.CharField("情况说明", max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核查人"
    )
    checked_at = models.DateTimeField("核查时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽查对象"
        ordering = ["spot_check", "number"]
        constraints = [
            models.UniqueConstraint(fields=["spot_check", "assessment"], name="spot_checked_once")
        ]

    def __str__(self):
        return f"{self.assessment} 抽查"

    @transaction.atomic
    def report(self, *, actor, outcome, note=""):
        """填写抽查结果, by an assessor who did not score the organization."""
        rows = SpotCheckItem.objects.select_for_update(of=("self",))
        self.refresh_from_db(from_queryset=rows)
        if not parts_of(actor, self.assessment) & {Part.SUPERIOR, Part.DEPARTMENT}:
            raise NotAllowed("本组织的人不能核查自己，请由上级或组织部门核查。")
        review = Review.of(self.assessment)
        if actor.pk in review.scorer_ids() | {review.second_id}:
            raise NotAllowed("为它打分的人不能核查，请由另一位同志核查。")
        if outcome == self.Outcome.DIFFERENT and not note:
            raise ValidationError({"note": "不一致的请写明哪里不一致。"})
        before = [self.get_outcome_display(), self.note]
        self.outcome, self.note = outcome, note
        self.checked_by, self.checked_at = actor, timezone.now()
        self.save()
        if outcome == self.Outcome.DIFFERENT:
            Notice.post(
                review.scorers.all() if review.pk else [], f"抽查不一致：{self.assessment}"[:120],
                kind="spot_check.different", about=review, body=note,
                organization=self.assessment.organization,
            )  # fmt: skip
        after = [self.get_outcome_display(), note]
        changes = zip(("outcome", "note"), before, after, strict=True)
        AuditEntry.record(
            actor, "spot_check.reported", self, label="填写抽查结果",
            organization=self.assessment.organization,
            changes={name: [old, new] for name, old, new in changes if old != new},
        )  # fmt: skip


def population(cycle) -> list[tuple[str, str, str, int]]:
    """(sector, level, code of the organization, assessment id) of the whole cycle, in order."""
    rows = cycle.assessments.order_by("sector", "level", "organization__code")
    return list(rows.values_list("sector", "level", "organization__code", "pk"))


def sample(people, seed, *, count=None, percent=None) -> list[int]:
    """Assessment ids, drawn within each sector × level; of a small group one at least."""
    groups: dict[tuple, list] = {}
    for sector, level, code, pk in people:
        groups.setdefault((sector, level), []).append((code, pk))
    drawn = []
    for group, members in sorted(groups.items()):
        size = count or max(1, -(-len(members) * percent // 100))
        chance = random.Random(f"{seed}:{':'.join(group)}")  # noqa: S311 (a draw, not a secret)
        drawn += sorted(chance.sample(sorted(members), min(size, len(members))))
    return [pk for _, pk in drawn]
