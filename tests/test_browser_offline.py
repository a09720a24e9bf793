"""A village station without network: a cadre writes down what people ask, and hands it in later."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from orgs.models import AuditEntry
from services.models import ServiceRequest
from tests.browser import assert_accessible, sign_in
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db(transaction=True)

#: Every record of the device as it lies there: who, and whether any text can be made out.
RAW = """async () => {
  const open = (name) => new Promise((done) => {
    const ask = indexedDB.open(name); ask.onsuccess = () => done(ask.result);
  });
  const all = (db, store) => new Promise((done) => {
    const ask = db.transaction(store).objectStore(store).getAll();
    ask.onsuccess = () => done(ask.result);
  });
  const db = await open("offline-drafts");
  const rows = await all(db, "records");
  const [secret] = await all(db, "device");
  db.close();
  return {
    accounts: rows.map((row) => row.account),
    text: rows.map((row) => JSON.stringify(row) + new TextDecoder().decode(row.sealed)).join(),
    extractable: secret.extractable,
  };
}"""
CACHED = """async () => {
  const caught = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  const asked = (await Promise.all(caught.map((cache) => cache.keys()))).flat();
  return asked.map((one) => new URL(one.url).pathname);
}"""
KEYS = """async () => (await indexedDB.databases()).map((one) => one.name)"""


@pytest.fixture
def cast(transactional_db):
    return Cast()


@pytest.fixture
def server(live_server, settings):
    settings.PUBLIC_URL = live_server.url
    return live_server


@pytest.fixture
def station(page: Page, server, cast):
    """The cadre has signed in and opened the page once, where there was network."""
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, server, cast.agent)
    open_station(page, server)
    expect(page.locator("#ready")).to_have_text("本页已存好，断网也能打开")
    return page


def open_station(page: Page, server):
    page.goto(f"{server.url}/offline/")
    expect(page.locator("#says")).to_contain_text("网络正常")


def write_down(page: Page, name, content, phone=""):
    page.get_by_label("联系电话").fill(phone)
    page.get_by_label("姓名").fill(name)
    page.get_by_label("诉求内容").fill(content)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("诉求内容")).to_have_value("")


def waiting(page: Page):
    return page.locator("#waiting > ul > li")


def receipts(page: Page):
    return page.locator("#receipts > ul > li")


def test_what_was_written_down_offline_is_handed_in_once_each_from_two_windows(station, cast):
    context: BrowserContext = station.context
    assert_accessible(station)
    context.set_offline(True)
    write_down(station, "覃德明", "村口水沟堵了，请疏通。", "13900000021")
    write_down(station, "向明兰", "问低保怎么申请。")
    expect(station.locator("#says")).to_contain_text("已存 2 件在这台设备上。现在没有网络")
    station.reload()  # from what the browser has kept
    expect(waiting(station)).to_have_count(2)
    assert_accessible(station)
    other = context.new_page()
    other.goto(station.url)
    expect(waiting(other)).to_have_count(2)

    context.set_offline(False)
    for window in (station, other):  # beside what starts by itself when the network is back
        window.evaluate("for (let i = 0; i < 3; i += 1) document.getElementById('hand-in').click()")

    for window in (station, other):
        expect(receipts(window)).to_have_count(2)
        expect(waiting(window)).to_have_count(0)
    first, second = ServiceRequest.objects.order_by("pk")
    assert {first.citizen.name, second.citizen.name} == {"覃德明", "向明兰"}
    assert {(row.is_late_entry, row.organization, row.registrar) for row in (first, second)} == {
        (True, cast.home.village, cast.agent)
    }
    assert all(row.received_at < row.registered_at for row in (first, second))
    for row in (first, second):
        expect(station.locator("#receipts")).to_contain_text(row.number)
        expect(station.locator("#receipts")).to_contain_text(row.query_code)
    assert_accessible(station)
    station.get_by_role("button", name=f"抄好了：{first.number}").click()
    expect(receipts(station)).to_have_count(1)
    expect(receipts(other)).to_have_count(1)


def test_device_keeps_nothing_that_can_be_read(station, cast):
    station.context.set_offline(True)
    write_down(station, "覃德明", "村口水沟堵了，请疏通。", "13900000021")

    raw = station.evaluate(RAW)

    assert raw["accounts"] == [str(cast.agent.pk)]
    assert raw["extractable"] is False
    for text in ("覃德明", "水沟", "13900000021"):
        assert text not in raw["text"]
    kept = station.evaluate(CACHED)
    assert "/offline/" in kept
    assert all(path == "/offline/" or path.startswith("/static/") for path in kept)


def test_ended_session_asks_to_sign_in_and_keeps_the_drafts(station, server, cast):
    station.context.set_offline(True)
    write_down(station, "覃德明", "村口水沟堵了，请疏通。")
    station.context.clear_cookies()
    station.context.set_offline(False)

    expect(station.locator("#says")).to_contain_text("登录已结束，草稿都还在这台设备上")
    expect(waiting(station)).to_have_count(1)
    assert_accessible(station)
    assert not ServiceRequest.objects.exists()
    station.get_by_role("link", name="去登录").click()
    station.get_by_label("用户名").fill(cast.agent.username)
    station.get_by_label("密码").fill(PASSWORD)
    station.keyboard.press("Enter")

    expect(receipts(station)).to_have_count(1)
    assert ServiceRequest.objects.get().citizen.name == "覃德明"


@pytest.mark.parametrize("leaves", [True, False])
def test_next_account_on_the_device_cannot_read_what_the_former_one_wrote(
    station, server, cast, leaves
):
    context = station.context
    context.set_offline(True)
    write_down(station, "覃德明", "村口水沟堵了，请疏通。")
    station.goto("about:blank")  # the page is closed before there is network again
    context.set_offline(False)
    if leaves:
        station.goto(server.url)
        station.locator("summary", has_text=cast.agent.name).click()
        station.get_by_role("button", name="退出登录").click()
        expect(station.get_by_role("heading", level=1)).to_have_text("工作人员登录")
        assert station.evaluate(KEYS) == ["offline-drafts"]
    sign_in(station, server, cast.clerk)
    assert station.evaluate(KEYS) == ["offline-drafts"]
    open_station(station, server)

    expect(station.locator("#others")).to_contain_text("另有 1 件是其他账号存的")
    expect(waiting(station)).to_have_count(0)
    expect(station.locator("body")).not_to_contain_text("覃德明")
    assert_accessible(station)
    assert not ServiceRequest.objects.exists()
    sign_in(station, server, cast.agent)
    station.goto(f"{server.url}/offline/")
    expect(receipts(station)).to_have_count(1)
    assert ServiceRequest.objects.get().registrar == cast.agent


def test_refused_draft_is_mended_at_the_field_that_was_wrong(station):
    station.context.set_offline(True)
    write_down(station, "覃德明", "村口水沟堵了，请疏通。", "1390000")
    station.context.set_offline(False)

    expect(waiting(station)).to_contain_text("联系电话：手机号码应为11位，现在是7位。")
    station.get_by_role("button", name="修改：覃德明").click()
    expect(station.get_by_label("联系电话")).to_be_focused()
    assert_accessible(station)
    station.get_by_label("联系电话").fill("13900000021")
    station.get_by_role("button", name="存入本机").click()

    expect(receipts(station)).to_have_count(1)
    assert ServiceRequest.objects.get().citizen.phone == "13900000021"


def test_device_whose_clock_is_days_off_asks_for_the_true_time(page, server, cast):
    page.clock.install(time=timezone.now() + timedelta(days=4))
    sign_in(page, server, cast.agent)
    open_station(page, server)
    write_down(page, "覃德明", "村口水沟堵了，请疏通。")

    expect(waiting(page)).to_contain_text("这台设备的时钟快约 4 天")
    assert not ServiceRequest.objects.exists()
    page.get_by_role("button", name="修改：覃德明").click()
    expect(page.get_by_label("实际收到时间")).not_to_have_value("")
    page.get_by_label("实际收到时间").fill("2026-01-05T10:30")
    page.get_by_role("button", name="存入本机").click()

    expect(receipts(page)).to_have_count(1)
    request = ServiceRequest.objects.get()
    assert request.received_at.isoformat() == "2026-01-05T02:30:00+00:00"
    entry = AuditEntry.objects.about(request).get(action="request.registered")
    assert entry.note.endswith("设备时钟快约 4 天，收到时间由经办人核对")


def test_browser_that_cannot_seal_says_so_and_keeps_nothing_but_the_form(page, server, cast):
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    sign_in(page, server, cast.agent)
    page.goto(f"{server.url}/offline/")
    expect(page.locator("#says")).to_contain_text("不能在本机加密保存")
    assert_accessible(page)
    page.get_by_label("姓名").fill("覃德明")
    page.get_by_label("诉求内容").fill("村口水沟堵了，请疏通。")
    page.context.set_offline(True)
    page.get_by_role("button", name="上交", exact=True).click()
    expect(page.locator("#says")).to_contain_text("填好后不要关闭本页")
    expect(page.get_by_label("姓名")).to_have_value("覃德明")
    assert page.evaluate(KEYS) == []

    page.context.set_offline(False)
    page.get_by_role("button", name="上交", exact=True).click()

    expect(receipts(page)).to_have_count(1)
    assert ServiceRequest.objects.get().citizen.name == "覃德明"
    assert page.evaluate(KEYS) == []


def test_page_can_be_installed_and_looks_right_on_a_desk_too(station):
    station.set_viewport_size({"width": 1280, "height": 900})
    assert_accessible(station)

    chromium = station.context.new_cdp_session(station)
    errors = chromium.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors] == ["in-incognito"]  # as test windows are
    manifest = chromium.send("Page.getAppManifest")
    assert (manifest["errors"], manifest["url"].endswith("manifest.webmanifest")) == ([], True)
