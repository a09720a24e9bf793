"""The page of a party organization leads to its assessments, for whoever may read them."""

import pytest
from django.urls import reverse

from orgs.models import Sector
from tests.assessments.cycles import CycleCast


@pytest.fixture
def people(cast):
    return CycleCast(cast)


def section(client, organization):
    page = client.get(reverse("orgs:organization", args=[organization.pk]))
    found = [told for told in page.context["sections"] if "rows" in told]
    return page, found


def test_secretary_finds_the_form_of_the_year(people, signed_in):
    row = people.assessment()

    page, [told] = section(signed_in(people.secretaries[Sector.RURAL]), row.organization)

    assert told["rows"] == [row]
    html = page.content.decode()
    assert row.get_absolute_url() in html
    assert "2026 年度考核" in html


def test_organization_without_an_assessment_says_nothing_of_it(people, signed_in):
    assert section(signed_in(people.superior), people.town)[1] == []


def test_clerk_is_told_nothing(cast, people, signed_in):
    row = people.assessment()
    row.organization = cast.home.organization
    row.save()

    assert section(signed_in(cast.clerk), cast.home.organization)[1] == []
    assert len(section(signed_in(cast.secretary), cast.home.organization)[1]) == 1
