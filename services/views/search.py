"""The search box of the header: requests, items, members and organizations in reach."""

from django.shortcuts import render
from django.urls import reverse

from orgs.models import READERS, Duty, Member, Organization
from services.models import ServiceItem, ServiceRequest
from services.models.number import is_request_number

FEW, MOST = 5, 20


def search(request):
    """搜索: the page, or with `live` the few first results under the box."""
    text = request.GET.get("q", "").strip()[:100]
    live = "live" in request.GET
    limit = FEW if live else MOST
    groups = [found for found in results(request.user, text, limit) if found["rows"]]
    template = "services/search_live.html" if live else "services/search.html"
    elsewhere = is_request_number(text) and not request.user.is_administrator
    return render(request, template, {"q": text, "groups": groups, "elsewhere": elsewhere})


def results(user, text, limit):
    """The groups of results; one row more than the limit tells that there are more."""
    if not text:
        return
    if not user.is_administrator:
        rows = ServiceRequest.objects.visible_to(user).find(text).for_list()
        yield group("办件", rows.order_by("-registered_at", "-pk"), limit, "services:requests")
        items = ServiceItem.objects.visible_to(user).active().search(text).for_list()
        yield group("事项", items, limit, "services:items")
    if user.holds(*READERS):
        people = group("党员", members(user, text), limit, "orgs:members")
        for person in people["rows"]:
            person.shown_name = person.name_for(user)
        yield people
    if user.duty != Duty.AUDIT:
        organizations = Organization.objects.visible_to(user).find(text)
        yield group("党组织", organizations, limit, "orgs:organizations")


def members(user, text):
    """On the register, by name, pinyin or initials, or by a whole number."""
    rows = Member.objects.visible_to(user).on_register().select_related("organization")
    found = rows.with_number(text) if any(map(str.isdigit, text)) else rows.find(text)
    return found.order_by("name_pinyin", "pk")


def group(label, queryset, limit, list_name):
    found = list(queryset[: limit + 1])
    return {
        "label": label,
        "rows": found[:limit],
        "more": len(found) > limit,
        "url": reverse(list_name),
    }
