"""The dashboards in Chromium: charts drawn under the strict policy, nothing for axe to find."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import assert_accessible, sign_in
from tests.people import PASSWORD, Cast


@pytest.fixture
def cast(transactional_db):
    return Cast()


@pytest.fixture
def problems(page):
    found = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def fill(cast):
    cast.replied().evaluate(grade=5)
    cast.handling()
    cast.handling(organization=cast.home.village)
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    request.send_back(actor=cast.unit_head, reason="属城建职责")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["dashboard", "workload"])
def test_charts_stand_beside_their_tables(page, live_server, cast, problems, name, width):
    fill(cast)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server, cast.centre_head)

    page.goto(live_server.url + reverse(f"assessments:{name}"))

    charts = page.locator("[data-chart]")
    expect(charts.first).to_be_visible()
    assert charts.count() == page.locator(".figure-pair table").count() > 1
    assert page.locator("[data-chart] canvas").count() == charts.count()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert_accessible(page)
    assert problems == []


def test_without_javascript_the_tables_say_everything(browser, live_server, cast):
    fill(cast)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("用户名").fill(cast.centre_head.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(cast.centre_head.name)

    page.goto(live_server.url + reverse("assessments:dashboard"))

    expect(page.locator("[data-chart]").first).to_be_hidden()
    expect(page.get_by_role("table").first).to_be_visible()
    page.get_by_text("自定义时间").click()
    page.get_by_label("自", exact=True).fill("2026-01-01")
    page.get_by_label("至", exact=True).fill("2026-01-31")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026年1月1日至2026年1月31日")
    context.close()
