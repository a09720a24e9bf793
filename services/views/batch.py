"""批量补录: a day's paper register on one page, and its receipts all at once."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from orgs.models import NotAllowed
from services.batch_forms import (
    ROWS,
    Counter,
    RegisterForm,
    more_rows,
    new_rows,
    nonces_of,
    sent_rows,
)
from services.models import ServiceRequest
from services.progress_words import decision_words
from services.views.handling import keep_fresh, with_codes
from services.views.intake import counter_of


def batch(request):
    """An empty page; then good rows are registered one by one, bad ones stay as typed."""
    organization = counter_of(request.user)
    if request.method != "POST":
        counter = Counter(organization)
        return batch_page(request, RegisterForm(), new_rows(counter), counter)
    head = RegisterForm(request.POST)
    if "more" in request.POST or not head.is_valid():
        counter = Counter(organization)
        more = ROWS if "more" in request.POST else 0
        return batch_page(request, head, more_rows(counter, request.POST, more), counter)
    return register_page(request, organization, head.cleaned_data, head)


def register_page(request, organization, said, head):
    counter = Counter(organization, of_page(request.user, said["page"]))
    rows = sent_rows(counter, said, request.POST)
    done = register_rows(request.user, counter, rows.good())
    keep_fresh(request, done)
    bad = rows.bad()
    if done and not bad:
        messages.success(request, f"已补录 {len(done)} 件，请打印回执。")
        return redirect("services:batch_result", said["page"])
    return batch_page(request, head, rows, counter, left=rows.left(), bad=bad, done=done)


def register_rows(user, counter, rows):
    """Each by itself; one that is refused stays on the page with the reason."""
    done = []
    for row in rows:
        try:
            done.append(register_row(user, counter, row))
        except NotAllowed as refusal:
            row.add_error(None, str(refusal))
    return done


def register_row(user, counter, row):
    return ServiceRequest.register_from_paper(
        actor=user, organization=counter.organization, **row.register_fields()
    )


def batch_page(request, head, rows, counter, left=None, **sent):
    context = {
        "head": head,
        "rows": rows.shown() if left is None else left,
        "total": len(rows.forms),
        "counter": counter,
        "spare": new_rows(counter).empty_form,
        "is_sent": left is not None,
    }
    return render(request, "services/batch.html", context | sent)


def of_page(user, page):
    """What the user has registered from one page, in its order."""
    rows = ServiceRequest.objects.visible_to(user).filter(registrar=user, nonce__in=nonces_of(page))
    return rows.for_detail().order_by("pk")


def result(request, page):
    """Numbers and receipts of what was registered from one page."""
    try:
        rows = list(of_page(request.user, uuid.UUID(page)))
    except ValueError:
        rows = []
    if not rows:
        raise Http404
    told = [(row, qr, decision_words(row)) for row, qr in with_codes(request, rows)]
    context = {"rows": told}
    response = render(request, "services/batch_result.html", context)
    response["Cache-Control"] = "no-store"
    return response
