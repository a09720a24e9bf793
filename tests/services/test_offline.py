"""离线登记: what a village cadre wrote down without network is handed in once, at its own time."""

import json
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry, Role
from services.models import ServiceRequest
from services.views.offline import SHELL, seal_of
from tests.people import post

NONCE = "7f8f2d3e-55a4-4d0e-9b7f-0a6c0f6f0003"
CAPTURED, NOW = "2026-02-27T02:15:00.000Z", "2026-03-02T01:00:00.000Z"


def form(**changes):
    return {
        "phone": "139 0000 0021", "name": "覃德明", "address": "一村三组", "item": "",
        "content": "村口水沟堵了，请疏通。", "id_number": "", "source": "VISIT", "received_at": "",
        "is_vulnerable": False, "is_delegated": True, "accept": True,
        "nonce": NONCE, "captured_at": CAPTURED, "device_now": NOW,
    } | changes  # fmt: skip


@pytest.fixture
def hand_in(cast, enter):
    def hand_in(user=None, account=None, organization=None, **changes):
        user = user or cast.agent
        sent = {
            "account": str((account or user).pk),
            "organization": (organization or user.posts.get().organization).pk,
            "fields": form(**changes),
        }
        url = reverse("services:offline_desk")
        return enter(user).post(url, json.dumps(sent), content_type="application/json")

    return hand_in


def test_cadre_hands_in_and_gets_number_and_code_to_copy(cast, hand_in):
    answer = hand_in()

    request = ServiceRequest.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {
        "changed": False,
        "number": request.number,
        "query_code": request.query_code,
        "subject": "村口水沟堵了，请疏通",
        "name": "覃*明",
        "due": "2026年3月5日",
        "receipt": reverse("services:receipt", args=[request.pk]),
    }
    assert (request.organization, request.registrar) == (cast.home.village, cast.agent)
    assert (request.citizen.phone, request.source) == ("13900000021", "VISIT")
    assert (request.is_delegated, request.status) == (True, "ACCEPTED")


def test_it_keeps_its_original_time_and_is_marked_as_entered_late(hand_in):
    hand_in()

    request = ServiceRequest.objects.get()
    assert request.is_late_entry
    assert request.received_at.isoformat() == "2026-02-27T02:15:00+00:00"
    assert request.registered_at.isoformat() == "2026-03-02T01:00:00+00:00"
    entry = AuditEntry.objects.about(request).get(action="request.registered")
    assert entry.note == "离线补录，设备记录时间 2026年2月27日 10:15"


def test_handed_in_twice_it_is_one_request_and_the_same_receipt(hand_in):
    first, second = hand_in(), hand_in()

    assert first.content == second.content
    assert ServiceRequest.objects.count() == 1


def test_form_that_another_account_has_handed_in_is_refused(cast, hand_in):
    hand_in()

    answer = hand_in(user=cast.clerk)

    assert answer.status_code == 409
    assert "请刷新后重填" in answer.json()["errors"]["__all__"][0]
    assert ServiceRequest.objects.count() == 1


def test_form_changed_after_it_was_registered_is_not_swallowed_silently(hand_in):
    hand_in()

    assert hand_in(content="不是水沟，是路灯。").json()["changed"]
    assert ServiceRequest.objects.get().content == "村口水沟堵了，请疏通。"


def test_second_hand_in_gets_the_receipt_even_if_the_form_would_be_refused_by_now(cast, hand_in):
    item = cast.item()
    first = hand_in(item=str(item.pk))
    item.switch(False, actor=cast.centre_head)

    assert hand_in(item=str(item.pk)).content == first.content


