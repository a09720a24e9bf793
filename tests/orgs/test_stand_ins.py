"""AB岗: a colleague takes the place of who is away, for as long as was arranged."""

from datetime import date

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, StandIn
from tests.people import Cast


@pytest.fixture
def cast(db, clock):
    return Cast()


def arrange(**changes):
    form = {"started_on": "2026-03-03", "ended_on": "2026-03-05", "reason": "培训"}
    return form | changes


def test_handler_arranges_a_deputy_and_comes_back_early(cast, signed_in, clock):
    client = signed_in(cast.handler)
    url = reverse("orgs:stand_ins")

    client.post(url, arrange(user=cast.handler.pk, deputy=cast.deputy.pk))

    row = StandIn.objects.get()
    assert (row.user, row.deputy, row.ended_on) == (cast.handler, cast.deputy, date(2026, 3, 5))
    assert AuditEntry.objects.get(action="stand_in.set").actor == cast.handler
    clock.set("2026-03-04 09:00")
    signed_in(cast.handler).post(reverse("orgs:stand_in_end", args=[row.pk]))
    assert StandIn.objects.get().ended_on == date(2026, 3, 3)
    assert cast.deputy.stands_in_for() == set()


def test_head_arranges_for_the_unit_and_a_stranger_for_nobody(cast, signed_in):
    url = reverse("orgs:stand_ins")

    signed_in(cast.unit_head).post(url, arrange(user=cast.handler.pk, deputy=cast.deputy.pk))
    assert StandIn.objects.count() == 1
    page = signed_in(cast.outsider).post(url, arrange(user=cast.handler.pk, deputy=cast.deputy.pk))

    assert set(page.context["form"].errors) == {"user", "deputy"}
    assert StandIn.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"ended_on": "2026-03-02"}, "ended_on"), ({"deputy": "self"}, "deputy")],
)
def test_what_makes_no_sense_is_named(cast, signed_in, changes, field):
    form = arrange(user=cast.handler.pk, deputy=cast.deputy.pk) | changes
    if form["deputy"] == "self":
        form["deputy"] = cast.handler.pk

    page = signed_in(cast.handler).post(reverse("orgs:stand_ins"), form)

    assert set(page.context["form"].errors) == {field}
