"""公示 of a cycle: who made the results public, when, and what they said; taken back, it stays."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.cycle import Cycle


class Publication(models.Model):
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="publications", verbose_name="年度考核"
    )
    published_at = models.DateTimeField("公示时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="公示人"
    )
    pending_reason = models.CharField("未定稿记为待定的原因", max_length=300, blank=True)
    #: [organization, name, total, stars, rank] of each, as it was published
    rows = models.JSONField("公示内容", default=list)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"], condition=Q(withdrawn_at__isnull=True), name="one_publication"
            )
        ]

    def __str__(self):
        return f"{self.cycle} 公示"
