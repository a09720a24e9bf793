"""The editor of a reply in Chromium: by keyboard alone, and without any script at all."""

import pytest
from playwright.sync_api import expect

from services.models import ReplyTemplate
from tests.browser import assert_accessible, sign_in
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return Cast()


@pytest.fixture
def case(cast):
    ReplyTemplate.establish(
        actor=cast.centre_head,
        organization=cast.home.organization,
        name="津贴批准",
        text="经核对，【办理情况】，从【日期】起按月发放。",
    )
    return cast.handling()


def test_handler_fills_a_template_and_submits_by_keyboard(page, live_server, cast, case):
    sign_in(page, live_server, cast.handler)
    page.goto(f"{live_server.url}/requests/{case.pk}/reply/")
    assert_accessible(page)

    page.keyboard.press("ArrowDown")  # 已解决
    page.get_by_role("button", name="津贴批准").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("老人已满八十岁")  # over the first gap, which is selected
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="有 1 处请再看一下")).to_be_visible()
    expect(page.locator(".remarks")).to_contain_text("“【日期】”")
    assert_accessible(page)
    page.get_by_label("答复内容").focus()
    page.keyboard.press("F2")
    page.keyboard.type("2026年4月")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="检查没有发现问题")).to_be_visible()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status")).to_contain_text("已提交审核")
    reply = case.replies.get()
    assert reply.text == "经核对，老人已满八十岁，从2026年4月起按月发放。"
    assert (reply.outcome, reply.template.name) == ("SOLVED", "津贴批准")


def test_warning_is_set_aside_on_a_phone(page, live_server, cast, case):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, live_server, cast.handler)
    page.goto(f"{live_server.url}/requests/{case.pk}/reply/")
    page.get_by_label("办理结果").select_option("PARTLY")
    page.get_by_label("答复内容").fill("我们会尽快为老人办理高龄津贴，请等候消息。")
    page.get_by_role("button", name="预览并检查").click()
    page.get_by_role("button", name="提交审核").click()

    expect(page.get_by_role("alert")).to_contain_text("请勾选后提交，或者修改答复。")
    assert_accessible(page)
    page.get_by_label("我已看过以上提醒，仍然提交").check()
    page.get_by_role("button", name="提交审核").click()

    expect(page.locator("main")).to_contain_text("仍然提交：答应了要办，没有写什么时候")


def test_everything_works_without_a_script(browser, live_server, cast, case):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, cast.handler)
    page.goto(f"{live_server.url}/requests/{case.pk}/reply/")
    page.get_by_label("办理结果").select_option("SOLVED")
    page.get_by_label("答复内容").fill("您好。")
    page.get_by_role("button", name="津贴批准").click()

    expect(page.get_by_label("答复内容")).to_have_value(
        "您好。\n经核对，【办理情况】，从【日期】起按月发放。"
    )
    expect(page.get_by_label("办理结果")).to_have_value("SOLVED")
    page.get_by_label("答复内容").fill("经核对，高龄津贴已批准，从2026年4月起按月发放。")
    page.get_by_role("button", name="预览并检查").click()
    page.get_by_role("button", name="提交审核").click()

    expect(page.get_by_role("status")).to_contain_text("已提交审核")
    context.close()
