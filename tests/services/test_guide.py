"""A citizen finds out before setting out: what to bring, how long it takes, whom to ask."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import ServiceCentre
from tests.people import Township, place

GUIDE = reverse("services:guide")
BUDGET = 100 * 1024


def names(page):
    return [item.current.name for item in page.context["page"]]


@pytest.fixture
def item(cast):
    cast.home.centre.address = "柳河镇解放路 12 号"
    cast.home.centre.telephone = "0717-6222345"
    cast.home.centre.complaint_phone = "0717-6229999"
    cast.home.centre.save()
    item = cast.item()
    version = item.current
    version.conditions, version.fee = "年满八十周岁", "工本费 5 元"
    version.steps, version.result = "到窗口提交材料\n次月发放", "津贴发放通知"
    version.save()
    return item


def test_item_says_everything_one_needs(client, item):
    page = client.get(reverse("services:guide_item", args=[item.pk])).content.decode()

    for said in (
        "高龄津贴申领", "承诺办理", "5 个工作日内办结", "20 个工作日", "年满八十周岁",
        "<li>身份证</li><li>户口簿</li>", "<li>到窗口提交材料</li><li>次月发放</li>",
        "津贴发放通知", "收费：工本费 5 元", "李雪梅", "tel:0717-0000001", "柳河镇便民服务中心",
        "柳河镇解放路 12 号", "周一至周五 8:30–12:00", "tel:0717-6222345", "tel:0717-6229999",
        "data-print",
    ):  # fmt: skip
        assert said in page


@pytest.mark.parametrize(
    ("mode", "days", "words"),
    [
        ("DIRECT", 0, "当场办结"),
        ("COMMITTED", 7, "7 个工作日内办结"),
        ("EXPLAIN", 3, "3 个工作日内明确答复"),
    ],
)
def test_mode_and_days_are_told_in_words(client, cast, mode, days, words):
    item = cast.item(mode=mode, days=days)

    for url in (GUIDE, reverse("services:guide_item", args=[item.pk])):
        assert words in client.get(url).content.decode()


def test_unit_without_a_window_is_found_through_the_nearest_centre(client, cast):
    cast.home.centre.is_active = False
    cast.home.centre.save()
    ServiceCentre.objects.create(organization=cast.county, kind="CENTRE", name="青溪县政务服务中心")

    page = client.get(reverse("services:guide_item", args=[cast.item().pk]))

    assert page.context["centre"].name == "青溪县政务服务中心"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("津贴", ["高龄津贴申领"]),
        ("高龄 八十", ["高龄津贴申领"]),
        ("高龄 建房", []),
        ("", ["危房改造", "高龄津贴申领"]),
    ],
)
def test_search_looks_into_names_and_conditions(client, cast, item, words, found):
    cast.item("危房改造", unit=cast.home.other_unit, code="CJ-01")

    assert names(client.get(GUIDE, {"q": words})) == found


def test_odd_characters_break_nothing(client, item):
    for query in ({"q": "津\0贴"}, {"unit": "\0"}, {"centre": "９" * 30}, {"page": "-1"}):
        assert client.get(GUIDE, query).status_code in (200, 404)
    assert names(client.get(GUIDE, {"q": "津\0贴"})) == ["高龄津贴申领"]


def test_nothing_found_says_what_to_do(client, item):
    page = client.get(GUIDE, {"q": "护照"}).content.decode()

    assert "没有找到相符的事项" in page
    assert "工作人员会登记并答复您" in page


def test_browsing_by_centre_shows_what_is_offered_there(client, cast, item):
    unit = cast.away.unit
    cast.item("林木采伐许可", unit=unit, code="LY-01")

    start = client.get(GUIDE)
    page = client.get(GUIDE, {"centre": cast.home.centre.pk})

    assert [
        (row["name"], [str(centre) for centre in row["centres"]])
        for row in start.context["counties"]
    ] == [("青溪县委", ["柳河镇便民服务中心", "东山乡便民服务中心"])]
    assert names(page) == ["高龄津贴申领"]
    assert "0717-6222345" in page.content.decode()
    assert client.get(GUIDE, {"centre": 987654}).status_code == 404


def test_village_offers_what_its_township_offers(client, cast, item):
    room = ServiceCentre.objects.create(
        organization=cast.home.village, kind="ROOM", name="一村便民服务室"
    )

    assert names(client.get(GUIDE, {"centre": room.pk})) == ["高龄津贴申领"]


def test_browsing_by_unit_narrows_and_counts(client, cast, item):
    cast.item("危房改造", unit=cast.home.other_unit, code="CJ-01")
    cast.item("低保申请", code="MZ-02")

    page = client.get(GUIDE, {"unit": "城建"})

    assert [(row["name"], row["items"]) for row in page.context["units"]] == [
        ("民政", 2),
        ("城建", 1),
    ]
    assert names(page) == ["危房改造"]


def test_switched_off_item_is_not_offered(client, cast, item):
    item.switch(False, actor=cast.centre_head)

    assert names(client.get(GUIDE)) == []
    assert client.get(reverse("services:guide_item", args=[item.pk])).status_code == 404


def test_long_list_comes_in_pages_that_keep_the_question(client, cast):
    for number in range(25):
        cast.item(f"事项{number:02d}", code=f"MZ-{number:02d}")

    first = client.get(GUIDE, {"q": "事项"})
    second = client.get(GUIDE, {"q": "事项", "page": 2})

    assert (len(names(first)), len(names(second))) == (20, 5)
    assert 'href="?q=%E4%BA%8B%E9%A1%B9&amp;page=2"' in first.content.decode()
    assert client.get(GUIDE, {"page": "x"}).status_code == 200


def test_many_centres_are_folded_by_county(client, cast):
    other = place("4298", "白水县委", cast.county.level)
    for number in range(12):
        township = Township(other, f"4298{number:03d}", f"白水{number}镇")
        cast.item(unit=township.unit)
    cast.item()

    page = client.get(GUIDE)

    assert {(row["name"], row["folded"]) for row in page.context["counties"]} == {
        ("白水县委", True),
        ("青溪县委", True),
    }
    assert page.content.count(b'<details class="guide-county">') == 2


def weight(html) -> int:
    """Bytes of the page and of every file that it loads, not compressed."""
    files = set(re.findall(r'(?:src|href)="/static/([^"#]+)"', html))
    return len(html.encode()) + sum(Path(finders.find(name)).stat().st_size for name in files)


def test_full_pages_arrive_within_the_budget_and_without_a_script_of_their_own(client, cast):
    made = [cast.item(f"城乡居民服务事项{n:02d}", code=f"MZ-{n:02d}") for n in range(20)]

    for url in (GUIDE, reverse("services:guide_item", args=[made[0].pk])):
        html = client.get(url).content.decode()
        assert weight(html) < BUDGET
        assert re.findall(r"<script src=\"/static/([^\"]+)\"", html) == ["portal.js"]
        assert "bootstrap-icons" not in html


def test_guide_asks_the_same_number_of_queries_for_one_row_and_for_three(client, cast, item):
    client.get(GUIDE)
    with CaptureQueriesContext(connection) as one:
        client.get(GUIDE)
    cast.item("危房改造", unit=cast.home.other_unit, code="CJ-01")
    cast.item("林木采伐许可", unit=cast.away.unit, code="LY-01")

    with CaptureQueriesContext(connection) as three:
        client.get(GUIDE)

    assert len(three) == len(one)
