"""代办 on pages: entrusting, the day's way, one errand, printed forms, the ledger."""

import io
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry, Role
from services.models import Delegation, Paper
from tests.people import person, post
from tests.services import errand as stages
from tests.services.errand import BOOK, answered, approve, entrusted, submitted, wanted
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


# the day's way


def test_day_is_grouped_by_place_with_what_to_bring_and_hardship_first(cast, enter, clock):
    item = cast.item().current
    plain = entrusted(cast, wanted(cast, item_version=item))
    plain.receive(actor=cast.agent, names=["身份证"], kind=Paper.ORIGINAL)
    first = entrusted(cast, wanted(cast, citizen={"name": "向兰", "is_vulnerable": True}))
    county = entrusted(cast, place="COUNTY", venue="青溪县政务服务大厅")
    fetch, home = answered(cast), answered(cast, papers=False)
    asked = wanted(cast, subject="残疾证换证")
    submitted(cast)  # with the window; nowhere to go

    page = enter(cast.agent).get(reverse("services:errands"))

    groups = page.context["groups"]
    assert [label for label, _ in groups] == [
        "村（社区）便民服务室",
        "乡镇（街道）便民服务中心",
        "县（市、区）政务服务窗口",
    ]
    village, township, hall = (steps for _, steps in groups)
    assert [(step.errand, step.todo) for step in village] == [(home, "请群众签收，回交")]
    assert [(step.errand, step.todo) for step in township] == [
        (first, "报送"),
        (plain, "报送"),
        (fetch, "到窗口领回结果和原件"),
    ]
    assert [step.errand for step in hall] == [county]
    assert (township[1].bring, township[1].lacking) == (["身份证 原件 1 份"], ["户口簿"])
    assert township[2].bring == ["户口簿 原件 1 份"]
    assert township[0].light.words == "剩 3 个工作日报送"
    assert list(page.context["wanted"]) == [asked]
    for words in ("困难群体", "签订委托", "覃*明"):
        assert words in text_of(page)
    assert "覃德明" not in text_of(page)


@pytest.mark.parametrize(
    ("now", "words", "tone"),
    [
        ("2026-03-04 09:00", "剩 1 个工作日报送", "yellow"),
        ("2026-03-05 17:00", "今天应报送", "yellow"),
        ("2026-03-07 09:00", "报送超期 1 个工作日", "red"),
        ("2026-03-10 09:00", "报送超期 3 个工作日", "red"),
    ],
)
def test_lateness_is_shown_in_words(cast, enter, clock, now, words, tone):
    entrusted(cast)
    clock.set(now)

    page = enter(cast.agent).get(reverse("services:errands"))

    (_, (step,)) = page.context["groups"][0]
    assert (step.light.words, step.light.tone) == (words, tone)
    assert words in text_of(page)


def test_other_boxes_list_the_rest(cast, enter):
    needy = wanted(cast, citizen={"name": "向兰", "is_vulnerable": True})
    rows = {
        "waiting": submitted(cast, needy),
        "suspended": stages.suspended(cast),
        "done": stages.archived(cast),
    }
    client = enter(cast.clerk)

    for box, errand in rows.items():
        page = client.get(reverse("services:errands"), {"box": box})
        assert [row.record for row in page.context["table"].rows] == [errand]
    assert client.get(reverse("services:errands"), {"box": "other"}).status_code == 404


def test_each_step_says_what_comes_next(cast, enter):
    def next_of(errand):
        step = enter(cast.agent).get(errand.get_absolute_url()).context["step"]
        return step.todo, step.verb

    asked = submitted(cast)
    asked.request.ask_supplement(actor=cast.clerk, missing="银行卡复印件")
    brought = submitted(cast, papers=False)
    approve(cast, brought.request)
    held = answered(cast)
    held.fetch(actor=cast.agent, pieces=[BOOK])
    fallen = submitted(cast)
    fallen.request.withdraw(actor=cast.clerk, reason="不办了", signed=True)
    empty = submitted(cast, papers=False)
    empty.request.withdraw(actor=cast.clerk, reason="不办了", signed=True)

    assert next_of(entrusted(cast)) == ("报送", "receive")
    assert next_of(asked) == ("收齐补正材料，送窗口", "receive")
    assert next_of(brought) == ("把答复送给群众", "")
    assert next_of(held) == ("请群众签收，回交", "return_papers")
    assert next_of(fallen) == ("到窗口领回结果和原件", "fetch")
    assert next_of(empty) == ("告知群众，交还材料后终止", "end")
    assert next_of(stages.suspended(cast)) == ("已中止", "resume")
    assert next_of(stages.returned(cast)) == ("归档", "archive")
    assert next_of(stages.archived(cast)) == ("已归档", "")


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


