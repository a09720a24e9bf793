"""The receipt opens one page about one matter, and tells nobody else that there is one."""

import pytest
from django.test import Client
from django.urls import reverse

from orgs.models import Throttle
from services.models import ServiceRequest

QUERY = reverse("services:query")


@pytest.fixture(autouse=True)
def centre(cast):
    cast.clerk.telephone = "0717-6222301"
    cast.clerk.save()
    cast.home.unit.telephone = "0717-6222302"
    cast.home.unit.save()
    cast.home.centre.complaint_phone = "0717-6229999"
    cast.home.centre.save()


def url_of(request, code=None, name="progress"):
    return reverse(f"services:{name}", args=[request.number, code or request.query_code])


def page_of(client, request):
    return client.get(url_of(request)).content.decode()


def wrong(request):
    return "AAAAAA" if request.query_code != "AAAAAA" else "BBBBBB"


def test_receipt_opens_the_page_by_form_however_it_is_typed(cast, client):
    request = cast.register()
    typed = f" {request.number.lower().replace('-', '－')} "
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in request.query_code.lower())

    answer = client.post(QUERY, {"number": typed, "code": wide})

    assert (answer.status_code, answer.url) == (302, url_of(request))
    assert client.get(url_of(request).lower()).status_code == 200


def test_page_shows_the_citizen_what_concerns_the_citizen(cast, client):
    page = page_of(client, cast.handling())

    for said in (
        "高龄津贴", "正在办理", "覃*明", "139****0021", "柳窗口人员", "tel:0717-6222301",
        "柳河镇民政", "tel:0717-6222302", "tel:0717-6229999", "剩 5 个工作日", "应当办结",
        "最迟 2026年3月9日（星期一）17:30 前答复您。",
    ):  # fmt: skip
        assert said in page


def test_page_holds_nothing_of_what_goes_on_inside(cast, client):
    request = cast.handling(content="家住柳河镇一村三组，电话13900000021，身份证的事。")
    request.submit(actor=cast.handler, outcome="SOLVED", text="拟同意，待局长签字")
    request.return_draft(actor=cast.unit_head, reason="措辞不当")

    page = page_of(client, request)

    for hidden in (
        "覃德明", "13900000021", "三组", "柳承办人", "柳派单员", "柳承办单位负责人",
        "拟同意", "措辞不当", "身份证的事", "待审核", "退回",
    ):  # fmt: skip
        assert hidden not in page


def test_answer_is_shown_once_it_was_sent(cast, client):
    request = cast.pending()
    assert "已为老人办好高龄津贴。" not in page_of(client, request)
    request.approve(actor=cast.unit_head)
    assert "已为老人办好高龄津贴。" not in page_of(client, request)

    request.reply(actor=cast.handler, channel="PHONE", proof="14:20 电话告知本人")

    page = page_of(client, request)
    for said in ("已为老人办好高龄津贴。", "已解决", "电话答复", "按期答复", "评价这次办理"):
        assert said in page
    assert "14:20 电话告知本人" not in page


def test_numbers_in_matter_and_answer_are_masked(cast, client):
    request = cast.handling(subject="请联系13900000055")
    request.submit(actor=cast.handler, outcome="SOLVED", text="已转告13900000066。")
    request.approve(actor=cast.unit_head)
    request.reply(actor=cast.handler, channel="PHONE", proof="电话告知")

    page = page_of(client, request)

    assert "139****0055" in page
    assert "已转告139****0066。" in page


def test_steps_follow_the_case(cast, client):
    def states(request):
        steps = client.get(url_of(request)).context["steps"]
        return [step["state"][0] for step in steps]

    request = cast.replied()
    assert states(cast.register()) == ["d", "c", "t", "t", "t"]
    assert states(cast.register(accept=True)) == ["d", "d", "c", "t", "t"]
    assert states(cast.pending()) == ["d", "d", "c", "t", "t"]
    assert states(request) == ["d", "d", "d", "d", "c"]
    request.evaluate(grade=5)
    assert states(request) == ["d"] * 5


def test_waiting_for_acceptance_names_the_last_day(cast, client):
    said = "最迟 2026年3月9日（星期一）告诉您是否受理；到时没有告知，就算已经受理。"

    assert said in page_of(client, cast.register())


def test_citizen_is_told_that_the_matter_is_done_again(cast, client, clock):
    request = cast.replied()
    assert "重办" not in page_of(client, request)
    clock.set("2026-03-04 09:00")

    request.redo(actor=cast.centre_head, reason="群众来电说没有收到钱")

    page = page_of(client, request)
    assert "3月4日已退回重办（第 2 次办理）。最迟 2026年3月11日（星期三）17:30 前答复您。" in page
    assert "没有收到钱" not in page


def test_being_late_is_admitted(cast, client, clock):
    request = cast.handling()
    clock.set("2026-03-11 09:00")

    page = page_of(client, request)

    assert "超期 2 个工作日" in page
    assert "本应在 2026年3月9日（星期一）前答复您，没有按时做到" in page


def test_missing_materials_are_listed_for_the_citizen(cast, client):
    request = cast.register()
    request.ask_supplement(actor=cast.clerk, missing="户口簿\n银行卡")

    page = page_of(client, request)

    assert "等您补齐材料" in page
    assert "<li>户口簿</li><li>银行卡</li>" in page


def test_refused_matter_says_why_and_who_can_help_with_numbers_masked(cast, client, enter):
    request = cast.register()
    request.propose_refusal(
        actor=cast.clerk, reason="已由13900000055起诉", alternative="县人民法院，0700-5550010"
    )
    assert "起诉" not in page_of(client, request)

    request.endorse(actor=cast.centre_head, opinion="当面说清楚")

    page = page_of(client, request)
    assert "已由139****0055起诉" in page and "县人民法院，0700-5550010" in page
    assert "当面说清楚" not in page
    kept = enter(cast.clerk).get(request.get_absolute_url()).content.decode()
    assert "建议找谁办" in kept and "县人民法院，0700-5550010" in kept


