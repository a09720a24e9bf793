"""/v/: one person votes with one code. No account, no session, no cookie, no trace.

The QR code carries the secret behind the # of the address, which browsers never send; a script
puts it into the field of the code. Without a script one types the code printed below it.
"""

import secrets

from django.shortcuts import get_object_or_404, render
from django.views.decorators.debug import sensitive_post_parameters

from assessments.ballots.shown import HEADS
from assessments.models import Ballot, Code, OpenVote
from assessments.models.ballot_code import check_open
from assessments.public_results import ballot_result
from assessments.vote_forms import CodeForm, VoteForm
from orgs.models import NotAllowed, Throttle
from orgs.models.sentry import network_of
from services.views.progress import MINUTES, TooManyTries, without_trace

TRIES_PER_CODE, TRIES_PER_NETWORK = 5, 60
COOKIE, COOKIE_DAYS = "opinion", 90


def find(code, ip):
    """The code, or None; only failures count, and only they leave a counter."""
    limits = {
        f"vote.code:{code[:5]}": TRIES_PER_CODE,
        f"vote.network:{network_of(ip)}": TRIES_PER_NETWORK,
    }
    if any(Throttle.is_over(key, limit=limit) for key, limit in limits.items()):
        raise TooManyTries
    row = Code.find(code)
    if row is None:
        for key in limits:
            Throttle.hit(key, seconds=MINUTES * 60)
    return row


@sensitive_post_parameters()
@without_trace
def vote(request):
    """First the code, then the ballot, then the receipt; each step is one post."""
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return render(request, "assessments/vote.html", {"form": form})
    code = find(form.cleaned_data["code"], request.ip)
    if code is None:
        form.add_error("code", "没有这个测评码，请对照测评条逐位核对。连续输错 5 次要等 15 分钟。")
        return render(request, "assessments/vote.html", {"form": form}, status=404)
    try:
        code.check_usable()
        return fill_in(request, code, form.cleaned_data["code"])
    except NotAllowed as refusal:
        context = {"refusal": str(refusal), "ballot": code.stratum.ballot}
        return render(request, "assessments/vote_refused.html", context, status=refusal.status)


def fill_in(request, code, typed):
    """The ballot, and once it is whole its casting."""
    ballot = code.stratum.ballot
    sent = request.POST if "cast" in request.POST else None
    form = VoteForm(
        sent, questions=ballot.questions(),
        least_answered=ballot.assessment.cycle.scheme.least_answered,
    )  # fmt: skip
    context = {"ballot": ballot, "stratum": code.stratum, "form": form, "code": typed}
    if form.is_valid():
        answers, text = form.ballot()
        context["receipt"] = code.cast(answers, text)
        return render(request, "assessments/vote_done.html", context)
    return render(request, "assessments/vote_ballot.html", context)


@without_trace
def vote_result(request, key):
    """What is published after the end: the count, turnout, receipts, the hash of it all."""
    rows = Ballot.objects.select_related("assessment__cycle__scheme")
    ballot = get_object_or_404(rows, key=key, status=Ballot.Status.CLOSED)
    context = {
        "ballot": ballot,
        "strata": ballot.strata.select_related("group"),
        "result": ballot_result(ballot),
        "groups": [] if ballot.waits_for_paper else ballot.shown(),
        "heads": HEADS,
        "least": ballot.assessment.cycle.scheme.least_shown,
        "receipts": ballot.receipts.order_by("number"),
    }
    return render(request, "assessments/vote_result.html", context)


@sensitive_post_parameters()
@without_trace
def open_vote(request, key):
    """开放评议 by the poster: for everybody, shown apart, never part of the score."""
    rows = Ballot.objects.select_related("assessment__cycle__scheme")
    ballot = get_object_or_404(rows, key=key)
    device = request.COOKIES.get(COOKIE) or secrets.token_hex(8)
    response = say(request, ballot, device[:32])
    response.set_cookie(
        COOKIE, device[:32], max_age=COOKIE_DAYS * 86_400, httponly=True, samesite="Lax",
        secure=request.is_secure(), path="/v/open/",
    )  # fmt: skip
    return response


def say(request, ballot, device):
    form = VoteForm(
        request.POST or None, questions=ballot.questions(),
        least_answered=ballot.assessment.cycle.scheme.least_answered, may_abstain=False,
    )  # fmt: skip
    context = {"ballot": ballot, "form": form}
    try:
        if form.is_valid():
            answers, text = form.ballot()
            OpenVote.say(
                ballot=ballot, answers=answers, text=text, device=device,
                network=network_of(request.ip),
            )  # fmt: skip
            return render(request, "assessments/vote_done.html", context)
        check_open(ballot)
    except NotAllowed as refusal:
        context["refusal"] = str(refusal)
        return render(request, "assessments/vote_refused.html", context, status=refusal.status)
    return render(request, "assessments/vote_opinion.html", context)
