"""The handler writes the answer beside the question, sees it as the citizen will, and submits.

A warning can be set aside with one tick, on record; the reviewer reads the same.
"""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, Role
from services.models import ServiceRequest
from tests.services.replying import GOOD, WEAK, codes, desk_of, note_of, seen


@pytest.fixture
def case(cast):
    return cast.handling()


@pytest.fixture
def desk(case, enter, cast):
    return desk_of(enter(cast.handler), case)


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
