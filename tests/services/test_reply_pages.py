"""The handler writes the answer beside the question, sees it as the citizen will, and submits.

A warning can be set aside with one tick, on record; the reviewer reads the same.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry, Role
from services.models import Category, ReplyTemplate, ServiceRequest
from tests.people import person, post

GOOD = "经核对，老人已满八十岁，高龄津贴已审核通过，从2026年4月起按月发放。"
WEAK = "我们会尽快为老人办理高龄津贴，请等候银行卡到账的消息。"


@pytest.fixture
def case(cast):
    return cast.handling()


@pytest.fixture
def desk(case, enter, cast):
    """`desk(text, **more)` posts the editor as the handler does."""
    client, url = enter(cast.handler), reverse("services:reply_edit", args=[case.pk])

    def send(text=GOOD, outcome="SOLVED", **more):
        return client.post(url, {"text": text, "outcome": outcome, "template": ""} | more)

    return send


def seen(page) -> str:
    """What the page that showed the preview hands back with the next click."""
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


def codes(page):
    return [remark.code for remark in page.context["form"].remarks]


def note_of(case):
    return AuditEntry.objects.about(case).get(action="request.submitted").note


def template(
    cast, name="高龄津贴批准", text="经核对，{}已批准，从【日期】起发放。【单位电话】", **place
):
    place = {"organization": cast.home.organization} | place
    return ReplyTemplate.establish(actor=cast.centre_head, name=name, text=text, **place)


# The editor ----------------------------------------------------------------------------------


def test_page_shows_what_was_asked_point_by_point(cast, enter):
    case = cast.handling(content="老人八十二岁。请问要带哪些材料？希望上门办理。")

    page = enter(cast.handler).get(reverse("services:reply_edit", args=[case.pk]))

    assert page.context["points"] == ["请问要带哪些材料？", "希望上门办理。"]
    assert page.context["preview"] is None


def test_nothing_is_submitted_before_it_was_seen(desk, case):
    page = desk()

    assert page.context["preview"] == {"text": GOOD, "outcome": "已解决"}
    assert "检查没有发现问题" in page.content.decode()
    case.refresh_from_db()
    assert case.status == "HANDLING"

    answer = desk(seen=seen(page))

    assert answer.url == case.get_absolute_url()
    case.refresh_from_db()
    assert (case.status, case.current_reply().text) == ("PENDING_REVIEW", GOOD)
    assert note_of(case) == "已解决"


def test_what_was_changed_after_the_preview_is_shown_again(desk, case):
    page = desk()

    again = desk(GOOD + "请留意短信。", seen=seen(page))

    assert again.context["preview"]["text"] == GOOD + "请留意短信。"
    case.refresh_from_db()
    assert case.status == "HANDLING"


def test_second_look_is_not_a_submission(desk, case):
    page = desk()

    desk(seen=seen(page), again="yes")

    case.refresh_from_db()
    assert case.status == "HANDLING"


def test_warning_is_set_aside_with_one_tick_and_on_record(desk, case):
    page = desk(WEAK)
    assert codes(page) == ["NO_DATE"]
    for words in ("答应了要办，没有写什么时候", "我们会尽快为老人办理高龄津贴", "写明哪一天前办好"):
        assert words in page.content.decode()

    refused = desk(WEAK, seen=seen(page))
    assert refused.context["form"].errors["anyway"] == ["请勾选后提交，或者修改答复。"]
    desk(WEAK, seen=seen(page), anyway="on")

    case.refresh_from_db()
    assert case.status == "PENDING_REVIEW"
    assert note_of(case) == "已解决；仍然提交：答应了要办，没有写什么时候"


def test_tick_of_one_text_does_not_hold_for_another(desk, case):
    page = desk(WEAK)

    other = desk(WEAK + "【日期】", seen=seen(page), anyway="on")

    assert codes(other) == ["UNFILLED", "NO_DATE"]
    case.refresh_from_db()
    assert case.status == "HANDLING"


def test_record_names_the_warnings_and_none_of_the_numbers(desk, case):
    text = GOOD + "可联系邻居13912345678。"
    page = desk(text)
    assert codes(page) == ["PERSONAL"]

    desk(text, seen=seen(page), anyway="on")

    assert note_of(case) == "已解决；仍然提交：可能有别人的个人信息"


def test_preview_masks_as_the_public_page_does(desk, cast):
    page = desk(GOOD + "您的电话13900000021。")

    assert codes(page) == []  # the requester's own
    assert "139****0021" in page.context["preview"]["text"]


def test_empty_reply_is_no_reply(desk, case):
    page = desk("   ")

    assert page.context["preview"] is None
    assert "text" in page.context["form"].errors


def test_numbers_of_offices_may_stand_in_a_reply(desk, cast):
    cast.home.unit.telephone = "139 8888 0001"
    cast.home.unit.save()
    cast.unit_head.telephone = "13988880002"
    cast.unit_head.save()

    assert codes(desk(GOOD + "电话13988880001或13988880002。")) == []
    assert codes(desk(GOOD + "电话13988880003。")) == ["PERSONAL"]


def test_own_number_is_foreign_once_others_get_the_same_answer(desk, cast, case):
    cast.handling().merge(actor=cast.dispatcher, primary=case)

    assert codes(desk(GOOD + "您的电话13900000021。")) == ["PERSONAL"]


def test_name_of_another_citizen_is_noticed_within_scope_only(desk, cast):
    cast.handling(citizen={"name": "向明兰", "phone": "13900000077"})
    cast.register(
        actor=cast.outsider,
        organization=cast.away.organization,
        citizen={"name": "田桂香", "phone": "13900000078"},
    )

    assert codes(desk(GOOD + "与向明兰反映的一样。")) == ["PERSONAL"]
    assert codes(desk(GOOD + "与田桂香反映的一样。")) == []
    assert codes(desk(GOOD + "覃德明您好。")) == []


def test_returned_draft_comes_back_with_the_reason(cast, enter, case):
    case.submit(actor=cast.handler, outcome="PARTLY", text=WEAK)
    case.return_draft(actor=cast.unit_head, reason="补上发放日期")

    page = enter(cast.handler).get(reverse("services:reply_edit", args=[case.pk]))

    assert page.context["form"].initial["text"] == WEAK
    assert page.context["form"].initial["outcome"] == "PARTLY"
    assert "柳承办单位负责人退回：补上发放日期" in page.content.decode()


# Who may -------------------------------------------------------------------------------------


def test_only_the_handler_writes(cast, enter, case):
    url = reverse("services:reply_edit", args=[case.pk])

    for user in (cast.deputy, cast.unit_head, cast.clerk, cast.secretary):
        assert (user, enter(user).get(url).status_code) == (user, 403)
        assert (user, enter(user).post(url, {"text": GOOD}).status_code) == (user, 403)
    for user in (cast.outsider, cast.fellow, cast.away.people[Role.HANDLER]):
        assert (user, enter(user).get(url).status_code) == (user, 404)


def test_stand_in_writes_while_the_handler_is_away(cast, enter, case):
    cast.handler.hand_over(
        actor=cast.handler, deputy=cast.deputy, started_on="2026-03-01", ended_on="2026-03-09"
    )
    url = reverse("services:reply_edit", args=[case.pk])

    assert enter(cast.deputy).get(url).status_code == 200


def test_case_that_moved_on_keeps_what_was_typed(cast, enter, case, desk):
    mark = seen(desk())
    case.transfer(actor=cast.dispatcher, department=cast.home.other_unit, reason="改派")
    case.department, case.status = cast.home.unit, "DISPATCHED"
    case.save(update_fields=["department", "status"])
    ServiceRequest.objects.filter(pk=case.pk).update(handler=cast.handler)

    page = desk(seen=mark)

    assert page.status_code == 409
    assert GOOD in page.content.decode()


def test_old_link_leads_back_to_the_case(cast, enter):
    case = cast.pending()

    page = enter(cast.handler).get(reverse("services:reply_edit", args=[case.pk]), follow=True)

    assert page.redirect_chain == [(case.get_absolute_url(), 302)]
    assert "当前为“待审核”，不能写答复。" in page.content.decode()


def test_case_offers_the_editor_as_the_only_way(cast, enter, case):
    client, url = enter(cast.handler), reverse("services:reply_edit", args=[case.pk])

    assert url in client.get(case.get_absolute_url()).content.decode()
    answer = client.post(reverse("services:act", args=[case.pk, "submit"]), {"text": GOOD})

    assert answer.url == url
    case.refresh_from_db()
    assert case.status == "HANDLING"


# Templates and earlier answers ---------------------------------------------------------------


def test_templates_of_the_item_come_first_then_of_the_category_then_others(cast, enter):
    item, category = cast.item(), Category.ensure("民政", "老龄", "津贴")[0]
    other = Category.ensure("城建", "道路", "路灯")[0]
    general = template(cast, "通用")
    of_category = template(cast, "津贴类", category=category.parent)
    of_item = template(cast, "高龄津贴", item=item)
    template(cast, "路灯类", category=other)
    template(cast, "别的单位", department=cast.home.other_unit)
    template(cast, "停用").revise(actor=cast.centre_head, is_active=False)
    template(cast, "别的乡", organization=cast.away.organization)
    county = template(cast, "全县", organization=cast.county)
    case = cast.handling(item_version=item.current, category=category)

    offered = ReplyTemplate.objects.fitting(case)

    assert list(offered) == [of_item, of_category, general, county]
    page = enter(cast.handler).get(reverse("services:reply_edit", args=[case.pk]))
    assert [row for row, _ in page.context["templates"]] == list(offered)


def test_inserting_fills_what_the_portal_knows_and_keeps_what_was_typed(cast, desk, case):
    cast.home.unit.telephone = "0717-6222345"
    cast.home.unit.save()
    row = template(cast, text="【事项】已批准，从【日期】起发放。电话【单位电话】。")

    page = desk("您好。", outcome="PARTLY", insert=f"template-{row.pk}")

    assert page.context["form"].initial == {
        "outcome": "PARTLY",
        "text": "您好。\n高龄津贴已批准，从【日期】起发放。电话0717-6222345。",
        "template": row.pk,
    }
    assert page.context["preview"] is None


def test_link_can_begin_with_a_template(cast, enter, case):
    row = template(cast)
    url = reverse("services:reply_edit", args=[case.pk])

    page = enter(cast.handler).get(url, {"insert": f"template-{row.pk}"})

    assert page.context["form"].initial["template"] == row.pk


def test_what_is_not_offered_cannot_be_inserted(cast, desk):
    hidden = template(cast, organization=cast.away.organization)

    page = desk("您好。", insert=f"template-{hidden.pk}")

    assert page.context["form"].initial["text"] == "您好。"


def test_use_of_a_template_is_counted(cast, desk, case):
    row = template(cast)
    page = desk(template=row.pk)

    desk(template=row.pk, seen=seen(page))

    assert case.replies.get().template == row
    assert ReplyTemplate.objects.with_uses().get().uses == 1


def test_template_switched_off_meanwhile_does_not_stop_the_reply(cast, desk, case):
    row = template(cast)
    page = desk(template=row.pk)
    row.revise(actor=cast.centre_head, is_active=False)

    desk(template=row.pk, seen=seen(page))

    case.refresh_from_db()
    assert case.status == "PENDING_REVIEW"
    assert case.current_reply().template is None


def answered(cast, text=GOOD, grade=None, **fields):
    case = cast.handling(**fields)
    case.submit(actor=cast.handler, outcome="SOLVED", text=text)
    case.approve(actor=cast.unit_head)
    case.reply(actor=cast.handler, channel="PHONE", proof="电话告知")
    if grade:
        case.evaluate(grade=grade)
    return case


def test_like_answers_are_offered_without_the_person(cast, enter):
    said = "向明兰您好，津贴已发到您的卡，短信发至13900000077。"
    past = answered(
        cast,
        said,
        content="家里老人八十三岁，高龄津贴怎么申请？",
        citizen={"name": "向明兰", "phone": "13900000077"},
    )
    answered(cast, "已更换路灯。", subject="路灯不亮", content="村口的路灯坏了。")
    answered(cast, "不好的答复。", grade=1)
    cast.pending()
    case = cast.handling()

    page = enter(cast.handler).get(reverse("services:reply_edit", args=[case.pk]))

    [found] = page.context["past"]
    assert found.reply.request == past
    assert found.text == "向*兰您好，津贴已发到您的卡，短信发至139****0077。"
    assert "向明兰" not in page.content.decode()


def test_answers_out_of_scope_are_not_offered(cast, enter):
    elsewhere = person("road", "城建承办")
    post(elsewhere, cast.home.organization, Role.HANDLER, cast.home.other_unit)
    other = cast.register(accept=True)
    other.dispatch(actor=cast.dispatcher, department=cast.home.other_unit)
    other.sign(actor=elsewhere)
    other.submit(actor=elsewhere, outcome="SOLVED", text=GOOD)
    other.approve(actor=cast.centre_head)
    other.reply(actor=elsewhere, channel="PHONE", proof="电话告知")
    case = cast.handling()

    page = enter(cast.handler).get(reverse("services:reply_edit", args=[case.pk]))

    assert page.context["past"] == []


def test_inserted_answer_is_flagged_until_the_stars_are_gone(cast, desk):
    past = answered(cast, GOOD + "短信发至13900000021。")

    page = desk("", insert=f"past-{past.current_reply().pk}")
    text = page.context["form"].initial["text"]

    assert text.endswith("139****0021。")
    assert codes(desk(text)) == ["UNFILLED"]


def test_page_asks_the_same_number_of_queries_however_much_it_offers(cast, enter):
    item = cast.item()

    def measure():
        template(cast, f"模板{ReplyTemplate.objects.count()}", item=item)
        answered(cast, item_version=item.current)
        case = cast.handling(item_version=item.current)
        client = enter(cast.handler)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("services:reply_edit", args=[case.pk]))
        return len(queries)

    measure()
    assert measure() == measure()


# The reviewer --------------------------------------------------------------------------------


def test_reviewer_sees_the_same_preview_and_warnings(cast, enter, case):
    case.submit(actor=cast.handler, outcome="PARTLY", text=WEAK + "您的电话13900000021。")

    for user in (cast.unit_head, cast.centre_head):
        draft = enter(user).get(case.get_absolute_url()).context["draft"]
        assert [remark.code for remark in draft["remarks"]] == ["NO_DATE"]
        assert draft["text"] == WEAK + "您的电话139****0021。"
    assert enter(cast.secretary).get(case.get_absolute_url()).context["draft"] is None
    case.approve(actor=cast.unit_head)
    draft = enter(cast.handler).get(case.get_absolute_url()).context["draft"]
    assert (draft["outcome"], draft["remarks"]) == ("部分解决", [])


# Keeping templates ---------------------------------------------------------------------------


def form_of(**changes):
    return {"name": "低保说明", "item": "", "category": "", "text": "依据【文件】。"} | changes


def test_heads_keep_templates_for_their_own_place(cast, enter):
    url = reverse("services:reply_template_new")
    home, unit = cast.home.organization.pk, cast.home.unit.pk

    client = enter(cast.unit_head)
    assert dict(client.get(url).context["form"].fields["owner"].choices) == {
        f"unit-{unit}": "柳河镇民政"
    }
    client.post(url, form_of(owner=f"unit-{unit}"))
    refused = client.post(url, form_of(owner=f"all-{home}"))
    assert "owner" in refused.context["form"].errors
    enter(cast.centre_head).post(url, form_of(owner=f"all-{home}"))

    mine, all_units = ReplyTemplate.objects.order_by("pk")
    assert (mine.department, all_units.department) == (cast.home.unit, None)
    assert AuditEntry.objects.filter(action="reply_template.established").count() == 2


def test_name_is_single_in_its_place_and_serves_one_thing(cast, enter):
    item, category = cast.item(), Category.ensure("民政", "老龄", "津贴")[0]
    client, url = enter(cast.unit_head), reverse("services:reply_template_new")
    form = form_of(owner=f"unit-{cast.home.unit.pk}")

    both = client.post(url, form | {"item": item.pk, "category": category.pk})
    client.post(url, form)
    twice = client.post(url, form)

    assert "category" in both.context["form"].errors
    assert twice.context["form"].errors["name"] == ["已有同名的模板，请换一个名称。"]
    assert ReplyTemplate.objects.count() == 1


def test_template_is_revised_and_switched_off_on_record(cast, enter):
    row = template(cast, department=cast.home.unit)
    client, url = enter(cast.unit_head), reverse("services:reply_template_edit", args=[row.pk])
    form = form_of(owner=f"unit-{cast.home.unit.pk}", name=row.name, text=row.text)

    client.post(url, form)  # the tick for 启用 left out
    client.post(url, form)

    row.refresh_from_db()
    assert not row.is_active
    entry = AuditEntry.objects.get(action="reply_template.revised")
    assert entry.change_lines() == ["启用：是 → 否"]


def test_who_may_see_and_who_may_change(cast, enter):
    own = template(cast, "本单位", department=cast.home.unit)
    other = template(cast, "别的单位", department=cast.home.other_unit)
    everywhere = template(cast, "全镇")

    def rows(user):
        page = enter(user).get(reverse("services:reply_templates"))
        return {row.record for row in page.context["table"].rows}

    assert rows(cast.handler) == {own, everywhere}
    assert rows(cast.centre_head) == {own, other, everywhere}
    assert rows(cast.away.people[Role.HANDLER]) == set()
    answers = {
        (user, row): enter(user).get(row.get_absolute_url()).status_code
        for user in (cast.handler, cast.unit_head, cast.centre_head)
        for row in (own, other, everywhere)
    }
    assert answers == {
        (cast.handler, own): 403,
        (cast.handler, other): 404,
        (cast.handler, everywhere): 403,
        (cast.unit_head, own): 200,
        (cast.unit_head, other): 404,
        (cast.unit_head, everywhere): 403,
        (cast.centre_head, own): 200,
        (cast.centre_head, other): 200,
        (cast.centre_head, everywhere): 200,
    }


def test_list_asks_the_same_number_of_queries_for_one_row_and_for_many(cast, enter):
    client, url = enter(cast.centre_head), reverse("services:reply_templates")
    category = Category.ensure("民政", "老龄", "津贴")[0]

    def measure():
        number = ReplyTemplate.objects.count()
        template(cast, f"甲{number}", item=cast.item(code=f"MZ-{number}"))
        template(cast, f"乙{number}", category=category, department=cast.home.unit)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    measure()
    assert measure() == measure()


def test_export_holds_what_the_list_shows(cast, enter):
    template(cast)

    answer = enter(cast.handler).get(reverse("services:reply_templates_export"))

    assert answer.status_code == 200
    assert AuditEntry.objects.get(action="list.exported").note.startswith("答复模板，1 条")


# On the spot ---------------------------------------------------------------------------------


def test_answer_on_the_spot_is_short_but_holds_no_strangers_number(cast, enter):
    case = cast.register(accept=True, mode="DIRECT", promised_days=0)
    client, url = enter(cast.clerk), reverse("services:act", args=[case.pk, "finish_on_spot"])
    said = {"finish_on_spot-outcome": "SOLVED", "finish_on_spot-proof": ""}
    assert "仍然办结" not in client.get(case.get_absolute_url()).content.decode()

    text = "已当场开具证明，请交给13912345678。"
    page = client.post(url, said | {"finish_on_spot-text": text}).content.decode()
    assert "可能有别人的个人信息“13912345678”" in page
    assert "我已看过以上提醒，仍然办结" in page
    client.post(url, said | {"finish_on_spot-text": text, "finish_on_spot-anyway": "on"})

    case.refresh_from_db()
    assert case.status == "REPLIED"
    note = AuditEntry.objects.about(case).get(action="request.finished_on_spot").note
    assert note == f"{text}；仍然提交：可能有别人的个人信息"


def test_short_answer_on_the_spot_passes_at_once(cast, enter):
    case = cast.register(accept=True, mode="DIRECT", promised_days=0)
    url = reverse("services:act", args=[case.pk, "finish_on_spot"])
    said = {"outcome": "SOLVED", "text": "已开具证明。", "proof": ""}

    enter(cast.clerk).post(url, {f"finish_on_spot-{name}": value for name, value in said.items()})

    case.refresh_from_db()
    assert case.status == "REPLIED"
