"""What leaves the portal comes back: an export of a roster, imported as it is, changes nothing."""

import pytest
from django.urls import reverse

from orgs.models import CommitteeSeat, Member, Organization
from orgs.partial_date import PartialDate
from orgs.rosters.kinds import KINDS
from orgs.rosters.staging import open_batch, report, stage
from tests.orgs.leaders import elect, seat
from tests.orgs.members import enrolled
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(clock):
    return Cast()


@pytest.fixture
def again(cast, tmp_path, signed_in):
    """`again(user, page, kind)`: the report of the page's export, staged as it came."""

    def brought(user, page, kind, organization):
        answer = signed_in(user).get(reverse(f"orgs:{page}"))
        path = tmp_path / "导出.xlsx"
        path.write_bytes(answer.content)
        batch = open_batch(path, path.name, organization=organization, actor=user, kind=KINDS[kind])
        return report(stage(batch, path))

    return brought


def figures(told):
    return told["rows"], told["unchanged"], told["errors"]


def test_organizations_come_back_unchanged(cast, again):
    village = cast.home.village
    village.revise(
        actor=None, name="=HYPERLINK(1)村党支部", short_name="一村", kind="BRANCH",
        formation="SINGLE", division_code="429910120101", founded_on="2019-07-01",
        local_supervisor=cast.away.organization,
    )  # fmt: skip

    told = again(cast.system_admin, "organizations_export", "ORGANIZATIONS", None)

    assert figures(told) == (5, 5, [])
    assert told["warnings"] == []
    assert Organization.objects.get(pk=village.pk).short_name == "一村"


def test_organizations_below_a_county_come_back_unchanged(cast, again):
    told = again(cast.reviewer, "organizations_export", "ORGANIZATIONS", cast.home.organization)

    assert figures(told) == (2, 2, [])


def test_secretaries_come_back_unchanged(cast, again):
    elect(
        cast.home.village,
        seat(phone="13900000021", source="ELECTED", is_full_time=False, heads_village=True,
             concurrent="合作社理事长", started=PartialDate(2024, 3), note="=1+1"),
        term=7,
    )  # fmt: skip
    elect(cast.home.organization, seat(name="覃秀英"), elected="2023")

    told = again(cast.secretary, "secretaries_export", "COMMITTEES", cast.home.organization)

    assert figures(told) == (2, 2, [])
    assert {seat.phone for seat in CommitteeSeat.objects.all()} == {"13900000021", ""}


def test_members_come_back_unchanged_though_their_numbers_are_masked(cast, again):
    enrolled(cast.home.village)
    enrolled(cast.home.village, "覃秀英", 2, born="19900203", joined=PartialDate(2015),
             is_away=True, away_to="广东深圳")  # fmt: skip

    told = again(cast.secretary, "members_export", "MEMBERS", cast.home.organization)

    assert figures(told) == (2, 2, [])
    assert {warning["message"] for warning in told["warnings"]} == {
        "没有身份证号码，按姓名、出生日期和党支部辨认，请人工核对。"
    }
    assert Member.objects.count() == 2


def test_terms_come_back_unchanged(cast, again):
    elect(cast.home.village, seat(), seat("田秀英", "DEPUTY"), term=7)

    told = again(cast.secretary, "terms_export", "COMMITTEES", cast.home.organization)

    assert figures(told) == (1, 1, [])
