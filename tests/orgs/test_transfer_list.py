"""Each side finds its transfers by whose turn it is, and both are told before a letter expires."""

from datetime import timedelta

import pytest
from django.urls import reverse

from orgs.models import Role
from orgs.tasks import remind_of_letters
from tests.orgs.members import enrolled
from tests.orgs.transfers import ELSEWHERE, TODAY, leaders_of, letter, told

LIST = reverse("orgs:transfers")


@pytest.fixture
def member(cast):
    return enrolled(cast.home.village)


@pytest.fixture
def row(cast, member):
    return letter(member, actor=cast.secretary, to_organization=cast.away.village)


@pytest.fixture
def taker(cast):
    return cast.away.people[Role.SECRETARY]


def test_boxes_tell_whose_turn_it_is(cast, row, taker, signed_in):
    def boxes(user):
        client = signed_in(user)
        return [
            box
            for box in ("mine", "open", "in", "out", "all")
            if client.get(LIST, {"box": box}).context["table"].data
        ]

    assert boxes(taker) == ["mine", "open", "in", "all"]
    assert boxes(cast.secretary) == ["open", "out", "all"]
    assert boxes(cast.agent) == ["open", "out", "all"]
    assert signed_in(taker).get(LIST, {"box": "no"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "sxx"}, 1), ({"q": "雄信"}, 1), ({"q": "李"}, 0),
        ({"place": "东山"}, 1), ({"place": "洪山"}, 0),
        ({"kind": "OUT"}, 0), ({"status": "WAITING"}, 1), ({"started_on_after": "2026-03-03"}, 0),
    ],
)  # fmt: skip
def test_list_is_narrowed(cast, row, signed_in, query, found):
    assert len(signed_in(cast.secretary).get(LIST, query).context["table"].data) == found


def test_list_and_letter_take_as_many_queries_for_many_as_for_one(cast, queries, row):
    export = reverse("orgs:transfers_export")
    one, exported = queries(cast.secretary, LIST), queries(cast.secretary, export)
    for serial in (3, 5):
        letter(enrolled(cast.home.village, serial=serial), actor=cast.secretary, to_place=ELSEWHERE)

    assert queries(cast.secretary, LIST) == one
    assert queries(cast.secretary, export) == exported


def test_both_sides_are_told_before_a_letter_expires_and_after(cast, member, clock):
    letter(
        member, actor=cast.secretary, to_organization=cast.away.village,
        started_on=TODAY - timedelta(days=75),
    )  # fmt: skip
    both = {*leaders_of(cast.home), *leaders_of(cast.away)}

    remind_of_letters()
    remind_of_letters()
    assert {*told("介绍信还有 15 天过期")} == both
    assert len(told("介绍信还有")) == len(both)

    clock.advance(days=16)
    remind_of_letters()
    remind_of_letters()
    assert {*told("介绍信已过期")} == both
    assert len(told("介绍信已过期")) == len(both)


def test_letter_with_time_left_and_one_that_is_received_remind_nobody(cast, row, taker, clock):
    remind_of_letters()
    assert told("介绍信") == []

    row.receive(actor=taker, received_on=TODAY)
    clock.advance(days=100)
    remind_of_letters()
    assert told("介绍信") == []
