"""Citizens find the centre, the window, and who is at it today."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import Department, Role, ServiceCentre
from services.models import Announcement
from tests.people import person, post
from tests.services.test_guide import BUDGET, weight

LIST = reverse("services:guide_centres")


def url(centre):
    return reverse("services:guide_centre", args=[centre.pk])


def page_of(client, centre):
    return client.get(url(centre)).content.decode()


def flat(html):
    return "".join(html.split())


@pytest.fixture
def station(cast):
    return ServiceCentre.objects.create(
        organization=cast.home.village, kind="STATION", name="一村便民服务站"
    )


def test_centre_says_where_when_and_who(cast, client, station):
    centre, unit = cast.home.centre, cast.home.unit
    centre.address, centre.telephone = "柳河镇解放路 12 号", "0717-6222345"
    centre.complaint_phone = "0717-6229999"
    centre.save()
    unit.window, unit.telephone = "3 号窗口", "0717-6222302"
    unit.save()

    page = page_of(client, centre)

    for said in (
        "柳河镇解放路 12 号", "周一至周五 8:30–12:00", "tel:0717-6222345", "tel:0717-6229999",
        "3 号窗口", "tel:0717-6222302", "柳承办人（承办人）", "柳承办单位负责人（承办单位负责人）",
        "柳窗口人员（窗口人员）", "柳中心主任（中心主任）", url(station),
        f"{reverse('services:guide')}?centre={centre.pk}",
    ):  # fmt: skip
        assert said in page
    for inside in ("柳派单员", "柳回访员", "柳书记", "柳组织部门", "东承办人"):
        assert inside not in page
    assert "今日没有人员在岗" in page  # the window of 城建


def test_windows_go_by_their_number(cast, client):
    for name, window in (("林业", "10 号窗口"), ("残联", "9 号窗口"), ("社区", "")):
        Department.objects.create(
            organization=cast.home.organization, centre=cast.home.centre, name=name, window=window
        )
    cast.home.unit.window = "2 号窗口"
    cast.home.unit.save()

    units = client.get(url(cast.home.centre)).context["units"]

    assert [unit.name for unit in units] == ["民政", "残联", "林业", "城建", "社区"]


def test_who_stands_in_is_said_while_it_lasts(cast, client, clock):
    cast.handler.hand_over(
        actor=cast.handler, deputy=cast.deputy, started_on=date(2026, 3, 2),
        ended_on=date(2026, 3, 3), reason="家中有事",
    )  # fmt: skip

    page = flat(page_of(client, cast.home.centre))

    assert "柳承办人（承办人，今日不在岗，由<b>柳河承办副手</b>代岗）" in page
    assert "家中有事" not in page
    clock.set("2026-03-04 09:00")
    assert "今日不在岗" not in page_of(client, cast.home.centre)


def test_people_who_left_or_are_to_come_are_not_on_duty(cast, client):
    cast.handler.posts.update(ended_on=date(2026, 3, 1))
    cast.deputy.posts.update(started_on=date(2026, 3, 3))
    cast.unit_head.set_active(False, actor=cast.system_admin)

    page = page_of(client, cast.home.centre)

    for name in ("柳承办人", "柳河承办副手", "柳承办单位负责人"):
        assert name not in page


def test_village_names_its_resident_cadre(cast, client, station):
    cast.agent.telephone = "0717-6222399"
    cast.agent.save()

    page = page_of(client, station)

    assert "驻村代办干部" in page
    assert cast.agent.name in page
    assert "tel:0717-6222399" in page


def test_list_goes_by_township_with_its_villages(cast, client, station):
    page = client.get(LIST)

    assert [(name, [str(row) for row in rows]) for name, rows in page.context["groups"]] == [
        ("柳河镇", ["柳河镇便民服务中心", "一村便民服务站"]),
        ("东山乡", ["东山乡便民服务中心"]),
    ]


@pytest.mark.parametrize(
    ("words", "found"), [("东山", 1), ("一村 服务站", 1), ("没有的镇", 0), ("津\0", 0)]
)
def test_list_is_searched(cast, client, station, words, found):
    page = client.get(LIST, {"q": words})

    assert len(page.context["page"].object_list) == found
    assert ("没有找到服务中心" in page.content.decode()) == (not found)


def test_closed_centre_and_closed_window_are_not_shown(cast, client):
    cast.home.other_unit.is_active = False
    cast.home.other_unit.save()
    assert "城建" not in page_of(client, cast.home.centre)
    cast.home.centre.is_active = False
    cast.home.centre.save()

    assert client.get(url(cast.home.centre)).status_code == 404
    assert "柳河镇便民服务中心" not in client.get(LIST).content.decode()


def test_long_list_comes_in_pages(cast, client):
    for number in range(25):
        ServiceCentre.objects.create(
            organization=cast.home.organization, kind="STATION", name=f"第{number}站"
        )

    assert len(client.get(LIST).context["page"].object_list) == 20
    assert len(client.get(LIST, {"page": 2}).context["page"].object_list) == 7


def test_centre_asks_as_often_for_many_windows_as_for_two(cast, client):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(url(cast.home.centre))
        return len(queries)

    asked()
    few = asked()
    for number in range(6):
        unit = Department.objects.create(
            organization=cast.home.organization, centre=cast.home.centre, name=f"单位{number}"
        )
        user = person(f"p{number}", f"人员{number}")
        post(user, cast.home.organization, Role.HANDLER, unit)

    assert asked() == few


def test_pages_arrive_within_the_budget(cast, client, station):
    Announcement.publish(
        actor=cast.secretary, organization=cast.home.organization, title="公示", text="内容"
    )
    for page in (LIST, url(cast.home.centre), url(station)):
        assert weight(client.get(page).content.decode()) < BUDGET
