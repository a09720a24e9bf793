"""Where in the tree a reader may look, by the posts he or she works with now."""

from django.http import Http404

from assessments.forms import PeriodForm
from assessments.lens import Lens
from orgs.models import Organization


def look(request, page, *roles) -> Lens:
    """The organization and the period of the address; by default the topmost one in reach."""
    reach = Organization.objects.in_reach_of(request.user, *roles)
    asked = request.GET.get("organization", "")
    if asked:
        node = reach.filter(pk=asked).first() if asked.isdecimal() else None
    else:
        node = reach.order_by("depth", "path").first()
    if node is None:
        raise Http404
    # Without `period` nothing was asked: the fields stay empty and nothing is wrong.
    form = PeriodForm(request.GET if "period" in request.GET else {})
    return Lens(node, reach, form, page)
