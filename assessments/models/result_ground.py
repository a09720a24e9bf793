"""加分 and 否决情形 of one assessment: given and taken back by the organization department."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from assessments.models.assessment import Assessment
from assessments.models.cycle import Cycle
from assessments.models.review_ground import score_words
from assessments.models.scheme import VetoRule, points
from assessments.models.verbs import Part, parts_of
from orgs.models import AuditEntry, NotAllowed


def may_rule(user, assessment) -> bool:
    """加分, 否决: the department above, until the results are public or after an upheld appeal."""
    if Part.DEPARTMENT not in parts_of(user, assessment):
        return False
    if assessment.cycle.status == Cycle.Status.PUBLISHED:
        return assessment.appeals.filter(status="UPHELD").exists()
    return assessment.cycle.status == Cycle.Status.OPEN


def begin(assessment, actor):
    """Lock the cycle and the assessment; only then ask whether the actor may rule on it."""
    assessment.cycle = Cycle.objects.select_for_update(of=("self",)).select_related("scheme").get(
        pk=assessment.cycle_id
    )  # fmt: skip
    Assessment.objects.select_for_update().get(pk=assessment.pk)
    if not may_rule(actor, assessment):
        raise NotAllowed("考核进行中由上级组织部门加分或登记否决情形，本组织的人回避。")


def record(actor, action, label, assessment, note):
    AuditEntry.record(
        actor, f"result.{action}", assessment, label=label, organization=assessment.organization,
        note=note,
    )  # fmt: skip


class Bonus(models.Model):
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="bonuses", verbose_name="考核表"
    )
    points = points("加分")
    reason = models.CharField("加分事由", max_length=200)
    evidence = models.CharField("依据", max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    given_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "加分"
        ordering = ["assessment", "pk"]
        constraints = [models.CheckConstraint(condition=Q(points__gt=0), name="bonus_is_positive")]

    def __str__(self):
        return f"{self.reason}，加 {score_words(self.points)} 分"

    @classmethod
    @transaction.atomic
    def grant(cls, *, actor, assessment, points, reason, evidence):
        """加分, at most what the scheme allows altogether."""
        begin(assessment, actor)
        most = assessment.cycle.scheme.most_bonus
        given = assessment.bonuses.aggregate(sum=Sum("points"))["sum"] or Decimal(0)
        if points <= 0 or given + points > most:
            words = f"加分合计不超过 {score_words(most)} 分，已加 {score_words(given)} 分。"
            raise ValidationError({"points": words})
        row = cls.objects.create(
            assessment=assessment, points=points, reason=reason, evidence=evidence, given_by=actor
        )
        record(actor, "bonus_granted", "加分", assessment, f"{row}；依据：{evidence}")
        return row

    @transaction.atomic
    def revoke(self, *, actor, reason):
        """撤销加分."""
        begin(self.assessment, actor)
        if not Bonus.objects.filter(pk=self.pk).delete()[0]:
            raise NotAllowed("这一项加分已经撤销，请刷新后查看。")
        record(actor, "bonus_revoked", "撤销加分", self.assessment, f"{self}；原因：{reason}")


class Veto(models.Model):
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="vetoes", verbose_name="考核表"
    )
    rule = models.ForeignKey(VetoRule, models.PROTECT, related_name="+", verbose_name="情形")
    reason = models.CharField("事实和依据", max_length=300)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    given_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "否决情形登记"
        ordering = ["assessment", "pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "rule"], name="veto_once")]

    def __str__(self):
        return str(self.rule)

    @classmethod
    @transaction.atomic
    def impose(cls, *, actor, assessment, rule, reason):
        """登记否决情形."""
        begin(assessment, actor)
        if rule.scheme_id != assessment.cycle.scheme_id:
            raise ValidationError({"rule": "请选择本方案的否决情形。"})
        row, made = cls.objects.get_or_create(
            assessment=assessment, rule=rule, defaults={"reason": reason, "given_by": actor}
        )
        if not made:
            raise ValidationError({"rule": "这一情形已经登记。"})
        record(actor, "veto_imposed", "登记否决情形", assessment, f"{row}；{reason}")
        return row

    @transaction.atomic
    def lift(self, *, actor, reason):
        """撤销否决情形."""
        begin(self.assessment, actor)
        if not Veto.objects.filter(pk=self.pk).delete()[0]:
            raise NotAllowed("这一情形已经撤销，请刷新后查看。")
        record(actor, "veto_lifted", "撤销否决情形", self.assessment, f"{self}；原因：{reason}")
