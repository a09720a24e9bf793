"""AB岗: while somebody is away a colleague stands in, so that no post is without a person."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate

from orgs.models.audit import AuditEntry


class StandInQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, those one takes over, and those of the people one leads."""
        led = get_user_model().objects.led_by(user)
        return self.filter(Q(user__in=led) | Q(deputy=user))

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

    def get_absolute_url(self):
        return reverse("orgs:stand_ins")

    @property
    def is_current(self) -> bool:
        return self.started_on <= localdate() <= self.ended_on

    @transaction.atomic
    def end(self, *, actor, on):
        """返岗: yesterday was the deputy's last day; one that began today never was."""
        if self.started_on == on:
            note = f"{self} 取消"
            person = self.user
            self.delete()
        else:
            self.ended_on = on - timedelta(days=1)
            self.save(update_fields=["ended_on"])
            note, person = f"{self} 至 {self.ended_on}", self.user
        AuditEntry.record(actor, "stand_in.ended", person, label="结束AB岗代理", note=note)
