"""The workbench of whoever leads tells what waits in Party matters, each with the way to it."""

from datetime import date

import pytest
from django.urls import reverse

from orgs.models import OrganizationKind, Role
from tests.orgs.leaders import elect
from tests.orgs.members import enrolled
from tests.orgs.transfers import letter

HOME = reverse("home")


@pytest.fixture
def cast(cast):
    cast.home.village.kind = OrganizationKind.BRANCH
    cast.home.village.save()
    return cast


def matters(client):
    return [(m["label"], m["value"]) for m in client.get(HOME).context["waiting"]]


def test_secretary_finds_transfers_letters_and_what_is_weak(cast, signed_in):
    letter(
        enrolled(cast.away.village), actor=cast.away.people[Role.SECRETARY],
        to_organization=cast.home.village, started_on=date(2025, 12, 10),
    )  # fmt: skip
    elect(cast.home.organization, elected="2019-03-01")
    enrolled(cast.home.village, serial=3)

    client = signed_in(cast.secretary)

    assert matters(client) == [
        ("组织关系待我接收", 1), ("介绍信快过期或已过期", 1), ("换届已逾期", 1), ("书记缺", 1),
        ("支部正式党员不足 3 名", 1),
    ]  # fmt: skip
    for matter in client.get(HOME).context["waiting"]:
        page = client.get(matter["url"])
        assert len(page.context["table"].rows) == matter["value"]


def test_who_wrote_the_letter_is_told_only_that_it_expires(cast, signed_in):
    letter(
        enrolled(cast.home.village), actor=cast.secretary,
        to_organization=cast.away.village, started_on=date(2025, 12, 10),
    )  # fmt: skip

    labels = [label for label, _ in matters(signed_in(cast.secretary))]

    assert "组织关系待我接收" not in labels
    assert "介绍信快过期或已过期" in labels


def test_where_nothing_is_missing_nothing_is_said(cast, signed_in):
    for place in (cast.home.organization, cast.home.village):
        elect(place)
    for serial in (1, 3, 5):
        enrolled(cast.home.village, serial=serial)

    client = signed_in(cast.secretary)

    assert matters(client) == []
    assert 'id="waiting"' not in client.get(HOME).content.decode()


def test_who_leads_nobody_is_told_nothing(cast, signed_in):
    for person in (cast.clerk, cast.agent, cast.handler):
        assert matters(signed_in(person)) == []


def test_workbench_takes_as_many_queries_for_much_as_for_little(cast, queries):
    def more(serial):
        letter(
            enrolled(cast.away.village, serial=serial), to_organization=cast.home.village,
            started_on=date(2025, 12, 10),
        )  # fmt: skip
        enrolled(cast.home.village, serial=serial + 1)

    more(1)
    queries(cast.secretary, HOME)  # which reads the calendar into the cache
    one = queries(cast.secretary, HOME)
    more(11)

    assert queries(cast.secretary, HOME) == one
