"""代办 on pages: entrusting, one errand with its papers, the printed forms."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.models import AuditEntry, Role
from services.models import Delegation
from tests.people import person, post
from tests.services.errand import answered, approve, entrusted, wanted
from tests.services.test_desk import PNG


def terms(cast, **changes):
    form = {
        "agent": cast.agent.pk, "usual": ["代为递交申请材料"], "more": "代为补拍照片",
        "place": "TOWNSHIP", "venue": "柳河镇便民服务中心民政窗口", "is_voluntary": "on",
        "is_free": "on", "signature": "SIGNED", "signature_note": "",
    }  # fmt: skip
    return form | changes


def do(client, errand, verb, **fields):
    url = reverse("services:delegation_act", args=[errand.pk, verb])
    return client.post(url, {f"{verb}-{name}": value for name, value in fields.items()})


def text_of(page):
    return page.content.decode()


# 委托


def test_request_page_offers_what_the_citizen_asked_for(cast, enter):
    request = wanted(cast)

    page = text_of(enter(cast.agent).get(request.get_absolute_url()))
    assert "群众要求干部代办，还没有签订委托。" in page
    assert reverse("services:entrust", args=[request.pk]) in page
    assert "签订代办委托" not in text_of(enter(cast.secretary).get(request.get_absolute_url()))
    entrusted(cast, request)
    page = text_of(enter(cast.secretary).get(request.get_absolute_url()))

    assert "柳代办员代办" in page
    assert reverse("services:entrust", args=[request.pk]) not in page


def test_agent_entrusts_with_the_village_agent_and_the_right_window_proposed(cast, enter):
    request = wanted(cast, item_version=cast.item().current)
    client, url = enter(cast.agent), reverse("services:entrust", args=[request.pk])

    form = client.get(url).context["form"]
    assert form.initial["agent"] == cast.agent
    assert form.initial["venue"] == "柳河镇便民服务中心民政"
    answer = client.post(url, terms(cast, files=[SimpleUploadedFile("委托书.png", PNG)]))

    errand = Delegation.objects.get()
    assert answer.url == errand.get_absolute_url()
    assert errand.scope_lines == ["代为递交申请材料", "代为补拍照片"]
    assert request.attachments.count() == 1
    assert client.post(url, terms(cast)).url == errand.get_absolute_url()
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"is_voluntary": ""}, "is_voluntary"),
        ({"is_free": ""}, "is_free"),
        ({"usual": [], "more": ""}, "more"),
        ({"signature": "FAMILY"}, "signature_note"),
        ({"signature": ""}, "signature"),
        ({"agent": "0"}, "agent"),
    ],
)
def test_what_the_citizen_has_not_agreed_to_is_named(cast, enter, changes, field):
    request = wanted(cast)
    url = reverse("services:entrust", args=[request.pk])

    page = enter(cast.agent).post(url, terms(cast, **changes))

    assert set(page.context["form"].errors) == {field}
    assert not Delegation.objects.exists()


def test_agents_of_elsewhere_are_not_to_be_chosen(cast, enter):
    url = reverse("services:entrust", args=[wanted(cast).pk])

    page = enter(cast.clerk).post(url, terms(cast, agent=cast.away.people[Role.AGENT].pk))

    assert set(page.context["form"].errors) == {"agent"}


# one errand


def test_whole_errand_on_its_page(cast, enter):
    errand = entrusted(cast, wanted(cast, item_version=cast.item().current))
    client = enter(cast.agent)

    def tick(verb, **fields):
        answer = do(client, errand, verb, **fields)
        assert answer.status_code == 302, answer.context["messages"]
        errand.refresh_from_db()

    nonce = str(uuid.uuid4())
    received = {"names": ["身份证"], "other": "银行卡，低保证", "kind": "ORIGINAL", "count": "1"}
    for _ in range(2):
        tick("receive", **received, nonce=nonce)
    tick("receive", names=["户口簿"], other="", kind="COPY", count="2", nonce=str(uuid.uuid4()))
    tick(
        "submit",
        venue="民政窗口",
        receiver="李雪梅",
        pieces=["ORIGINAL:身份证", "ORIGINAL:银行卡", "COPY:户口簿"],
    )
    tick("visit", purpose="告知进度", nonce=str(uuid.uuid4()))
    tick("hand_in", pieces=["ORIGINAL:低保证"], note="窗口要求")
    approve(cast, errand.request)
    reply = {"reply-channel": "VISIT", "reply-proof": "上门告知本人"}
    client = enter(cast.agent)
    client.post(reverse("services:act", args=[errand.request_id, "reply"]), reply)
    tick(
        "fetch",
        pieces=["ORIGINAL:身份证", "ORIGINAL:银行卡", "ORIGINAL:低保证"],
        results="高龄津贴批准书",
        nonce=str(uuid.uuid4()),
    )
    tick(
        "return_papers",
        pieces=["ORIGINAL:身份证", "ORIGINAL:银行卡", "ORIGINAL:低保证", "RESULT:高龄津贴批准书"],
    )
    tick("give_back", signature="THUMB", signature_note="", is_visit="on")
    tick("archive", archive_place="2026 年代办卷第 1 号")

    assert errand.state == "ARCHIVED"
    assert (errand.moves.count(), errand.visits.count()) == (16, 2)
    trail = AuditEntry.objects.about(errand.request).filter(action__startswith="delegation.")
    assert list(trail.values_list("label", flat=True)) == [
        "委托代办", "收取材料", "收取材料", "代办报送", "上门", "补交材料", "从窗口领回",
        "交还群众", "代办回交", "代办归档",
    ]  # fmt: skip


def test_refused_return_names_the_paper_and_keeps_what_was_typed(cast, enter):
    errand = answered(cast)

    page = do(
        enter(cast.agent), errand, "give_back", signature="SIGNED", signature_note="本人在家签收"
    )

    assert page.status_code == 409
    assert "户口簿 原件 1 份在窗口" in text_of(page)
    assert "本人在家签收" in text_of(page)


def test_form_that_came_too_late_is_told_why_and_keeps_its_text(cast, enter):
    errand = entrusted(cast)
    client = enter(cast.agent)
    Delegation.objects.get(pk=errand.pk).submit(actor=cast.agent, venue="民政")

    page = do(client, errand, "submit", venue="城建窗口", receiver="")

    assert page.status_code == 409
    assert "代办已报送" in text_of(page)
    assert "城建窗口" in text_of(page)


def test_paper_that_nobody_holds_cannot_be_ticked(cast, enter):
    errand = entrusted(cast)
    errand.receive(actor=cast.agent, names=["户口簿"], kind="ORIGINAL")

    page = do(enter(cast.agent), errand, "return_papers", pieces=["ORIGINAL:房产证"], note="")

    assert page.status_code == 200
    assert errand.moves.count() == 1


def test_onlookers_see_and_are_refused_strangers_find_nothing(cast, enter):
    errand = entrusted(cast)
    colleague = person("agent-2", "柳河代办二")
    post(colleague, cast.home.village, Role.AGENT)
    url = errand.get_absolute_url()

    for user in (cast.secretary, cast.reviewer, cast.dispatcher, colleague):
        page = enter(user).get(url)
        assert (page.status_code, page.context["verbs"]) == (200, [])
        assert do(enter(user), errand, "submit", venue="民政").status_code == 403
    for user in (*cast.away.people.values(), cast.fellow, cast.system_admin):
        assert enter(user).get(url).status_code == 404
        assert do(enter(user), errand, "submit", venue="民政").status_code == 404
    assert do(enter(cast.agent), errand, "steal").status_code == 404
    entrust = reverse("services:entrust", args=[wanted(cast).pk])
    assert enter(cast.secretary).get(entrust).status_code == 403
    assert enter(cast.outsider).get(entrust).status_code == 404


# printed forms


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ("authorisation", ["代办委托书", "自愿", "不收取任何费用", "代为领取办理结果"]),
        ("custody", ["材料交接清单", "群众 → 代办员", "代办员 → 窗口", "收到人签字"]),
        ("receipt", ["回交签收单", "收回全部原件", "高龄津贴已批准。"]),
    ],
)
def test_papers_are_masked_until_their_data_is_asked_for_on_record(cast, enter, paper, words):
    errand = answered(cast)
    url = reverse("services:delegation_paper", args=[errand.pk, paper])
    client = enter(cast.agent)

    masked = text_of(client.get(url))
    assert "覃*明" in masked
    assert "覃德明" not in masked
    assert not AuditEntry.objects.filter(action="citizen.unmasked").exists()
    full = client.post(url)

    assert "覃德明" in text_of(full)
    assert full["Cache-Control"] == "no-store"
    for word in words:
        assert word in text_of(full)
    entry = AuditEntry.objects.get(action="citizen.unmasked")
    assert entry.note == f"打印{words[0]}"
    assert enter(cast.reviewer).post(url).status_code == 403
    assert enter(cast.outsider).post(url).status_code == 404
    assert client.get(url.replace(paper, "nothing")).status_code == 404