def test_errors_come_back_by_field_in_chinese(hand_in):
    answer = hand_in(phone="1390000", name="", id_number="420527194403070011", nonce="no uuid")

    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == {"phone", "name", "id_number", "nonce"}
    assert answer.json()["errors"]["phone"] == ["手机号码应为11位，现在是7位。"]
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize(
    ("captured_at", "received_at"),
    [
        ("2026-03-02T03:30:00.000Z", "2026-03-02T01:00:00+00:00"),  # two hours fast: now, not later
        ("2026-03-01T23:30:00.000Z", "2026-03-01T23:30:00+00:00"),
    ],
)
def test_clock_a_little_off_is_taken_as_it_is_but_never_later_than_now(
    hand_in, captured_at, received_at
):
    assert hand_in(captured_at=captured_at).status_code == 200
    assert ServiceRequest.objects.get().received_at.isoformat() == received_at


@pytest.mark.parametrize(
    ("captured_at", "device_now", "words", "suggested"),
    [
        (
            "2026-03-05T02:15:00Z",
            "2026-03-05T13:00:00Z",
            "这台设备的时钟快约 4 天。请核对并填写实际收到时间，再上交。",
            "2026-03-01T22:15",
        ),
        (
            "2026-02-26T00:15:00Z",
            "2026-02-27T00:00:00Z",
            "这台设备的时钟慢约 3 天。请核对并填写实际收到时间，再上交。",
            "2026-03-01T09:15",
        ),
        # The clock has been set right since: only the time of the draft is wrong.
        (
            "2015-01-01T00:15:00Z",
            NOW,
            "设备记录的时间是 2015年1月1日 08:15，可能不对。请核对并填写实际收到时间，再上交。",
            "2015-01-01T08:15",
        ),
    ],
)
def test_clock_far_off_is_asked_about(hand_in, captured_at, device_now, words, suggested):
    answer = hand_in(captured_at=captured_at, device_now=device_now)

    assert answer.status_code == 422
    assert answer.json() == {"errors": {"received_at": [words]}, "received_at": suggested}
    assert not ServiceRequest.objects.exists()


def test_time_that_a_person_filled_in_settles_it_and_the_clock_is_on_record(hand_in):
    answer = hand_in(
        captured_at="2026-03-05T02:15:00Z",
        device_now="2026-03-06T01:00:00Z",
        received_at="2026-02-28T16:40",
    )

    request = ServiceRequest.objects.get()
    assert answer.status_code == 200
    assert request.received_at.isoformat() == "2026-02-28T08:40:00+00:00"
    entry = AuditEntry.objects.about(request).get(action="request.registered")
    assert entry.note == (
        "离线补录，设备记录时间 2026年3月5日 10:15，设备时钟快约 4 天，收到时间由经办人核对"
    )


@pytest.mark.parametrize(
    "captured_at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "soon", ""]
)
def test_time_nobody_can_reckon_with_is_refused(hand_in, captured_at):
    answer = hand_in(captured_at=captured_at)

    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == {"captured_at"}


def test_draft_of_another_account_is_not_registered_in_my_name(cast, hand_in):
    answer = hand_in(account=cast.clerk)

    assert answer.status_code == 409
    assert answer.json()["errors"]["__all__"] == ["这件诉求是另一个账号记的，请由本人登录后上交。"]
    assert not ServiceRequest.objects.exists()


def test_draft_for_another_organization_waits_until_it_is_chosen(cast, hand_in):
    answer = hand_in(organization=cast.away.village)

    assert answer.status_code == 409
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"fields": 1}', '{"fields": {"name": []}}', "\x00"]
)
def test_what_is_no_form_is_refused(cast, enter, body):
    url = reverse("services:offline_desk")
    answer = enter(cast.agent).post(url, body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {"__all__"}


def test_ended_session_is_led_to_the_sign_in_and_registers_nothing(cast, client, clock):
    sent = {"account": str(cast.agent.pk), "organization": 1, "fields": form()}
    url = reverse("services:offline_desk")

    for answer in (
        client.get(url),
        client.post(url, json.dumps(sent), content_type="application/json"),
    ):
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("orgs:sign_in"))
    assert not ServiceRequest.objects.exists()


