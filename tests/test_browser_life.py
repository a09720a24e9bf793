"""The whole life of a request in Chromium: keyboard at the counter, phone in the citizen's hand."""

import pytest
from playwright.sync_api import Page, expect

from services.models import ServiceRequest
from tests.browser import assert_accessible, sign_in
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return Cast()


@pytest.fixture
def server(live_server, settings):
    settings.PUBLIC_URL = live_server.url
    return live_server


def register_by_keyboard(page: Page, server):
    """Phone, name, address, matter, item; Ctrl+Enter. No mouse."""
    page.goto(f"{server.url}/requests/new/")
    assert_accessible(page)
    for text in ("13900000021", "覃德明", "柳河镇一村三组", "家里老人八十二岁，想申请高龄津贴。"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("受理回执")


def open_first_todo(page: Page, server):
    page.goto(f"{server.url}/requests/?box=todo")
    assert_accessible(page)
    page.get_by_role("table").get_by_role("link", name="FB").first.click()
    assert_accessible(page)


def test_request_goes_from_the_counter_to_the_citizens_rating(page, server, cast):
    item = cast.item(days=5)
    problems = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)

    sign_in(page, server, cast.clerk)
    assert_accessible(page)
    register_by_keyboard(page, server)
    assert_accessible(page)
    request = ServiceRequest.objects.get()
    assert (request.status, request.item_version) == ("ACCEPTED", item.current)
    expect(page.locator("main")).to_contain_text(request.query_code)

    sign_in(page, server, cast.dispatcher)
    open_first_todo(page, server)
    page.get_by_role("button", name="派单").click()
    expect(page.get_by_role("status")).to_contain_text("已派单")

    sign_in(page, server, cast.handler)
    open_first_todo(page, server)
    page.get_by_role("button", name="签收").click()
    page.get_by_role("link", name="写答复").click()
    assert_accessible(page)
    page.get_by_label("办理结果").select_option("SOLVED")
    page.get_by_label("答复内容").fill("高龄津贴已批准，自 4 月起每月 25 日发放。")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="检查没有发现问题")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("已提交审核")

    sign_in(page, server, cast.unit_head)
    open_first_todo(page, server)
    expect(page.get_by_role("heading", name="群众会看到")).to_be_visible()
    page.get_by_role("button", name="审核通过").click()

    sign_in(page, server, cast.handler)
    open_first_todo(page, server)
    page.get_by_label("回复方式").select_option("PHONE")
    page.get_by_label("送达情况").fill("14:20 电话告知本人")
    page.get_by_role("button", name="回复群众").click()
    expect(page.locator("main")).to_contain_text("已回复")

    page.context.clear_cookies()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/progress/{request.number}/{request.query_code}/")
    expect(page.locator("main")).to_contain_text("自 4 月起每月 25 日发放")
    expect(page.locator("body")).not_to_contain_text("覃德明")
    assert_accessible(page)
    page.get_by_role("link", name="评价").first.click()
    assert_accessible(page)
    page.get_by_text("非常满意", exact=True).click()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("非常满意")
    assert_accessible(page)

    request.refresh_from_db()
    assert (request.status, request.evaluation_of_round().grade) == ("CLOSED", 5)
    assert problems == []
