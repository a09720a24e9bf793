"""The pages of the service desk: intake, lists, one request and its verbs, papers."""

import re
import uuid
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.models import AuditEntry
from services.models import ServiceRequest

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def intake(**changes):
    form = {
        "phone": "139 0000 0021", "name": "覃德明", "address": "柳河镇一村三组",
        "content": "家里老人八十二岁，想申请高龄津贴。请告知材料。", "item": "", "id_number": "",
        "source": "COUNTER", "received_at": "", "accept": "on", "nonce": str(uuid.uuid4()),
    }  # fmt: skip
    return form | changes


def test_clerk_registers_and_gets_a_receipt(cast, enter):
    client = enter(cast.clerk)

    page = client.post(reverse("services:register"), intake(), follow=True)

    request = ServiceRequest.objects.get()
    receipt = reverse("services:receipt", args=[request.pk])
    assert page.redirect_chain == [(f"{receipt}?print=1", 302)]
    assert (request.status, request.mode, request.promised_days) == ("ACCEPTED", "EXPLAIN", 3)
    assert request.subject == "家里老人八十二岁，想申请高龄津贴"
    assert request.citizen.phone == "13900000021"
    for text in (request.number, request.query_code, "群众联", "存根联", "data:image/svg+xml"):
        assert text in page.content.decode()


def test_receipt_says_what_it_is_a_receipt_of(cast, enter, clock):
    request = cast.register()
    url = reverse("services:receipt", args=[request.pk])

    waiting = enter(cast.clerk).get(url).content.decode()
    assert "登记回执（群众联）" in waiting and "应当办结" not in waiting
    assert "最迟 2026年3月9日（星期一）告诉您是否受理；到时没有告知，就算已经受理。" in waiting
    clock.advance(days=10)
    assert (
        "2026年3月9日（星期一）前没有告知，已经算受理。"
        in enter(cast.clerk).get(url).content.decode()
    )


def test_refused_citizen_gets_reason_and_another_way_on_paper_and_no_deadline(cast, enter):
    request = cast.register()
    request.propose_refusal(actor=cast.clerk, reason="属法院管辖", alternative="县人民法院诉讼大厅")
    client = enter(cast.clerk)
    url = reverse("services:receipt", args=[request.pk])
    assert "不予受理" not in client.get(url).content.decode()

    request.endorse(actor=cast.centre_head)

    paper = client.get(url).content.decode()
    for said in ("不予受理告知单", "属法院管辖", "县人民法院诉讼大厅", "2026年3月2日"):
        assert said in paper
    facts = client.get(request.get_absolute_url()).content.decode()
    for page in (paper, facts):
        assert "应当办结" not in page and "视为受理" not in page and "3月9日" not in page


def test_slip_printed_again_is_on_record_and_the_first_is_not(cast, enter):
    client = enter(cast.clerk)
    shown = AuditEntry.objects.filter(action="citizen.code_shown")

    first = client.post(reverse("services:register"), intake(), follow=True)
    request = ServiceRequest.objects.get()
    assert request.query_code in first.content.decode()
    assert not shown.exists()
    client.get(reverse("services:receipt", args=[request.pk]), {"print": "1"})

    assert (shown.get().actor, shown.get().target_id) == (cast.clerk, str(request.pk))
    assert "补打带查询码的回执" not in client.get(request.get_absolute_url()).content.decode()


def test_only_the_window_prints_the_query_code(cast, enter):
    """Whoever has it may rate the case as the citizen."""
    request = cast.replied()
    url = reverse("services:receipt", args=[request.pk])

    for user in (cast.handler, cast.unit_head, cast.dispatcher, cast.centre_head, cast.callback,
                 cast.secretary):  # fmt: skip
        page = enter(user).get(url).content.decode()
        assert request.number in page
        assert request.query_code not in page and "data:image/svg+xml" not in page
    assert not AuditEntry.objects.filter(action="citizen.code_shown").exists()
    assert request.query_code in enter(cast.clerk).get(url).content.decode()


def test_same_form_twice_is_one_request_and_the_same_receipt(cast, enter):
    client, form = enter(cast.clerk), intake()

    first = client.post(reverse("services:register"), form)
    second = client.post(reverse("services:register"), form)

    assert first.url == second.url
    assert ServiceRequest.objects.count() == 1


def test_form_that_another_account_has_sent_is_refused_and_kept(cast, enter):
    form = intake()
    enter(cast.clerk).post(reverse("services:register"), form)

    page = enter(cast.agent).post(reverse("services:register"), form)

    assert "请刷新后重填" in page.context["form"].non_field_errors()[0]
    assert form["content"] in page.content.decode()
    assert ServiceRequest.objects.count() == 1


def test_wrong_numbers_are_named_at_their_fields_and_nothing_typed_is_lost(cast, enter):
    client = enter(cast.clerk)

    page = client.post(
        reverse("services:register"),
        intake(phone="1390000", id_number="420527194403070011", received_at="2030-01-01T08:00"),
    )

    assert set(page.context["form"].errors) == {"phone", "id_number", "received_at"}
    assert "家里老人八十二岁" in page.content.decode()
    assert not ServiceRequest.objects.exists()


