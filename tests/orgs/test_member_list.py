"""Whoever leads a branch finds members by any fact, sees numbers masked, and takes lists home."""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry
from orgs.partial_date import PartialDate
from tests.orgs.members import PHONE, enrolled, rows_of, secrets_of

LIST, EXPORT = reverse("orgs:members"), reverse("orgs:members_export")


@pytest.fixture
def people(cast):
    village, town = cast.home.village, cast.home.organization
    return [
        enrolled(village, "单雄信", 1, born="19500601", joined=PartialDate(1972), in_hardship=True),
        enrolled(village, "李雪梅", 2, born="19950602", joined=PartialDate(2016, 12, 31),
                 stage="PROBATIONARY", phone="13900000022", is_away=True),
        enrolled(town, "覃德明", 3, born="19700601", joined=None, phone="13900000023"),
        enrolled(cast.away.village, "外乡人", 5, phone="13900000024"),
    ]  # fmt: skip


@pytest.fixture
def secretary(cast, people, signed_in):
    return signed_in(cast.secretary)


def names(response):
    return [row.name for row in response.context["page"].rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["覃德明", "李雪梅", "单雄信"]),
        ({"q": "雪梅"}, ["李雪梅"]),
        ({"q": "shanx"}, ["单雄信"]),
        ({"q": "QDM"}, ["覃德明"]),
        ({"branch": "柳河镇一村"}, ["李雪梅", "单雄信"]),
        ({"branch": "4299101"}, ["覃德明", "李雪梅", "单雄信"]),
        ({"stage": "PROBATIONARY"}, ["李雪梅"]),
        ({"flag": "in_hardship"}, ["单雄信"]),
        ({"flag": "is_away"}, ["李雪梅"]),
        ({"age": "35"}, ["李雪梅"]),
        ({"age": "60"}, ["覃德明"]),
        ({"age": "over"}, ["单雄信"]),
        ({"joined_min": "1972", "joined_max": "2015"}, ["单雄信"]),
        ({"joined_min": "2016"}, ["李雪梅"]),
        ({"number": "139 0000 0022"}, ["李雪梅"]),
        ({"number": "13900000024"}, []),
        ({"state": "gone"}, []),
        ({"sort": "name"}, ["李雪梅", "覃德明", "单雄信"]),
        ({"sort": "age"}, ["李雪梅", "覃德明", "单雄信"]),
        ({"sort": "-age"}, ["单雄信", "覃德明", "李雪梅"]),
        ({"sort": "joined"}, ["覃德明", "单雄信", "李雪梅"]),
        ({"sort": "phone"}, ["覃德明", "李雪梅", "单雄信"]),
    ],
)
def test_list_is_narrowed_and_sorted(secretary, query, expected):
    assert names(secretary.get(LIST, query)) == expected


def test_number_finds_exactly_one(secretary, people):
    assert names(secretary.get(LIST, {"number": people[0].id_number})) == ["单雄信"]


def test_whoever_has_left_is_listed_apart(secretary, people):
    people[0].set_standing(
        actor=None, standing="DECEASED", since=PartialDate(2026, 2), reason="因病去世"
    )

    assert names(secretary.get(LIST)) == ["覃德明", "李雪梅"]
    assert names(secretary.get(LIST, {"state": "gone"})) == ["单雄信"]
    assert names(secretary.get(LIST, {"state": "all"})) == ["覃德明", "李雪梅", "单雄信"]


def test_page_and_page_after_it_hold_everybody_once(cast, secretary, people):
    for number in range(60):
        enrolled(cast.home.village, "同名", 10 + number)
    seen, cursor = [], ""
    while True:
        page = secretary.get(LIST, {"cursor": cursor, "sort": "-joined"}).context["page"]
        seen += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 63
    assert secretary.get(LIST, {"cursor": "W10="}).context["page"].is_first


def test_no_page_tells_a_number_or_an_address(cast, secretary, people, signed_in):
    cadre = signed_in(cast.agent)
    member = people[0]
    urls = [LIST, member.get_absolute_url(), reverse("orgs:member_edit", args=[member.pk]),
            reverse("orgs:transfer_new", args=[member.pk])]  # fmt: skip
    for client, reached in ((secretary, urls), (cadre, urls[:2])):
        for url in reached:
            html = client.get(url).content.decode()
            assert [secret for secret in secrets_of(member) if secret in html] == []
    assert "单雄信" in secretary.get(LIST).content.decode()
    assert "单雄信" not in cadre.get(LIST).content.decode()
    assert "单*信" in cadre.get(member.get_absolute_url()).content.decode()


def test_export_holds_what_the_list_shows_masked_and_says_so(cast, secretary, people):
    response = secretary.get(EXPORT, {"q": "单雄信", "number": people[0].id_number})

    headings, row = rows_of(response.content)
    told = dict(zip(headings, row, strict=True))
    assert told["公民身份号码（已脱敏）"] == people[0].masked["id_number"]
    assert told["联系电话（已脱敏）"] == "139****0021"
    assert told["加入党组织日期"] == "1972"
    assert told["困难党员"] == "是"
    assert [secret for secret in secrets_of(people[0]) if secret in row] == []
    entry = AuditEntry.objects.get(action="list.exported")
    assert entry.note == "党员名册（已脱敏），1 条，条件：q=（关键词）&number=（号码）"


def test_cell_that_looks_like_a_formula_stays_text(cast, secretary):
    enrolled(cast.home.village, "甲", 91, job="=HYPERLINK(1)", phone=PHONE)

    response = secretary.get(EXPORT, {"q": "甲"})

    headings, row = rows_of(response.content)
    assert row[headings.index("工作岗位")] == "=HYPERLINK(1)"


def test_list_takes_as_many_queries_for_many_rows_as_for_one(cast, queries, people):
    one = queries(cast.secretary, f"{LIST}?q=覃德明")
    export = queries(cast.secretary, f"{EXPORT}?q=覃德明")

    assert queries(cast.secretary, LIST) == one
    assert queries(cast.secretary, EXPORT) == export


def test_empty_list_says_what_to_do(cast, signed_in):
    html = signed_in(cast.secretary).get(LIST).content.decode()

    assert "没有符合条件的党员" in html
    assert reverse("orgs:member_new") in html
