"""/healthz: what an operator's monitor asks."""

import os
from pathlib import Path

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.utils import timezone

from orgs.models import Heartbeat, Notice

BEAT_SILENCE_SECONDS = 300


@login_not_required
def healthz(request):
    """200 when all is well, else 503; ages in seconds. Says nothing of anybody."""
    checks = {"database": database(), "files": files()}
    if checks["database"] == "ok":
        checks |= {"broker": broker(), "oldest_waiting_notice": oldest_waiting(), "beat": beat()}
    healthy = all(checks.get(name) == "ok" for name in ("database", "files", "broker", "beat"))
    return JsonResponse({"healthy": healthy, **checks}, status=200 if healthy else 503)


def database() -> str:
    try:
        connection.ensure_connection()
        tables = connection.introspection.table_names()
    except DatabaseError:
        return "unreachable"
    return "ok" if Heartbeat._meta.db_table in tables else "not migrated"


def files() -> str:
    """Where what people attach is kept: must be there and take more."""
    root = Path(default_storage.location)
    if not root.exists():  # made with the first file
        root = root.parent
    return "ok" if os.access(root, os.W_OK | os.X_OK) else "not writable"


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
