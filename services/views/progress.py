"""办理进度 and 评价: for whoever holds the receipt, by its number and query code.

The address carries the secret, so these pages leave no trace: not in caches, not in search
engines, not with other sites. A wrong number and a wrong code get the very same answer.
"""

from functools import wraps
from unicodedata import normalize

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from orgs.masking import mask_text
from orgs.models import NotAllowed, Throttle
from orgs.models.calendar import workdays
from orgs.models.sentry import network_of
from services.forms import EvaluationForm
from services.item_forms import QueryForm
from services.lights import light_of
from services.models import ServiceRequest, Status
from services.progress_words import promise_of, state_of, steps_of, why_not_evaluate

MINUTES = 15
TRIES_PER_NUMBER, TRIES_PER_NETWORK = 5, 30
DASHES = str.maketrans("‐‑‒–—−－", "-------")


class TooManyTries(Exception):
    pass


def without_trace(view):
    """Public, and kept out of caches, search engines and the Referer of other sites.

    The forms on these pages need no CSRF token: a forged one would have to know the secret.
    With no-referrer a browser says "Origin: null", which the check would refuse.
    """

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except TooManyTries:
            page = render_to_string("429.html", {"minutes": MINUTES})
            response = HttpResponse(page, status=429, headers={"Retry-After": MINUTES * 60})
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


def with_receipt(view):
    """Hand the view the request that number and code of the address belong to."""

    @without_trace
    @wraps(view)
    def guarded(request, number, code):
        item = look_up(number, code, request.ip)
        return view(request, item) if item else refuse(request, status=404)

    return guarded


def look_up(number, code, ip):
    """The request, or None for a wrong pair; only failures count, and they cost as much."""
    number, code = tidy(number), tidy(code)
    limits = {
        f"progress.number:{number}": TRIES_PER_NUMBER,
        f"progress.network:{network_of(ip)}": TRIES_PER_NETWORK,
    }
    if any(Throttle.is_over(key, limit=limit) for key, limit in limits.items()):
        raise TooManyTries
    rows = ServiceRequest.objects.exclude(status=Status.DRAFT).for_detail()
    item = rows.filter(number=number).first()
    if constant_time_compare(code, item.query_code if item else "") and item:
        return item
    for key in limits:
        Throttle.hit(key, seconds=MINUTES * 60)
    return None


def tidy(text) -> str:
    """As printed on the receipt, however it was typed: 全角, small letters, spaces."""
    text = normalize("NFKC", text).upper().translate(DASHES)
    return "".join(letter for letter in text if letter.isprintable() and letter != " ")[:40]


def refuse(request, form=None, *, status):
    """The same bytes whatever was wrong, but for what was typed: no token."""
    context = {"form": form or QueryForm(), "refused": True, "large_text": request.large_text}
    return HttpResponse(render_to_string("services/query.html", context), status=status)


@without_trace
def query(request):
    """查询办理进度."""
    form = QueryForm(request.POST or None)
    if form.is_valid():
        item = look_up(ip=request.ip, **form.cleaned_data)
        if item is None:
            return refuse(request, form, status=200)
        return redirect("services:progress", item.number, item.query_code)
    return render(request, "services/query.html", {"form": form})


@with_receipt
def progress(request, item):
    """进度页: how far the matter is, until when, what was answered, whom to call."""
    days = workdays()
    replies = item.replies.filter(sent_at__isnull=False).order_by("-pk")
    context = {
        "item": item,
        "subject": mask_text(item.subject),
        "state": state_of(item),
        "steps": steps_of(item),
        "light": light_of(item, days),
        "promise": promise_of(item, days),
        "missing": missing_of(item),
        "refusal": refusal_of(item),
        "replies": [(reply, mask_text(reply.text)) for reply in replies],
        "rating": item.evaluation_of_round(),
        "can_evaluate": item.can_evaluate(visitor_of(request)),
        "complaints": complaints_of(item),
    }
    return render(request, "services/progress.html", context)


def complaints_of(item):
    """What the citizen complained of and what was answered, newest first, masked."""
    rows = list(item.complaints.order_by("-pk"))
    for row in rows:
        row.text, row.answer = mask_text(row.text), mask_text(row.answer)
    return rows


def refusal_of(item):
    """Why it was not taken on and who can help instead, masked; None unless it was refused."""
    row = item.refusal
    if row:
        row.reason, row.alternative = mask_text(row.reason), mask_text(row.alternative)
    return row


def missing_of(item) -> list[str]:
    """The materials that the citizen was asked for, while they are awaited."""
    if item.status != Status.SUPPLEMENTING:
        return []
    return item.supplement.missing.splitlines()


def visitor_of(request):
    return request.user if request.user.is_authenticated else None


@with_receipt
def evaluate(request, item):
    """评价: once a round; asked again it shows what was said."""
    form = EvaluationForm(request.POST or None)
    visitor, status = visitor_of(request), 200
    if form.is_valid():
        try:
            item.evaluate(visitor=visitor, ip=request.ip, **form.cleaned_data)
        except NotAllowed:
            status = 403  # unless it was rated meanwhile: then this is a double click
        if item.evaluation_of_round():
            return redirect("services:evaluate", item.number, item.query_code)
    rating = item.evaluation_of_round()
    context = {
        "item": item,
        "subject": mask_text(item.subject),
        "form": form,
        "rating": rating,
        "why_not": "" if rating else why_not_evaluate(item, visitor),
    }
    return render(request, "services/evaluate.html", context, status=status)
