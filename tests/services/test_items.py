"""The head of the centre keeps the catalogue: every change is a version, nothing is lost."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry, NotAllowed, Role
from services.models import Category, ServiceItem

LIST = reverse("services:items")


def written(item=None, **changes):
    """What the form sends: a new item, or the one there is as it stands."""
    form = {
        "name": "高龄津贴申领", "category": "", "mode": "COMMITTED", "statutory_days": "20",
        "promised_days": "5", "conditions": "", "materials": "身份证\r\n户口簿", "steps": "",
        "fee": "不收费", "result": "", "handler_name": "李雪梅", "handler_phone": "0717-6222310",
    }  # fmt: skip
    if item:
        form |= {"department": item.department_id, "since": item.current.number}
    return form | changes


@pytest.fixture
def item(cast):
    made = cast.item()
    made.publish(actor=cast.centre_head, **published())
    return made


def published(**changes):
    return {
        "name": "高龄津贴申领", "mode": "COMMITTED", "statutory_days": 20, "promised_days": 5,
        "materials": "身份证\n户口簿", "handler_name": "李雪梅", "handler_phone": "0717-6222310",
    } | changes  # fmt: skip


def names(page):
    return {row.record.current.name for row in page.context["table"].rows}


def test_head_introduces_an_item_for_a_unit_of_the_centre(cast, enter):
    leaf, _ = Category.ensure("民政救助", "养老服务", "高龄津贴")
    client = enter(cast.centre_head)
    form = written(code="MZ-09", department=cast.home.unit.pk, category=leaf.pk)

    answer = client.post(reverse("services:item_new"), form)

    made = ServiceItem.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.organization, made.department) == (cast.home.organization, cast.home.unit)
    assert (made.current.number, made.current.materials) == (1, "身份证\n户口簿")
    assert made.current.category == leaf
    entry = AuditEntry.objects.get(action="item.published")
    assert (entry.actor, entry.organization) == (cast.centre_head, cast.home.organization)


def test_units_of_other_centres_are_no_choice(cast, enter):
    client = enter(cast.centre_head)

    page = client.post(
        reverse("services:item_new"), written(code="MZ-09", department=cast.away.unit.pk)
    )

    assert "department" in page.context["form"].errors
    assert not ServiceItem.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"code": "MZ-01"}, "code", "本组织已有相同编码的事项，请换一个编码。"),
        ({"promised_days": "21"}, "promised_days", "承诺时限不能超过法定时限 20 个工作日。"),
        ({"promised_days": "0"}, "promised_days", "承诺办理的事项请填写 1 个工作日以上。"),
        ({"mode": "DIRECT"}, "promised_days", "直接办理的事项当日办结，承诺时限请填 0。"),
        ({"handler_phone": "12345"}, "handler_phone", None),
    ],
)
def test_wrong_entries_are_named_and_keep_what_was_typed(cast, item, enter, changes, field, words):
    client = enter(cast.centre_head)
    form = written(code="MZ-09", department=cast.home.unit.pk, conditions="年满八十周岁") | changes

    page = client.post(reverse("services:item_new"), form)

    errors = page.context["form"].errors
    assert list(errors) == [field]
    assert words is None or errors[field] == [words]
    assert "年满八十周岁" in page.content.decode()
    assert ServiceItem.objects.count() == 1


def test_saving_publishes_a_version_and_tells_what_changed(cast, item, enter):
    client = enter(cast.centre_head)

    client.post(
        reverse("services:item_edit", args=[item.pk]),
        written(item, promised_days="3", materials="身份证\r\n户口簿\r\n银行卡"),
    )

    item.refresh_from_db()
    assert (item.current.number, item.current.promised_days) == (3, 3)
    page = client.get(item.get_absolute_url())
    newest, changes = page.context["history"][0]
    assert newest == item.current
    assert [tuple(row) for row in changes] == [
        ("承诺时限（工作日）", "5", "3"),
        ("所需材料", "身份证\n户口簿", "身份证\n户口簿\n银行卡"),
    ]
    assert page.context["history"][-1][1] == []


def test_saving_without_a_change_publishes_nothing(cast, item, enter):
    client = enter(cast.centre_head)

    page = client.post(reverse("services:item_edit", args=[item.pk]), written(item), follow=True)

    item.refresh_from_db()
    assert item.current.number == 2
    assert "内容没有变化" in page.content.decode()


def test_item_goes_to_another_unit_without_a_new_version(cast, item, enter):
    client = enter(cast.centre_head)

    client.post(
        reverse("services:item_edit", args=[item.pk]),
        written(item, department=cast.home.other_unit.pk),
    )

    item.refresh_from_db()
    assert (item.department, item.current.number) == (cast.home.other_unit, 2)
    assert AuditEntry.objects.get(action="item.entrusted").changes == {
        "department": ["柳河镇民政", "柳河镇城建"]
    }


def test_who_saves_second_sees_the_first_and_keeps_the_own_text(cast, item, enter):
    client = enter(cast.centre_head)
    mine = written(item, conditions="年满八十周岁")
    item.publish(actor=cast.centre_head, **published(promised_days=3))
    url = reverse("services:item_edit", args=[item.pk])

    page = client.post(url, mine)

    assert page.status_code == 409
    text = page.content.decode()
    assert "柳中心主任已先发布第 3 版" in text
    assert "年满八十周岁" in text
    ((theirs, changes),) = page.context["history"]
    assert (theirs.number, [row.label for row in changes]) == (3, ["承诺时限（工作日）"])
    item.refresh_from_db()
    assert item.current.number == 3
    again = client.post(url, mine | {"since": page.context["form"]["since"].value()})
    assert again.status_code == 302
    item.refresh_from_db()
    assert (item.current.number, item.current.conditions) == (4, "年满八十周岁")


def test_request_that_was_taken_keeps_its_version(cast, item):
    request = cast.register(item_version=item.current, accept=True)

    item.revise(
        actor=cast.centre_head, department=item.department, since=2, **published(promised_days=1)
    )

    request.refresh_from_db()
    assert (request.item_version.number, request.promised_days) == (2, 5)


def test_stale_reader_is_refused_by_the_model_too(cast, item):
    with pytest.raises(NotAllowed):
        item.revise(actor=cast.centre_head, department=item.department, since=1, **published())


def test_switched_off_item_leaves_guide_and_counter_once(cast, item, enter):
    client = enter(cast.centre_head)
    url = reverse("services:item_switch", args=[item.pk])
    assert "停用这个事项？" in client.get(url).content.decode()

    client.post(url, {"active": ""})
    client.post(url, {"active": ""})

    item.refresh_from_db()
    assert not item.is_active
    assert not ServiceItem.objects.active().available_to(cast.home.organization).exists()
    assert client.get(reverse("services:guide_item", args=[item.pk])).status_code == 404
    assert AuditEntry.objects.filter(action="item.switched").count() == 1
    client.post(url, {"active": "on"})
    item.refresh_from_db()
    assert item.is_active


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CENTRE_HEAD}))
def test_everybody_else_reads_and_changes_nothing(cast, item, enter, role):
    client = enter(cast.home.people[role])

    assert client.get(item.get_absolute_url()).status_code == 200
    for name in ("item_edit", "item_switch"):
        url = reverse(f"services:{name}", args=[item.pk])
        assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
    assert client.get(reverse("services:item_new")).status_code == 403


def test_head_of_a_village_reads_the_items_above_and_changes_none(cast, item, enter):
    cast.fellow.posts.create(organization=cast.home.village, role=Role.CENTRE_HEAD)
    client = enter(cast.fellow)

    assert client.get(item.get_absolute_url()).status_code == 200
    assert client.get(reverse("services:item_edit", args=[item.pk])).status_code == 403


def test_other_township_does_not_see_the_item(cast, item, enter):
    client = enter(cast.away.people[Role.CENTRE_HEAD])

    assert client.get(item.get_absolute_url()).status_code == 404
    assert names(client.get(LIST)) == set()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"高龄津贴申领", "开具居住证明", "危房改造"}),
        ({"q": "津贴"}, {"高龄津贴申领"}),
        ({"mode": "DIRECT"}, {"开具居住证明"}),
        ({"active": "no"}, {"危房改造"}),
        ({"active": "yes", "q": "居住"}, {"开具居住证明"}),
        ({"unit": True}, {"危房改造"}),
    ],
)
def test_list_is_narrowed_by_words_unit_mode_and_state(cast, item, enter, query, found):
    cast.item("开具居住证明", mode="DIRECT", days=0, code="SQ-01")
    off = cast.item("危房改造", unit=cast.home.other_unit, code="CJ-01")
    off.switch(False, actor=cast.centre_head)
    if query.pop("unit", False):
        query["department"] = cast.home.other_unit.pk

    assert names(enter(cast.clerk).get(LIST, query)) == found


def test_export_holds_the_filtered_items_with_all_they_say(cast, item, enter):
    cast.item("开具居住证明", mode="DIRECT", days=0, code="SQ-01")
    client = enter(cast.clerk)

    answer = client.get(reverse("services:items_export"), {"q": "津贴"})

    rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    text = [str(cell) for row in rows for cell in row]
    for said in ("高龄津贴申领", "身份证\n户口簿", "5 个工作日内办结", "李雪梅", "启用"):
        assert said in text
    assert "开具居住证明" not in text
    assert AuditEntry.objects.get(action="list.exported").note.startswith("事项清单，1 条")


@pytest.mark.parametrize("path", [LIST, reverse("services:items_export")])
def test_list_asks_the_same_number_of_queries_for_one_row_and_for_three(cast, item, enter, path):
    client = enter(cast.clerk)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for number in (2, 3):
        made = cast.item(code=f"MZ-0{number}", unit=cast.home.other_unit)
        leaf, _ = Category.ensure("民政救助", "养老服务", f"津贴{number}")
        made.publish(actor=cast.centre_head, **published(category=leaf))

    with CaptureQueriesContext(connection) as three:
        client.get(path)

    assert len(three) == len(one)
