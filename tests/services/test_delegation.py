"""代办: a cadre runs a citizen's errand: who may do what, where every paper is, what is late.

From the authorisation through 报送 and the request's own life to 回交 and the file.
"""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from orgs.models import AuditEntry, NotAllowed, Role
from services.models import Delegation, ErrandState
from services.models.errand_scope import wanting
from services.models.errand_terms import destination_of
from tests.people import person, post
from tests.services import errand as stages
from tests.services.errand import (
    BOOK,
    TERMS,
    approve,
    colleague,
    entrusted,
    labels,
    submitted,
    told,
    wanted,
)

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


@pytest.fixture
def second_agent(cast):
    return colleague(cast)


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


def test_terms_name_every_state(cast):
    assert {*STATES} == {*ErrandState}
    assert TERMS["is_voluntary"] and TERMS["is_free"]
