"""What colleagues write to each other stays with them: the citizen's page never shows it.

Every text that a verb takes is written with a mark of its own; then the public page is read in
every state that follows. A verb with a new text field must find its place in the walks below.
"""

import inspect

import pytest
from django import forms
from django.urls import reverse
from django.utils.timezone import localdate

from orgs.models import Role
from services.models import VERBS, ServiceRequest
from services.reply_forms import ReplyEditorForm
from services.verb_forms import VERB_FORMS
from tests.people import person, post
from tests.services.test_any_order import arguments

#: Written for the citizen: the answers, what is still missing, what came of a complaint.
FOR_THE_CITIZEN = {
    ("submit", "text"),
    ("finish_on_spot", "text"),
    ("ask_supplement", "missing"),
    ("complain", "text"),
    ("answer_complaint", "answer"),
}
#: For the citizen too, but only once the head of the centre has agreed.
ONCE_ENDORSED = {("propose_refusal", "reason"), ("propose_refusal", "alternative")}
#: Each walk is done by whoever may, step after step; together they take every verb with a text.
WALKS = {
    "refused": ["ask_supplement", "receive_supplement", "propose_refusal", "decline",
                "propose_refusal", "endorse", "complain", "answer_complaint"],
    "on the spot": ["finish_on_spot", "call_back", "redo"],
    "sent back": ["accept", "dispatch", "send_back", "dispatch", "propose_return", "endorse"],
    "handled": ["accept", "dispatch", "urge", "supervise", "sign", "assist", "contribute",
                "reassign", "transfer"],
    "paused": ["accept", "dispatch", "sign", "propose_pause", "endorse", "resume",
               "propose_extension", "endorse", "propose_exclusion", "endorse", "submit",
               "return_draft", "submit", "approve", "reply", "call_back", "rectify", "redo"],
    "merged": ["accept", "merge", "unmerge", "withdraw"],
}  # fmt: skip


def texts_of(verb) -> set[str]:
    """The fields of a verb's form that hold free text."""
    form = ReplyEditorForm if verb == "submit" else VERB_FORMS.get(verb, forms.Form)
    taken = inspect.signature(getattr(ServiceRequest, verb)).parameters
    fields = form.base_fields.items()
    return {name for name, field in fields if type(field) is forms.CharField and name in taken}


INTERNAL = {(verb, name) for verb in VERBS for name in texts_of(verb)} - FOR_THE_CITIZEN
INTERNAL -= {("merge", "primary")}  # a number, looked up


@pytest.fixture
def people(cast):
    road = person("road", "城建承办")
    post(road, cast.home.organization, Role.HANDLER, cast.home.other_unit)
    return [*cast.home.people.values(), cast.deputy, road]


def mark(verb, name) -> str:
    return f"内部{verb}之{name}不外传"


def do(verb, case, cast, people):
    """Whoever may does it, with a mark in every text."""
    actor = next(user for user in people if verb in case.verbs_for(user))
    said = arguments(verb, cast, localdate())
    if verb == "merge":
        said = {"primary": cast.handling()}
    if verb == "call_back":
        said["is_solved"] = False
    written = {name: mark(verb, name) for name in texts_of(verb) - {"primary"}}
    getattr(case, verb)(actor=actor, **said | written)
    case.refresh_from_db()
    return {(verb, name) for name in written}


def start(cast, walk):
    direct = {"accept": True, "mode": "DIRECT", "promised_days": 0} if walk == "on the spot" else {}
    return cast.register(**direct)


@pytest.mark.parametrize("walk", WALKS)
def test_public_page_never_shows_what_is_internal(cast, client, people, walk):
    case = start(cast, walk)
    page = reverse("services:progress", args=[case.number, case.query_code])
    written = set()

    for verb in WALKS[walk]:
        written |= do(verb, case, cast, people)
        seen = client.get(page).content.decode()
        told = FOR_THE_CITIZEN | (ONCE_ENDORSED if case.refusal else set())
        leaked = [pair for pair in written - told if mark(*pair) in seen]
        assert (verb, leaked) == (verb, [])


def test_walks_write_every_internal_text():
    walked = {verb for steps in WALKS.values() for verb in steps}

    assert {verb for verb, _ in INTERNAL} - walked == set()
    assert ("return_draft", "reason") in INTERNAL
    assert ("dispatch", "instructions") in INTERNAL


def test_marks_would_be_found(cast, client, people):
    """What is for the citizen does stand on the page: the walks look in the right place."""
    case = start(cast, "paused")
    page = reverse("services:progress", args=[case.number, case.query_code])
    for verb in ("accept", "dispatch", "sign", "submit", "approve"):
        do(verb, case, cast, people)
    assert mark("submit", "text") not in client.get(page).content.decode()

    do("reply", case, cast, people)

    assert mark("submit", "text") in client.get(page).content.decode()
