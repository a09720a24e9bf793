"""登记: the page a clerk works on with a queue before the window."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from orgs.fields import blind_index
from orgs.models.calendar import workdays
from services import deadlines
from services.forms import IntakeForm
from services.models import Draft, ServiceItem, ServiceRequest
from services.models.status import WINDOW
from services.similar import likely_duplicates
from services.suggestion import suggest

MATTER_LIMIT = 2000


def counter_of(user):
    """The organization for which the user takes requests in; 403 for everybody else."""
    for post in user.acting_posts():
        if post.role in WINDOW:
            return post.organization
    raise PermissionDenied


def register(request):
    """登记诉求."""
    organization = counter_of(request.user)
    form = IntakeForm(request.POST or None, request.FILES or None, organization=organization)
    if form.is_valid():
        item = ServiceRequest.register(
            actor=request.user, organization=organization, **form.register_fields()
        )
        messages.success(request, f"已登记 {item.number}，请打印回执交给群众。")
        return redirect("services:receipt", item.pk)
    return intake_page(request, form, organization)


def intake_page(request, form, organization, **more):
    """The intake form, empty, refused, or as a draft was left."""
    context = {
        "form": form,
        "organization": organization,
        "now": timezone.localtime(),
        "drafts": Draft.objects.visible_to(request.user).count(),
    }
    return render(request, "services/register.html", context | more)


def citizen_hint(request):
    """What is known of a telephone number at this counter: the person and earlier requests."""
    organization = counter_of(request.user)
    index = blind_index(request.GET.get("phone", ""))
    earlier = ServiceRequest.objects.none()
    if index:
        earlier = (
            ServiceRequest.objects.visible_to(request.user)
            .filter(citizen__phone_index=index)
            .for_list()[:5]
        )
    people = {row.citizen for row in earlier if row.citizen.organization_id == organization.pk}
    return render(
        request, "services/citizen_hint.html", {"earlier": earlier, "people": list(people)[:3]}
    )


def item_hint(request):
    """What the chosen item promises, and the due date if accepted today."""
    items = ServiceItem.objects.active().available_to(counter_of(request.user)).for_list()
    item = items.filter(pk=request.GET.get("item") or 0).first()
    if item is None:
        return HttpResponse("")
    days, now = workdays(), timezone.localtime()
    promised = item.current.promised_days
    start = deadlines.start_day(days, now.date(), now, deadlines.CLOSING, promised)
    due_on = deadlines.due_date(days, start, promised)
    return render(
        request,
        "services/item_hint.html",
        {"item": item, "version": item.current, "due_on": due_on},
    )


def matter_hint(request):
    """What two words of the matter bring: items, categories and likely duplicates."""
    organization = counter_of(request.user)
    content = request.GET.get("content", "")[:MATTER_LIMIT]
    phone = request.GET.get("phone", "").replace(" ", "")
    context = {
        "suggested": suggest(content, organization=organization) if content.strip() else None,
        "duplicates": likely_duplicates(request.user, content, phone),
    }
    return render(request, "services/matter_hint.html", context)
