"""Beside the editor stand templates and what others were told in like matters.

Heads keep the templates of their centre or unit; earlier answers come without the person.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry, Role
from services.models import Category, ReplyTemplate
from tests.people import person, post
from tests.services.replying import GOOD, answered, codes, desk_of, seen, template


@pytest.fixture
def case(cast):
    return cast.handling()


@pytest.fixture
def desk(case, enter, cast):
    return desk_of(enter(cast.handler), case)


# Beside the editor ---------------------------------------------------------------


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
