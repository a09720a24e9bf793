"""特别程序: intervals in which the clock stands still. Append-only; nothing accumulates."""

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from services.models.status import Status


class Ground(models.TextChoices):
    """The closed list; 行政许可法第四十五条 for hearings, tests and expert opinions."""

    MATERIALS = "MATERIALS", "补正材料"
    HEARING = "HEARING", "听证"
    INSPECTION = "INSPECTION", "检验鉴定"
    PUBLICITY = "PUBLICITY", "公示"
    SUPERIOR = "SUPERIOR", "等待上级答复"
    FORCE_MAJEURE = "FORCE_MAJEURE", "不可抗力"


class ClockSuspension(models.Model):
    request = models.ForeignKey(
        "services.ServiceRequest", models.PROTECT, related_name="suspensions"
    )
    round = models.PositiveSmallIntegerField("轮次")
    ground = models.CharField("事由", max_length=14, choices=Ground)
    proof = models.CharField("证明材料", max_length=200)
    started_on = models.DateField("中止日期")
    until = models.DateField("预计恢复日期")
    resumed_on = models.DateField("恢复日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "计时中止"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(resumed_on__isnull=True),
                name="suspension_one_open",
            ),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=models.F("started_on")),
                name="suspension_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.request} {self.get_ground_display()}"


class SuspensionVerbs:
    def pauses(self):
        """The intervals of this round, as deadlines.py takes them."""
        return list(
            self.suspensions.filter(round=self.round).values_list("started_on", "resumed_on")
        )

    @transaction.atomic
    def resume(self, *, actor=None):
        """恢复计时: by the handler, or by the clock when the expected end has passed."""
        self._begin("resume", actor)
        self.suspensions.filter(resumed_on__isnull=True).update(resumed_on=timezone.localdate())
        self.status, self.status_before = self.status_before or Status.HANDLING, ""
        self.recompute_due()
        self.save()
        note = f"期限顺延至 {self.due_on:%Y年%-m月%-d日}"
        self._record(actor, "resumed", "恢复计时", note=note)
