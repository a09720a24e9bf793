"""Requests that may be about the same thing: shared pairs of characters, no model, no index."""

from datetime import timedelta

from django.utils import timezone

from orgs.fields import blind_index
from orgs.search import normalise
from services.models import ServiceRequest
from services.models.status import Status

RECENT_DAYS, LOOKED_AT = 30, 400
#: Share of the shorter text's pairs that the other text has too.
ALIKE, ALIKE_SAME_PERSON = 0.5, 0.2


def pairs(text) -> set[str]:
    plain = normalise(text)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def likeness(one: set[str], other: set[str]) -> float:
    """0 to 1: how much of the shorter text stands in the longer one."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller >= 3 else 0.0


def likely_duplicates(user, content, phone="", most=3):
    """Cases of the last 30 days within the user's reach that look like this one, best first."""
    words = pairs(content)
    if not words:
        return []
    index = blind_index(phone) if phone else None
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    recent = (
        ServiceRequest.objects.visible_to(user)
        .filter(registered_at__gte=since)
        .exclude(status__in=[Status.WITHDRAWN, Status.NOT_ACCEPTED])
        .for_list()
        .order_by("-registered_at")[:LOOKED_AT]
    )
    found = []
    for row in recent:
        alike = likeness(words, pairs(f"{row.subject}{row.content}"))
        same_person = index is not None and row.citizen.phone_index == index
        if alike >= (ALIKE_SAME_PERSON if same_person else ALIKE):
            found.append((alike + same_person, row))
    return [row for _, row in sorted(found, key=lambda pair: -pair[0])[:most]]
