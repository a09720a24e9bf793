"""What does not go straight, in Chromium: a case that is paused and extended, and a merged pair."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from orgs.models.calendar import workdays
from tests.browser import assert_accessible, sign_in
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return Cast()


def open_case(page: Page, server, user, request):
    sign_in(page, server, user)
    page.goto(f"{server.url}{request.get_absolute_url()}")


def unfold(page: Page, label):
    """Open one of the exceptions under 其他操作, which stands open where it is all there is."""
    if page.locator("details.more").get_attribute("open") is None:
        page.get_by_text("其他操作", exact=True).click()
    page.locator("summary", has_text=label).filter(visible=True).first.click()


def test_case_is_paused_resumed_and_extended(page, live_server, cast):
    request = cast.handling()
    first_due, today = request.due_on, localdate()

    open_case(page, live_server, cast.handler, request)
    unfold(page, "申请计时中止")
    page.get_by_label("中止事由").select_option("INSPECTION")
    page.get_by_label("具体情况").fill("须做房屋安全鉴定")
    page.get_by_label("证明材料").fill("鉴定委托书")
    page.get_by_label("预计恢复日期").fill((today + timedelta(days=10)).isoformat())
    page.get_by_role("button", name="申请计时中止").click()
    expect(page.get_by_role("status")).to_contain_text("已申请计时中止")

    open_case(page, live_server, cast.unit_head, request)
    expect(page.locator("main")).to_contain_text("须做房屋安全鉴定")
    assert_accessible(page)
    page.get_by_role("button", name="同意计时中止").click()
    expect(page.locator("main")).to_contain_text("计时中止")

    open_case(page, live_server, cast.handler, request)
    page.get_by_role("button", name="恢复计时").click()
    unfold(page, "申请延期")
    page.get_by_label("延长工作日").fill("3")
    page.get_by_label("原因和依据").fill("须现场丈量")
    page.get_by_role("button", name="申请延期").click()
    expect(page.get_by_role("status")).to_contain_text("已申请延期")

    open_case(page, live_server, cast.centre_head, request)
    page.get_by_role("button", name="同意延期").click()
    expect(page.locator("main")).to_contain_text("延期 3 个")
    assert_accessible(page)

    request.refresh_from_db()
    # Paused and resumed on the same day: only the extension moves the due date.
    assert request.due_on == workdays().add(first_due, 3)
    assert request.first_due_on == first_due


def test_merged_pair_is_answered_together_and_can_be_parted(page, live_server, cast):
    primary = cast.handling(subject="水管破裂", content="村口主水管破裂，请维修。")
    second, third = (
        cast.register(subject="停水", content="家里停水两天。", accept=True) for _ in range(2)
    )

    for case in (second, third):
        open_case(page, live_server, cast.dispatcher, case)
        unfold(page, "并案")
        page.get_by_label("并入的办件编号").fill(primary.number)
        page.get_by_role("button", name="并案").click()
        expect(page.get_by_role("status")).to_contain_text("已并案")
    unfold(page, "拆并")
    page.get_by_label("原因和依据").fill("不是同一根水管")
    page.get_by_role("button", name="拆并").click()
    expect(page.locator("main")).to_contain_text("待派单")
    assert_accessible(page)

    primary.submit(actor=cast.handler, outcome="SOLVED", text="水管已于今日修复。")
    primary.approve(actor=cast.unit_head)
    primary.reply(actor=cast.handler, channel="PHONE", proof="电话告知")

    page.context.clear_cookies()
    for case, answered in ((second, True), (third, False)):
        page.goto(f"{live_server.url}/progress/{case.number}/{case.query_code}/")
        expect(page.locator("main")).to_contain_text(case.number)
        assert ("水管已于今日修复" in page.locator("main").inner_text()) is answered
