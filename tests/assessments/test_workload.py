"""承办负荷: who has how much, what waits to be signed, what comes back and why."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from orgs.models import Role
from services.models import Assignment
from tests.people import person, post

URL = reverse("assessments:workload")


@pytest.fixture
def look(client, enter):
    def look(user, **asked):
        enter(user)
        return client.get(URL, asked)

    return look


@pytest.fixture
def road(cast):
    user = person("road", "城建承办")
    post(user, cast.home.organization, Role.HANDLER, cast.home.other_unit)
    return user


def rows(page, name):
    panel = next(p for p in page.context["workload"].panels if p.name == name)
    return [row.record for row in panel.table.rows]


def counters(page):
    return {row["label"]: row for row in page.context["workload"].counters()}


def sent_back(cast, times=1):
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    request.send_back(actor=cast.unit_head, reason="属城建职责")
    if times == 2:
        request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
        request.propose_return(actor=cast.unit_head, reason="仍不属民政")
        request.endorse(actor=cast.centre_head)
    return request


def test_open_cases_by_unit_and_person_counted_by_hand(look, cast, clock, road):
    late, _, waiting = cast.handling(), cast.handling(), cast.register(accept=True)
    waiting.dispatch(actor=cast.dispatcher, department=cast.home.other_unit)
    late.assist(actor=cast.dispatcher, department=cast.home.other_unit, instructions="看现场")
    clock.set("2026-03-10 09:00")
    cast.handling(promised_days=1)
    cast.replied()

    page = look(cast.dispatcher)

    keys = ("name", "open", "waiting", "soon", "overdue", "assisting", "received", "returned")
    assert [tuple(row[key] for key in keys) for row in rows(page, "units")] == [
        ("民政", 3, 0, 1, 2, 0, 4, 0),
        ("城建", 1, 1, 0, 1, 1, 1, 0),
    ]
    assert [(row["name"], row["unit"], row["open"]) for row in rows(page, "handlers")] == [
        ("柳承办人", "柳河镇民政", 3)
    ]
    assert counters(page)["待签收"]["note"] == "1 件已过签收期限"
    assert counters(page)["超期未办"]["value"] == "3"


def test_unit_without_work_is_listed_too(look, cast):
    assert {row["name"] for row in rows(look(cast.dispatcher), "units")} == {"民政", "城建"}


def test_mean_days_are_from_registration_to_the_first_answer(look, cast, clock):
    first, second = cast.handling(), cast.handling()
    clock.set("2026-03-03 09:00")
    answer(cast, first)
    clock.set("2026-03-06 09:00")
    answer(cast, second)

    (unit,) = [row for row in rows(look(cast.dispatcher), "units") if row["name"] == "民政"]

    assert unit["days"] == "2.5"


def answer(cast, request):
    request.submit(actor=cast.handler, outcome="SOLVED", text="已办好。")
    request.approve(actor=cast.unit_head)
    request.reply(actor=cast.handler, channel="PHONE", proof="电话告知")


def test_returned_cases_show_their_way_and_every_reason(look, cast):
    cast.handling()
    once, twice = sent_back(cast), sent_back(cast, times=2)
    once.dispatch(actor=cast.dispatcher, department=cast.home.other_unit)

    page = look(cast.dispatcher)

    told = [(row["number"], row["returns"], row["route"]) for row in rows(page, "returns")]
    assert told == [(twice.number, 2, "民政 → 民政"), (once.number, 1, "民政 → 城建")]
    assert rows(page, "returns")[0]["reasons"] == "民政：属城建职责；民政：仍不属民政"
    assert counters(page)["退过单"]["value"] == "2"
    assert "本期派单 3 件，退过单的 2 件（样本不足，不算比率）；1 件退单两次以上" in (
        page.content.decode()
    )
    (unit,) = [row for row in rows(page, "units") if row["name"] == "民政"]
    assert (unit["received"], unit["returned"], unit["share"]) == (4, 3, "")
    cast.handling()
    (unit,) = [row for row in rows(look(cast.dispatcher), "units") if row["name"] == "民政"]
    assert (unit["received"], unit["returned"], unit["share"]) == (5, 3, "60.0%")


def test_returns_of_another_time_and_another_township_are_not_shown(look, cast, clock):
    sent_back(cast)
    clock.set("2026-04-02 09:00")

    assert rows(look(cast.dispatcher), "returns") == []
    assert len(rows(look(cast.dispatcher, period="year"), "returns")) == 1
    assert rows(look(cast.away.people[Role.DISPATCHER], period="year"), "returns") == []


def test_every_number_leads_to_exactly_its_cases(look, client, cast, clock):
    sent_back(cast)
    cast.handling()
    cast.register(accept=True).dispatch(actor=cast.dispatcher, department=cast.home.other_unit)
    clock.set("2026-03-10 09:00")
    cast.handling(promised_days=1)
    page = look(cast.dispatcher)
    links = [
        (row[key.removesuffix("_url")], url)
        for panel in page.context["workload"].panels
        for row in (bound.record for bound in panel.table.rows)
        for key, url in row.items()
        if key.endswith("_url") and url and isinstance(row[key.removesuffix("_url")], int)
    ]
    links += [(int(row["value"]), row["url"]) for row in counters(page).values() if row["url"]]
    assert len(links) > 8

    for number, url in links:
        assert (url, client.get(url).context["page"].count) == (url, number)


def test_names_of_colleagues_elsewhere_cannot_be_asked_for(client, enter, cast):
    enter(cast.dispatcher)
    stranger = cast.away.people[Role.HANDLER]

    page = client.get(reverse("services:requests"), {"box": "all", "handler": stranger.pk})

    assert stranger.name not in page.content.decode()


def test_returns_are_exported_with_their_reasons(client, enter, cast):
    request = sent_back(cast)
    enter(cast.dispatcher)

    answer = client.get(reverse("assessments:workload_export"), {"panel": "returns"})

    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["编号", "事项", "退单次数", "经过单位", "退单依据", "现状"],
        [request.number, "高龄津贴", 1, "民政", "民政：属城建职责", "待派单"],
    ]


def test_queries_do_not_grow_with_units_people_and_cases(look, cast, clock, road):
    def fill(unit, handler):
        request = cast.register(accept=True)
        request.dispatch(actor=cast.dispatcher, department=unit)
        request.sign(actor=handler)
        request.assist(
            actor=cast.dispatcher,
            department=cast.home.unit if unit != cast.home.unit else cast.home.other_unit,
            instructions="请看现场",
        )
        sent_back(cast)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert look(cast.dispatcher).status_code == 200
        return len(queries)

    fill(cast.home.unit, cast.handler)
    count()
    one = count()
    fill(cast.home.unit, cast.deputy)
    fill(cast.home.other_unit, road)

    assert Assignment.objects.count() == 9
    assert count() == one
    assert one < 45
