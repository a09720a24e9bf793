"""Every page of orgs in Chromium: readable by all, at the desk and on the phone, with and without
script.
"""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from orgs.models import AuditEntry, Notice, Role
from tests.browser import assert_accessible, sign_in
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def cast(transactional_db):
    cast = Cast()
    cast.clerk.ip = "10.2.3.4"
    about = {"about": cast.home.organization, "organization": cast.home.organization}
    Notice.post([cast.clerk], "办件今天到期", kind="due", urgent=True, body="请办结。", **about)
    cast.home.village.revise(actor=cast.system_admin, name="柳河镇一村党支部")
    AuditEntry.record(
        cast.clerk, "citizen.unmasked", cast.clerk, label="查看个人信息", note="上门办理"
    )
    return cast


def pages(cast):
    """Who looks at which addresses."""
    organization, village = cast.home.organization.pk, cast.home.village.pk
    centre, unit, clerk = cast.home.centre.pk, cast.home.unit.pk, cast.clerk.pk
    return {
        cast.system_admin: [
            ("orgs:accounts",),
            ("orgs:account_new",),
            ("orgs:account_detail", clerk),
            ("orgs:account_edit", clerk),
            ("orgs:account_password", clerk),
            ("orgs:account_switch", clerk),
            ("orgs:organizations",),
            ("orgs:organization", organization),
            ("orgs:organization_new",),
            ("orgs:organization_edit", village),
            ("orgs:organization_move", village),
            ("orgs:centres",),
            ("orgs:centre", centre),
            ("orgs:centre_new",),
            ("orgs:centre_edit", centre),
            ("orgs:centre_windows", centre),
            ("orgs:unit_new", centre),
            ("orgs:unit_edit", centre, unit),
            ("orgs:calendars",),
            ("orgs:calendar", 2026),
            ("orgs:calendar_confirm", 2027),
            ("orgs:calendar_import",),
        ],
        cast.security_admin: [
            ("orgs:account_detail", clerk),
            ("orgs:account_edit", clerk),
            ("orgs:post_new", clerk),
            ("orgs:post_end", clerk, cast.clerk.posts.get().pk),
            ("orgs:roles",),
        ],
        cast.auditor: [
            ("orgs:audit",),
            ("orgs:audit_entry", AuditEntry.objects.get(action="organization.revised").pk),
        ],
        cast.clerk: [("orgs:account",), ("orgs:change_password",), ("orgs:notices",)],
    }


def look(page: Page):
    """axe finds nothing, and nothing sticks out to the side."""
    assert_accessible(page)
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert (page.url, page.evaluate(wider)) == (page.url, 0)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_is_accessible_fits_and_makes_no_errors(page: Page, live_server, cast, size):
    problems = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.set_viewport_size(size)
    page.goto(f"{live_server.url}{reverse('orgs:sign_in')}")
    look(page)

    for user, addresses in pages(cast).items():
        sign_in(page, live_server, user)
        for name, *args in addresses:
            page.goto(f"{live_server.url}{reverse(name, args=args)}")
            look(page)

    assert problems == []


def test_units_appear_while_the_post_is_being_filled_in(page: Page, live_server, cast):
    sign_in(page, live_server, cast.security_admin)
    page.goto(f"{live_server.url}{reverse('orgs:post_new', args=[cast.fellow.pk])}")

    page.keyboard.type("柳河镇")
    page.keyboard.press("Tab")
    expect(page.get_by_label("承办单位", exact=True)).to_contain_text("柳河镇民政")
    page.get_by_label("角色").select_option("承办人")
    page.get_by_label("承办单位", exact=True).select_option("柳河镇民政")
    page.get_by_role("button", name="任职").click()

    expect(page.get_by_role("status")).to_have_text("已任职。")
    assert [str(post) for post in cast.fellow.posts.all()] == ["柳河镇民政 承办人"]


def test_post_is_given_without_script(browser, live_server, cast):
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    sign_in(page, live_server, cast.security_admin)
    page.goto(f"{live_server.url}{reverse('orgs:post_new', args=[cast.fellow.pk])}")

    page.locator("#id_organization").fill("柳河镇")
    page.get_by_label("角色").select_option("承办人")
    page.get_by_role("button", name="任职").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择承办单位。")
    page.get_by_label("承办单位").select_option("柳河镇民政")
    page.get_by_role("button", name="任职").click()

    expect(page.get_by_role("status")).to_have_text("已任职。")
    assert cast.fellow.posts.get().role == Role.HANDLER
    page.context.close()


def test_initial_password_is_shown_once_and_has_to_be_changed(page: Page, live_server, cast):
    sign_in(page, live_server, cast.system_admin)
    page.goto(f"{live_server.url}{reverse('orgs:account_new')}")
    page.get_by_label("用户名").fill("li.xm")
    page.get_by_label("姓名").fill("李雪梅")
    page.get_by_role("button", name="保存").click()
    look(page)
    password = page.locator("code").inner_text()

    page.context.clear_cookies()
    page.goto(f"{live_server.url}{reverse('orgs:sign_in')}")
    page.get_by_label("用户名").fill("li.xm")
    page.get_by_label("密码").fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")
    look(page)
    page.get_by_label("现在的密码").fill(password)
    page.get_by_label("新密码", exact=False).nth(0).fill("Zhongqiu-8-15")
    page.get_by_label("再输一次新密码").fill("Zhongqiu-8-15")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("李雪梅")
