"""代办: a cadre runs a citizen's errand: who may do what, where every paper is, what is late.

From the authorisation through 报送 and the request's own life to 回交 and the file.
"""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from orgs.models import AuditEntry, CalendarYear, NotAllowed, Notice, Role
from services.models import Delegation, ErrandState, Paper, Party
from services.models.custody import Piece
from services.models.errand_scope import wanting
from services.models.errand_terms import destination_of
from services.tasks import run_errands
from tests.people import person, post
from tests.services import errand as stages
from tests.services.errand import BOOK, TERMS, answered, approve, entrusted, submitted, wanted

#: state → how to get there
STATES = {
    "ENTRUSTED": stages.entrusted,
    "SUBMITTED": stages.submitted,
    "SUSPENDED": stages.suspended,
    "RETURNED": stages.returned,
    "ARCHIVED": stages.archived,
    "ENDED": stages.ended,
}
ALLOWED = {
    ("ENTRUSTED", "AGENT"): ["receive", "submit", "visit", "suspend", "end", "change_agent"],
    ("ENTRUSTED", "CLERK"): ["change_agent"],
    ("ENTRUSTED", "CENTRE_HEAD"): ["suspend", "end", "change_agent"],
    ("SUBMITTED", "AGENT"): ["receive", "fetch", "visit", "suspend", "end", "change_agent"],
    ("SUBMITTED", "CLERK"): ["change_agent"],
    ("SUBMITTED", "CENTRE_HEAD"): ["suspend", "end", "change_agent"],
    ("SUSPENDED", "AGENT"): ["fetch", "resume", "end", "change_agent"],
    ("SUSPENDED", "CLERK"): ["change_agent"],
    ("SUSPENDED", "CENTRE_HEAD"): ["resume", "end", "change_agent"],
    ("RETURNED", "AGENT"): ["archive", "visit"],
    ("RETURNED", "CLERK"): ["archive"],
}


def labels(request):
    entries = AuditEntry.objects.about(request).filter(action__startswith="delegation.")
    return list(entries.values_list("label", flat=True))


def told(user):
    return list(user.notices.order_by("pk").values_list("title", flat=True))


@pytest.fixture
def second_agent(cast):
    user = person("agent-2", "柳河代办二")
    post(user, cast.home.village, Role.AGENT)
    return user


# who may


@pytest.mark.parametrize("state", STATES)
def test_each_role_may_what_the_table_says_and_nothing_else(cast, state):
    errand = STATES[state](cast)
    assert errand.state == state

    found = {role: errand.verbs_for(cast.home.people[role]) for role in Role}

    assert found == {role: ALLOWED.get((state, role), []) for role in Role}


@pytest.mark.parametrize("state", STATES)
def test_sister_township_colleague_and_administrators_may_nothing(cast, state, second_agent):
    errand = STATES[state](cast)
    others = [*cast.away.people.values(), second_agent, cast.fellow, cast.system_admin]

    assert [errand.verbs_for(user) for user in others] == [[]] * len(others)


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("submit", {"venue": "民政"}),
        ("give_back", {"signature": "SIGNED"}),
        ("archive", {"archive_place": "1"}),
        ("receive", {"names": ["户口簿"], "kind": "ORIGINAL"}),
        ("hand_in", {"pieces": [BOOK]}),
        ("fetch", {"pieces": [BOOK]}),
        ("return_papers", {"pieces": [BOOK]}),
        ("visit", {"purpose": "送材料"}),
        ("suspend", {"reason": "外出"}),
        ("resume", {}),
        ("end", {"reason": "不办了"}),
        ("change_agent", {"agent": None, "reason": "外出"}),
    ],
)
def test_verb_refuses_whom_the_table_does_not_name_and_leaves_no_trace(
    cast, second_agent, verb, arguments
):
    errand = entrusted(cast)
    before = AuditEntry.objects.count()

    for user in (cast.secretary, cast.outsider, second_agent):
        with pytest.raises(NotAllowed):
            getattr(errand, verb)(actor=user, **arguments)

    assert AuditEntry.objects.count() == before
    errand.refresh_from_db()
    assert errand.state == "ENTRUSTED"


def test_deputy_of_the_absent_agent_runs_the_errand(cast, clock):
    stranger = person("b-gang", "B岗")
    errand = entrusted(cast)
    assert errand.verbs_for(stranger) == []

    cast.agent.hand_over(
        actor=cast.agent, deputy=stranger, started_on=date(2026, 3, 2), ended_on=date(2026, 3, 3)
    )

    assert errand.verbs_for(stranger) == ALLOWED["ENTRUSTED", "AGENT"]
    assert errand in Delegation.objects.carried_by(stranger)
    errand.submit(actor=stranger, venue="民政")
    entry = AuditEntry.objects.about(errand.request).last()
    assert entry.actor_post == "柳河镇一村 代办员（代柳代办员）"