# the ledger


def test_ledger_counts_per_cadre_with_numerator_and_denominator(cast, enter, clock):
    stages.returned(cast)
    entrusted(cast, wanted(cast, citizen={"name": "向兰", "is_vulnerable": True}), is_visit=True)
    clock.set("2026-03-09 09:00")

    def row_of(user, **period):
        page = enter(user).get(reverse("services:errand_ledger"), period)
        ((record,),) = ([row.record for row in page.context["table"].rows],)
        return record, text_of(page)

    record, page = row_of(cast.secretary)
    counts = {name: record[name] for name in ("entrusted", "vulnerable", "due", "on_time", "done")}
    assert counts == {"entrusted": 2, "vulnerable": 1, "due": 2, "on_time": 1, "done": 1}
    assert (record["name"], record["organization"], record["visits"]) == (
        "柳代办员", "柳河镇一村", 1,
    )  # fmt: skip
    assert "1/2（50%）" in page
    record, page = row_of(cast.agent, since="2026-04-01", until="2026-04-30")
    assert (record["entrusted"], record["visits"]) == (0, 0)


def test_ledger_of_one_cadre_holds_masked_cases_and_leaves_as_a_file(cast, enter):
    errand = stages.returned(cast)
    client = enter(cast.reviewer)
    url = reverse("services:errand_ledger_of", args=[cast.agent.pk])

    page = client.get(url)
    assert [row.record for row in page.context["table"].rows] == [errand]
    assert "覃*明" in text_of(page)
    assert "覃德明" not in text_of(page)

    for name, args in (("errand_ledger_export", []), ("errand_ledger_of_export", [cast.agent.pk])):
        answer = client.get(reverse(f"services:{name}", args=args))
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        cells = {cell.value for row in sheet.iter_rows() for cell in row}
        assert "覃德明" not in cells
        assert cells & {"柳代办员", "覃*明"}


def test_ledger_has_only_what_is_within_reach(cast, enter):
    entrusted(cast)
    colleague = person("agent-2", "柳河代办二")
    post(colleague, cast.home.village, Role.AGENT)
    url = reverse("services:errand_ledger_of", args=[cast.agent.pk])

    for user in (cast.agent, cast.centre_head, cast.secretary, cast.reviewer):
        assert enter(user).get(url).status_code == 200
    for user in (colleague, cast.clerk, cast.handler, *cast.away.people.values()):
        assert enter(user).get(url).status_code == 404
        assert enter(user).get(f"{url}export/").status_code == 404
    assert enter(cast.clerk).get(reverse("services:errand_ledger")).status_code == 403
    page = enter(colleague).get(reverse("services:errand_ledger"))
    assert [row.record["name"] for row in page.context["table"].rows] == ["柳河代办二"]


def test_period_that_makes_no_sense_is_named(cast, enter):
    page = enter(cast.agent).get(
        reverse("services:errand_ledger"), {"since": "2026-03-02", "until": "2026-01-01"}
    )

    assert "结束日期不能早于开始日期。" in text_of(page)


# how much they ask of the database


@pytest.mark.parametrize(
    ("name", "query", "who"),
    [
        ("errands", {}, "agent"),
        ("errands", {"box": "waiting"}, "clerk"),
        ("errand_ledger", {}, "secretary"),
        ("errand_ledger_of", {}, "secretary"),
    ],
)
def test_lists_ask_the_same_number_of_queries_for_one_row_and_for_many(
    cast, enter, name, query, who
):  # fmt: skip
    url = reverse(f"services:{name}", args=[cast.agent.pk] if name == "errand_ledger_of" else [])
    client = enter(getattr(cast, who))
    item = cast.item().current

    def fill():
        wanted(cast)
        entrusted(cast, wanted(cast, item_version=item))
        submitted(cast).request.ask_supplement(actor=cast.clerk, missing="户口簿")
        submitted(cast)
        answered(cast)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url, query)
        return len(captured)

    fill()
    client.get(url, query)
    one = queries()
    for _ in range(2):
        fill()
        extra = person(f"agent-{uuid.uuid4()}", "又一代办")
        post(extra, cast.home.village, Role.AGENT)

    assert queries() == one


def test_menu_leads_to_the_errands(cast, enter):
    def shown(user):
        page = text_of(enter(user).get(reverse("home")))
        return [f'href="{reverse(f"services:{name}")}"' in page for name in MENU]

    for role in Role:
        carries = role in (Role.AGENT, Role.CLERK, Role.CENTRE_HEAD)
        reads = role in (Role.AGENT, Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER)
        assert shown(cast.home.people[role]) == [carries, reads]


MENU = ("errands", "errand_ledger")
