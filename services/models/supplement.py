"""一次性告知: everything that is missing, said once; the decision waits until it is there."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from orgs.models.calendar import workdays
from services.models.status import Status


class Supplement(models.Model):
    request = models.OneToOneField(
        "services.ServiceRequest", models.PROTECT, related_name="supplement"
    )
    missing = models.TextField("需补正的材料")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("告知时间")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    received_at = models.DateTimeField("补齐时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "补正告知"

    def __str__(self):
        return f"{self.request} 补正"


class SupplementVerbs:
    @transaction.atomic
    def ask_supplement(self, *, actor, missing):
        """补正: the full list, once (行政许可法第三十二条第四项)."""
        self._begin("ask_supplement", actor)
        Supplement.objects.create(
            request=self, missing=missing, asked_by=actor, asked_at=timezone.now()
        )
        self.status, self.decide_by = Status.SUPPLEMENTING, None
        self.save(update_fields=["status", "decide_by"])
        self._record(actor, "supplement_asked", "一次性告知补正", note=missing)

    @transaction.atomic
    def receive_supplement(self, *, actor, note=""):
        """补齐: the days for the decision start anew."""
        from services.models.intake import DECISION_DAYS

        self._begin("receive_supplement", actor)
        Supplement.objects.filter(request=self).update(
            received_by=actor, received_at=timezone.now()
        )
        self.status = Status.REGISTERED
        self.decide_by = workdays().add(timezone.localdate(), DECISION_DAYS)
        self.save(update_fields=["status", "decide_by"])
        self._record(actor, "supplement_received", "材料补齐", note=note)
