"""The page of a party organization tells its 班子, 党员, 阵地 and 办件, each figure with the way to
the rows behind it, and to everybody only what he or she may see elsewhere."""

import pytest
from django.urls import reverse

from orgs.models import Level, Role, ServiceCentre
from tests.orgs.members import enrolled
from tests.people import place


def page_of(organization):
    return reverse("orgs:organization", args=[organization.pk])


@pytest.fixture
def town(cast):
    here = cast.home.organization
    enrolled(cast.home.village, serial=1, in_hardship=True)
    enrolled(cast.home.village, serial=2, stage="PROBATIONARY", is_away=True)
    enrolled(here, serial=3)
    enrolled(here, serial=5, standing="DECEASED")
    enrolled(cast.away.village, serial=7)
    cast.register()
    cast.register(organization=cast.home.village, actor=cast.agent)
    return here


def test_secretary_finds_members_counted_and_linked(cast, town, signed_in):
    client = signed_in(cast.secretary)

    page = client.get(page_of(town))

    counts = page.context["member_counts"]
    assert [counts[name] for name in ("total", "full", "probationary", "is_away", "in_hardship")] \
        == [3, 2, 1, 1, 1]  # fmt: skip
    html = page.content.decode()
    for query, names in (("stage=PROBATIONARY", 1), ("flag=is_away", 1), ("stage=FULL", 2)):
        link = f"{reverse('orgs:members')}?under={town.pk}&{query}"
        assert link.replace("&", "&amp;") in html
        assert len(client.get(link).context["page"].rows) == names


def test_secretary_finds_requests_counted_and_linked(cast, town, signed_in):
    client = signed_in(cast.secretary)

    [section] = client.get(page_of(town)).context["sections"]

    assert section["counts"] == {"total": 2, "open": 2, "late": 0, "done": 0, "recent": 2}
    link = f"{reverse('services:requests')}?organization={town.pk}&box=open"
    assert len(client.get(link).context["page"].rows) == 2


def test_village_tells_its_own_only(cast, town, signed_in):
    page = signed_in(cast.secretary).get(page_of(cast.home.village))

    assert page.context["member_counts"]["total"] == 2
    assert page.context["sections"][0]["counts"]["total"] == 1


def test_centres_below_are_counted(cast, town, signed_in):
    ServiceCentre.objects.create(organization=cast.home.village, kind="ROOM", name="一村便民服务室")

    html = signed_in(cast.secretary).get(page_of(town)).content.decode()

    assert "下级另有便民服务中心、站、室 1 个。" in html


def test_clerk_sees_requests_and_no_members(cast, town, signed_in):
    page = signed_in(cast.clerk).get(page_of(town))

    assert "member_counts" not in page.context
    assert page.context["sections"][0]["counts"]["total"] == 2


def test_administrator_sees_neither(cast, town, signed_in):
    page = signed_in(cast.system_admin).get(page_of(town))

    assert "member_counts" not in page.context
    assert page.context["sections"] == []


def test_cadre_counts_the_own_branch(cast, town, signed_in):
    page = signed_in(cast.agent).get(page_of(cast.home.village))

    assert page.context["member_counts"]["total"] == 2


def test_page_takes_as_many_queries_for_much_as_for_little(cast, town, queries):
    one = queries(cast.secretary, page_of(town))
    for number in range(3):
        below = place(f"429910121{number}", f"新村{number}", Level.VILLAGE, town)
        enrolled(below, serial=21 + number)
        cast.register()

    assert queries(cast.secretary, page_of(town)) == one


def test_sister_township_has_its_own_page_only(cast, town, signed_in):
    outside = signed_in(cast.away.people[Role.SECRETARY])

    assert outside.get(page_of(town)).status_code == 404
