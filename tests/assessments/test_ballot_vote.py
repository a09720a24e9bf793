"""A voter with a slip: types the code, fills in the ballot, gets a receipt; no second time."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from assessments.models import Ballot, Code, Pending, Receipt, Vote
from assessments.public_results import public_result, public_results
from assessments.tasks import run_ballots
from orgs.models import AuditEntry, NotAllowed, Throttle
from tests.assessments.balloting import GOOD, cast_votes, closed, codes, end, opened, prepared

URL = reverse("assessments:vote")


@pytest.fixture
def found(cast):
    return opened(cast)


def ballot_of(code, word=GOOD, **more):
    chosen = {f"q{n}": letter for n, letter in enumerate(word, 1) if letter != "-"}
    return {"code": code, "cast": "1", **chosen, **more}


def test_voter_without_a_script_votes_with_the_typed_code(client, found):
    [secret] = codes(found)

    entry = client.get(URL)
    second = client.post(URL, {"code": secret.printed.lower()})
    done = client.post(URL, ballot_of(second.context["code"], text="路灯不亮"))

    assert (entry.status_code, second.status_code, done.status_code) == (200, 200, 200)
    assert [field.label for field in second.context["form"].choices()][6] == "7. 总体评价"
    [row] = Pending.objects.all()
    assert (row.answers, row.text, row.receipt) == (GOOD, "路灯不亮", done.context["receipt"])


def test_voting_leaves_no_cookie(client, found):
    [secret] = codes(found)

    answers = [
        client.get(URL),
        client.post(URL, {"code": "AAAAA-BBBBBBBBBB"}),
        client.post(URL, {"code": secret.fragment}),
        client.post(URL, ballot_of(secret.fragment)),
        client.post(URL, {"code": secret.fragment}),  # used up
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 200, 200, 409]
    assert [dict(answer.cookies) for answer in answers] == [{}] * 5
    assert all("长辈版" in answer.content.decode() for answer in answers)


def test_three_codes_on_one_family_phone_all_count(client, found):
    for secret in codes(found, number=3):
        assert client.post(URL, ballot_of(secret.fragment)).context["receipt"]

    assert Pending.objects.count() == 3


def test_used_code_is_refused(client, found):
    [secret] = codes(found)
    client.post(URL, ballot_of(secret.fragment))

    again = client.post(URL, ballot_of(secret.fragment))

    assert again.status_code == 409
    assert "已经用过" in again.content.decode()
    assert Pending.objects.count() == 1


def test_after_the_last_moment_nothing_is_taken(client, found):
    secret, late = codes(found, number=2)
    end(found)
    assert client.post(URL, ballot_of(secret.fragment)).status_code == 410

    closed(found)

    assert client.post(URL, ballot_of(late.fragment)).status_code == 410
    assert (Pending.objects.count(), Vote.objects.count()) == (0, 0)


def test_before_the_start_the_voter_is_told_when(client, cast):
    found = prepared(cast)
    [secret] = codes(found)

    answer = client.post(URL, {"code": secret.fragment})

    assert answer.status_code == 403
    assert "还没有开始" in answer.content.decode()


def test_ballot_with_too_few_answers_is_not_spoilt_by_accident(client, found):
    [secret] = codes(found)

    answer = client.post(URL, ballot_of(secret.fragment, "AAA----"))
    assert "回答不到一半" in answer.content.decode()
    assert Pending.objects.count() == 0

    client.post(URL, ballot_of(secret.fragment, "AAA----", abstain="on"))
    assert Pending.objects.get().answers == "-------"


def test_guesser_is_stopped_after_five_tries_at_one_code(client, found):
    [secret] = codes(found)
    wrong = secret.selector + "2" * 10

    statuses = [client.post(URL, {"code": wrong}).status_code for _ in range(7)]

    assert statuses == [404] * 5 + [429] * 2
    assert client.post(URL, {"code": secret.printed}).status_code == 429


def test_thousand_guesses_disclose_nothing(found):
    statuses = [
        Client().post(URL, {"code": f"{n:05}".translate(str.maketrans("01", "AB")) + "A" * 10})
        .status_code
        for n in range(1000)
    ]  # fmt: skip

    assert {*statuses} == {404, 429}
    assert statuses.count(404) == 60


def test_unlike_codes_are_told_apart_from_wrong_ones(client, found):
    answer = client.post(URL, {"code": "ABC"})

    assert answer.context["form"].errors["code"] == [
        "测评码应是 15 位，您填了 3 位，请对照测评条核对。"
    ]


def test_signs_that_no_code_has_are_named(client, found):
    answer = client.post(URL, {"code": "ABCDE-FGH1K-MNPO１"})

    assert answer.context["form"].errors["code"] == [
        "测评码里没有“1”“O”，请对照测评条核对容易看错的字。"
    ]


def test_closing_counts_and_publishes(client, found):
    for code in ("SERVED", "PUBLIC", "PARTY"):
        cast_votes(found, code, ["BBBBBCA"] * 5 + ["BBBBBCD"] * 5)

    ballot = closed(found)

    result = public_results(found.cycle)[found.assessment.pk]
    assert (result.score, result.faults) == (62, ())
    assert [(g.code, g.eligible, g.valid, g.mean) for g in result.groups] == [
        ("SERVED", 20, 10, 62), ("PUBLIC", 20, 10, 62), ("PARTY", 20, 10, 62),
    ]  # fmt: skip
    assert (Pending.objects.count(), Vote.objects.count(), Receipt.objects.count()) == (0, 30, 30)
    page = client.get(reverse("assessments:vote_result", args=[ballot.key]))
    assert ballot.result_hash in page.content.decode()
    assert Receipt.objects.first().number in page.content.decode()


def test_recounting_comes_to_the_same_hash(found):
    cast_votes(found, "PUBLIC", ["AAAAAAA", "DDDDDDD"])
    ballot = closed(found)
    before = ballot.result_hash

    ballot.recount()

    assert ballot.result_hash == before


def test_result_that_is_not_valid_is_pending_and_never_zero(found):
    cast_votes(found, "PUBLIC", ["DDDDDDD"] * 6)

    closed(found)

    result = public_result(found.assessment)
    assert result.score is None
    assert "有效票 6 张，至少要 15 张" in result.faults
    assert [group.mean for group in result.groups] == [None, 0, None]


def test_nothing_is_told_before_the_end(client, found):
    cast_votes(found, "PUBLIC", ["AAAAAAA"] * 6)

    result = public_result(found.assessment)

    assert (result.score, result.faults) == (None, ("测评还没有结束",))
    assert {group.mean for group in result.groups} == {None}
    address = reverse("assessments:vote_result", args=[found.ballot.key])
    assert client.get(address).status_code == 404


def test_sweep_opens_and_closes_by_the_calendar(cast):
    found = prepared(cast)
    run_ballots()
    assert Ballot.objects.get().status == "OPEN"

    end(found)
    run_ballots()
    run_ballots()

    assert Ballot.objects.get().status == "CLOSED"
    actions = AuditEntry.objects.filter(action__in=["ballot.opened", "ballot.closed"])
    assert actions.count() == 2


def test_ending_early_wants_a_reason(found):
    with pytest.raises(NotAllowed):
        found.ballot.close(actor=found.first)

    found.ballot.close(actor=found.first, reason="人员已到齐投完")

    assert Ballot.objects.get().close_reason == "人员已到齐投完"


def test_secretary_of_the_place_cannot_open(cast):
    found = prepared(cast)

    with pytest.raises(NotAllowed):
        found.ballot.open(actor=cast.secretary)


def test_right_code_leaves_no_counter(client, found):
    [secret] = codes(found)

    client.post(URL, ballot_of(secret.fragment))

    assert Throttle.objects.count() == 0
    assert Code.objects.get().is_used


def weight(page) -> int:
    """Bytes of the page and of all it links, uncompressed."""
    html = page.content.decode()
    assets = {*re.findall(r'(?:href|src)="/static/([^"]+)"', html)}
    return len(page.content) + sum(Path(finders.find(name)).stat().st_size for name in assets)


def test_pages_arrive_within_100_kilobytes(client, found):
    [secret] = codes(found)
    pages = [
        client.get(URL),
        client.post(URL, {"code": secret.fragment}),
        client.post(URL, ballot_of(secret.fragment)),
    ]

    assert max(weight(page) for page in pages) <= 100 * 1024
