"""申诉: the secretary objects to a public result; the department answers within its workdays."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.assessment import Assessment
from assessments.models.clock import database_now
from assessments.models.cycle import Cycle
from assessments.models.verbs import Part, parts_of
from orgs.models import AuditEntry, NotAllowed, Notice, Organization, Role, User
from orgs.models.calendar import workdays


class AppealQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The own one, and those below a secretary or the department."""
        reach = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER).order_by()
        return self.filter(assessment__organization__in=reach.values("pk"))

    def unanswered(self):
        return self.filter(status=Appeal.Status.FILED)

    def awaiting(self, user):
        """待答复 by this member of the department."""
        reach = Organization.objects.in_reach_of(user, Role.REVIEWER).order_by()
        own = [post.organization_id for post in user.all_posts()]
        rows = self.unanswered().filter(assessment__organization__in=reach.values("pk"))
        return rows.exclude(assessment__organization__in=own)


class Appeal(models.Model):
    class Status(models.TextChoices):
        FILED = "FILED", "待答复"
        UPHELD = "UPHELD", "申诉成立"
        REJECTED = "REJECTED", "维持原结果"

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="appeals", verbose_name="考核表"
    )
    status = models.CharField("状态", max_length=8, choices=Status, default=Status.FILED)
    text = models.TextField("申诉理由", max_length=1000)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申诉人"
    )
    filed_at = models.DateTimeField("申诉时间")
    due_on = models.DateField("答复期限")
    answer = models.TextField("答复", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申诉"
        ordering = ["-filed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(status="FILED"), name="one_open_appeal"
            )
        ]

    def __str__(self):
        return f"{self.assessment} 申诉"

    def get_absolute_url(self):
        return reverse("assessments:result", args=[self.assessment_id])

    @classmethod
    def may_file(cls, user, assessment) -> bool:
        cycle = assessment.cycle
        return (
            cycle.status == Cycle.Status.PUBLISHED
            and Part.SECRETARY in parts_of(user, assessment)
            and cycle.is_within(Cycle.Window.APPEAL)
            and not assessment.appeals.unanswered().exists()
        )

    @classmethod
    @transaction.atomic
    def file(cls, *, actor, assessment, text):
        """提出申诉, while the window is open by the clock of the database."""
        lock(assessment)
        if not cls.may_file(actor, assessment):
            last = assessment.cycle.appeal_until
            raise NotAllowed(
                f"公示后由本组织书记在 {last:%Y年%-m月%-d日}前提出，已有待答复的申诉不能再提。"
            )
        now = database_now()
        day = timezone.localdate(now)
        row = cls.objects.create(
            assessment=assessment, text=text, filed_by=actor, filed_at=now,
            due_on=workdays().add(day, assessment.cycle.scheme.appeal_days),
        )  # fmt: skip
        people = User.objects.covering(Role.REVIEWER, assessment.cycle.organization)
        row._tell(people, "收到考核申诉", "filed", body=text)
        row._record(actor, "filed", "提出申诉", text)
        return row

    def may_answer(self, user) -> bool:
        is_open = self.status == self.Status.FILED
        public = self.assessment.cycle.status == Cycle.Status.PUBLISHED
        return is_open and public and Part.DEPARTMENT in parts_of(user, self.assessment)

    @transaction.atomic
    def reply(self, *, actor, outcome, answer):
        """答复申诉: upheld, the department corrects the result and computes it again."""
        lock(self.assessment)
        assessment = self.assessment
        self.refresh_from_db(from_queryset=Appeal.objects.select_for_update())
        self.assessment = assessment
        if not self.may_answer(actor):
            raise NotAllowed("申诉已经答复，或者您无权答复，请刷新后查看。")
        self.status, self.answer = outcome, answer
        self.answered_by, self.answered_at = actor, database_now()
        self.save(update_fields=["status", "answer", "answered_by", "answered_at"])
        self._tell([self.filed_by], f"考核申诉已答复（{self.get_status_display()}）", "answered",
                   body=answer)  # fmt: skip
        self._record(actor, "answered", "答复申诉", f"{self.get_status_display()}：{answer}")

    def _tell(self, people, title, kind, body=""):
        Notice.post(
            people, f"{title}：{self.assessment}"[:120], kind=f"appeal.{kind}", about=self,
            organization=self.assessment.organization, body=body,
        )  # fmt: skip

    def _record(self, actor, action, label, note):
        AuditEntry.record(
            actor, f"appeal.{action}", self, label=label,
            organization=self.assessment.organization, note=note,
        )  # fmt: skip


def lock(assessment):
    """The cycle first, then the assessment, as everywhere."""
    rows = Cycle.objects.select_for_update(of=("self",)).select_related("scheme", "organization")
    assessment.cycle = rows.get(pk=assessment.cycle_id)
    Assessment.objects.select_for_update().get(pk=assessment.pk)