def test_agent_whose_post_has_ended_runs_nothing(cast):
    errand = entrusted(cast)
    cast.agent.posts.update(ended_on="2026-03-01")

    assert errand.verbs_for(cast.agent) == []


# 委托


def test_citizen_entrusts_willingly_for_nothing_and_within_a_list(cast):
    request = wanted(cast)
    for wrong in (
        {"is_voluntary": False},
        {"is_free": False},
        {"scope": [" "]},
        {"scope": [f"第{n}项" for n in range(9)]},
        {"scope": ["长" * 61]},
        {"agent": cast.clerk},
        {"agent": cast.away.people[Role.AGENT]},
    ):
        with pytest.raises(NotAllowed):
            entrusted(cast, request, **wrong)

    errand = entrusted(cast, request, scope=["代为递交申请材料", "代为递交申请材料 ", "代为领取"])

    assert errand.scope_lines == ["代为递交申请材料", "代为领取"]
    assert (errand.state, errand.submit_by) == ("ENTRUSTED", date(2026, 3, 5))
    entry = AuditEntry.objects.about(request).last()
    assert (entry.action, entry.label) == ("delegation.entrusted", "委托代办")
    assert entry.note == "柳代办员代办，本人签字，应于 3月5日 前报送"


def test_database_itself_refuses_what_is_not_voluntary_or_a_second_open_one(cast):
    errand = entrusted(cast)
    for changes in ({"is_free": False}, {"is_voluntary": False}, {"scope": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.filter(pk=errand.pk).update(**changes)
    errand.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        errand.save(force_insert=True)


def test_one_open_errand_a_request_and_another_after_the_end(cast):
    errand = entrusted(cast)
    with pytest.raises(NotAllowed):
        entrusted(cast, errand.request)

    errand.end(actor=cast.agent, reason="换人")

    assert entrusted(cast, errand.request).state == "ENTRUSTED"
    assert errand.request.delegations.count() == 2


def test_answered_request_needs_no_agent(cast):
    request = wanted(cast, accept=True)
    approve(cast, request)
    request.reply(actor=cast.handler, channel="PHONE", proof="电话")

    with pytest.raises(NotAllowed):
        entrusted(cast, request)


def test_clerk_entrusts_the_villages_own_agent_who_is_told(cast):
    above = person("above", "镇代办员")
    post(above, cast.home.organization, Role.AGENT)
    request = cast.register(organization=cast.home.village, is_delegated=True)
    assert told(cast.agent) == ["群众请干部代办：高龄津贴"]
    assert told(above) == []
    assert list(wanting(cast.agent)) == list(wanting(cast.clerk)) == [request]

    agent = Delegation.agent_beside(cast.home.village, cast.clerk)
    entrusted(cast, request, actor=cast.clerk, agent=agent)

    assert agent == cast.agent
    assert Delegation.agent_beside(cast.home.village, above) == above
    assert told(cast.agent)[1:] == ["委托您代办：高龄津贴"]
    assert list(wanting(cast.agent)) == []


def test_signed_paper_is_kept_with_the_case(cast):
    photo = SimpleUploadedFile("委托书.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)

    errand = entrusted(cast, files=[photo])

    assert errand.request.attachments.get().name == "委托书.png"


def test_destination_is_where_the_unit_in_charge_sits(cast):
    item = cast.item()
    cast.home.unit.window = "3号窗口"
    cast.home.unit.save()

    with_item = wanted(cast, item_version=item.current)
    without = wanted(cast)

    assert destination_of(with_item) == ("TOWNSHIP", "柳河镇便民服务中心民政3号窗口")
    assert destination_of(without) == ("TOWNSHIP", "柳河镇便民服务中心")


# 材料交接


def test_every_paper_is_logged_both_ways(cast):
    errand = entrusted(cast)
    errand.receive(actor=cast.agent, names=["户口簿", "身份证"], kind=Paper.ORIGINAL)
    errand.receive(actor=cast.agent, names=["身份证"], kind=Paper.COPY, count=2)
    book, card = Piece("户口簿", "ORIGINAL"), Piece("身份证", "ORIGINAL")
    copies = Piece("身份证", "COPY", 2)
    assert errand.holdings().at(Party.AGENT) == [book, card, copies]

    errand.submit(actor=cast.agent, venue="民政", receiver="李雪梅", pieces=[book, copies])
    errand.return_papers(actor=cast.agent, pieces=[card])
    errand.fetch(actor=cast.agent, pieces=[book], results=["批准书"])

    held = errand.holdings()
    assert held.at(Party.AGENT) == [book, Piece("批准书", "RESULT")]
    assert held.at(Party.COUNTER) == [copies]
    assert held.originals_out() == {"AGENT": [book]}
    assert [(row.way, str(row.piece), row.by) for row in errand.moves.all()][3:5] == [
        ("代办员 → 窗口", "户口簿 原件 1 份", cast.agent),
        ("代办员 → 窗口", "身份证 复印件 2 份", cast.agent),
    ]
    assert labels(errand.request) == [
        "委托代办", "收取材料", "收取材料", "代办报送", "交还群众", "从窗口领回",
    ]  # fmt: skip


def test_nobody_gives_what_he_or_she_has_not(cast):
    errand = submitted(cast)

    for verb, pieces in (
        ("fetch", [Piece("身份证", "ORIGINAL")]),
        ("fetch", [Piece("户口簿", "ORIGINAL", 2)]),
        ("fetch", []),
    ):
        with pytest.raises(NotAllowed):
            getattr(errand, verb)(actor=cast.agent, pieces=pieces)
    errand.fetch(actor=cast.agent, pieces=[BOOK])
    with pytest.raises(NotAllowed):
        errand.return_papers(actor=cast.agent, pieces=[Piece("户口簿", "COPY")])
    with pytest.raises(NotAllowed):
        errand.hand_in(actor=cast.agent, pieces=[BOOK, Piece("身份证", "ORIGINAL")])

    assert errand.holdings().at(Party.AGENT) == [BOOK]


def test_same_receipt_sent_twice_is_one(cast):
    errand, nonce = entrusted(cast), uuid.uuid4()

    for _ in range(2):
        errand.receive(actor=cast.agent, names=["户口簿"], kind="ORIGINAL", nonce=nonce)
        errand.visit(actor=cast.agent, purpose="上门取材料", nonce=nonce)

    assert errand.moves.count() == errand.visits.count() == 1
    assert labels(errand.request).count("收取材料") == 1


def test_errand_is_not_given_back_while_originals_are_out(cast):
    errand = answered(cast)
    with pytest.raises(NotAllowed) as refusal:
        errand.give_back(actor=cast.agent, signature="SIGNED")
    assert str(refusal.value) == ("还有原件没有交还群众：户口簿 原件 1 份在窗口。交还后才能回交。")

    errand.fetch(actor=cast.agent, pieces=[BOOK], results=["批准书"])
    with pytest.raises(NotAllowed):
        errand.give_back(actor=cast.agent, signature="SIGNED")
    errand.return_papers(actor=cast.agent, pieces=[BOOK])
    with pytest.raises(NotAllowed) as refusal:
        errand.give_back(actor=cast.agent, signature="SIGNED")
    assert str(refusal.value) == "办理结果还在代办员手里：批准书 办理结果 1 份。请先交还群众。"
    errand.return_papers(actor=cast.agent, pieces=[Piece("批准书", "RESULT")])
    errand.give_back(actor=cast.agent, signature="THUMB", note="本人不识字", is_visit=True)

    assert (errand.state, errand.return_signature) == ("RETURNED", "THUMB")
    assert errand.visits.get().purpose == "上门回交"


def test_citizen_may_collect_the_originals_in_person(cast):
    errand = answered(cast)

    errand.fetch(actor=cast.agent, pieces=[BOOK], by_citizen=True, note="本人到窗口领取")
    errand.give_back(actor=cast.agent, signature="SIGNED")

    assert errand.holdings().originals_out() == {}


def test_errand_is_not_ended_while_originals_are_out(cast):
    errand = submitted(cast)
    with pytest.raises(NotAllowed):
        errand.end(actor=cast.agent, reason="群众自己去办")
    errand.suspend(actor=cast.agent, reason="群众外出")
    with pytest.raises(NotAllowed):
        errand.end(actor=cast.centre_head, reason="群众自己去办")
    errand.fetch(actor=cast.agent, pieces=[BOOK])
    errand.return_papers(actor=cast.agent, pieces=[BOOK])

    errand.end(actor=cast.centre_head, reason="群众自己去办")

    assert (errand.state, errand.end_reason) == ("ENDED", "群众自己去办")
    assert errand.pauses.get().ended_on == date(2026, 3, 2)
    assert told(cast.agent)[-1] == "代办已终止：高龄津贴"


# 回交 and the file


def test_answer_comes_before_the_return(cast):
    errand = submitted(cast, papers=False)
    approve(cast, errand.request)
    assert "give_back" not in errand.verbs_for(cast.agent)

    errand.request.reply(actor=cast.agent, channel="VISIT", proof="上门告知")
    errand = Delegation.objects.get(pk=errand.pk)

    assert "give_back" in errand.verbs_for(cast.agent)


def test_matter_answered_before_anything_was_handed_in_is_given_back_all_the_same(cast):
    errand = entrusted(cast)
    errand.receive(actor=cast.agent, names=["户口簿"], kind="ORIGINAL")
    stages.answer(cast, errand.request)

    errand = Delegation.objects.get(pk=errand.pk)
    assert "submit" not in errand.verbs_for(cast.agent)
    errand.return_papers(actor=cast.agent, pieces=[BOOK])
    errand.give_back(actor=cast.agent, signature="SIGNED")

    assert errand.state == "RETURNED"


def test_filed_errand_says_where_the_papers_lie(cast):
    errand = stages.archived(cast)

    assert (errand.state, errand.archive_place) == ("ARCHIVED", "2026 年代办卷第 1 号")
    assert labels(errand.request)[-2:] == ["代办回交", "代办归档"]


# 中止, 续办, 更换


def test_days_of_a_suspension_do_not_count(cast, clock):
    errand = entrusted(cast)  # by Thursday 5 March
    clock.set("2026-03-03 15:00")
    errand.suspend(actor=cast.centre_head, reason="代办员抢险")
    assert told(cast.agent)[-1] == "代办已中止：高龄津贴"
    clock.set("2026-03-09 09:00")
    assert errand not in Delegation.objects.overdue()

    errand.resume(actor=cast.agent)

    # Workdays after the 3rd through the 9th: 4, 5, 6, 9.
    assert (errand.state, errand.submit_by) == ("ENTRUSTED", date(2026, 3, 11))
    clock.set("2026-03-10 09:00")
    errand.suspend(actor=cast.agent, reason="群众外出")
    clock.set("2026-03-11 09:00")
    errand.resume(actor=cast.agent)
    assert errand.submit_by == date(2026, 3, 12)


def test_suspended_after_the_handing_in_goes_on_from_there(cast):
    errand = submitted(cast)
    errand.suspend(actor=cast.agent, reason="群众外出")

    errand.resume(actor=cast.agent, note="群众已回")

    assert (errand.state, errand.state_before) == ("SUBMITTED", "")


def test_another_agent_takes_over_with_the_papers(cast, second_agent):
    errand = entrusted(cast)
    errand.receive(actor=cast.agent, names=["户口簿"], kind="ORIGINAL")
    for nobody in (cast.agent, cast.clerk, cast.away.people[Role.AGENT]):
        with pytest.raises(NotAllowed):
            errand.change_agent(actor=cast.centre_head, agent=nobody, reason="调离")

    errand.change_agent(actor=cast.centre_head, agent=second_agent, reason="调离")

    assert errand.verbs_for(cast.agent) == []
    assert "return_papers" in errand.verbs_for(second_agent)
    assert told(second_agent) == ["代办转交给您：高龄津贴"]
    assert told(cast.agent)[-1] == "代办已转交柳河代办二：高龄津贴"
    entry = AuditEntry.objects.about(errand.request).last()
    assert entry.note == "调离；随交材料：户口簿 原件 1 份"
    assert entry.changes == {"agent": ["柳代办员", "柳河代办二"]}


# the clock


def test_handing_in_is_called_for_on_the_day_and_urged_after_it_once_each(cast, clock):
    errand = entrusted(cast)
    run_errands()
    assert told(cast.agent) == []

    clock.set("2026-03-05 08:00")
    for _ in range(2):
        run_errands()
    assert told(cast.agent) == ["今天应报送：高龄津贴"]

    clock.set("2026-03-06 08:00")
    run_errands()
    clock.set("2026-03-09 08:00")
    run_errands()
    assert told(cast.agent)[1:] == ["代办超期未报送：高龄津贴"]
    assert told(cast.centre_head) == ["代办超期未报送：高龄津贴"]
    assert errand in Delegation.objects.overdue()
    assert labels(errand.request) == ["委托代办", "代办报送提醒", "代办催办"]


def test_new_deadline_is_reminded_of_anew(cast, clock):
    errand = entrusted(cast)
    clock.set("2026-03-05 08:00")
    run_errands()
    errand.suspend(actor=cast.agent, reason="群众外出")
    clock.set("2026-03-06 08:00")
    errand.resume(actor=cast.agent)

    run_errands()

    assert told(cast.agent) == ["今天应报送：高龄津贴"] * 2


def test_nothing_is_urged_once_it_was_handed_in_or_the_request_has_ended(cast, clock):
    submitted(cast)
    entrusted(cast).request.withdraw(actor=cast.clerk, reason="不办了", signed=True)
    clock.set("2026-03-09 08:00")

    run_errands()

    assert not Notice.objects.filter(kind__in=("delegation.due", "delegation.overdue")).exists()


def test_agent_hears_when_the_request_needs_an_agent_again(cast):
    errand = submitted(cast)
    request = errand.request
    request.ask_supplement(actor=cast.clerk, missing="银行卡复印件")
    for _ in range(2):
        run_errands()
    request.receive_supplement(actor=cast.clerk)
    approve(cast, request)
    run_errands()
    request.reply(actor=cast.agent, channel="VISIT", proof="上门告知")
    run_errands()

    assert told(cast.agent) == [
        "须补交材料：高龄津贴",
        "答复已审核：高龄津贴",
        "已回复，请回交：高龄津贴",
    ]


def test_changed_calendar_moves_the_deadline(cast):
    errand = entrusted(cast)
    year = CalendarYear.objects.get(year=2026)
    year.change(actor=cast.system_admin, set_days=[(date(2026, 3, 4), False, "临时放假")])

    for _ in range(2):
        run_errands()

    errand.refresh_from_db()
    assert errand.submit_by == date(2026, 3, 6)
    assert labels(errand.request) == ["委托代办", "按新日历重算报送期限"]


# lists and figures


def test_today_waiting_and_done_hold_what_their_names_say(cast):
    fresh, waiting = entrusted(cast), submitted(cast)
    back, paused, over = answered(cast), stages.suspended(cast), stages.ended(cast)
    filed, unfiled = stages.archived(cast), stages.returned(cast)
    rows = Delegation.objects.carried_by(cast.agent)

    assert set(rows.today()) == {fresh, back, unfiled}
    assert set(rows.waiting()) == {waiting}
    assert set(rows.suspended()) == {paused}
    assert set(rows.done()) == {over, filed}
    assert set(rows.in_hand()) == {fresh, waiting, back, paused}


def test_people_in_hardship_come_first(cast, clock):
    plain = entrusted(cast)
    clock.advance(days=1)
    first = entrusted(cast, wanted(cast, citizen={"name": "向兰", "is_vulnerable": True}))

    assert list(Delegation.objects.urgent_first()) == [first, plain]


def test_colleague_carries_nothing_of_the_agents_and_the_window_sees_all(cast, second_agent):
    errand = entrusted(cast)

    assert list(Delegation.objects.carried_by(second_agent)) == []
    assert list(Delegation.objects.visible_to(second_agent)) == [errand]
    for user in (cast.clerk, cast.centre_head, cast.agent):
        assert list(Delegation.objects.carried_by(user)) == [errand]
    for user in cast.away.people.values():
        assert list(Delegation.objects.visible_to(user)) == []


def test_figures_of_a_period_say_what_the_cadre_did(cast, clock):
    vulnerable = wanted(cast, citizen={"name": "向兰", "is_vulnerable": True})
    entrusted(cast, vulnerable, is_visit=True)  # due on the 5th, never handed in
    submitted(cast)
    stages.returned(cast)
    stages.ended(cast)
    suspended = stages.suspended(cast)
    clock.set("2026-03-10 09:00")
    suspended.resume(actor=cast.agent)
    march = (date(2026, 3, 1), date(2026, 3, 31))

    (row,) = Delegation.objects.by_agent(*march)

    assert row == {
        "agent": cast.agent.pk,
        "entrusted": 5,
        "vulnerable": 1,
        "due": 3,
        "on_time": 2,
        "done": 1,
        "ended": 1,
    }
    assert Delegation.objects.touched_in(*march).count() == 5
    april = (date(2026, 4, 1), date(2026, 4, 30))
    (row,) = Delegation.objects.by_agent(*april)
    assert {row[name] for name in row if name != "agent"} == {0}


def test_ledger_is_read_by_the_agent_and_by_those_above(cast, second_agent):
    errand = entrusted(cast)

    for role in (Role.AGENT, Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER):
        assert list(Delegation.objects.counted_for(cast.home.people[role])) == [errand]
    for user in (second_agent, cast.clerk, cast.handler, *cast.away.people.values()):
        assert list(Delegation.objects.counted_for(user)) == []


def test_terms_name_every_state(cast):
    assert {*STATES} == {*ErrandState}
    assert TERMS["is_voluntary"] and TERMS["is_free"]
