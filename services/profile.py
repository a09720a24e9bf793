"""What the page of a party organization tells of its requests."""

from django.db.models import Count, Q
from django.utils import timezone

from orgs.models import Organization
from services.models import ServiceRequest


def requests_of(user, organization) -> dict | None:
    """办件 registered at the organization and below, as far as the user sees them; linked."""
    if user.is_administrator:
        return None
    places = Organization.objects.within(organization).order_by()
    mine = ServiceRequest.objects.visible_to(user)
    since = timezone.localdate().replace(month=1, day=1)
    counts = mine.filter(organization__in=places).aggregate(
        total=Count("pk"),
        open=Count("pk", filter=Q(pk__in=mine.open().values("pk"))),
        late=Count("pk", filter=Q(pk__in=mine.overdue().values("pk"))),
        done=Count("pk", filter=Q(pk__in=mine.answered().values("pk"))),
        recent=Count("pk", filter=Q(registered_at__date__gte=since)),
    )
    return {"template": "services/organization_requests.html", "counts": counts, "since": since}
