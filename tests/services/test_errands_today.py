"""今日代办: where the cadre must go today, with what in the bag, hardship first."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import Role
from services.models import Paper
from tests.people import person, post
from tests.services import errand as stages
from tests.services.errand import BOOK, answered, approve, entrusted, submitted, wanted


def text_of(page):
    return page.content.decode()


def test_day_is_grouped_by_place_with_what_to_bring_and_hardship_first(cast, enter, clock):
    item = cast.item().current
    plain = entrusted(cast, wanted(cast, item_version=item))
    plain.receive(actor=cast.agent, names=["身份证"], kind=Paper.ORIGINAL)
    first = entrusted(cast, wanted(cast, citizen={"name": "向兰", "is_vulnerable": True}))
    county = entrusted(cast, place="COUNTY", venue="青溪县政务服务大厅")
    fetch, home = answered(cast), answered(cast, papers=False)
    asked = wanted(cast, subject="残疾证换证")
    submitted(cast)  # with the window; nowhere to go

    page = enter(cast.agent).get(reverse("services:errands"))

    groups = page.context["groups"]
    assert [label for label, _ in groups] == [
        "村（社区）便民服务室",
        "乡镇（街道）便民服务中心",
        "县（市、区）政务服务窗口",
    ]
    village, township, hall = (steps for _, steps in groups)
    assert [(step.errand, step.todo) for step in village] == [(home, "请群众签收，回交")]
    assert [(step.errand, step.todo) for step in township] == [
        (first, "报送"),
        (plain, "报送"),
        (fetch, "到窗口领回结果和原件"),
    ]
    assert [step.errand for step in hall] == [county]
    assert (township[1].bring, township[1].lacking) == (["身份证 原件 1 份"], ["户口簿"])
    assert township[2].bring == ["户口簿 原件 1 份"]
    assert township[0].light.words == "剩 3 个工作日报送"
    assert [item for item, _ in page.context["wanted"]] == [asked]
    for words in ("困难群体", "签订委托", "覃*明"):
        assert words in text_of(page)
    assert "覃德明" not in text_of(page)


def test_who_waits_for_an_agent_longest_stands_first_with_light_and_telephone(cast, enter, clock):
    slow, needy = wanted(cast), wanted(cast, citizen={"name": "向兰", "is_vulnerable": True})
    urgent = wanted(cast, promised_days=1, accept=True)
    clock.set("2026-03-11 09:00")

    page = enter(cast.agent).get(reverse("services:errands"))

    assert [item for item, _ in page.context["wanted"]] == [needy, urgent, slow]
    for words in ("超期 6 个工作日", "应当 3月3日办结", "139****0021", "查看全文"):
        assert words in text_of(page)


@pytest.mark.parametrize(
    ("now", "words", "tone"),
    [
        ("2026-03-04 09:00", "剩 1 个工作日报送", "yellow"),
        ("2026-03-05 17:00", "今天应报送", "yellow"),
        ("2026-03-07 09:00", "报送超期 1 个工作日", "red"),
        ("2026-03-10 09:00", "报送超期 3 个工作日", "red"),
    ],
)
def test_lateness_is_shown_in_words(cast, enter, clock, now, words, tone):
    entrusted(cast)
    clock.set(now)

    page = enter(cast.agent).get(reverse("services:errands"))

    (_, (step,)) = page.context["groups"][0]
    assert (step.light.words, step.light.tone) == (words, tone)
    assert words in text_of(page)


def test_other_boxes_list_the_rest(cast, enter):
    needy = wanted(cast, citizen={"name": "向兰", "is_vulnerable": True})
    rows = {
        "waiting": submitted(cast, needy),
        "suspended": stages.suspended(cast),
        "done": stages.archived(cast),
    }
    client = enter(cast.clerk)

    for box, errand in rows.items():
        page = client.get(reverse("services:errands"), {"box": box})
        assert [row.record for row in page.context["table"].rows] == [errand]
    assert client.get(reverse("services:errands"), {"box": "other"}).status_code == 404


def test_each_step_says_what_comes_next(cast, enter):
    def next_of(errand):
        step = enter(cast.agent).get(errand.get_absolute_url()).context["step"]
        return step.todo, step.verb

    asked = submitted(cast)
    asked.request.ask_supplement(actor=cast.clerk, missing="银行卡复印件")
    brought = submitted(cast, papers=False)
    approve(cast, brought.request)
    held = answered(cast)
    held.fetch(actor=cast.agent, pieces=[BOOK])
    fallen = submitted(cast)
    fallen.request.withdraw(actor=cast.clerk, reason="不办了", signed=True)
    empty = submitted(cast, papers=False)
    empty.request.withdraw(actor=cast.clerk, reason="不办了", signed=True)

    assert next_of(entrusted(cast)) == ("报送", "receive")
    assert next_of(asked) == ("收齐补正材料，送窗口", "receive")
    assert next_of(brought) == ("把答复送给群众", "")
    assert next_of(held) == ("请群众签收，回交", "return_papers")
    assert next_of(fallen) == ("到窗口领回结果和原件", "fetch")
    assert next_of(empty) == ("告知群众，交还材料后终止", "end")
    assert next_of(stages.suspended(cast)) == ("已中止", "resume")
    assert next_of(stages.returned(cast)) == ("归档", "archive")
    assert next_of(stages.archived(cast)) == ("已归档", "")


@pytest.mark.parametrize(
    ("name", "query", "who"),
    [
        ("errands", {}, "agent"),
        ("errands", {"box": "waiting"}, "clerk"),
        ("errand_ledger", {}, "secretary"),
        ("errand_ledger_of", {}, "secretary"),
    ],
)
def test_lists_ask_the_same_number_of_queries_for_one_row_and_for_many(
    cast, enter, name, query, who
):  # fmt: skip
    url = reverse(f"services:{name}", args=[cast.agent.pk] if name == "errand_ledger_of" else [])
    client = enter(getattr(cast, who))
    item = cast.item().current

    def fill():
        wanted(cast)
        entrusted(cast, wanted(cast, item_version=item))
        submitted(cast).request.ask_supplement(actor=cast.clerk, missing="户口簿")
        submitted(cast)
        answered(cast)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url, query)
        return len(captured)

    fill()
    client.get(url, query)
    one = queries()
    for _ in range(2):
        fill()
        extra = person(f"agent-{uuid.uuid4()}", "又一代办")
        post(extra, cast.home.village, Role.AGENT)

    assert queries() == one


def test_menu_leads_to_the_errands(cast, enter):
    def shown(user):
        page = text_of(enter(user).get(reverse("home")))
        return [f'href="{reverse(f"services:{name}")}"' in page for name in MENU]

    for role in Role:
        carries = role in (Role.AGENT, Role.CLERK, Role.CENTRE_HEAD)
        reads = role in (Role.AGENT, Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER)
        assert shown(cast.home.people[role]) == [carries, reads]


MENU = ("errands", "errand_ledger")
