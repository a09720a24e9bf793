"""A whole 代办 in Chromium: the village cadre with a telephone in one hand."""

import pytest
from playwright.sync_api import Page, expect

from services.models import Delegation, ServiceRequest
from tests.browser import assert_accessible, sign_in
from tests.people import Cast
from tests.services.errand import approve

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
#: As wide as a thumb needs it (WCAG 2.2 asks for 24).
THUMB = 40


@pytest.fixture
def cast(transactional_db):
    return Cast()


@pytest.fixture
def phone(page, live_server, settings):
    settings.PUBLIC_URL = live_server.url
    page.set_viewport_size(PHONE)
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console", lambda said: page.problems.append(said.text) if said.type == "error" else None
    )
    return page


def register(phone: Page, server):
    phone.goto(f"{server.url}/requests/new/")
    phone.get_by_label("联系电话").fill("13900000021")
    phone.get_by_label("姓名").fill("覃德明")
    phone.get_by_label("诉求内容").fill("家里老人八十二岁，腿脚不便，想请干部代办高龄津贴。")
    phone.get_by_label("事项", exact=True).select_option(index=1)
    phone.get_by_text("更多：").click()
    phone.get_by_label("困难群体").check()
    phone.get_by_label("请干部代办").check()
    phone.get_by_role("button", name="登记并打印").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("受理回执")


def today(phone: Page, server):
    phone.goto(f"{server.url}/errands/")
    assert_fits(phone)
    assert_accessible(phone)


def assert_fits(phone: Page):
    """Nothing sticks out to the side, and the main buttons are large enough to hit."""
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for button in phone.locator("main .btn-primary:visible").all():
        assert button.bounding_box()["height"] >= THUMB


def press(phone: Page, label, done):
    phone.get_by_role("button", name=label, exact=True).click()
    expect(phone.get_by_role("status")).to_contain_text(done)
    assert_fits(phone)
    assert_accessible(phone)


def unfold(phone: Page, label):
    """The form of a verb; the next one in order is open by itself."""
    form = phone.locator("details.verb", has=phone.locator("summary", has_text=label)).first
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    return form


def test_cadre_runs_a_whole_errand_with_a_telephone(phone, live_server, cast):
    cast.item(days=5)
    sign_in(phone, live_server, cast.agent)
    register(phone, live_server)
    request = ServiceRequest.objects.get()

    # 委托
    today(phone, live_server)
    expect(phone.locator("main")).to_contain_text("困难群体")
    phone.get_by_role("link", name="签订委托").click()
    assert_fits(phone)
    assert_accessible(phone)
    phone.get_by_label("群众自愿委托").check()
    phone.get_by_label("代办不收任何费用").check()
    phone.get_by_label("本人按手印").check()
    phone.get_by_label("这次是上门办的").check()
    press(phone, "登记委托", "已登记委托")

    # 收取材料, 报送
    form = unfold(phone, "收取材料")
    form.get_by_label("身份证").check()
    form.get_by_label("户口簿").check()
    form.get_by_role("button", name="收取材料").click()
    expect(phone.get_by_role("status")).to_contain_text("已收取材料")
    today(phone, live_server)
    expect(phone.locator(".errand-group")).to_contain_text("乡镇（街道）便民服务中心")
    expect(phone.locator(".errand-card")).to_contain_text("身份证 原件 1 份、户口簿 原件 1 份")
    expect(phone.locator(".errand-card")).to_contain_text("个工作日报送")
    phone.get_by_role("link", name="去办").click()
    press(phone, "报送", "已报送")
    today(phone, live_server)
    expect(phone.locator("main")).to_contain_text("今天没有要跑的代办")

    # 办理: the request's own life; the cadre brings the answer
    approve(cast, request)
    today(phone, live_server)
    phone.get_by_role("link", name="去办").click()
    expect(phone.get_by_role("heading", level=2).first).to_contain_text("到窗口领回结果和原件")
    form = unfold(phone, "从窗口领回")
    form.get_by_label("办理结果").fill("高龄津贴批准书")
    press(phone, "从窗口领回", "已从窗口领回")
    expect(phone.get_by_role("heading", level=2).first).to_contain_text("把答复送给群众")
    phone.get_by_label("回复方式").select_option("VISIT")
    phone.get_by_label("送达情况").fill("上门告知本人")
    phone.get_by_role("button", name="回复群众").click()
    expect(phone.locator("main")).to_contain_text("已回复")

    # 回交, 归档
    phone.get_by_role("link", name="柳代办员代办").click()
    press(phone, "交还群众", "已交还群众")
    form = unfold(phone, "回交")
    form.get_by_label("本人按手印").check()
    form.get_by_label("这次是上门办的").check()
    press(phone, "回交", "已回交")
    phone.get_by_label("归档位置").fill("2026 年代办卷第 1 号")
    press(phone, "归档", "已归档")

    errand = Delegation.objects.get()
    assert (errand.state, errand.visits.count(), errand.moves.count()) == ("ARCHIVED", 2, 10)
    assert errand.holdings().originals_out() == {}
    request.refresh_from_db()
    assert request.status == "REPLIED"

    # the papers and the figures
    for paper in ("authorisation", "custody", "receipt"):
        phone.goto(f"{live_server.url}/errands/{errand.pk}/print/{paper}/")
        assert_accessible(phone)
    phone.goto(f"{live_server.url}/errands/ledger/")
    assert_accessible(phone)
    expect(phone.locator("main")).to_contain_text("1/1（100%）")
    phone.locator("main").get_by_role("link", name="柳代办员").click()
    assert_accessible(phone)
    assert phone.problems == []
