"""Nobody can tell who voted what: neither from tables nor from the record of operations."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core import serializers
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.ballots.tally import digest
from assessments.models import Ballot, Code, Pending, Receipt, Vote
from orgs.models import AuditEntry, NotAllowed
from tests.assessments.balloting import GOOD, cast_votes, closed, codes, opened, printed
from tests.assessments.test_ballot_vote import URL, ballot_of
from tests.people import Cast
from tests.races import at_once

VOTERS = 50


def test_tables_of_votes_have_nothing_in_common_with_codes():
    """Case 13: no way by key, no column of the same meaning, no time."""
    for model in (Pending, Vote, Receipt):
        fields = model._meta.get_fields()
        targets = {field.related_model for field in fields if field.related_model}
        assert Code not in targets
        assert not [f for f in fields if isinstance(f, models.DateField | models.DateTimeField)]
        names = {field.name for field in fields if not field.is_relation}
        assert names & {field.name for field in Code._meta.get_fields()} == set()
        assert not isinstance(model._meta.pk, models.AutoField)
    assert {f.name for f in Code._meta.get_fields()} == {
        "id", "stratum", "selector", "salt", "typed_hash", "scanned_hash", "is_used", "is_void",
    }  # fmt: skip


def test_code_is_nowhere_in_clear(cast, caplog):
    """Case 13: tables, logs and the record say how many codes, never which."""
    caplog.set_level(logging.DEBUG)
    found = opened(cast, eligible=3)
    drawn = [one for secrets in printed(found).values() for one in secrets]
    client = Client()
    for secret in drawn[:5]:
        client.post(URL, ballot_of(secret.fragment))
    client.post(URL, {"code": drawn[6].selector + "2" * 10})
    closed(found)

    stored = "".join(
        serializers.serialize("json", model._base_manager.all()) for model in apps.get_models()
    )
    said = stored + "\n".join(
        record.getMessage() for record in caplog.records if "backends" not in record.name
    )

    assert len(drawn) == 9
    for secret in drawn:
        for text in (secret.printed, secret.typed, secret.scanned, secret.fragment):
            assert text not in said
    assert AuditEntry.objects.get(action="ballot.codes_printed").note == "9 张"


def test_receipts_say_that_a_vote_was_taken_and_not_which(cast, client):
    found = opened(cast)
    receipts = [
        client.post(URL, ballot_of(secret.fragment)).context["receipt"]
        for secret in codes(found, number=6)
    ]

    ballot = closed(found)

    assert sorted(ballot.receipts.values_list("number", flat=True)) == sorted(receipts)
    page = client.get(reverse("assessments:vote_result", args=[ballot.key]))
    assert [row.number for row in page.context["receipts"]] == sorted(receipts)


def test_hash_is_of_what_is_published_and_tells_nothing_hidden(cast, client):
    found = opened(cast)
    cast_votes(found, "PARTY", ["D" * 7])

    ballot = closed(found)

    page = client.get(reverse("assessments:vote_result", args=[ballot.key]))
    published = [group.as_list() for group in page.context["groups"]]
    assert ["党员", 1, []] in published
    receipts = [row.number for row in page.context["receipts"]]
    assert ballot.result_hash == digest(published, receipts)


@pytest.fixture
def racing(transactional_db, clock):
    return opened(Cast(), eligible=100)


postgres = pytest.mark.postgres


@postgres
def test_fifty_posts_of_one_code_make_one_vote(racing):
    """Case 11."""
    [secret] = codes(racing)

    statuses = at_once(VOTERS, lambda _: Client().post(URL, ballot_of(secret.fragment)).status_code)

    assert sorted(statuses) == [200] + [409] * (VOTERS - 1)
    assert Pending.objects.count() == 1
    closed(racing)
    assert Client().post(URL, ballot_of(secret.fragment)).status_code == 410
    assert Vote.objects.count() == 1


@postgres
def test_without_the_condition_one_code_votes_often(racing, monkeypatch):
    """The control."""
    [secret] = codes(racing)
    monkeypatch.setattr("assessments.models.ballot_code.FRESH", {})

    statuses = at_once(10, lambda _: Client().post(URL, ballot_of(secret.fragment)).status_code)

    assert statuses.count(200) > 1


@postgres
def test_votes_while_closing_are_counted_or_refused(racing):
    """Case 22: what was accepted is what was counted, whatever the app's clock says."""
    drawn = codes(racing, number=20)

    def act(number):
        if number == 20:
            try:
                Ballot.objects.get().close(actor=racing.first, reason="人已到齐")
            except NotAllowed as refusal:
                return str(refusal)
            return "closed"
        return Client().post(URL, ballot_of(drawn[number].fragment)).status_code

    outcomes = at_once(21, act)

    assert outcomes[20] == "closed"
    assert {*outcomes[:20]} <= {200, 410}
    assert Vote.objects.count() == outcomes.count(200)
    assert Pending.objects.count() == 0
    assert Code.objects.filter(is_used=True).count() == outcomes.count(200)
    counted = sum(row.counted.valid for row in Ballot.objects.get().strata.all())
    assert counted == outcomes.count(200)


@pytest.mark.parametrize("minutes", [-10, 10])
def test_clock_of_the_app_decides_nothing(cast, minutes):
    found = opened(cast)
    early, late = codes(found, number=2)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert Client().post(URL, ballot_of(early.fragment)).status_code == 200
    closed(found)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert Client().post(URL, ballot_of(late.fragment)).status_code == 410


LINKED = """
    SELECT count(*) FROM assessments_code code JOIN (
        SELECT xmin FROM assessments_vote
        UNION ALL SELECT xmin FROM assessments_pending
        UNION ALL SELECT xmin FROM assessments_receipt
    ) ballot ON code.xmin = ballot.xmin
"""


def linked() -> int:
    """Rows of codes and ballots that the same transaction wrote."""
    with connection.cursor() as cursor:
        cursor.execute(LINKED)
        return cursor.fetchone()[0]


@postgres
def test_database_remembers_no_pair_after_closing(racing):
    """Case 13: the transaction that cast a vote is seen while it is open (the finding), and is
    gone once it is closed."""
    for secret in codes(racing, number=6):
        assert Client().post(URL, ballot_of(secret.fragment, GOOD)).status_code == 200
    assert linked() == 6

    closed(racing)

    assert linked() == 0
