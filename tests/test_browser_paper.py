"""In the evening a day's paper register is typed in by keyboard; an intake waits for a paper."""

import pytest
from playwright.sync_api import Page, expect

from services.models import Draft, ServiceRequest
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


def type_row(page: Page, *cells):
    for text in cells:
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def test_register_is_typed_by_keyboard_and_its_bad_row_mended(page, server, cast):
    cast.item()
    sign_in(page, server, cast.clerk)
    page.goto(f"{server.url}/requests/new/batch/")
    assert_accessible(page)
    page.get_by_label("登记簿日期").fill("2026-01-05")
    page.get_by_label("第 1 行时间").focus()
    type_row(page, "9:30", "覃德明", "13900000021", "一村三组", "MZ-01", "老人想申请高龄津贴。")
    page.get_by_label("第 1 行时间").focus()
    page.keyboard.press("Enter")
    type_row(page, "1015", "向明兰", "1390000", "", "", "问低保怎么申请。")
    page.get_by_label("第 10 行时间").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("第 11 行时间")).to_be_focused()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("alert")).to_contain_text("第 2 行联系电话：手机号码应为11位")
    expect(page.get_by_label("第 2 行诉求内容")).to_have_value("问低保怎么申请。")
    expect(page.get_by_label("第 1 行时间")).to_have_count(0)
    assert_accessible(page)
    page.get_by_label("第 2 行联系电话").fill("13900000022")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("补录结果")
    assert_accessible(page)
    for request in ServiceRequest.objects.all():
        expect(page.get_by_role("table")).to_contain_text(request.number)
        expect(page.get_by_role("table")).to_contain_text(request.query_code)
    pages = page.pdf(prefer_css_page_size=True)
    assert pages.count(b"/Type /Page\n") == 2  # one receipt each


def test_intake_is_put_aside_and_resumed_without_script(new_context, server, cast):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, server, cast.clerk)
    page.goto(f"{server.url}/requests/new/")
    page.get_by_label("姓名").fill("覃德明")
    page.get_by_role("button", name="暂存").click()

    expect(page.get_by_role("status")).to_contain_text("已暂存，还没有登记、没有编号。")
    page.get_by_role("link", name="尚未填写诉求内容", exact=True).click()
    expect(page.get_by_label("姓名")).to_have_value("覃德明")
    page.get_by_label("诉求内容").fill("问低保怎么申请。")
    page.get_by_role("button", name="登记并打印回执").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("受理回执")
    assert ServiceRequest.objects.get().citizen.name == "覃德明"
    assert not Draft.objects.exists()


def test_drafts_read_well_on_a_telephone(page, server, cast):
    page.set_viewport_size({"width": 390, "height": 844})
    ServiceRequest.put_aside(
        actor=cast.clerk,
        organization=cast.home.organization,
        nonce="7f8f2d3e-55a4-4d0e-9b7f-0a6c0f6f0004",
        typed={"name": "覃德明", "content": "老人高龄津贴停发。"},
    )
    sign_in(page, server, cast.clerk)
    page.goto(f"{server.url}/requests/new/drafts/")
    expect(page.locator("main")).to_contain_text("覃*明")
    assert_accessible(page)
    page.get_by_role("link", name="删除").click()
    assert_accessible(page)
    page.get_by_role("button", name="删除").click()

    expect(page.get_by_role("status")).to_contain_text("草稿已删除。")
    assert not Draft.objects.exists()
