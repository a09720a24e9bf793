"""公示栏: who keeps it, what the public sees of it and for how long."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry, NotAllowed, Role
from services.models import Announcement
from tests.services.test_guide import BUDGET, weight

BOARD, LIST = reverse("services:board"), reverse("services:announcements")
NEW = reverse("services:announcement_new")
KEEPERS = {Role.CENTRE_HEAD, Role.SECRETARY}


def url(name, row):
    return reverse(f"services:{name}", args=[row.pk])


@pytest.fixture
def put(cast):
    def put(title="低保名单公示", **fields):
        fields = {"organization": cast.home.organization, "text": "张三、李四。"} | fields
        return Announcement.publish(
            actor=fields.pop("actor", cast.secretary), title=title, **fields
        )

    return put


def written(cast, **changes):
    form = {
        "organization": cast.home.organization.pk, "title": "低保名单公示", "text": "一\r\n\r\n二",
        "published_on": "2026-03-02", "until": "2026-03-09",
    }  # fmt: skip
    return form | changes


def titles(page):
    return [row.title for row in page.context["page"]]


@pytest.mark.parametrize("role", sorted(KEEPERS))
def test_keeper_publishes_and_the_public_reads(cast, enter, client, role):
    enter(cast.home.people[role])

    answer = client.post(NEW, written(cast, pinned="on"))

    row = Announcement.objects.get()
    assert answer.url == row.get_absolute_url()
    assert (row.text, row.until, row.pinned) == ("一\n\n二", date(2026, 3, 9), True)
    assert row.published_by == cast.home.people[role]
    entry = AuditEntry.objects.get(action="announcement.published")
    assert (entry.target_label, entry.organization) == ("低保名单公示", cast.home.organization)
    client.logout()
    assert titles(client.get(BOARD)) == ["低保名单公示"]
    page = client.get(url("board_notice", row)).content.decode()
    for said in ("低保名单公示", "一\n\n二", "柳河镇", "2026年3月2日", "data-print"):
        assert said in page


def test_sent_twice_it_hangs_once(cast, enter):
    client = enter(cast.secretary)

    answers = [client.post(NEW, written(cast)) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert Announcement.objects.count() == 1


def test_end_before_the_beginning_is_named(cast, enter):
    page = enter(cast.secretary).post(NEW, written(cast, until="2026-03-01"))

    assert page.context["form"].errors["until"] == ["“公示到”不能早于公示日期。"]
    assert not Announcement.objects.exists()


def test_boards_of_others_are_no_choice(cast, enter):
    for user, organization in (
        (cast.secretary, cast.away.organization),
        (cast.secretary, cast.home.village),
        (cast.centre_head, cast.county),
    ):
        page = enter(user).post(NEW, written(cast, organization=organization.pk))
        assert "organization" in page.context["form"].errors
        with pytest.raises(NotAllowed):
            Announcement.publish(actor=user, organization=organization, title="x", text="y")
    assert not Announcement.objects.exists()


def test_head_of_the_centre_keeps_the_boards_of_the_villages(cast, put):
    row = put(actor=cast.centre_head, organization=cast.home.village)

    assert row.organization == cast.home.village


@pytest.mark.parametrize("role", [role for role in Role if role not in KEEPERS])
def test_others_see_and_change_nothing(cast, put, enter, role):
    where = cast.home.village if role == Role.AGENT else cast.home.organization
    actor = cast.centre_head if role == Role.AGENT else cast.secretary
    row = put(organization=where, actor=actor)
    client = enter(cast.home.people[role])

    assert client.get(url("announcement", row)).status_code == 200
    assert client.get(NEW).status_code == 403
    for name in ("announcement_edit", "announcement_withdraw"):
        assert client.post(url(name, row), written(cast)).status_code == 403
    assert "发布公示" not in client.get(LIST).content.decode()


def test_change_is_on_record_with_what_stood_there(cast, put, enter):
    row = put()
    client = enter(cast.centre_head)

    answer = client.post(url("announcement_edit", row), written(cast, title="名单公示（更正）"))

    assert answer.url == row.get_absolute_url()
    row.refresh_from_db()
    assert row.title == "名单公示（更正）"
    changes = AuditEntry.objects.get(action="announcement.revised").changes
    assert changes["title"] == ["低保名单公示", "名单公示（更正）"]
    assert changes["text"] == ["张三、李四。", "一\n\n二"]


def test_withdrawn_is_gone_from_the_board_and_stays_in_the_list(cast, put, enter, client):
    row = put()
    enter(cast.secretary)
    assert "撤下“低保名单公示”？" in client.get(url("announcement_withdraw", row)).content.decode()

    for _ in range(2):
        assert client.post(url("announcement_withdraw", row)).url == row.get_absolute_url()

    assert client.get(url("board_notice", row)).status_code == 404
    assert titles(client.get(BOARD)) == []
    assert "已撤下" in client.get(LIST).content.decode()
    assert AuditEntry.objects.filter(action="announcement.withdrawn").count() == 1
    page = client.post(url("announcement_edit", row), written(cast))
    assert "已经撤下，不能再改" in page.content.decode()


def test_only_what_is_due_today_hangs_there(cast, put, client, clock):
    put("从前", published_on=date(2026, 2, 1), until=date(2026, 3, 1))
    put("今天为止", published_on=date(2026, 2, 1), until=date(2026, 3, 2))
    put("明天起", published_on=date(2026, 3, 3))
    put("长期")
    put("置顶", published_on=date(2026, 1, 1), pinned=True)

    assert titles(client.get(BOARD)) == ["置顶", "长期", "今天为止"]
    clock.set("2026-03-03 09:00")
    assert titles(client.get(BOARD)) == ["置顶", "明天起", "长期"]


@pytest.mark.parametrize(
    ("state", "found"),
    [("current", "长期"), ("coming", "明天起"), ("past", "从前"), ("gone", "撤了")],
)
def test_staff_list_goes_by_state(cast, put, enter, state, found):
    put("从前", published_on=date(2026, 2, 1), until=date(2026, 3, 1))
    put("明天起", published_on=date(2026, 3, 3))
    put("长期")
    put("撤了").withdraw(actor=cast.secretary)

    page = enter(cast.secretary).get(LIST, {"state": state})

    assert [row.record.title for row in page.context["table"].rows] == [found]


def test_each_organization_has_its_board_in_pages(cast, put, client):
    for number in range(17):
        put(f"公示{number}")
    put("村里的", actor=cast.centre_head, organization=cast.home.village)

    def board_of(pk):
        return reverse("services:organization_board", args=[pk])

    own = board_of(cast.home.organization.pk)
    assert len(titles(client.get(own))) == 15
    assert len(titles(client.get(own, {"page": 2}))) == 2
    assert titles(client.get(board_of(cast.home.village.pk))) == ["村里的"]
    assert client.get(board_of(987654)).status_code == 404


def test_empty_board_says_so(cast, client):
    own = reverse("services:organization_board", args=[cast.home.organization.pk])

    for page in (BOARD, own):
        assert "现在没有公示" in client.get(page).content.decode()


def test_guide_begins_with_the_newest_five(cast, put, client):
    guide = reverse("services:guide")
    assert "公示栏" not in client.get(guide).content.decode()
    for day in range(1, 7):
        put(f"公示{day}", published_on=date(2026, 2, day))
    county = Announcement(organization=cast.county, title="县里的", text="x")
    county.published_by, county.published_on = cast.secretary, date(2026, 1, 1)
    county.save()

    def news(**query):
        return [row.title for row in client.get(guide, query).context["news"]]

    assert news() == ["公示6", "公示5", "公示4", "公示3", "公示2"]
    assert news(centre=cast.away.centre.pk) == ["县里的"]
    assert news(q="津贴") == []


def test_board_asks_the_same_for_one_and_for_many_and_stays_light(cast, put, client):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(BOARD)
        return len(queries), page.content.decode()

    put("长" * 80)
    asked()
    one, _ = asked()
    for number in range(15):
        put(f"{number}" + "长" * 77)
    many, html = asked()

    assert many == one
    assert weight(html) < BUDGET


def test_text_of_an_announcement_is_text(cast, put, client):
    row = put("<b>题</b>", text="<script>alert(1)</script>")

    page = client.get(url("board_notice", row)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
