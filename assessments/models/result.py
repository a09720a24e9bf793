"""结果: what the parts of one assessment come to, with every term, so that it can be redone.

Scores are kept as they are shown (two decimals); `terms` keeps them unrounded, with the turnout.
Nothing here is typed: `assessments/results.py` computes all rows of a cycle at once.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from assessments.models.assessment import Assessment
from assessments.models.cycle import Cycle
from assessments.models.scheme import points
from assessments.models.verbs import Part, parts_of
from orgs.models import Organization, Role

PUBLIC = (Cycle.Status.PUBLISHED, Cycle.Status.LOCKED)


class ResultQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Assessors see them as they stand; the organization itself once they are public."""
        rows = self.filter(assessment__in=Assessment.objects.visible_to(user).order_by())
        above = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER).order_by()
        own = [post.organization_id for post in user.all_posts()]
        assessed = Q(assessment__organization__in=above.values("pk"))
        assessed &= ~Q(assessment__organization__in=own)
        return rows.filter(assessed | Q(assessment__cycle__status__in=PUBLIC))

    def ranked(self):
        """By sector and level, best first; who is 待定 comes last."""
        last = F("rank").asc(nulls_last=True)
        return self.order_by("assessment__sector", "assessment__level", last, "assessment__name")


class Result(models.Model):
    class Tier(models.TextChoices):
        """抓两头带一般."""

        ADVANCED = "ADVANCED", "先进"
        MIDDLE = "MIDDLE", "中间"
        BACKWARD = "BACKWARD", "后进"

    class Rule(models.TextChoices):
        """Which rule had the last word on the stars."""

        BAND = "BAND", "星级标准"
        QUOTA = "QUOTA", "名额"
        VETO = "VETO", "否决情形"
        LOW_PUBLIC = "LOW_PUBLIC", "群众测评偏低"
        STEP = "STEP", "一年升降一星"

    assessment = models.OneToOneField(
        Assessment, models.CASCADE, related_name="result", verbose_name="考核表"
    )
    own = points("自评", null=True)
    public = points("群众测评", null=True)
    review = points("组织考评", null=True)
    bonus = points("加分", default=0)
    total = points("总分", null=True)
    gap = points("自评与考评差距", null=True)
    stars = models.PositiveSmallIntegerField("星级", null=True)
    tier = models.CharField("等次", max_length=8, choices=Tier, blank=True)
    rank = models.PositiveIntegerField("名次", null=True)
    group_size = models.PositiveIntegerField("同组个数", default=0)
    rule = models.CharField("定星依据", max_length=10, choices=Rule, blank=True)
    #: How the stars came about, one sentence a step.
    reasons = models.JSONField("定星说明", default=list)
    last_stars = models.PositiveSmallIntegerField("上年星级", null=True)
    is_pending = models.BooleanField("待定", default=False, db_index=True)
    pending_reasons = models.JSONField("待定原因", default=list)
    #: Why an organization without a whole review goes into the publication all the same.
    held_reason = models.CharField("记为待定的原因", max_length=300, blank=True)
    vetoes = models.JSONField("否决情形", default=list)
    eligible = models.PositiveIntegerField("应参评", default=0)
    valid = models.PositiveIntegerField("有效票", default=0)
    terms = models.JSONField("计算过程", default=dict)
    computed_at = models.DateTimeField("计算时间")

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核结果"
        ordering = ["assessment"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_pending=False, total__isnull=False, stars__isnull=False)
                | Q(is_pending=True, total__isnull=True, stars__isnull=True, rank__isnull=True),
                name="result_pending_has_no_stars",
            )
        ]

    def __str__(self):
        return f"{self.assessment} 结果"

    def get_absolute_url(self):
        return reverse("assessments:result", args=[self.assessment_id])

    @classmethod
    def seen_by(cls, assessment, user):
        """The result of an assessment, or None where there is none yet for this reader."""
        row = cls.objects.filter(assessment=assessment).first()
        if row and (assessment.cycle.status in PUBLIC or is_assessor(assessment, user)):
            row.assessment = assessment
            return row
        return None


def is_assessor(assessment, user) -> bool:
    return bool(parts_of(user, assessment) & {Part.SUPERIOR, Part.DEPARTMENT})


class ResultRunQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(done_at__isnull=True).exclude(cycle__status=Cycle.Status.LOCKED)


class ResultRun(models.Model):
    """结果计算 of a cycle: asked for by a person, done in the background."""

    cycle = models.OneToOneField(
        Cycle, models.CASCADE, related_name="result_run", verbose_name="年度考核"
    )
    asked_at = models.DateTimeField("申请时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="申请人"
    )
    done_at = models.DateTimeField("完成时间", null=True)

    objects = ResultRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结果计算"
        ordering = ["cycle"]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(done_at__isnull=True), name="result_run_waiting"
            )
        ]

    def __str__(self):
        return f"{self.cycle} 结果计算"
