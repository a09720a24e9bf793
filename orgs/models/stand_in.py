"""AB岗: while somebody is away a colleague stands in, so that no post is without a person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate


class StandInQuerySet(models.QuerySet):
    def current(self):
        today = localdate()
        return self.filter(started_on__lte=today, ended_on__gte=today)


class StandIn(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name="离岗人"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="stand_ins", verbose_name="代理人"
    )
    started_on = models.DateField("离岗日期")
    ended_on = models.DateField("返岗前一日")
    reason = models.CharField("事由", max_length=60, blank=True)

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "AB岗代理"
        ordering = ["-started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")),
                name="stand_in_ends_after_start",
                violation_error_message="返岗前一日不能早于离岗日期。",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("deputy")),
                name="stand_in_by_another",
                violation_error_message="代理人不能是本人。",
            ),
        ]

    def __str__(self):
        return f"{self.deputy} 代 {self.user}"
