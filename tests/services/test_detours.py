"""What does not go straight: 补正, 否定报备, 中止, 延期, 转办, 协办, 并案, 撤回, 回访, 整改."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from orgs.models import AuditEntry, NotAllowed, Role
from services.models import Callback
from services.tasks import resume_due
from tests.people import person, post

PAUSE = {"ground": "INSPECTION", "reason": "须做房屋鉴定", "proof": "鉴定委托书 2026-03"}


def told(user):
    return list(user.notices.order_by("pk").values_list("title", flat=True))


def labels(request):
    return list(AuditEntry.objects.about(request).values_list("label", flat=True))


def test_missing_papers_are_named_once_and_the_decision_waits(cast, clock):
    request = cast.register()
    request.ask_supplement(actor=cast.clerk, missing="户口簿\n银行卡复印件")
    assert (request.status, request.decide_by) == ("SUPPLEMENTING", None)
    clock.set("2026-03-12 09:00")

    request.receive_supplement(actor=cast.clerk, note="已交")

    assert (request.status, request.decide_by) == ("REGISTERED", date(2026, 3, 19))
    with pytest.raises(NotAllowed):
        request.ask_supplement(actor=cast.clerk, missing="再补一样")


def test_refusal_needs_the_countersign_of_the_centre_head(cast):
    request = cast.register()
    request.propose_refusal(actor=cast.clerk, reason="属法院管辖", alternative="县人民法院")
    assert told(cast.centre_head) == ["待批复：不予受理，高龄津贴"]
    for user in (cast.clerk, cast.secretary, cast.unit_head):
        with pytest.raises(NotAllowed):
            request.endorse(actor=user)

    request.endorse(actor=cast.centre_head, opinion="同意，当面说明")

    assert request.status == "NOT_ACCEPTED"
    assert told(cast.clerk) == ["不予受理已同意：高龄津贴"]
    assert labels(request) == ["登记", "申请不予受理", "同意不予受理"]


def test_declined_proposal_changes_nothing_and_another_may_follow(cast):
    request = cast.register()
    request.propose_refusal(actor=cast.clerk, reason="不清楚", alternative="")

    request.decline(actor=cast.centre_head, opinion="属本中心职责，应当受理")

    assert request.status == "REGISTERED"
    request.propose_refusal(actor=cast.clerk, reason="重复", alternative="")
    request.accept(actor=cast.clerk)
    with pytest.raises(NotAllowed):
        request.endorse(actor=cast.centre_head)
    assert request.verbs_for(cast.centre_head) == ["decline"]


def test_one_proposal_at_a_time(cast):
    request = cast.handling()
    request.propose_extension(actor=cast.handler, days=5, reason="材料待核")

    with pytest.raises(NotAllowed):
        request.propose_pause(actor=cast.handler, until=date(2026, 3, 20), **PAUSE)


def test_suspension_adds_exactly_its_workdays(cast, clock):
    request = cast.handling()  # due on 9 March
    clock.set("2026-03-04 10:00")
    request.propose_pause(actor=cast.handler, until=date(2026, 3, 13), **PAUSE)
    assert request.status == "HANDLING"
    request.endorse(actor=cast.unit_head)
    assert request.status == "SUSPENDED"
    clock.set("2026-03-10 10:00")

    request.resume(actor=cast.handler)

    # Workdays after the 4th through the 10th: 5, 6, 9, 10.
    assert (request.status, request.due_on) == ("HANDLING", date(2026, 3, 13))
    assert request.first_due_on == date(2026, 3, 9)


def test_suspended_case_is_not_overdue_and_resumes_when_its_time_has_passed(cast, clock):
    request = cast.handling()
    request.propose_pause(actor=cast.handler, until=date(2026, 3, 13), **PAUSE)
    request.endorse(actor=cast.unit_head)
    clock.set("2026-03-13 10:00")
    resume_due()
    request.refresh_from_db()
    assert request.status == "SUSPENDED"
    assert request not in type(request).objects.overdue()

    clock.set("2026-03-16 00:10")
    resume_due()

    request.refresh_from_db()
    assert request.status == "HANDLING"
    assert request.due_on == date(2026, 3, 23)


def test_nobody_approves_a_pause_of_his_own(cast):
    post(cast.handler, cast.home.organization, Role.UNIT_HEAD, cast.home.unit)
    request = cast.handling()
    request.propose_pause(actor=cast.handler, until=date(2026, 3, 13), **PAUSE)

    with pytest.raises(NotAllowed):
        request.endorse(actor=cast.handler)
    request.endorse(actor=cast.centre_head)


def test_extension_before_due_once(cast, clock):
    request = cast.handling()
    with pytest.raises(NotAllowed):
        request.propose_extension(actor=cast.handler, days=11, reason="太久")
    request.propose_extension(actor=cast.handler, days=5, reason="须现场丈量")
    request.endorse(actor=cast.centre_head)

    assert (request.due_on, request.first_due_on) == (date(2026, 3, 16), date(2026, 3, 9))
    with pytest.raises(NotAllowed):
        request.propose_extension(actor=cast.handler, days=1, reason="再延")
    late = cast.handling()
    clock.set("2026-03-09 17:31")
    with pytest.raises(NotAllowed):
        late.propose_extension(actor=cast.handler, days=1, reason="已超期")


def test_second_return_is_ruled_by_the_centre_head_for_good(cast):
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    request.send_back(actor=cast.unit_head, reason="属城建")
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)

    request.propose_return(actor=cast.unit_head, reason="仍属城建")
    request.decline(actor=cast.centre_head, opinion="按职责目录属民政")

    assert request.status == "DISPATCHED"
    assert "propose_return" not in request.verbs_for(cast.unit_head)


def test_granted_second_return_goes_back_to_the_dispatcher(cast):
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    request.send_back(actor=cast.unit_head, reason="属城建")
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    request.propose_return(actor=cast.unit_head, reason="仍属城建")

    request.endorse(actor=cast.centre_head)

    assert (request.status, request.department) == ("ACCEPTED", None)


def test_refused_outcome_is_countersigned_by_the_centre_head(cast):
    request = cast.handling()
    request.submit(actor=cast.handler, outcome="REFUSED", text="不符合条件，依据为……")

    with pytest.raises(NotAllowed):
        request.approve(actor=cast.unit_head)
    request.approve(actor=cast.centre_head)

    assert request.status == "APPROVED"


def test_reassigned_case_names_both_people_and_keeps_its_due_date(cast):
    request = cast.handling()
    due = request.due_on

    request.reassign(actor=cast.unit_head, handler=cast.deputy, reason="外出培训")

    assert (request.handler, request.due_on) == (cast.deputy, due)
    entry = AuditEntry.objects.about(request).last()
    assert entry.changes == {"handler": ["柳承办人", "柳河承办副手"]}
    with pytest.raises(NotAllowed):
        request.reassign(actor=cast.unit_head, handler=cast.clerk, reason="误选")


def test_transferred_case_must_be_signed_by_the_new_unit(cast):
    other = person("road", "城建承办")
    post(other, cast.home.organization, Role.HANDLER, cast.home.other_unit)
    request = cast.handling()
    due = request.due_on

    request.transfer(actor=cast.dispatcher, department=cast.home.other_unit, reason="属城建")

    assert (request.status, request.handler, request.due_on) == ("DISPATCHED", None, due)
    assert request.verbs_for(cast.handler) == []
    request.sign(actor=other)
    assert request.assignments.filter(ended_at__isnull=True).count() == 1


def test_assisting_unit_gives_its_opinion_and_leads_nothing(cast):
    helper = person("road", "城建承办")
    post(helper, cast.home.organization, Role.HANDLER, cast.home.other_unit)
    request = cast.handling()
    assert request not in type(request).objects.visible_to(helper)

    request.assist(actor=cast.dispatcher, department=cast.home.other_unit, instructions="请看现场")

    assert request in type(request).objects.visible_to(helper)
    assert request in type(request).objects.awaiting(helper)
    assert request.verbs_for(helper) == ["contribute"]
    request.contribute(actor=helper, opinion="路面已查看")
    assert told(cast.handler)[-1] == "柳河镇城建协办意见：高龄津贴"
    assert request.verbs_for(helper) == []


def test_merged_case_gets_the_answer_of_the_primary_and_its_own_rating(cast):
    primary, second = cast.handling(), cast.handling(citizen={"name": "向兰"})
    second.merge(actor=cast.dispatcher, primary=primary)
    assert second.status == "MERGED"

    primary.submit(actor=cast.handler, outcome="SOLVED", text="水管已修好。")
    primary.approve(actor=cast.unit_head)
    primary.reply(actor=cast.handler, channel="PHONE", proof="电话告知")

    second.refresh_from_db()
    assert (second.status, second.replies.get().text) == ("REPLIED", "水管已修好。")
    second.evaluate(grade=5)
    primary.evaluate(grade=2)
    assert [row.evaluations.get().grade for row in (primary, second)] == [2, 5]


def test_merging_can_be_undone_and_never_goes_in_circles(cast):
    first, second, third = cast.handling(), cast.register(accept=True), cast.handling()
    second.merge(actor=cast.dispatcher, primary=first)
    for case, primary in ((first, second), (first, third), (third, second), (third, third)):
        with pytest.raises(NotAllowed):
            case.merge(actor=cast.dispatcher, primary=primary)

    second.unmerge(actor=cast.dispatcher, reason="不是同一件事")

    assert (second.status, second.merged_into) == ("ACCEPTED", None)
    assert second.verbs_for(cast.dispatcher) == ["dispatch", "merge"]


def test_withdrawal_needs_the_signature_of_the_citizen(cast):
    request = cast.handling()
    with pytest.raises(NotAllowed):
        request.withdraw(actor=cast.clerk, reason="不办了", signed=False)

    request.withdraw(actor=cast.clerk, reason="不办了", signed=True)

    assert request.status == "WITHDRAWN"
    assert request.open_assignment() is None


def test_secretary_supervises_and_dispatcher_urges(cast):
    request = cast.handling()

    request.supervise(actor=cast.secretary, text="请本周内办结")
    request.urge(actor=cast.dispatcher, text="群众再次来电")

    assert told(cast.handler)[-2:] == ["督办：高龄津贴", "催办：高龄津贴"]
    assert [row.kind for row in request.urges.all()] == ["SUPERVISE", "URGE"]


def test_callback_counts_reached_and_solved_apart(cast):
    request = cast.replied()
    request.call_back(actor=cast.callback, is_reached=False)
    assert request.status == "REPLIED"

    request.call_back(actor=cast.callback, is_reached=True, is_solved=True, grade=4, note="满意")

    assert request.status == "CLOSED"
    rating = request.evaluation_of_round()
    assert (rating.grade, rating.source, rating.entered_by) == (4, "CALLBACK", cast.callback)
    assert [row.is_solved for row in request.callbacks.all()] == [None, True]
    with pytest.raises(IntegrityError), transaction.atomic():
        Callback.objects.create(
            request=request, round=1, is_reached=False, is_solved=True, by=cast.callback,
            at=request.replied_at,
        )  # fmt: skip


def test_nobody_of_the_chain_calls_back(cast):
    post(cast.handler, cast.home.organization, Role.CALLBACK)
    request = cast.replied()

    with pytest.raises(NotAllowed):
        request.call_back(actor=cast.handler, is_reached=True, is_solved=True)


def test_who_orders_a_redo_may_call_back_again(cast):
    request = cast.replied()
    request.call_back(actor=cast.callback, is_reached=True, is_solved=False)
    request.redo(actor=cast.callback, reason="群众说没有解决")
    request.submit(actor=cast.handler, outcome="SOLVED", text="已补办。")
    request.approve(actor=cast.unit_head)
    request.reply(actor=cast.handler, channel="PHONE", proof="电话告知")

    request.call_back(actor=cast.callback, is_reached=True, is_solved=True)

    assert [row.is_solved for row in request.callbacks.all()] == [False, True]


def test_bad_grade_opens_a_rectification_with_its_own_clock(cast):
    request = cast.replied()
    request.evaluate(grade=1, comment="没办好")

    row = request.open_rectification()
    assert (row.call_by, row.due_on) == (date(2026, 3, 3), date(2026, 3, 23))
    assert request in type(request).objects.awaiting(cast.handler)
    request.rectify(actor=cast.handler, result="已上门补办")

    assert request.open_rectification() is None
    assert told(cast.callback)[-1] == "整改完成，请再次回访：高龄津贴"


def test_citizen_adds_to_the_rating_once(cast):
    request = cast.replied()
    with pytest.raises(NotAllowed):
        request.add_to_evaluation(text="早了")
    request.evaluate(grade=3)
    request.add_to_evaluation(text="后来又好了")

    with pytest.raises(NotAllowed):
        request.add_to_evaluation(text="再追一次")
    assert request.evaluation_of_round().addition == "后来又好了"


def test_complaint_goes_to_the_centre_head_and_is_answered(cast):
    request = cast.handling()
    request.complain(text="没人理我")
    assert told(cast.centre_head) == ["群众投诉：高龄津贴"]
    with pytest.raises(NotAllowed):
        request.complain(text="又投诉")

    request.answer_complaint(actor=cast.centre_head, answer="已批评并改正")

    assert request.open_complaint() is None


def test_excluded_case_says_who_agreed(cast):
    request = cast.replied()
    request.propose_exclusion(actor=cast.unit_head, reason="群众诉求不合政策，已书面说明")

    request.endorse(actor=cast.centre_head)

    assert request.is_excluded
    assert request.proposals.get().decided_by == cast.centre_head


def test_deputy_works_with_the_posts_of_the_one_who_is_away(cast, clock):
    stranger = person("b-gang", "B岗")
    request = cast.handling()
    assert request not in type(request).objects.visible_to(stranger)

    cast.handler.hand_over(
        actor=cast.handler, deputy=stranger, started_on=date(2026, 3, 2), ended_on=date(2026, 3, 3)
    )
    assert request in type(request).objects.awaiting(stranger)
    request.submit(actor=stranger, outcome="SOLVED", text="已办好。")

    entry = AuditEntry.objects.about(request).last()
    assert (entry.actor, entry.actor_post) == (stranger, "柳河镇民政 承办人（代柳承办人）")
    request.return_draft(actor=cast.unit_head, reason="补日期")
    assert told(stranger) == ["审核退回：高龄津贴"]
    clock.set("2026-03-04 09:00")
    assert request.verbs_for(stranger) == []