def test_refused_page_looks_up_person_and_matter_again(cast, enter):
    client, url = enter(cast.clerk), reverse("services:register")

    empty = client.get(url).content.decode()
    refused = client.post(url, intake(name="")).content.decode()

    asked = ["change from:#id_phone, change from:#id_id_number", "delay:600ms from:#id_content"]
    for trigger in asked:
        assert f'{trigger}"' in empty
        assert f'{trigger}, load"' in refused


def test_late_entry_keeps_its_own_time(cast, enter):
    client = enter(cast.clerk)

    client.post(reverse("services:register"), intake(received_at="2026-02-27T10:00", accept=""))

    request = ServiceRequest.objects.get()
    assert request.is_late_entry
    assert request.received_at.isoformat() == "2026-02-27T02:00:00+00:00"
    assert request.decide_by.isoformat() == "2026-03-05"  # Saturday the 28th was a workday


def test_upload_must_be_what_its_name_says(cast, enter):
    client = enter(cast.clerk)
    good = SimpleUploadedFile("照片.png", PNG)
    bad = SimpleUploadedFile("证明.pdf", b"MZ not a pdf at all")

    page = client.post(reverse("services:register"), intake(files=[bad]))
    assert page.context["form"].errors["files"] == [
        "“证明.pdf”的内容与扩展名不符，请用原程序另存后再上传。"
    ]
    client.post(reverse("services:register"), intake(files=[good]))

    row = ServiceRequest.objects.get().attachments.get()
    assert (row.name, row.size, row.uploaded_by) == ("照片.png", 28, cast.clerk)
    answer = client.get(reverse("services:attachment", args=[row.request_id, row.pk]))
    assert b"".join(answer.streaming_content) == PNG
    assert "attachment" in answer["Content-Disposition"]


def test_only_the_window_registers(cast, enter):
    assert enter(cast.handler).get(reverse("services:register")).status_code == 403


def test_hints_show_what_the_counter_knows(cast, enter):
    earlier, item = cast.register(), cast.item()
    cast.register(actor=cast.outsider, organization=cast.away.organization)
    client = enter(cast.clerk)

    person = client.post(reverse("services:citizen_hint"), {"phone": "13900000021"})
    nobody = client.post(reverse("services:citizen_hint"), {"phone": "", "id_number": ""})
    promise = client.get(reverse("services:item_hint"), {"item": item.pk})

    assert [row.pk for row in person.context["earlier"]] == [earlier.pk]
    assert list(nobody.context["earlier"]) == []
    recalled = AuditEntry.objects.get(action="citizen.recalled")
    assert recalled.target_id == str(earlier.citizen_id)
    assert promise.context["due_on"].isoformat() == "2026-03-09"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": "1390000"}, ["手机号码应为11位，现在是7位。"]),
        ({"phone": "139 0000 0021", "id_number": ""}, []),
        ({"phone": "", "id_number": "4205"}, ["身份证号码应为18位，现在是4位。"]),
    ],
)
def test_number_that_cannot_be_is_named_on_leaving_its_field(cast, enter, typed, said):
    page = enter(cast.clerk).post(reverse("services:citizen_hint"), typed)

    assert page.context["errors"] == said
    for words in said:
        assert words in page.content.decode()


@pytest.mark.parametrize("typed", ["abc", "", "-1", "²", "9" * 30])
def test_what_is_no_item_promises_nothing(cast, enter, typed):
    answer = enter(cast.clerk).get(reverse("services:item_hint"), {"item": typed})

    assert (answer.status_code, answer.content) == (200, b"")


def test_numbers_and_the_matter_stand_in_no_address(cast, enter):
    client = enter(cast.clerk)
    page = client.get(reverse("services:register")).content.decode()

    for name in ("services:citizen_hint", "services:matter_hint"):
        url = reverse(name)
        assert client.get(url, {"phone": "13900000021"}).status_code == 405
        assert f'hx-post="{url}"' in page and f'hx-get="{url}"' not in page


def test_citizen_is_found_by_id_number_too(cast, enter):
    number = "11010519491231002X"
    earlier = cast.register(citizen={"id_number": number})

    page = enter(cast.clerk).post(reverse("services:citizen_hint"), {"id_number": number.lower()})

    assert [row.pk for row in page.context["earlier"]] == [earlier.pk]


def test_boxes_hold_what_their_names_say(cast, enter, clock):
    waiting, handling, replied = cast.register(), cast.handling(), cast.replied()
    clock.set("2026-03-10 09:00")

    def box(user, name):
        page = enter(user).get(reverse("services:requests"), {"box": name})
        return {row.pk for row in page.context["page"].rows}

    assert box(cast.clerk, "todo") == {waiting.pk}
    assert box(cast.handler, "todo") == {handling.pk}
    assert box(cast.clerk, "open") == {waiting.pk, handling.pk}
    assert box(cast.clerk, "late") == {handling.pk}
    assert box(cast.clerk, "done") == {replied.pk}
    assert box(cast.reviewer, "all") == {waiting.pk, handling.pk, replied.pk}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("宅基", True),
        ("宅", True),
        ("宅基地 审批", True),
        ("宅基地 津贴", False),
        ("向明兰", True),
        ("FB2603", True),
        ("13900000077", True),
        ("0077", True),
        ("13900000078", False),
    ],
)
def test_search_finds_words_names_numbers_and_telephones(cast, enter, words, found):
    wanted = cast.register(
        subject="宅基地审批",
        content="想在老屋旁建房，问宅基地怎么批。",
        citizen={"name": "向明兰", "phone": "13900000077"},
    )
    page = enter(cast.clerk).get(reverse("services:requests"), {"q": words})

    assert (wanted in page.context["page"].rows) is found


