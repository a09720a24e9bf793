"""/healthz: what an operator's monitor asks."""

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.utils import timezone

from orgs.models import Heartbeat, Notice

BEAT_SILENCE_SECONDS = 300


@login_not_required
def healthz(request):
    """200 when all is well, else 503; ages in seconds. Says nothing of anybody."""
    checks = {"database": database()}
    if checks["database"] == "ok":
        checks |= {"broker": broker(), "oldest_waiting_notice": oldest_waiting(), "beat": beat()}
    healthy = all(checks.get(name) == "ok" for name in ("database", "broker", "beat"))
    return JsonResponse({"healthy": healthy, **checks}, status=200 if healthy else 503)


def database() -> str:
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def broker() -> str:
    link = current_app.connection_for_write()
    try:
        link.connect()
    except (OSError, *link.connection_errors):
        return "unreachable"
    finally:
        link.release()
    return "ok"


def oldest_waiting() -> int:
    """Age of the oldest urgent or ordinary notice not yet delivered."""
    oldest = Notice.objects.filter(delivered_at__isnull=True).order_by("created_at").first()
    return int((timezone.now() - oldest.created_at).total_seconds()) if oldest else 0


def beat() -> str:
    last = Heartbeat.objects.filter(name="beat").first()
    age = (timezone.now() - last.at).total_seconds() if last else None
    return "ok" if age is not None and age < BEAT_SILENCE_SECONDS else "silent"
