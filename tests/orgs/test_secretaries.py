"""书记、换届、书记缺: the lists by which a township sees who leads and whose term ends."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from orgs.models import Committee, Level, Organization, SeatPost
from orgs.partial_date import PartialDate
from tests.orgs.leaders import day, elect, seat
from tests.people import place

SECRETARIES, TERMS, VACANCIES = (
    reverse(f"orgs:{name}") for name in ("secretaries", "terms", "vacancies")
)


def names(response):
    return [row.record.name for row in response.context["table"].rows]


def places(response):
    return [row.record.organization.name for row in response.context["table"].rows]


def sheet(response):
    return [list(row) for row in load_workbook(BytesIO(response.content)).active.values]


@pytest.fixture
def villages(cast):
    """Two villages of 柳河镇 with a committee each, and one of another township."""
    second = place("4299101202", "二村", Level.VILLAGE, cast.home.organization)
    member = cast.home.village.members.create(
        name="陈立国", born=PartialDate(1970, 3, 3), education="30", phone="13900000021"
    )
    elect(cast.home.village, seat(member=member, source="ELECTED", heads_village=True), term=7,
          elected="2021-03-01")  # fmt: skip
    elect(second, seat("田秀英", source="SENT"), seat("王五", SeatPost.MEMBER), elected="2021-08")
    elect(cast.away.village, seat("外乡人"))
    return second


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


def test_secretary_list_shows_the_own_branch(cast, villages, secretary, signed_in):
    page = secretary.get(SECRETARIES)

    assert names(page) == ["陈立国", "田秀英"]
    text = page.content.decode()
    for shown in ("139****0021", "55 岁", "大专", "一肩挑", "2026年3月1日"):
        assert shown in text
    assert "13900000021" not in text
    assert names(signed_in(cast.agent).get(SECRETARIES)) == ["陈立国"]
    assert signed_in(cast.clerk).get(SECRETARIES).status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "田"}, ["田秀英"]),
        ({"q": "4299101202"}, ["田秀英"]),
        ({"source": "ELECTED"}, ["陈立国"]),
        ({"under": "二村"}, ["田秀英"]),
        ({"under": "4299101"}, ["陈立国", "田秀英"]),
        ({"level": "TOWNSHIP"}, []),
        ({"sector": "RURAL", "sort": "-name"}, ["陈立国", "田秀英"]),
        ({"sort": "-due_on"}, ["田秀英", "陈立国"]),
    ],
)
def test_secretary_list_is_narrowed_and_sorted(villages, secretary, query, expected):
    assert names(secretary.get(SECRETARIES, query)) == expected


def test_secretary_export_holds_what_the_page_shows(villages, secretary):
    rows = sheet(secretary.get(reverse("orgs:secretaries_export")))

    assert rows[0] == ["党组织名称", "党组织代码", "姓名", "职务", "来源", "任职时间", "届次",
                       "当选日期", "应换届时间", "年龄", "学历", "兼任", "专职或兼职", "手机",
                       "备注"]  # fmt: skip
    assert rows[1][:9] == ["柳河镇一村", "4299101201", "陈立国", "书记", "群众推荐（选举）",
                           "2021-03-01", 7, "2021-03-01", rows[1][8]]  # fmt: skip
    assert rows[1][8].date() == date(2026, 3, 1)
    assert rows[1][9:14] == [55, "大专", "村（居）委会主任（一肩挑）", None, "139****0021"]
    assert len(rows) == 3


def test_terms_come_by_the_day_they_end(cast, villages, secretary):
    page = secretary.get(TERMS)

    assert places(page) == ["柳河镇一村", "二村"]
    assert (page.context["late"], page.context["soon"]) == (1, 0)
    text = page.content.decode()
    assert "逾期 1 天" in text
    assert "还有 5 个月" in text
    assert places(secretary.get(TERMS, {"state": "late"})) == ["柳河镇一村"]
    assert places(secretary.get(TERMS, {"state": "180"})) == []
    rows = sheet(secretary.get(reverse("orgs:terms_export"), {"state": "late"}))
    assert [row[:4] for row in rows[1:]] == [["柳河镇一村", "4299101201", 7, "陈立国"]]
    assert rows[1][6] == "逾期 1 天"


def test_vacancies_come_by_how_long_they_last(cast, villages, secretary):
    for committee, last in ((cast.home.village, "2025-11-30"), (villages, "2026-02-01")):
        row = committee.committees.get().seats.get(post="SECRETARY")
        row.vacate(actor=None, ended_on=day(last), reason="DIED")

    page = secretary.get(VACANCIES)

    assert names(page) == ["柳河镇一村", "二村", "柳河镇"]
    text = page.content.decode()
    for words in ("空缺 92 天，超过 3 个月", "空缺 29 天", "从未登记书记"):
        assert words in text
    assert names(secretary.get(VACANCIES, {"state": "long"})) == ["柳河镇一村"]
    assert names(secretary.get(VACANCIES, {"state": "known"})) == ["二村"]
    assert names(secretary.get(VACANCIES, {"state": "never"})) == ["柳河镇"]
    rows = sheet(secretary.get(reverse("orgs:vacancies_export"), {"state": "known"}))
    assert rows[1][:2] == ["二村", "4299101202"]


@pytest.mark.parametrize("address", [SECRETARIES, TERMS, VACANCIES])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(cast, queries, address):
    def branch(number):
        node = place(f"42991012{number}", f"{number}村", Level.VILLAGE, cast.home.organization)
        member = node.members.create(name=f"书记{number}")
        if address != VACANCIES:
            elect(node, seat(f"书记{number}", member=member))

    branch(10)
    one = queries(cast.secretary, address)
    branch(11)
    branch(12)

    assert queries(cast.secretary, address) == one


def test_abolished_organization_leaves_the_lists(cast, villages, secretary):
    Organization.objects.filter(pk=villages.pk).update(abolished_on="2026-01-01")

    assert names(secretary.get(SECRETARIES)) == ["陈立国"]
    assert places(secretary.get(TERMS)) == ["柳河镇一村"]
    assert names(secretary.get(VACANCIES)) == ["柳河镇"]
    assert Committee.objects.count() == 3


def test_age_and_education_are_shown_where_the_roster_knows_them(cast, villages, secretary):
    assert "学历" in secretary.get(SECRETARIES).content.decode()
    assert "学历" not in secretary.get(SECRETARIES, {"q": "田"}).content.decode()
