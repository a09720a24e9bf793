"""A voter with a telephone in Chromium: without scripts by typing, with them by the QR code."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Pending
from tests.assessments.balloting import codes, opened
from tests.browser import assert_accessible, sign_in
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def found(transactional_db):
    return opened(Cast())


def fill_in(page):
    for number in range(1, 8):
        group = page.get_by_role("group", name=f"{number}.")
        group.get_by_role("radio", name="满意", exact=True).check()
    page.get_by_label("最想解决的一件事").fill("修好三组到学校的路")


def test_voter_without_scripts_types_the_code(browser, live_server, found):
    [secret] = codes(found)
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/v/")
    page.get_by_label("测评码").fill(secret.printed)
    page.keyboard.press("Enter")
    fill_in(page)
    page.get_by_role("button", name="投票").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("投票成功，谢谢您")
    [row] = Pending.objects.all()
    assert (row.answers, row.text) == ("AAAAAAA", "修好三组到学校的路")
    expect(page.get_by_text(row.receipt)).to_be_visible()
    context.close()


def test_scanned_code_is_in_its_field_and_every_page_is_accessible(page: Page, live_server, found):
    [secret] = codes(found)
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/v/#{secret.fragment}")

    expect(page.get_by_label("测评码")).to_have_value(secret.fragment)
    assert "#" not in page.url
    assert_accessible(page)
    page.get_by_role("button", name="下一步").click()
    assert_accessible(page)
    fill_in(page)
    page.get_by_role("button", name="投票").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("投票成功，谢谢您")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_poster_of_the_open_ballot_is_one_full_sheet(page: Page, live_server, found):
    sign_in(page, live_server, found.first)
    page.goto(live_server.url + reverse("assessments:ballot_poster", args=[found.assessment.pk]))
    page.emulate_media(media="print")

    assert page.locator(".poster").bounding_box()["height"] > 900  # of 1,001 px between margins
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
