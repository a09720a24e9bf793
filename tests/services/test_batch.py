"""批量补录: in the evening a day's paper register is typed in, each line by itself."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry
from services.models import ServiceRequest

PAGE = "7f8f2d3e-55a4-4d0e-9b7f-0a6c0f6f0002"
GOOD = {"time": "9:30", "name": "覃德明", "phone": "13900000021", "content": "路灯不亮，请修。"}
OTHER = {"time": "1015", "name": "向明兰", "content": "问低保怎么申请。"}


def register(*rows, **changes):
    """A page of the register as the browser sends it; an empty dict is an empty row."""
    form = {"day": "2026-02-27", "source": "COUNTER", "accept": "on", "page": PAGE}
    form |= {"row-TOTAL_FORMS": str(len(rows)), "row-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        if row is not None:
            for name in (
                "time",
                "name",
                "phone",
                "address",
                "content",
                "item",
                "outcome",
                "answer",
            ):
                form[f"row-{index}-{name}"] = row.get(name, "")
    return form | changes


@pytest.fixture
def send(cast, enter):
    def send(*rows, user=None, **changes):
        client = enter(user or cast.clerk)
        return client.post(reverse("services:batch"), register(*rows, **changes))

    return send


def test_clerk_types_the_day_and_gets_all_receipts_at_once(cast, enter, send):
    answer = send(GOOD, {}, OTHER, {})

    assert answer.url == reverse("services:batch_result", args=[PAGE])
    first, second = ServiceRequest.objects.order_by("pk")
    assert (first.citizen.name, second.citizen.name) == ("覃德明", "向明兰")
    assert [row.received_at.isoformat() for row in (first, second)] == [
        "2026-02-27T01:30:00+00:00",
        "2026-02-27T02:15:00+00:00",
    ]
    assert {(row.is_late_entry, row.status, row.organization) for row in (first, second)} == {
        (True, "ACCEPTED", cast.home.organization)
    }
    page = enter(cast.clerk).get(answer.url).content.decode()
    for row in (first, second):
        assert page.count(row.number) >= 3  # in the list and on both parts of the receipt
        assert row.query_code in page


def test_same_page_twice_registers_nothing_twice(send):
    first, second = send(GOOD, OTHER), send(GOOD, OTHER)

    assert first.url == second.url
    assert ServiceRequest.objects.count() == 2


def test_bad_rows_stay_as_typed_and_good_ones_are_registered(send):
    bad = {"time": "25:00", "name": "田桂英", "phone": "12345", "content": "要修水沟。"}

    page = send(GOOD, bad, {"time": "11:00", "content": "无名氏"}, {})

    assert ServiceRequest.objects.get().citizen.name == "覃德明"
    assert [row.number for row in page.context["rows"]] == [2, 3, 4]
    assert page.context["rows"][0].errors == {"time": ["请按 9:30 的样子填。"]}
    assert page.context["rows"][1].errors == {"name": ["请填写这一项。"]}
    text = page.content.decode()
    assert "要修水沟。" in text
    assert "12345" in text
    assert "已补录 1 件" in text


def test_page_with_good_and_bad_rows_sent_twice_then_mended(send):
    bad = OTHER | {"phone": "12345"}

    send(GOOD, bad)
    send(GOOD, bad)
    answer = send(None, OTHER)  # the registered row is on the page no more

    assert answer.url == reverse("services:batch_result", args=[PAGE])
    assert list(ServiceRequest.objects.order_by("pk").values_list("citizen__name", flat=True)) == [
        "覃德明",
        "向明兰",
    ]


def test_registered_row_typed_over_is_refused_not_swallowed(send):
    send(GOOD)

    page = send(OTHER)

    number = ServiceRequest.objects.get().number
    assert page.context["rows"][0].non_field_errors() == [
        f"这一行已登记为 {number}，另一件请填在空行里。"
    ]


def test_row_follows_the_rules_of_the_intake(send):
    page = send(
        GOOD | {"time": "8:30", "phone": "1390000"}, GOOD | {"time": "23:59"}, day="2026-03-02"
    )

    assert [set(row.errors) for row in page.context["rows"]] == [{"phone"}, {"time"}]
    assert page.context["rows"][1].errors["time"] == ["实际收到时间不能晚于现在。"]
    assert not ServiceRequest.objects.exists()


def test_what_was_answered_on_the_spot_counts_from_then(send):
    send(GOOD | {"outcome": "EXPLAINED", "answer": "已告知报修电话。"})

    request = ServiceRequest.objects.get()
    assert (request.status, request.mode, request.outcome) == ("REPLIED", "DIRECT", "EXPLAINED")
    moment = "2026-02-27T01:30:00+00:00"
    assert request.accepted_at.isoformat() == request.replied_at.isoformat() == moment
    assert request.replied_at <= request.due_at
    assert request.replies.get().sent_at.isoformat() == moment


def test_answer_without_outcome_is_asked_for(send):
    page = send(GOOD | {"answer": "已告知。"}, OTHER | {"outcome": "SOLVED"})

    assert [row.errors for row in page.context["rows"]] == [
        {"outcome": ["请选办理结果。"]},
        {"answer": ["请写明怎样答复的。"]},
    ]


def test_item_is_found_by_name_code_or_both(cast, send):
    item = cast.item()
    rows = [GOOD | {"item": text} for text in ("MZ-01", "高龄津贴申领", "MZ-01 高龄津贴申领")]

    page = send(*rows, GOOD | {"item": "高龄"})

    assert [row.item_version for row in ServiceRequest.objects.all()] == [item.current] * 3
    assert set(page.context["rows"][0].errors) == {"item"}


def test_more_rows_without_script_keep_what_was_typed(send):
    page = send(GOOD | {"time": "?"}, None, more="10")

    assert [row.number for row in page.context["rows"]] == [1, *range(3, 13)]
    assert page.context["total"] == 12
    assert page.context["rows"][0]["time"].value() == "?"
    assert "路灯不亮" in page.content.decode()
    assert not ServiceRequest.objects.exists()


def test_wrong_day_registers_nothing_and_loses_nothing(send):
    page = send(GOOD, day="2026-03-03")

    assert page.context["head"].errors == {"day": ["登记簿日期不能晚于今天。"]}
    assert "路灯不亮" in page.content.decode()
    assert not ServiceRequest.objects.exists()


def test_empty_page_is_told_what_to_do(send):
    assert "还没有填写任何一行" in send({}, {}).content.decode()


def test_result_is_for_who_typed_it(cast, enter, send):
    url = send(GOOD).url

    for user in (cast.agent, cast.secretary, cast.outsider, cast.auditor):
        assert enter(user).get(url).status_code == 404
    nowhere = reverse("services:batch_result", args=[uuid.uuid4()])
    assert enter(cast.clerk).get(nowhere).status_code == 404
    assert enter(cast.clerk).get(nowhere[:-5] + "/").status_code == 404


def test_only_the_window_enters_batches(cast, send):
    assert send(GOOD, user=cast.handler).status_code == 403


def test_row_of_another_organization_cannot_be_forged(cast, send):
    send(GOOD, organization=str(cast.away.organization.pk))

    assert ServiceRequest.objects.get().organization == cast.home.organization


def test_result_asks_the_same_number_of_queries_for_one_row_and_for_many(cast, enter, send):
    one_url = send(GOOD).url
    many_url = send(GOOD, OTHER, GOOD, OTHER, page=str(uuid.uuid4())).url
    client = enter(cast.clerk)
    client.get(one_url)

    with CaptureQueriesContext(connection) as one:
        client.get(one_url)
    with CaptureQueriesContext(connection) as many:
        client.get(many_url)

    assert len(many) == len(one)


def test_page_asks_the_same_number_of_queries_for_one_item_and_for_many(cast, enter):
    client, url = enter(cast.clerk), reverse("services:batch")
    cast.item()
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(3):
        cast.item(code=f"MZ-1{number}", name=f"事项{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(one)


def test_codes_of_a_page_are_for_the_window_and_the_second_look_on_record(cast, enter, send):
    url = send(GOOD, OTHER).url
    first = ServiceRequest.objects.first()
    shown = AuditEntry.objects.filter(action="citizen.code_shown")

    assert first.query_code in enter(cast.clerk).get(url).content.decode()
    assert not shown.exists()
    assert first.query_code in enter(cast.clerk).get(url).content.decode()
    assert shown.count() == 2

    cast.clerk.posts.update(role="CALLBACK")
    assert first.query_code not in enter(cast.clerk).get(url).content.decode()
    assert shown.count() == 2


def test_page_that_another_account_has_sent_is_refused_row_by_row(cast, send):
    send(GOOD)

    answer = send(GOOD, OTHER, user=cast.agent)

    [row] = answer.context["bad"]
    assert "请刷新后重填" in row.non_field_errors()[0]
    assert GOOD["content"] in answer.content.decode()
    assert list(ServiceRequest.objects.values_list("registrar", flat=True).order_by("pk")) == [
        cast.clerk.pk,
        cast.agent.pk,
    ]
