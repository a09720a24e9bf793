"""追评 and 投诉 by the citizen, with number and query code like the progress page."""

from contextlib import suppress

from django.shortcuts import redirect, render

from orgs.masking import mask_text
from orgs.models import NotAllowed
from services.citizen_forms import AdditionForm, ComplaintForm
from services.progress_words import why_not_add
from services.views.progress import visitor_of, with_receipt


@with_receipt
def add(request, item):
    """追评: one addition to the grade; asked again it shows what was added."""
    form = AdditionForm(request.POST or None)
    visitor, status = visitor_of(request), 200
    if form.is_valid():
        try:
            item.add_to_evaluation(visitor=visitor, **form.cleaned_data)
        except NotAllowed:
            status = 403  # unless it was added meanwhile: then this is a double click
        if added(item):
            return redirect("services:evaluation_add", item.number, item.query_code)
    context = {
        "item": item,
        "subject": mask_text(item.subject),
        "form": form,
        "rating": added(item),
        "why_not": why_not_add(item, visitor),
        "can_evaluate": item.can_evaluate(visitor),
    }
    return render(request, "services/evaluation_add.html", context, status=status)


def added(item):
    """The grade of this round once something was added to it."""
    rating = item.evaluation_of_round()
    return rating if rating and rating.added_at else None


@with_receipt
def complain(request, item):
    """投诉: one at a time; while it waits for its answer this page shows it."""
    form = ComplaintForm(request.POST or None)
    if form.is_valid():
        with suppress(NotAllowed):  # a double click: the page shows the one that waits
            item.complain(**form.cleaned_data)
        return redirect("services:complain", item.number, item.query_code)
    waiting = item.open_complaint()
    context = {
        "item": item,
        "subject": mask_text(item.subject),
        "form": form,
        "waiting": waiting,
        "text": mask_text(waiting.text) if waiting else "",
    }
    return render(request, "services/complain.html", context)