@pytest.mark.parametrize("status", ["WITHDRAWN", "NOT_ACCEPTED", "MERGED", "SUSPENDED", "CLOSED"])
def test_every_other_end_has_its_words(cast, client, status):
    request = cast.replied() if status == "CLOSED" else cast.handling()
    ServiceRequest.objects.filter(pk=request.pk).update(status=status)

    page = client.get(url_of(request))

    assert page.status_code == 200
    assert len(page.context["promise"]) > 10


def test_draft_has_no_page(cast, client):
    request = cast.register()
    ServiceRequest.objects.filter(pk=request.pk).update(status="DRAFT")

    assert client.get(url_of(request)).status_code == 404


def test_wrong_number_and_wrong_code_get_the_same_bytes(cast, client):
    request = cast.register()
    code = wrong(request)

    there = client.post(QUERY, {"number": request.number, "code": code})
    nowhere = client.post(QUERY, {"number": "FB2601-99-0001", "code": request.query_code})
    # what was typed stays in the fields, and only there
    same = there.content.decode().replace(request.number, "FB2601-99-0001")
    same = same.replace(f'value="{code}"', f'value="{request.query_code}"')
    assert (there.status_code, same) == (nowhere.status_code, nowhere.content.decode())
    assert there.content.decode().count(request.number) == 1

    there = client.get(url_of(request, code))
    nowhere = client.get(reverse("services:progress", args=["FB2601-99-0001", code]))
    assert there.status_code == nowhere.status_code == 404
    assert (there.content, there.headers) == (nowhere.content, nowhere.headers)
    assert "编号或查询码不对" in there.content.decode()
    assert request.number not in there.content.decode()


def test_five_wrong_codes_close_the_number_for_a_quarter_of_an_hour(cast, client, clock):
    request, other = cast.register(), cast.register()
    for _ in range(5):
        assert client.get(url_of(request, wrong(request))).status_code == 404

    closed = client.get(url_of(request))
    form = client.post(QUERY, {"number": request.number, "code": request.query_code})

    assert (closed.status_code, form.status_code) == (429, 429)
    assert "请在 15 分钟后再试" in closed.content.decode()
    assert closed["Retry-After"] == "900"
    assert client.get(url_of(other)).status_code == 200
    clock.advance(minutes=15, seconds=1)
    assert client.get(url_of(request)).status_code == 200


def test_number_that_does_not_exist_closes_in_the_same_way(cast, client):
    request = cast.register()
    nowhere = reverse("services:progress", args=["FB2601-99-0001", "AAAAAA"])
    for url in (url_of(request, wrong(request)), nowhere):
        for _ in range(5):
            client.get(url)

    there, missing = client.get(url_of(request)), client.get(nowhere)

    assert (there.status_code, there.content) == (missing.status_code, missing.content)


def test_odd_characters_are_a_wrong_number(client):
    for number, code in (("\0", "\0"), ("FB" * 100, "A"), ("编号", "查询码")):
        url = reverse("services:progress", args=[number, code])
        assert client.get(url).status_code == 404


def test_small_letters_count_towards_the_same_number(cast, client):
    request = cast.register()
    for number in (request.number, request.number.lower()) * 3:
        client.get(reverse("services:progress", args=[number, wrong(request)]))

    assert client.get(url_of(request)).status_code == 429


def test_thousand_receipts_with_one_code_disclose_nothing(cast, client):
    request = cast.register()
    stem = request.number.rsplit("-", 1)[0]

    answers = [
        client.get(reverse("services:progress", args=[f"{stem}-{n:04d}", "AAAAAA"])).status_code
        for n in range(1000)
    ]

    assert answers == [404] * 30 + [429] * 970
    neighbour = Client(REMOTE_ADDR="198.51.100.7")
    assert neighbour.get(url_of(request)).status_code == 200


def test_one_subscriber_is_one_network_in_the_new_protocol(cast, client):
    for n in range(30):
        Client(REMOTE_ADDR=f"2001:db8:1:2::{n + 1:x}").get(
            reverse("services:progress", args=[f"FB2601-99-{n:04d}", "AAAAAA"])
        )
    request = cast.register()

    assert Client(REMOTE_ADDR="2001:db8:1:2:ffff::1").get(url_of(request)).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").get(url_of(request)).status_code == 200


def test_looking_at_the_own_matter_often_is_no_offence(cast, client):
    request = cast.register()

    assert {client.get(url_of(request)).status_code for _ in range(40)} == {200}
    assert not Throttle.objects.exists()


def test_empty_form_asks_for_what_is_missing_and_counts_nothing(cast, client):
    page = client.post(QUERY, {"number": "", "code": ""})

    assert set(page.context["form"].errors) == {"number", "code"}
    assert not Throttle.objects.exists()


def test_pages_leave_no_trace_elsewhere(cast, client):
    request = cast.replied()
    answers = [
        client.get(QUERY),
        client.get(url_of(request)),
        client.get(url_of(request, name="evaluate")),
        client.get(url_of(request, wrong(request))),
    ]

    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"


def test_forms_work_under_no_referrer_where_browsers_hide_the_origin(cast):
    request = cast.replied()
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})

    found = strict.post(QUERY, {"number": request.number, "code": request.query_code})
    rated = strict.post(url_of(request, name="evaluate"), {"grade": 5, "comment": ""})

    assert (found.status_code, rated.status_code) == (302, 302)
    assert strict.post(reverse("orgs:large_text"), {"next": url_of(request)}).status_code == 302
