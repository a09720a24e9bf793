"""The tree of party organizations: found, read, founded, changed and moved."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from orgs.forms.fields import OrganizationField
from orgs.models import AuditEntry, Organization, Role, Tag
from tests.people import place, post

LIST = reverse("orgs:organizations")
NEW = reverse("orgs:organization_new")


def url(name, organization):
    return reverse(f"orgs:{name}", args=[organization.pk])


def names(response):
    return [row.record.name for row in response.context["table"].rows]


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


@pytest.fixture
def system(cast, signed_in):
    return signed_in(cast.system_admin)


# Finding


def test_list_stands_in_the_order_of_the_tree(cast, system):
    assert names(system.get(LIST)) == [
        "青溪县委",
        "柳河镇",
        "柳河镇一村",
        "东山乡",
        "东山乡一村",
    ]


def test_list_names_the_organization_above(cast, system):
    rows = system.get(LIST).context["table"].rows

    assert [row.get_cell("parent_name") for row in rows] == [
        "—",
        "青溪县委",
        "柳河镇",
        "青溪县委",
        "东山乡",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "一村"}, ["柳河镇一村", "东山乡一村"]),
        ({"q": "4299102"}, ["东山乡", "东山乡一村"]),
        ({"level": "TOWNSHIP"}, ["柳河镇", "东山乡"]),
        ({"sector": "AGENCY"}, ["东山乡"]),
        ({"kind": "BRANCH"}, ["柳河镇一村"]),
        ({"state": "abolished"}, ["东山乡一村"]),
        ({"sort": "-code", "level": "TOWNSHIP"}, ["东山乡", "柳河镇"]),
    ],
)
def test_list_is_narrowed(cast, system, query, expected):
    rows = Organization.objects
    rows.filter(name="东山乡").update(sector="AGENCY")
    rows.filter(name="柳河镇一村").update(kind="BRANCH")
    rows.filter(name="东山乡一村").update(abolished_on="2025-12-31")

    assert names(system.get(LIST, query)) == expected


def test_one_branch_of_the_tree_with_the_way_back(cast, system):
    page = system.get(LIST, {"under": cast.home.organization.pk})

    assert names(page) == ["柳河镇", "柳河镇一村"]
    assert page.context["above"] == [(cast.county, True)]
    assert "柳河镇及下级" in page.content.decode()


def test_person_sees_only_what_lies_at_or_below_the_own_posts(cast, signed_in):
    client = signed_in(cast.secretary)

    assert names(client.get(LIST)) == ["柳河镇", "柳河镇一村"]
    assert client.get(LIST, {"under": cast.county.pk}).status_code == 404
    assert client.get(LIST, {"under": cast.away.village.pk}).status_code == 404
    assert client.get(url("organization", cast.away.village)).status_code == 404


def test_auditor_has_no_business_with_the_tree(cast, signed_in):
    assert signed_in(cast.auditor).get(LIST).status_code == 403


def test_list_takes_as_many_queries_for_three_rows_as_for_one(cast, queries):
    one = queries(cast.system_admin, f"{LIST}?q=青溪")
    three = queries(cast.system_admin, f"{LIST}?q=429910")

    assert one == three


def test_whole_city_opens_with_the_same_few_queries(cast, queries, shared_data):
    before = queries(cast.system_admin, LIST)

    call_command("import_organizations", str(shared_data / "rosters" / "organizations.xlsx"))

    assert Organization.objects.count() > 2000
    assert queries(cast.system_admin, LIST) <= before


def test_export_holds_what_the_filter_shows(cast, system):
    response = system.get(reverse("orgs:organizations_export"), {"level": "VILLAGE"})

    lines = [[c.value for c in line] for line in load_workbook(BytesIO(response.content)).active]
    assert lines == [
        [
            "党组织代码",
            "党组织名称",
            "上级党组织代码",
            "组织类别",
            "所属领域",
            "组建方式",
            "行政区划代码",
            "简称",
            "成立日期",
            "所在地党组织代码",
            "层级",
            "上级党组织",
            "撤销日期",
        ],
        [
            "4299101201",
            "柳河镇一村",
            "4299101",
            "党委",
            "农村",
            None,
            None,
            "柳河镇一村",
            None,
            None,
            "村（社区）",
            "柳河镇",
            None,
        ],
        [
            "4299102201",
            "东山乡一村",
            "4299102",
            "党委",
            "农村",
            None,
            None,
            "东山乡一村",
            None,
            None,
            "村（社区）",
            "东山乡",
            None,
        ],
    ]


# Reading


def test_page_tells_place_people_centres_and_changes(cast, system):
    cast.home.organization.revise(actor=cast.system_admin, level="COUNTY", tags=Tag.named(["老区"]))

    page = system.get(url("organization", cast.home.organization))

    text = page.content.decode()
    assert page.context["above"] == [(cast.county, True)]
    assert page.context["levels"] == [("村（社区）", 1)]
    assert "柳河镇便民服务中心" in text and "柳窗口人员" in text and "老区" in text
    assert [line["text"] for line in page.context["history"]] == [
        "层级：乡镇（街道） → 县（市、区）\n标签：空 → 老区"
    ]


def test_way_up_is_named_but_not_linked_out_of_reach(cast, signed_in):
    page = signed_in(cast.agent).get(url("organization", cast.home.village))

    assert page.context["above"] == [(cast.county, False), (cast.home.organization, False)]
    assert url("organization", cast.county) not in page.content.decode()


def test_webhook_address_is_not_shown(cast, system):
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret"
    cast.home.organization.revise(actor=cast.system_admin, webhook_url=address)

    page = system.get(url("organization", cast.home.organization)).content.decode()
    assert "key=secret" not in page and "已更换" in page
    assert "secret" not in str(AuditEntry.objects.latest("pk").changes)


# Founding and changing

FIELDS = {"code": "4299101202", "name": "柳河镇二村党支部", "kind": "BRANCH", "level": "VILLAGE"}


def test_administrator_founds_an_organization(cast, system):
    data = FIELDS | {"parent": "柳河镇", "tags": "老区、边疆 老区", "local_supervisor": "4299"}

    response = system.post(NEW, data)

    made = Organization.objects.get(code="4299101202")
    assert response.url == made.get_absolute_url()
    assert Organization.objects.get_parent(made) == cast.home.organization
    assert made.local_supervisor == cast.county
    assert {tag.name for tag in made.tags.all()} == {"老区", "边疆"}
    assert AuditEntry.objects.latest("pk").action == "organization.established"


def test_parent_is_filled_in_from_the_page_above(cast, system):
    assert 'value="4299101"' in system.get(NEW, {"parent": "4299101"}).content.decode()


def test_code_is_used_once(cast, system):
    response = system.post(NEW, FIELDS | {"parent": "柳河镇", "code": "4299"})

    assert list(errors(response)) == ["code"]


def test_change_records_before_and_after(cast, system):
    village = cast.home.village
    data = FIELDS | {"code": "4299101201", "kind": "COMMITTEE", "short_name": "柳河镇一村"}
    data |= {"sector": "COMMUNITY", "founded_on": "1950-07-01"}

    system.post(url("organization_edit", village), data)

    assert AuditEntry.objects.latest("pk").changes == {
        "name": ["柳河镇一村", "柳河镇二村党支部"],
        "sector": ["RURAL", "COMMUNITY"],
        "founded_on": ["", "1950-07-01"],
    }


def test_form_shows_what_is_there(cast, system):
    cast.home.village.revise(
        actor=cast.system_admin, local_supervisor=cast.county, tags=Tag.named(["老区", "边疆"])
    )

    page = system.get(url("organization_edit", cast.home.village)).content.decode()

    assert 'value="4299 青溪县委"' in page
    assert "老区" in page and "、" in page


def test_organization_with_others_below_is_not_abolished(cast, system):
    data = FIELDS | {"code": "4299101", "name": "柳河镇", "abolished_on": "2026-03-01"}

    response = system.post(url("organization_edit", cast.home.organization), data)

    assert errors(response) == {"abolished_on": ["还有未撤销的下级党组织，请先撤销或调整隶属。"]}


def test_abolished_before_founded_is_refused(cast, system):
    data = FIELDS | {"code": "4299101201", "founded_on": "2026-01-02", "abolished_on": "2026-01-01"}

    response = system.post(url("organization_edit", cast.home.village), data)

    assert errors(response) == {"__all__": ["撤销日期不能早于成立日期。"]}


def test_reviewer_changes_details_in_the_own_branch_but_not_the_code(cast, signed_in):
    client = signed_in(cast.reviewer)
    page = client.get(url("organization_edit", cast.home.village))
    assert "code" not in page.context["form"].fields

    data = FIELDS | {"code": "9999", "name": "新名称"}
    client.post(url("organization_edit", cast.home.village), data)

    village = Organization.objects.get(pk=cast.home.village.pk)
    assert (village.code, village.name) == ("4299101201", "新名称")


def test_others_read_but_do_not_change(cast, signed_in):
    village = cast.home.village
    for user in (cast.secretary, cast.clerk, cast.centre_head, cast.security_admin):
        client = signed_in(user)
        assert client.get(url("organization", village)).status_code == 200
        assert client.post(url("organization_edit", village), FIELDS).status_code == 403
        assert client.post(url("organization_move", village), {"parent": "4299"}).status_code == 403
        assert client.post(NEW, FIELDS).status_code == 403
    assert signed_in(cast.reviewer).get(url("organization_move", village)).status_code == 403


# Moving


def test_move_takes_everything_below_along(cast, system, signed_in):
    response = system.post(url("organization_move", cast.home.organization), {"parent": "东山乡"})

    assert response.status_code == 302
    moved = Organization.objects.get(pk=cast.home.organization.pk)
    assert Organization.objects.get_parent(moved) == cast.away.organization
    secretary = signed_in(cast.away.people[Role.SECRETARY])
    assert names(secretary.get(LIST)) == ["东山乡", "东山乡一村", "柳河镇", "柳河镇一村"]
    entry = AuditEntry.objects.latest("pk")
    assert entry.changes == {"parent": ["青溪县委", "东山乡"]}


@pytest.mark.parametrize(
    ("parent", "words"),
    [
        ("柳河镇一村", "不能调整到本组织或其下级之下。"),
        ("4299101", "不能调整到本组织或其下级之下。"),
        ("青溪县委", "它已经是现在的上级。"),
    ],
)
def test_move_into_itself_or_nowhere_is_refused(cast, system, parent, words):
    response = system.post(url("organization_move", cast.home.organization), {"parent": parent})

    assert errors(response) == {"parent": [words]}


def test_handler_sees_the_tree_below_the_own_organization_only(cast, signed_in):
    post(cast.fellow, place("42991019", "柳河企业支部", "UNIT", cast.home.organization), Role.CLERK)

    assert names(signed_in(cast.fellow).get(LIST)) == ["柳河企业支部"]


@pytest.mark.parametrize("text", ["柳河镇一村", "lhzyc", "liuhezhenyi", "4299101201"])
def test_organization_is_chosen_by_name_code_or_pinyin(cast, text):
    field = OrganizationField()

    assert field.clean(text) == cast.home.village


def test_initials_that_several_share_are_told_with_the_candidates(cast):
    with pytest.raises(ValidationError) as refusal:
        OrganizationField().clean("lhz")

    assert refusal.value.messages == [
        "符合“lhz”的不止一个，请改填代码：4299101 柳河镇；4299101201 柳河镇一村。"
    ]


def test_spelling_follows_a_new_name(cast):
    cast.home.village.revise(actor=None, name="解放村党支部")

    assert list(Organization.objects.find("jfc")) == [cast.home.village]
    assert list(Organization.objects.find("lhzyc")) == []
