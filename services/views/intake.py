"""登记: the page a clerk works on with a queue before the window."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from orgs.fields import blind_index
from orgs.masking import id_number_error, phone_error
from orgs.models import AuditEntry, NotAllowed
from orgs.models.calendar import workdays
from services import deadlines
from services.forms import IntakeForm
from services.models import Draft, ServiceItem, ServiceRequest
from services.models.status import WINDOW
from services.similar import likely_duplicates
from services.suggestion import suggest
from services.views.handling import keep_fresh

MATTER_LIMIT = 2000
ERROR_OF = {"phone": phone_error, "id_number": id_number_error}


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
        try:
            item = ServiceRequest.register(
                actor=request.user, organization=organization, **form.register_fields()
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))  # keep what was typed
        else:
            keep_fresh(request, [item])
            messages.success(request, f"已登记 {item.number}，请打印回执交给群众。")
            # 登记并打印: the receipt asks the browser to print at once.
            return redirect(f"{reverse('services:receipt', args=[item.pk])}?print=1")
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


@require_POST
def citizen_hint(request):
    """What is known of a telephone or id number at this counter: the person, earlier requests.

    Or what is wrong with it, while the citizen still stands at the window. Posted, as the matter
    is: what stands in an address stays in logs.
    """
    organization = counter_of(request.user)
    typed = {field: request.POST.get(field, "").strip() for field in ERROR_OF}
    typed = {field: number for field, number in typed.items() if number}
    index = [blind_index(number) for number in typed.values()]
    earlier = (
        ServiceRequest.objects.visible_to(request.user)
        .filter(Q(citizen__phone_index__in=index) | Q(citizen__id_index__in=index))
        .for_list()[:5]
    )
    people = {row.citizen for row in earlier if row.citizen.organization_id == organization.pk}
    for person in people:
        # The form is filled with what is known, in full: that is a reading, and on record.
        AuditEntry.record(
            request.user, "citizen.recalled", person, label="带入群众信息",
            organization=organization, note="按登记时输入的电话或身份证号",
        )  # fmt: skip
    context = {
        "earlier": earlier,
        "people": list(people)[:3],
        "errors": [error for field in typed if (error := ERROR_OF[field](typed[field]))],
    }
    return render(request, "services/citizen_hint.html", context)


def item_hint(request):
    """What the chosen item promises, and the due date if accepted today."""
    items = ServiceItem.objects.active().available_to(counter_of(request.user)).for_list()
    typed = request.GET.get("item", "")
    item = items.filter(pk=int(typed) if typed.isdecimal() else 0).first()
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


@require_POST
def matter_hint(request):
    """What two words of the matter bring: items, categories and likely duplicates."""
    organization = counter_of(request.user)
    content = request.POST.get("content", "")[:MATTER_LIMIT]
    phone = request.POST.get("phone", "").replace(" ", "")
    context = {
        "suggested": suggest(content, organization=organization) if content.strip() else None,
        "duplicates": likely_duplicates(request.user, content, phone),
    }
    return render(request, "services/matter_hint.html", context)