def test_pages_follow_each_other_without_gap_or_repeat(cast, enter):
    made = [cast.register().pk for _ in range(45)]
    client, seen, cursor = enter(cast.clerk), [], ""

    for _ in range(3):
        page = client.get(reverse("services:requests"), {"box": "all", "cursor": cursor})
        seen += [row.pk for row in page.context["page"].rows]
        cursor = page.context["page"].next_cursor

    assert seen == sorted(made, reverse=True)
    assert cursor == ""


@pytest.mark.parametrize("path", ["services:requests", "home"])
def test_list_asks_the_same_number_of_queries_for_one_row_and_for_many(
    cast, enter, path, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cast.handling()
    client = enter(cast.clerk)
    url = reverse(path)
    client.get(url, {"box": "all"})
    with CaptureQueriesContext(connection) as one:
        client.get(url, {"box": "all"})
    for _ in range(3):
        cast.handling()
        cast.register()

    with CaptureQueriesContext(connection) as many:
        client.get(url, {"box": "all"})

    assert len(many) == len(one)


def test_who_comes_second_is_told_by_whom_and_keeps_the_text(cast, enter):
    request = cast.register(accept=True)
    client = enter(cast.dispatcher)
    stale = ServiceRequest.objects.get(pk=request.pk)
    stale.dispatch(actor=cast.dispatcher, department=cast.home.unit)

    page = client.post(
        reverse("services:act", args=[request.pk, "dispatch"]),
        {"dispatch-department": cast.home.other_unit.pk, "dispatch-instructions": "请现场查看"},
    )

    assert page.status_code == 409
    assert "柳派单员已于 09:00 派单" in page.content.decode()
    assert "请现场查看" in page.content.decode()


def test_way_of_the_answer_is_chosen_never_preset(cast, enter):
    request, client = cast.pending(), enter(cast.handler)
    request.approve(actor=cast.unit_head)
    url = reverse("services:act", args=[request.pk, "reply"])
    said = {"reply-proof": "14:20 电话告知本人"}

    [(_, _, form)] = client.get(request.get_absolute_url()).context["verbs"]
    assert form["channel"].value() is None
    [(_, _, form)] = client.post(url, said).context["verbs"]
    assert form.errors == {"channel": ["请选择一项。"]}
    client.post(url, said | {"reply-channel": "PHONE"})

    assert request.replies.get().get_channel_display() == "电话"


def test_visible_but_not_permitted_is_refused(cast, enter):
    request = cast.register()

    url = reverse("services:act", args=[request.pk, "accept"])

    assert enter(cast.secretary).post(url).status_code == 403


def test_personal_data_is_shown_in_full_only_with_a_reason_on_record(cast, enter):
    request = cast.register()
    client = enter(cast.clerk)
    url = reverse("services:unmask", args=[request.pk])

    assert "13900000021" not in client.get(request.get_absolute_url()).content.decode()
    assert "13900000021" not in client.get(url).content.decode()
    assert not AuditEntry.objects.filter(action="citizen.unmasked").exists()
    shown = client.post(url, {"reason": "联系群众核实情况", "note": ""})

    assert "13900000021" in shown.content.decode()
    assert AuditEntry.objects.get(action="citizen.unmasked").note == "联系群众核实情况"
    assert enter(cast.reviewer).get(url).status_code == 403


def test_export_holds_what_the_list_shows_masked(cast, enter):
    import io

    import openpyxl

    cast.register()
    client = enter(cast.clerk)

    answer = client.get(reverse("services:export"), {"box": "all"})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "覃*明" in cells
    assert "覃德明" not in cells
    # 2 March 2026, 09:00 in China: a moment, not the text of one elsewhere
    assert datetime(2026, 3, 2, 9) in cells
    assert any(re.fullmatch(r"2026-03-\d\d（受理剩 \d 个工作日）", str(cell)) for cell in cells)
    assert (
        AuditEntry.objects.get(action="list.exported").note == "办件（全部），1 条，条件：box=all"
    )


def test_record_of_an_export_keeps_no_number_and_no_name(cast, enter):
    cast.register()
    client, entries = enter(cast.clerk), AuditEntry.objects.filter(action="list.exported")

    for asked in ("13900000021", "0021", "11010519491231002X", "覃德明"):
        client.get(reverse("services:export"), {"box": "all", "q": asked, "status": ""})

    notes = {entry.note.partition("条件：")[2] for entry in entries}
    assert notes == {"box=all&q=（关键词）"}