def test_hand_in_without_the_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.agent)
    session = client.session
    session["started"] = 4_000_000_000
    session.save()
    cast.agent.move_session(session.session_key)
    url = reverse("services:offline_desk")
    sent = {
        "account": str(cast.agent.pk), "organization": cast.home.village.pk, "fields": form()
    }  # fmt: skip

    def post_with(**headers):
        body = json.dumps(sent)
        return client.post(url, body, content_type="application/json", headers=headers)

    assert post_with().status_code == 403
    token = client.get(url).json()["csrf"]
    assert post_with(**{"X-CSRFToken": token}).status_code == 200


def test_only_who_registers_may_use_it(cast, enter):
    for user in (cast.handler, cast.secretary, cast.auditor, cast.fellow):
        client = enter(user)
        for name in ("services:offline", "services:offline_desk"):
            assert client.get(reverse(name)).status_code == 403
        sent = {"account": str(user.pk), "organization": 1, "fields": form()}
        answer = client.post(
            reverse("services:offline_desk"), json.dumps(sent), content_type="application/json"
        )
        assert answer.status_code == 403
    assert not ServiceRequest.objects.exists()


def test_desk_tells_what_the_form_may_offer_there(cast, enter):
    item = cast.item()
    cast.item(unit=cast.away.unit, code="DS-01", name="东山事项")

    answer = enter(cast.agent).get(reverse("services:offline_desk"))

    said = answer.json()
    assert said["account"] == str(cast.agent.pk)
    assert said["organization"] == {
        "id": cast.home.village.pk,
        "name": str(cast.home.village),
    }
    assert said["choices"]["item"] == [
        ["", "清单外诉求（按明确答复办理）"],
        [str(item.pk), "高龄津贴申领"],
    ]
    assert "no-store" in answer["Cache-Control"]


def test_seal_is_the_accounts_own_and_stays_the_same(cast):
    assert seal_of(cast.agent) == seal_of(cast.agent)
    assert len({seal_of(user) for user in (cast.agent, cast.clerk, cast.outsider)}) == 3


def test_shell_is_the_same_for_everybody_and_holds_no_data(cast, enter):
    cast.item()
    pages = {
        enter(user).get(reverse("services:offline")).content for user in (cast.agent, cast.clerk)
    }

    assert len(pages) == 1
    page = pages.pop().decode()
    for text in (cast.agent.name, cast.home.organization.name, "高龄津贴", "csrf"):
        assert text not in page


def test_worker_keeps_exactly_what_the_shell_names(cast, enter, client):
    page = enter(cast.agent).get(reverse("services:offline")).content.decode()
    client.logout()

    script = client.get(reverse("services:offline_worker"))

    known = json.loads(script.content.decode().split(" = ", 1)[1].split(";\n")[0])
    assert script["Content-Type"] == "text/javascript"
    assert set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page)) == set(known["assets"])
    assert (known["page"], len(known["assets"])) == ("/offline/", len(SHELL))


def test_policy_of_the_page_stays_strict(cast, enter):
    answer = enter(cast.agent).get(reverse("services:offline"))

    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", answer.content.decode())


def test_person_of_two_posts_hands_in_where_the_draft_was_written(cast, hand_in):
    post(cast.agent, cast.home.organization, Role.CLERK)
    village = cast.home.village

    answers = [
        hand_in(organization=place, nonce=str(uuid.uuid4()))
        for place in (village, cast.home.organization)
    ]

    # Which one is chosen stands in the header; without a choice it is the first.
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert ServiceRequest.objects.count() == 1


def test_desk_asks_the_same_number_of_queries_for_one_item_and_for_many(cast, enter):
    client, url = enter(cast.agent), reverse("services:offline_desk")
    cast.item()
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(3):
        cast.item(code=f"MZ-1{number}", name=f"事项{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(one)
