"""What the page of a party organization tells of its assessments."""

from assessments.models import Assessment

YEARS = 3


def assessments_of(user, organization) -> dict | None:
    """考核 of the organization itself in the last years, for whoever may read them; linked."""
    rows = Assessment.objects.visible_to(user).filter(organization=organization)
    rows = list(rows.select_related("cycle").order_by("-cycle__year", "-pk")[:YEARS])
    template = "assessments/organization_assessments.html"
    return {"template": template, "rows": rows} if rows else None
