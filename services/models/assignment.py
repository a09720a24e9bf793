"""承办单: which unit has the case, who signed for it, and what became of that."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orgs.models import Department


class Assignment(models.Model):
    class Part(models.TextChoices):
        LEAD = "LEAD", "主办"
        ASSIST = "ASSIST", "协办"

    request = models.ForeignKey(
        "services.ServiceRequest", models.PROTECT, related_name="assignments"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="assignments", verbose_name="承办单位"
    )
    part = models.CharField("承办方式", max_length=6, choices=Part, default=Part.LEAD)
    dispatched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    dispatched_at = models.DateTimeField("派单时间")
    sign_by = models.DateTimeField("签收期限")
    instructions = models.CharField("派单意见", max_length=200, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField("签收时间", null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    returned_at = models.DateTimeField("退单时间", null=True)
    return_reason = models.TextField("退单依据", blank=True)
    opinion = models.TextField("协办意见", blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "承办单"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(part="LEAD", ended_at__isnull=True),
                name="assignment_one_open_lead",
            )
        ]
        indexes = [models.Index(fields=["department", "request"], name="assignment_unit")]

    def __str__(self):
        return f"{self.get_part_display()} {self.department}"
