"""The department prints slips: asked by one, allowed by another, printed once."""

import re

import pytest
from django.urls import reverse

from assessments.models import Code, CodeIssue
from orgs.models import AuditEntry, NotAllowed
from tests.assessments.balloting import opened, prepared, printed

CODE = re.compile(r">([2-9A-Z]{5}-[2-9A-Z]{5}-[2-9A-Z]{5})<")


@pytest.fixture
def found(cast):
    return prepared(cast, eligible=2)


def act(client, found, verb, **data):
    return client.post(
        reverse("assessments:ballot_act", args=[found.assessment.pk, verb]),
        {f"{verb}-{name}": value for name, value in data.items()},
    )


def test_two_people_print_a_sheet_for_each_group(found, signed_in, client):
    first, second = signed_in(found.first), signed_in(found.second)
    sheet = reverse("assessments:ballot_print", args=[found.assessment.pk])

    assert act(first, found, "ask_codes").status_code == 302
    assert first.post(sheet).status_code == 409
    assert act(second, found, "allow_codes").status_code == 302
    page = first.post(sheet)

    drawn = CODE.findall(page.content.decode())
    assert len(drawn) == len({*drawn}) == Code.objects.count() == 6
    assert page["Cache-Control"] == "no-store"
    assert first.post(sheet).status_code == 404
    found.ballot.open(actor=found.first)
    assert client.post(reverse("assessments:vote"), {"code": drawn[0]}).status_code == 200


def test_asker_cannot_allow_and_finds_no_button_for_it(found, signed_in):
    issue = CodeIssue.ask(ballot=found.ballot, actor=found.first)
    address = reverse("assessments:ballot", args=[found.assessment.pk])
    button = reverse("assessments:ballot_act", args=[found.assessment.pk, "allow_codes"])

    assert button not in signed_in(found.first).get(address).content.decode()
    assert button in signed_in(found.second).get(address).content.decode()

    with pytest.raises(NotAllowed):
        issue.allow(actor=found.first)
    with pytest.raises(NotAllowed):
        issue.print(actor=found.first)


def test_printing_again_voids_what_was_not_used(cast):
    found = opened(cast, eligible=2)
    old = printed(found)["PUBLIC"]
    Code.find(old[0].fragment).cast("A" * 7)

    new = printed(found)["PUBLIC"]

    with pytest.raises(NotAllowed):
        Code.find(old[1].fragment).cast("A" * 7)
    Code.find(new[0].fragment).cast("A" * 7)
    assert Code.objects.filter(is_void=True).count() == 5
    assert len(new) == 1  # one of the two has voted


def test_record_says_how_many_and_never_which(found):
    drawn = printed(found)

    notes = AuditEntry.objects.filter(action__startswith="ballot.codes").order_by("pk")
    assert [entry.note for entry in notes] == ["6 张", "", "6 张"]
    assert drawn.keys() == {"SERVED", "PUBLIC", "PARTY"}


def test_without_numbers_nothing_is_printed(found):
    found.ballot.strata.update(eligible=None)

    with pytest.raises(NotAllowed):
        CodeIssue.ask(ballot=found.ballot, actor=found.first)
