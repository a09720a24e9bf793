"""What browser tests share: signing in as a person does, and a look with axe."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.people import PASSWORD

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def sign_in(page: Page, server, user) -> None:
    page.context.clear_cookies()
    page.goto(f"{server.url}/sign-in/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(user.name)


def assert_accessible(page: Page) -> None:
    """axe finds nothing on the page as it stands."""
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
