"""Counters that guard doors, and the pulse of the scheduler."""

from datetime import timedelta
from ipaddress import ip_network

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone


def network_of(ip) -> str:
    """Who is counted as one visitor: an address of IPv4, of IPv6 the /64 of one subscriber."""
    return str(ip_network(f"{ip}/64", strict=False)) if ip and ":" in ip else str(ip)


class Throttle(models.Model):
    """Attempts per key within a window; in the database, so every process counts together."""

    key = models.CharField(max_length=160, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.key} {self.count}"

    @classmethod
    @transaction.atomic
    def hit(cls, key, *, seconds) -> int:
        """Count one attempt and return how many there were in the current window."""
        now = timezone.now()
        fresh = now + timedelta(seconds=seconds)
        cls.objects.get_or_create(key=key, defaults={"expires_at": fresh})
        row = cls.objects.select_for_update().get(key=key)
        if row.expires_at <= now:
            row.count, row.expires_at = 0, fresh
        row.count += 1
        row.save(update_fields=["count", "expires_at"])
        return row.count

    @classmethod
    def is_over(cls, key, *, limit) -> bool:
        return cls.objects.filter(key=key, count__gte=limit, expires_at__gt=timezone.now()).exists()

    @classmethod
    def forgive(cls, key):
        cls.objects.filter(key=key).delete()

    @classmethod
    def sweep(cls):
        """Forget windows that have passed."""
        cls.objects.filter(expires_at__lt=timezone.now()).delete()


class Heartbeat(models.Model):
    """When a scheduled process last ran."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    beats = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.name} {self.at}"

    @classmethod
    def mark(cls, name):
        now = timezone.now()
        if not cls.objects.filter(name=name).update(at=now, beats=F("beats") + 1):
            cls.objects.create(name=name, at=now, beats=1)
