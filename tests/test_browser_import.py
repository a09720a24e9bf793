"""A village's own book in Chromium: uploaded, its columns confirmed, looked at, let in; the errors
are taken home as a workbook, set right in Excel, brought again; and it is all taken back."""

from io import StringIO

import pytest
from django.core.management import call_command
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from orgs.models import ImportBatch, Member, Organization, Role
from tests.browser import assert_accessible, sign_in
from tests.orgs.imports import BROKEN, LI, MORE, ZHANG, work
from tests.orgs.rosters import id_number
from tests.people import Cast, person, post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(live_server, settings):
    settings.PUBLIC_URL = live_server.url
    return live_server


class Walk:
    """One secretary with one file, from page to page."""

    def __init__(self, page: Page, server, user, branch):
        self.page, self.server, self.branch = page, server, branch
        self.problems = []
        page.on(
            "console", lambda said: self.problems.append(said.text) if said.type == "error" else 0
        )
        sign_in(page, server, user)

    def upload(self, path) -> ImportBatch:
        self.page.get_by_role("link", name="名册导入").first.click()
        self.page.get_by_role("link", name="上传名册").first.click()
        assert_accessible(self.page)
        self.page.get_by_label("名册文件").set_input_files(path)
        self.page.get_by_role("button", name="上传并核对").click()
        expect(self.page.locator("[aria-current=step]")).to_have_text("核对列", timeout=15_000)
        return ImportBatch.objects.first()

    def confirm_columns(self):
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(".xlsx")
        assert_accessible(self.page)
        self.page.get_by_role("button", name="下一步：核对内容").click()
        expect(self.page.locator("#work")).to_contain_text("正在核对内容")
        assert_accessible(self.page)
        work()  # the page finds out by itself
        expect(self.page.get_by_role("heading", name="下一步")).to_be_visible(timeout=15_000)
        assert_accessible(self.page)

    def let_in(self, new, updated):
        self.page.get_by_role("button", name=f"确认入库：新增 {new}，更新 {updated}").click()
        expect(self.page.locator("#work")).to_contain_text("正在入库")
        work()
        expect(self.page.get_by_role("heading", name="已入库")).to_be_visible(timeout=15_000)
        assert_accessible(self.page)

    def take_errors_home(self, folder):
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="下载错误表").click()
        download.value.save_as(folder / "错误表.xlsx")
        return folder / "错误表.xlsx"

    def take_back(self, batch):
        self.page.goto(f"{self.server.url}{batch.get_absolute_url()}")
        self.page.get_by_role("link", name="撤销这次导入").click()
        assert_accessible(self.page)
        self.page.get_by_label("原因").fill("试导入")
        self.page.get_by_role("button", name="撤销这次导入").click()
        expect(self.page.locator("#work")).to_contain_text("正在撤销")
        work()
        expect(self.page.get_by_role("heading", name="已撤销")).to_be_visible(timeout=15_000)

    def correct(self, path, batch) -> None:
        """Every red cell gets what should have stood in it."""
        book = load_workbook(path)
        sheet = book[batch.sheet]
        places = {column["field"]: column["index"] + 1 for column in batch.columns}
        for row in batch.rows.filter(verdict="ERROR"):
            for fault in row.faults:
                cell = sheet.cell(row.number, places[fault["field"]])
                assert cell.fill.start_color.rgb[-6:] != "000000"
                cell.value = self.right(fault, row.number)
        book.save(path)

    def right(self, fault, number) -> str:
        return {
            "organization": self.branch,
            "id_number": id_number("19710203", number),
            "joined": "1999-05-01",
            "name": "马长青",
        }[fault["field"]]


def go_all_the_way(walk, path, folder, *, new, error, unchanged):
    first = walk.upload(path)
    walk.confirm_columns()
    expect(walk.page.locator("main")).to_contain_text(f"{error} 行错误")
    walk.let_in(new, 0)
    first.refresh_from_db()
    assert Member.objects.count() == new

    home = walk.take_errors_home(folder)
    walk.correct(home, first)
    second = walk.upload(home)
    assert second.pk != first.pk
    walk.confirm_columns()
    walk.let_in(error, 0)
    second.refresh_from_db()
    assert (second.counts["unchanged"], second.counts["error"]) == (unchanged, 0)
    assert Member.objects.count() == new + error

    walk.take_back(second)
    assert Member.objects.count() == new
    walk.take_back(first)
    assert not Member.objects.exists()
    assert walk.problems == []


def test_roster_with_a_title_and_errors_goes_in_is_corrected_and_taken_back(
    page, server, transactional_db, tmp_path
):
    cast = Cast()
    book = Workbook()
    for row in (["柳河镇党员名册"], ["填报单位：柳河镇"], MORE, ZHANG, LI, BROKEN, ["合计", 3]):
        book.active.append(row)
    book.save(tmp_path / "名册.xlsx")
    walk = Walk(page, server, cast.secretary, "柳河镇一村")

    go_all_the_way(walk, tmp_path / "名册.xlsx", tmp_path, new=2, error=1, unchanged=2)


def test_village_book_goes_in_is_corrected_and_taken_back(
    page, server, transactional_db, shared_data, tmp_path
):
    folder = shared_data / "rosters"
    call_command("import_organizations", folder / "organizations.xlsx", stdout=StringIO())
    town = Organization.objects.get(code="420506201")
    secretary = person("secretary", "下堡坪书记")
    post(secretary, town, Role.SECRETARY)
    walk = Walk(page, server, secretary, "磨坪村党支部")

    go_all_the_way(walk, folder / "04-village-book.xlsx", tmp_path, new=59, error=18, unchanged=59)
