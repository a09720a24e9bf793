"""Service centres with their windows, the units behind them, and who is on post there."""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, Department, Role, ServiceCentre

LIST = reverse("orgs:centres")
CENTRE = {
    "kind": "CENTRE",
    "name": "柳河镇第二服务中心",
    "address": "柳河镇街道 1 号",
    "hours": "周一至周五",
    "closing_time": "17:00",
}


def url(name, centre, *more):
    return reverse(f"orgs:{name}", args=[centre.pk, *more])


def names(response):
    return [row.record.name for row in response.context["table"].rows]


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


@pytest.fixture
def system(cast, signed_in):
    return signed_in(cast.system_admin)


@pytest.fixture
def head(cast, signed_in):
    return signed_in(cast.centre_head)


def test_everybody_sees_the_centres_in_reach(cast, system, head, signed_in):
    assert names(system.get(LIST)) == ["柳河镇便民服务中心", "东山乡便民服务中心"]
    assert names(head.get(LIST)) == ["柳河镇便民服务中心"]
    assert head.get(url("centre", cast.away.centre)).status_code == 404
    assert signed_in(cast.auditor).get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "东山"}, ["东山乡便民服务中心"]),
        ({"kind": "STATION"}, []),
        ({"active": "no"}, ["柳河镇便民服务中心"]),
        ({"sort": "-units"}, ["东山乡便民服务中心", "柳河镇便民服务中心"]),
    ],
)
def test_list_is_narrowed_and_sorted(cast, system, query, expected):
    ServiceCentre.objects.filter(pk=cast.home.centre.pk).update(is_active=False)
    Department.objects.filter(pk=cast.home.other_unit.pk).update(is_active=False)

    assert names(system.get(LIST, query)) == expected


def test_list_takes_as_many_queries_for_three_rows_as_for_one(cast, queries):
    one = queries(cast.system_admin, f"{LIST}?q=柳河")
    for number in range(2):
        ServiceCentre.objects.create(
            organization=cast.home.village, kind="ROOM", name=f"柳河服务室{number}"
        )

    assert queries(cast.system_admin, f"{LIST}?q=柳河") == one


def test_administrator_founds_a_centre(cast, system):
    response = system.post(reverse("orgs:centre_new"), CENTRE | {"organization": "4299101"})

    made = ServiceCentre.objects.get(name="柳河镇第二服务中心")
    assert response.url == made.get_absolute_url()
    assert made.organization == cast.home.organization
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.organization) == ("centre.established", cast.home.organization)


def test_name_is_used_once_in_an_organization(cast, system):
    data = CENTRE | {"organization": "4299101", "name": "柳河镇便民服务中心"}

    assert errors(system.post(reverse("orgs:centre_new"), data)) == {
        "__all__": ["该党组织下已有同名中心。"]
    }


def test_head_changes_the_own_centre(cast, head):
    data = CENTRE | {"name": "柳河镇便民服务中心", "telephone": "0717-1", "is_active": "on"}

    head.post(url("centre_edit", cast.home.centre), data)

    assert AuditEntry.objects.latest("pk").changes == {
        "address": ["", "柳河镇街道 1 号"],
        "telephone": ["", "0717-1"],
        "hours": ["周一至周五 8:30–12:00，14:00–17:30", "周一至周五"],
        "closing_time": ["17:30:00", "17:00:00"],
    }


def test_head_opens_the_eight_windows_once(cast, head):
    page = head.get(url("centre_windows", cast.home.centre)).content.decode()
    assert "开设 土管、计生、劳动保障、林业、残联、社区 窗口？" in page

    for _ in range(2):
        head.post(url("centre_windows", cast.home.centre))

    assert sorted(unit.name for unit in cast.home.centre.departments.all()) == sorted(
        ["民政", "土管", "城建", "计生", "劳动保障", "林业", "残联", "社区"]
    )
    assert "已经齐全" in head.get(url("centre_windows", cast.home.centre)).content.decode()


def test_page_tells_windows_and_who_is_on_post(cast, head):
    page = head.get(url("centre", cast.home.centre))

    people = {unit.name: [str(p.user) for p in unit.people] for unit in page.context["units"]}
    assert people == {"民政": ["柳承办人", "柳河承办副手", "柳承办单位负责人"], "城建": []}
    assert "无人在岗" in page.content.decode()
    assert {p.role for p in page.context["staff"]} == {
        Role.CENTRE_HEAD,
        Role.CLERK,
        Role.DISPATCHER,
        Role.CALLBACK,
    }


def test_page_takes_as_many_queries_for_eight_units_as_for_two(cast, queries):
    two = queries(cast.centre_head, url("centre", cast.home.centre))
    cast.home.centre.open_windows(actor=cast.centre_head)

    assert queries(cast.centre_head, url("centre", cast.home.centre)) == two


def test_head_founds_and_changes_a_unit(cast, head):
    centre = cast.home.centre
    head.post(url("unit_new", centre), {"name": "水利", "window": "9 号窗口"})
    unit = Department.objects.get(name="水利")
    assert (unit.organization, unit.centre) == (cast.home.organization, centre)

    data = {"name": "水利站", "window": "9 号窗口", "is_active": "on"}
    head.post(url("unit_edit", centre, unit.pk), data)

    assert AuditEntry.objects.latest("pk").changes == {"name": ["水利", "水利站"]}
    assert [e.action for e in AuditEntry.objects.about(unit)] == [
        "unit.established",
        "unit.revised",
    ]


def test_unit_names_are_used_once(cast, head):
    response = head.post(url("unit_new", cast.home.centre), {"name": "民政"})

    assert errors(response) == {"name": ["该党组织下已有同名承办单位。"]}


def test_unit_with_people_on_post_is_not_stopped(cast, head):
    stop = {"name": "民政"}
    refused = head.post(url("unit_edit", cast.home.centre, cast.home.unit.pk), stop)
    assert refused.context["form"].non_field_errors() == [
        "该单位还有在岗人员，请先由安全管理员结束他们的任职，再停用。"
    ]

    head.post(url("unit_edit", cast.home.centre, cast.home.other_unit.pk), {"name": "城建"})
    assert not Department.objects.get(pk=cast.home.other_unit.pk).is_active


def test_unit_of_another_centre_is_not_found(cast, system):
    wrong = url("unit_edit", cast.home.centre, cast.away.unit.pk)

    assert system.get(wrong).status_code == 404


def test_others_read_but_do_not_change(cast, signed_in):
    centre = cast.home.centre
    for user in (cast.clerk, cast.unit_head, cast.secretary, cast.security_admin):
        client = signed_in(user)
        assert client.get(url("centre", centre)).status_code == 200
        assert client.post(url("centre_edit", centre), CENTRE).status_code == 403
        assert client.post(url("centre_windows", centre)).status_code == 403
        assert client.post(url("unit_new", centre), {"name": "水利"}).status_code == 403
        assert client.post(url("unit_edit", centre, cast.home.unit.pk)).status_code == 403
    assert signed_in(cast.centre_head).get(reverse("orgs:centre_new")).status_code == 403
