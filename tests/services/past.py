"""What must hold of every past, however it was written."""

from django.utils import timezone

from orgs.models import AuditChain, AuditEntry, Notice
from orgs.models.audit import first_fault
from services.models import ServiceRequest


def hangs_together():
    now = timezone.now()
    for row in ServiceRequest.objects.all():
        steps = [row.received_at, row.registered_at, row.replied_at, row.closed_at, now]
        told = [step for step in steps if step]
        assert told == sorted(told), row.number
        entries = list(AuditEntry.objects.about(row))
        assert entries[0].action == "request.registered"
        assert entries[-1].at <= now
        pks = [entry.pk for entry in entries]
        assert pks == sorted(pks), row.number
    numbers = ServiceRequest.objects.order_by("registered_at", "pk").values_list("pk", flat=True)
    assert list(numbers) == sorted(numbers)
    assert not Notice.objects.filter(created_at__gt=now).exists()
    assert [first_fault(chain) for chain in AuditChain.objects.all()] == [""]
