"""Paper in numbered batches, typed blind by two people; what matches counts in its group."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.models import PaperBatch
from assessments.models.ballot_paper import VOID
from assessments.public_results import public_result
from orgs.models import NotAllowed, Notice
from tests.assessments.balloting import cast_votes, closed, opened

SHEETS = ["A" * 7, "B" * 7, VOID]


@pytest.fixture
def found(cast):
    return opened(cast)


@pytest.fixture
def batch(found):
    return PaperBatch.register(
        ballot=found.ballot, actor=found.first, number="7", issued=5, unreturned=2,
        stratum=found.ballot.strata.get(group__code="PUBLIC"),
    )  # fmt: skip


def counted(found, code="PUBLIC"):
    return found.ballot.strata.get(group__code=code).counted


def test_what_two_people_type_alike_is_counted_with_the_codes(found, batch):
    cast_votes(found, "PUBLIC", ["C" * 7])
    batch.enter(actor=found.first, sheets=SHEETS)
    batch.enter(actor=found.second, sheets=SHEETS)

    closed(found)

    assert counted(found).counts[6] == {"A": 1, "B": 1, "C": 1, "D": 0, "U": 0}
    assert counted(found).valid == 3


@pytest.mark.parametrize(
    ("number", "words"),
    [("7", "7 号封袋"), ("1号封袋", "1号封袋"), ("第3批", "第3批"), ("A-2", "封袋 A-2")],
)
def test_batch_is_called_as_its_envelope(number, words):
    assert str(PaperBatch(number=number)) == words


def test_one_person_does_not_enter_twice(found, batch):
    batch.enter(actor=found.first, sheets=SHEETS)
    batch.enter(actor=found.first, sheets=SHEETS)

    assert batch.matched_at is None
    assert batch.entries.count() == 1


def test_what_differs_waits_and_the_result_with_it(client, signed_in, found, batch):
    batch.enter(actor=found.first, sheets=SHEETS)
    batch.enter(actor=found.second, sheets=["A" * 7, "D" * 7, VOID])
    assert batch.differing() == [2]
    told = Notice.objects.get(recipient=found.first, kind="ballot.paper_differs")
    page = signed_in(found.first).get(told.url).content.decode()
    assert "两人录入不一致：第 2 张" in page

    closed(found)
    assert public_result(found.assessment).faults == ("纸质票还有 1 批没有录完",)
    assert found.ballot.result_hash == ""  # nothing is published yet
    published = reverse("assessments:vote_result", args=[found.ballot.key])
    assert client.get(published).context["groups"] == []

    batch.enter(actor=found.second, sheets=SHEETS)

    found.ballot.refresh_from_db()
    assert counted(found).valid == 2
    assert client.get(published).context["groups"]
    assert len(found.ballot.result_hash) == 64
    with pytest.raises(NotAllowed):
        batch.enter(actor=found.second, sheets=SHEETS)


def test_issued_is_counted_and_void_and_unreturned(found, batch):
    with pytest.raises(ValidationError) as refusal:
        batch.enter(actor=found.first, sheets=SHEETS[:2])

    assert refusal.value.messages == ["这一批收回 3 张，您录了 2 张，请核对后再保存。"]
    assert batch.issued == sum(sheet != VOID for sheet in SHEETS) + 1 + batch.unreturned


def test_own_organization_types_digits_and_sees_nothing_of_the_other(cast, found, batch, signed_in):
    batch.enter(actor=found.first, sheets=SHEETS)
    agent = signed_in(cast.agent)
    url = reverse("assessments:paper_batch", args=[found.assessment.pk, batch.pk])

    assert "2222222" not in agent.get(url).content.decode()
    wrong = agent.post(url, {"sheets": "1111116\n222222\nX"})
    assert wrong.context["form"].errors["sheets"] == [
        "第 1、2 张应是 7 个 0 到 5 的数字，或者 X，请核对。"
    ]
    assert wrong.context["form"]["sheets"].value() == "1：1111116\n2：222222\n3：X"
    assert agent.post(url, {"sheets": "１１１１１１１\n222 2222\nx\n"}).status_code == 302

    batch.refresh_from_db()
    assert batch.matched_at


def test_who_differs_finds_the_own_sheets_and_corrects_one(found, batch, signed_in):
    batch.enter(actor=found.first, sheets=SHEETS)
    batch.enter(actor=found.second, sheets=["A" * 7, "ABCDU-A", VOID])
    client = signed_in(found.second)
    url = reverse("assessments:paper_batch", args=[found.assessment.pk, batch.pk])

    page = client.get(url)
    assert page.context["form"]["sheets"].value() == "1：1111111\n2：1234501\n3：X"
    assert "2222222" not in page.content.decode()
    skipped = client.post(url, {"sheets": "1：1111111\n3：X"})
    assert skipped.context["form"].errors["sheets"] == [
        "第 2 行写的是第 3 张，请核对有没有漏录或者多录。"
    ]
    client.post(url, {"sheets": "1：1111111\n2：2222222\n3：X"})

    batch.refresh_from_db()
    assert batch.matched_at


def test_ballot_tells_everybody_what_waits_for_him_or_her(cast, found, batch, signed_in):
    url = found.ballot.get_absolute_url()

    def waits(user):
        return [turn for _, turn in signed_in(user).get(url).context["paper"]]

    batch.enter(actor=found.first, sheets=SHEETS)
    assert [waits(found.first), waits(found.second)] == [[], ["enter"]]

    batch.enter(actor=found.second, sheets=["A" * 7, "D" * 7, VOID])
    assert [waits(found.first), waits(found.second), waits(cast.agent)] == [
        ["correct"], ["correct"], [],
    ]  # fmt: skip
    page = signed_in(found.first).get(url).content.decode()
    assert "纸质票 7 号封袋（群众（职工、师生））两人录入不一致：第 2 张。" in page

    batch.enter(actor=found.second, sheets=SHEETS)
    assert waits(found.first) == []


def test_ballot_takes_as_many_queries_for_three_batches_as_for_one(
    found, batch, signed_in, django_assert_max_num_queries
):
    client, url = signed_in(found.first), found.ballot.get_absolute_url()
    counts = []
    for numbers in ((), ("8", "9")):
        for number in numbers:
            PaperBatch.register(
                ballot=found.ballot, actor=found.first, number=number, issued=2, unreturned=0,
                stratum=batch.stratum,
            )  # fmt: skip
        with django_assert_max_num_queries(60) as captured:
            client.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_third_person_is_not_asked_to_enter(cast, found, batch, signed_in):
    batch.enter(actor=found.first, sheets=SHEETS)
    batch.enter(actor=found.second, sheets=["A" * 7, "D" * 7, VOID])

    url = reverse("assessments:paper_batch", args=[found.assessment.pk, batch.pk])
    page = signed_in(cast.agent).get(url).content.decode()

    assert "已由另外两位同志录入" in page
    assert "sheets" not in page


def test_batch_is_registered_before_the_end_only(found, signed_in):
    client = signed_in(found.first)
    url = reverse("assessments:paper_batch_new", args=[found.assessment.pk])
    stratum = found.ballot.strata.first().pk
    said = {"stratum": stratum, "number": "9", "issued": 10, "unreturned": 11}
    assert "unreturned" in client.post(url, said).context["form"].errors
    assert client.post(url, said | {"unreturned": 1}).status_code == 302

    closed(found)

    assert client.get(url).status_code == 403


def test_no_more_paper_comes_back_than_people_are_left(found, batch):
    """Of 20 one has voted with a code, and three sheets are back."""
    cast_votes(found, "PUBLIC", ["C" * 7])
    stratum = found.ballot.strata.get(group__code="PUBLIC")
    said = {"ballot": found.ballot, "actor": found.first, "stratum": stratum, "unreturned": 3}

    with pytest.raises(ValidationError) as refusal:
        PaperBatch.register(number="8", issued=20, **said)

    assert refusal.value.messages == [
        "群众（职工、师生）应到 20 人，扣除已经投票和已登记收回的，最多还能收回 16 张，"
        "请核对张数或登记的人数。"
    ]
    assert PaperBatch.register(number="8", issued=19, **said).returned == 16
