"""Lists on a phone in Chromium: what waits comes first, the filters when they are asked for."""

import pytest
from playwright.sync_api import expect

from tests.browser import assert_accessible, sign_in
from tests.people import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def cast(transactional_db):
    return Cast()


def bottom(page, selector):
    box = page.locator(selector).bounding_box()
    return box["y"] + box["height"]


def test_list_begins_on_the_first_screen_and_filters_open_by_a_touch(page, live_server, cast):
    cast.register()
    page.set_viewport_size(PHONE)
    sign_in(page, live_server, cast.clerk)
    page.goto(f"{live_server.url}/requests/?box=all")

    expect(page.get_by_label("关键词")).to_be_hidden()
    assert bottom(page, "tbody tr >> nth=0") < PHONE["height"]
    assert bottom(page, "header.top") < 120
    assert_accessible(page)
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_label("关键词")).to_be_focused()
    assert_accessible(page)

    page.keyboard.type("没有这件事")
    page.keyboard.press("Enter")
    expect(page.locator("#list")).not_to_contain_text("FB")
    # what the list is narrowed by stays in sight
    expect(page.get_by_label("关键词")).to_have_value("没有这件事")
    expect(page.get_by_label("关键词")).to_be_visible()


def test_menu_of_the_account_stays_on_the_screen(page, live_server, cast):
    page.set_viewport_size(PHONE)
    sign_in(page, live_server, cast.clerk)

    page.locator(".drop-end summary").click()

    box = page.locator(".drop-end .drop-body").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
