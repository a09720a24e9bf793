"""空白与薄弱: an organization department finds branches without members or with too few, without a
secretary or a committee, committees without branches and members without one, and takes the list
along; everybody sees only what lies below."""

import pytest
from django.urls import reverse

from orgs.models import Level, OrganizationKind, Role, Sector
from orgs.partial_date import PartialDate
from tests.orgs.leaders import elect
from tests.orgs.members import enrolled, rows_of
from tests.people import place, post

PAGE, EXPORT = reverse("orgs:blanks"), reverse("orgs:blanks_export")


@pytest.fixture
def town(cast):
    """Four branches below 柳河镇 beside its village, which is made a branch, too."""
    here = cast.home.organization
    cast.home.village.kind = OrganizationKind.BRANCH
    cast.home.village.save()

    def branch(number, name, **fields):
        fields = {"kind": OrganizationKind.BRANCH} | fields
        return place(f"42991013{number:02}", name, Level.UNIT, here, **fields)

    full, small = branch(1, "茶厂"), branch(2, "协会", sector=Sector.SOCIAL)
    empty = branch(3, "空壳", kind=OrganizationKind.JOINT_BRANCH)
    for number in range(3):
        enrolled(full, "满员", 1 + number)
        enrolled(cast.home.village, "村民", 11 + number)
    enrolled(small, "两人", 21)
    enrolled(small, "两人", 22)
    enrolled(small, "预备", 23, stage="PROBATIONARY")
    return {"full": full, "small": small, "empty": empty}


@pytest.fixture
def reviewer(cast, town, signed_in):
    return signed_in(cast.reviewer)


def shown(response):
    return [str(row.record) for row in response.context["table"].rows]


def counts(response):
    return {name: number for name, _, number in response.context["tabs"]}


def test_tabs_count_what_is_missing(cast, reviewer):
    enrolled(cast.home.organization, "机关党员", 31)
    elect(cast.home.village)

    page = reviewer.get(PAGE)

    assert counts(page) == {
        "unit": 0, "none": 1, "few": 1, "secretary": 4, "committee": 4, "branch": 0, "member": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("none", ["空壳"]),
        ("few", ["协会"]),
        ("committee", ["柳河镇", "柳河镇一村", "茶厂", "协会", "空壳"]),
        ("secretary", ["柳河镇", "柳河镇一村", "茶厂", "协会", "空壳"]),
        ("branch", []),
        ("member", []),
    ],
)
def test_tab_lists_its_organizations(reviewer, tab, expected):
    page = reviewer.get(PAGE, {"tab": tab})

    assert sorted(shown(page)) == sorted(expected)


def test_small_branch_is_told_with_its_numbers(reviewer):
    [row] = reviewer.get(PAGE, {"tab": "few"}).context["table"].rows

    assert (row.record.member_count, row.record.full_count) == (3, 2)


def test_members_of_groups_count_for_their_branch(cast, town, reviewer):
    group = place("429910130201", "第一小组", Level.UNIT, town["small"], OrganizationKind.GROUP)
    enrolled(group, "组员", 41)

    assert shown(reviewer.get(PAGE, {"tab": "few"})) == []
    assert shown(reviewer.get(PAGE, {"tab": "member"})) == []


def test_who_has_left_does_not_count(cast, town, reviewer):
    for member in town["full"].members.all():
        member.set_standing(
            actor=None, standing="DECEASED", since=PartialDate(2026, 2), reason="去世"
        )

    assert shown(reviewer.get(PAGE, {"tab": "none"})) == ["茶厂", "空壳"]


def test_committee_whose_branches_are_gone_is_told(cast, town, reviewer):
    place("42991014", "企业党委", Level.UNIT, cast.home.organization)

    assert shown(reviewer.get(PAGE, {"tab": "branch"})) == ["企业党委"]


def test_members_of_a_committee_itself_are_told_by_name_to_whoever_leads(cast, reviewer):
    enrolled(cast.home.organization, "机关党员", 31)

    html = reviewer.get(PAGE, {"tab": "member"}).content.decode()

    assert "机关党员" in html
    assert "139****0021" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sector": "SOCIAL"}, ["协会"]),
        ({"under": "协会"}, ["协会"]),
        ({"q": "空"}, ["空壳"]),
        ({"kind": "JOINT_BRANCH"}, ["空壳"]),
    ],
)
def test_filters_narrow_every_tab(reviewer, query, expected):
    assert shown(reviewer.get(PAGE, {"tab": "committee"} | query)) == expected
    assert counts(reviewer.get(PAGE, query))["committee"] == len(expected)


def test_list_goes_home_as_it_is_shown(reviewer):
    headings, row = rows_of(reviewer.get(EXPORT, {"tab": "few"}).content)

    assert dict(zip(headings, row, strict=True)) == {
        "党组织名称": "协会", "党组织代码": "4299101302", "上级": "柳河镇", "类别": "党支部",
        "领域": "社会组织", "党员": 3, "其中正式党员": 2,
    }  # fmt: skip


def test_everybody_sees_what_lies_below(cast, town, signed_in):
    elsewhere = signed_in(cast.away.people[Role.REVIEWER]).get(PAGE, {"tab": "none"})
    assert shown(elsewhere) == []
    cadre = signed_in(cast.agent).get(PAGE, {"tab": "committee"})
    assert shown(cadre) == ["柳河镇一村"]
    post(cast.fellow, cast.county, Role.REVIEWER)
    assert "空壳" in shown(signed_in(cast.fellow).get(PAGE, {"tab": "none"}))
    assert signed_in(cast.reviewer).get(PAGE, {"tab": "no"}).status_code == 404


def test_page_takes_as_many_queries_for_many_rows_as_for_one(cast, town, queries):
    urls = [f"{PAGE}?tab={tab}" for tab in ("few", "secretary", "member")]
    enrolled(cast.home.organization, "机关党员", 31)
    one = [queries(cast.reviewer, url) for url in urls]
    for number in (5, 6):
        small = place(
            f"429910130{number}", f"小支部{number}", Level.UNIT, cast.home.organization,
            OrganizationKind.BRANCH,
        )  # fmt: skip
        enrolled(small, "一人", 50 + number)
        enrolled(cast.home.organization, "机关党员", 60 + number)

    assert [queries(cast.reviewer, url) for url in urls] == one
