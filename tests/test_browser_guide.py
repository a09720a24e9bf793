"""What the centres tell the public, and the desks behind it, in Chromium: desk, phone, paper."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Page, expect

from orgs.models import ServiceCentre
from services.models import Announcement, ItemAttachment
from tests.browser import assert_accessible, sign_in
from tests.people import Cast
from tests.sheets import workbook

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def cast(transactional_db):
    cast = Cast()
    cast.home.centre.address, cast.home.centre.telephone = "柳河镇解放路 12 号", "0717-6222345"
    cast.home.centre.complaint_phone = "0717-6229999"
    cast.home.centre.save()
    cast.home.unit.window, cast.home.unit.telephone = "3 号窗口", "0717-6222302"
    cast.home.unit.save()
    cast.station = ServiceCentre.objects.create(
        organization=cast.home.village, kind="STATION", name="柳河一村便民服务站"
    )
    cast.matter = cast.item()
    version = cast.matter.current
    version.conditions = "具有本镇户籍、年满八十周岁的老年人。"
    version.materials = "高龄津贴申请表\n身份证原件\n户口簿原件\n本人银行卡复印件"
    version.steps, version.result = "窗口受理\n民政审核\n次月发放", "津贴按月打入银行卡"
    version.save()
    blank = SimpleUploadedFile("高龄津贴申请表.pdf", b"%PDF-1.4")
    [cast.paper] = ItemAttachment.offer([blank], item=cast.matter, actor=cast.centre_head)
    notices = {"actor": cast.secretary, "organization": cast.home.organization}
    cast.notice = Announcement.publish(
        title="关于二季度城乡低保审批结果的公示", text="经入户核查、民主评议，拟批准以下家庭。\n\n"
        "公示期间有不同意见的，请打监督电话。", pinned=True, **notices,
    )  # fmt: skip
    Announcement.publish(title="便民服务中心端午节值班安排", text="照常受理。", **notices)
    cast.case = cast.replied()
    cast.case.evaluate(grade=3)
    return cast


def stand_in(cast):
    today = cast.case.registered_at.date()
    cast.handler.hand_over(actor=cast.handler, deputy=cast.deputy, started_on=today, ended_on=today)


def public_pages(cast):
    receipt = cast.case.number, cast.case.query_code
    return [
        ("guide",),
        ("guide_item", cast.matter.pk),
        ("guide_poster", cast.matter.pk),
        ("guide_centres",),
        ("guide_centre", cast.home.centre.pk),
        ("guide_centre", cast.station.pk),
        ("board",),
        ("organization_board", cast.home.organization.pk),
        ("organization_board", cast.away.organization.pk),
        ("board_notice", cast.notice.pk),
        ("progress", *receipt),
        ("evaluate", *receipt),
        ("evaluation_add", *receipt),
        ("complain", *receipt),
    ]


def staff_pages(cast):
    return [
        ("items",),
        ("item", cast.matter.pk),
        ("item_paper_new", cast.matter.pk),
        ("item_paper_remove", cast.matter.pk, cast.paper.pk),
        ("item_import",),
        ("announcements",),
        ("announcement", cast.notice.pk),
        ("announcement_new",),
        ("announcement_edit", cast.notice.pk),
        ("announcement_withdraw", cast.notice.pk),
    ]


def look(page: Page):
    """axe finds nothing, and nothing sticks out to the side."""
    assert_accessible(page)
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert (page.url, page.evaluate(wider)) == (page.url, 0)


def walk(page: Page, server, addresses):
    for name, *args in addresses:
        page.goto(server.url + reverse(f"services:{name}", args=args))
        look(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_is_accessible_fits_and_makes_no_errors(page: Page, live_server, cast, size):
    stand_in(cast)
    problems = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.set_viewport_size(size)

    walk(page, live_server, public_pages(cast))
    sign_in(page, live_server, cast.centre_head)
    walk(page, live_server, staff_pages(cast))

    assert problems == []


@pytest.mark.parametrize("name", ["guide_poster", "board_notice"])
def test_what_hangs_on_the_wall_is_one_sheet(page: Page, live_server, cast, name):
    row = cast.matter if name == "guide_poster" else cast.notice
    page.goto(live_server.url + reverse(f"services:{name}", args=[row.pk]))

    paper = page.pdf(format="A4", prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_citizen_adds_and_complains_without_script(browser, live_server, cast):
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    receipt = [cast.case.number, cast.case.query_code]
    page.goto(live_server.url + reverse("services:progress", args=receipt))

    page.get_by_role("link", name="追加评价").click()
    page.get_by_label("想补充的话").fill("后来真的解决了")
    page.get_by_role("button", name="提交追评").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("谢谢您的追评")
    page.get_by_role("link", name="看办理进度").click()
    page.get_by_role("link", name="我要投诉").click()
    page.get_by_role("button", name="提交投诉").click()
    expect(page.get_by_role("alert")).to_contain_text("投诉内容")
    page.get_by_label("投诉内容").fill("窗口推了三次")
    page.get_by_role("button", name="提交投诉").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("您的投诉已收到")
    page.context.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_catalogue_is_previewed_and_imported(page: Page, live_server, cast, tmp_path, size):
    heads = ["编码", "承办单位", "事项", "办理方式", "承诺时限", "承办人", "联系电话"]
    path = workbook(
        tmp_path / "items.xlsx", heads,
        ["MZ-01", "民政", "高龄津贴申领", "承诺办理", 3, "李雪梅", "0717-6222310"],
        ["MZ-02", "民政", "临时救助申请", "承诺办理", 7, "李雪梅", "0717-6222310"],
        ["MZ-03", "交通", "客运许可", "承诺办理", 7, "李雪梅", "0717-6222310"],
    )  # fmt: skip
    page.set_viewport_size(size)
    sign_in(page, live_server, cast.centre_head)
    page.goto(live_server.url + reverse("services:item_import"))

    page.get_by_label("事项表").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text(
        "新增 1，修改 1，不变 0，错误 1"
    )
    look(page)
    page.get_by_role("button", name="确认导入 2 项").click()

    expect(page.get_by_role("status").first).to_contain_text("新增 1，修改 1")
    look(page)
