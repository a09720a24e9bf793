"""Deadlines of an assessment are decided by the database's clock, whatever an app server says."""

from datetime import UTC, date, datetime

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime


def database_now() -> datetime:
    """The moment by the clock of the database, aware."""
    now = "clock_timestamp()" if connection.vendor == "postgresql" else "datetime('now')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {now}")
        found = cursor.fetchone()[0]
    if isinstance(found, str):
        found = parse_datetime(found)
    return found if timezone.is_aware(found) else timezone.make_aware(found, UTC)


def database_today() -> date:
    """The civil date in China by the clock of the database."""
    return timezone.localdate(database_now())


def day(date) -> str:
    """A deadline as a sentence says it: 3月10日."""
    return f"{date.month}月{date.day}日"
