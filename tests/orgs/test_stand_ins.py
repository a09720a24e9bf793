"""AB岗: a colleague takes the place of who is away, for as long as was arranged."""

from datetime import date

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, NotAllowed, Notice, Role, StandIn
from tests.people import Cast, post


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


def names(field):
    return {person.username for person in field.queryset}


def test_head_of_the_centre_is_offered_subordinates_and_not_herself(cast, signed_in):
    form = signed_in(cast.centre_head).get(reverse("orgs:stand_ins")).context["form"]

    below = ("clerk", "agent", "dispatcher", "callback", "handler", "unit_head")
    staff = {f"4299101-{role}" for role in below} | {"deputy"}
    assert names(form.fields["user"]) == staff | {cast.centre_head.username}
    assert names(form.fields["deputy"]) == (
        staff - {cast.agent.username} | {cast.secretary.username, cast.reviewer.username}
    )


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.REVIEWER])
def test_head_of_the_centre_gains_no_power_from_above(cast, signed_in, role):
    above = cast.home.people[role]
    form = arrange(user=above.pk, deputy=cast.centre_head.pk)

    page = signed_in(cast.centre_head).post(reverse("orgs:stand_ins"), form)

    assert set(page.context["form"].errors) == {"user", "deputy"}
    for deputy in (cast.centre_head, cast.clerk):
        with pytest.raises(NotAllowed, match="下属"):
            above.hand_over(actor=cast.centre_head, deputy=deputy, **arrange())
    assert not StandIn.objects.exists()


@pytest.mark.parametrize("started_on", ["2026-01-01", "2026-03-04"])
def test_post_elsewhere_is_not_the_head_s_to_give(cast, started_on):
    """Also one that begins while the deputy would be at work."""
    row = post(cast.clerk, cast.away.organization, Role.CLERK)
    row.started_on = started_on
    row.save()

    with pytest.raises(NotAllowed, match="下属"):
        cast.clerk.hand_over(actor=cast.centre_head, deputy=cast.dispatcher, **arrange())

    cast.clerk.hand_over(actor=cast.clerk, deputy=cast.dispatcher, **arrange())
    assert StandIn.objects.count() == 1


def test_head_takes_no_place_of_subordinates(cast):
    for deputy in (cast.unit_head, cast.outsider):
        with pytest.raises(NotAllowed, match="代理人"):
            cast.handler.hand_over(actor=cast.unit_head, deputy=deputy, **arrange())


def test_absent_person_is_told_who_arranged_it(cast):
    cast.handler.hand_over(actor=cast.unit_head, deputy=cast.deputy, **arrange())

    notice = Notice.objects.get(recipient=cast.handler)
    assert notice.title == "柳承办单位负责人 为您安排了AB岗代理"
    assert notice.body == "柳河承办副手 代 柳承办人，2026-03-03 至 2026-03-05。"
    assert notice.url == reverse("orgs:stand_ins")
