"""What is written down beside an errand's own state: its pauses, and the visits it took."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q

from services.models.errand_verbs import ErrandState


class DelegationPause(models.Model):
    """中止 to 续办."""

    delegation = models.ForeignKey("services.Delegation", models.PROTECT, related_name="pauses")
    state = models.CharField("中止时状态", max_length=10, choices=ErrandState)
    reason = models.CharField("中止原因", max_length=200)
    started_on = models.DateField("中止日期")
    ended_on = models.DateField("续办日期", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "代办中止"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation"],
                condition=Q(ended_on__isnull=True),
                name="delegation_one_open_pause",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="delegation_pause_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.delegation} 中止"


class VisitQuerySet(models.QuerySet):
    def counted_for(self, user):
        """Visits on the errands that the user's ledger holds, and the user's own."""
        errands = self.model._meta.get_field("delegation").related_model.objects
        return self.filter(Q(by=user) | Q(delegation__in=errands.counted_for(user)))

    def by_person(self, since, until):
        rows = self.filter(at__date__range=(since, until)).order_by()
        return dict(rows.values("by").annotate(times=Count("pk")).values_list("by", "times"))


class HomeVisit(models.Model):
    """上门: counted for whoever went."""

    delegation = models.ForeignKey("services.Delegation", models.PROTECT, related_name="visits")
    purpose = models.CharField("事由", max_length=100)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    nonce = models.UUIDField(unique=True, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上门记录"
        ordering = ["pk"]
        indexes = [models.Index(fields=["by", "at"], name="visit_of_person")]

    def __str__(self):
        return f"{self.delegation} {self.purpose}"
