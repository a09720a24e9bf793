"""述职评议: a secretary reports, the meeting votes, the superior organization decides the grade.

中办《意见》no. 15: once a year, and the superior sends somebody to attend.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from assessments.models.assessment import Assessment
from assessments.models.clock import database_now, database_today
from assessments.models.cycle import Cycle
from assessments.models.verbs import ASSESSORS, parts_of
from orgs.models import AuditEntry, NotAllowed, Notice, Role, User

VOTES = ("good", "better", "fair", "poor")


class Debriefing(models.Model):
    class Grade(models.TextChoices):
        GOOD = "GOOD", "好"
        BETTER = "BETTER", "较好"
        FAIR = "FAIR", "一般"
        POOR = "POOR", "差"

    assessment = models.OneToOneField(
        Assessment, models.CASCADE, related_name="debriefing", verbose_name="考核表"
    )
    held_on = models.DateField("述职日期")
    speaker = models.CharField("述职人", max_length=60)
    delegate = models.CharField("上级派员（姓名、职务）", max_length=100)
    attended = models.PositiveIntegerField("到会人数", validators=[MinValueValidator(1)])
    good = models.PositiveIntegerField("好", default=0)
    better = models.PositiveIntegerField("较好", default=0)
    fair = models.PositiveIntegerField("一般", default=0)
    poor = models.PositiveIntegerField("差", default=0)
    grade = models.CharField("评定等次", max_length=8, choices=Grade)
    decided_by = models.CharField("评定单位", max_length=100)
    note = models.TextField("点评和问题（含廉洁履职）", max_length=1000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "述职评议"
        ordering = ["assessment"]
        constraints = [
            models.CheckConstraint(
                condition=Q(attended__gte=F("good") + F("better") + F("fair") + F("poor")),
                name="debriefing_votes_within_attendance",
                violation_error_message="四档票数合计不能超过到会人数。",
            )
        ]

    def __str__(self):
        return f"{self.assessment} 述职评议"

    def get_absolute_url(self):
        return reverse("assessments:debriefing", args=[self.assessment_id])

    @property
    def votes(self) -> int:
        return sum(getattr(self, name) for name in VOTES)

    def distribution(self) -> list[tuple[str, int, int]]:
        """(grade, votes, percent of the votes) of each."""
        whole = self.votes or 1
        counts = [getattr(self, name) for name in VOTES]
        return [(label, n, round(n * 100 / whole))
                for label, n in zip(self.Grade.labels, counts, strict=True)]  # fmt: skip

    @staticmethod
    def may_record(user, assessment) -> bool:
        is_open = assessment.cycle.status == Cycle.Status.OPEN
        return is_open and bool(parts_of(user, assessment) & set(ASSESSORS))

    @classmethod
    @transaction.atomic
    def record(cls, *, actor, assessment, **fields):
        """登记述职评议, or put it right; by those above alone."""
        rows = Cycle.objects.select_for_update(of=("self",)).select_related("scheme")
        assessment.cycle = rows.get(pk=assessment.cycle_id)
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        if not cls.may_record(actor, assessment):
            raise NotAllowed("考核进行中由上级党组织登记，本组织的人回避。")
        before = cls.objects.filter(assessment=assessment).first()
        row = cls(
            pk=before and before.pk, assessment=assessment, recorded_by=actor,
            recorded_at=database_now(), **fields,
        )  # fmt: skip
        row._check()
        row.save()
        changes = {
            name: [str(getattr(before, name)) if before else "", str(value)]
            for name, value in fields.items()
            if before is None or getattr(before, name) != value
        }
        people = User.objects.holding(Role.SECRETARY, organization=assessment.organization)
        Notice.post(
            people, f"述职评议等次：{row.get_grade_display()}（{assessment}）"[:120],
            kind="debriefing.recorded", about=row, organization=assessment.organization,
        )  # fmt: skip
        AuditEntry.record(
            actor, "debriefing.recorded", row, label="登记述职评议",
            organization=assessment.organization, changes=changes,
        )  # fmt: skip
        return row

    def _check(self):
        if not self.delegate.strip():
            raise ValidationError({"delegate": "述职评议必须有上级派员参加，请填写姓名和职务。"})
        if self.votes > self.attended:
            raise ValidationError({"attended": "四档票数合计不能超过到会人数。"})
        if not self.assessment.cycle.since <= self.held_on <= database_today():
            raise ValidationError({"held_on": "述职日期在考核年度开始以后、今天以前。"})
