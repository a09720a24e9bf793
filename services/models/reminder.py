"""What the clock has already said about a case, so that it says it once."""

from django.db import models


class Reminder(models.Model):
    class Rule(models.TextChoices):
        YELLOW = "YELLOW", "即将到期提醒"
        DUE_DAY = "DUE_DAY", "到期日提醒"
        OVERDUE = "OVERDUE", "催办通知"

    request = models.ForeignKey("services.ServiceRequest", models.PROTECT, related_name="reminders")
    rule = models.CharField("规则", max_length=10, choices=Rule)
    due_on = models.DateField("对应期限")
    created_at = models.DateTimeField("产生时间")

    class Meta:
        verbose_name = verbose_name_plural = "催办提醒"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "rule", "due_on"], name="reminder_once")
        ]

    def __str__(self):
        return f"{self.request} {self.get_rule_display()}"
