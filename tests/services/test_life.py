"""A request goes 受理 → 承办 → 回复 → 评价; every step is recorded and tells who is next."""

from datetime import date

import pytest

from orgs.models import AuditEntry, NotAllowed, Notice
from services.models import ServiceRequest


def actions(request):
    return list(AuditEntry.objects.about(request).values_list("action", flat=True))


def told(user):
    return list(user.notices.order_by("pk").values_list("title", flat=True))


def test_clerk_registers_and_the_clock_waits_for_acceptance(cast):
    request = cast.register()

    assert request.status == "REGISTERED"
    assert request.registrar == cast.clerk
    assert request.due_on is None
    assert request.decide_by == date(2026, 3, 9)
    assert request.number == f"FB2603-{cast.home.organization.pk}-0001"
    assert len(request.query_code) == 6
    assert actions(request) == ["request.registered"]


def test_numbers_count_up_within_organization_and_month(cast, clock):
    first, second = cast.register(), cast.register()
    clock.set("2026-04-01 09:00")
    third = cast.register()

    ends = [request.number.split("-", 1)[1] for request in (first, second, third)]
    organization = cast.home.organization.pk
    assert ends == [f"{organization}-0001", f"{organization}-0002", f"{organization}-0001"]


def test_same_citizen_at_the_same_counter_is_one_person(cast):
    first, second = cast.register(), cast.register(citizen={"address": "柳河镇二村"})

    assert first.citizen == second.citizen
    assert second.citizen.address == "柳河镇二村"


def test_accepting_starts_the_clock_and_tells_the_dispatcher(cast):
    request = cast.register(accept=True)

    assert request.status == "ACCEPTED"
    assert (request.accepted_on, request.due_on) == (date(2026, 3, 2), date(2026, 3, 9))
    assert request.due_at.isoformat() == "2026-03-09T17:30:00+08:00"
    assert request.warn_on == date(2026, 3, 6)
    assert actions(request) == ["request.registered", "request.accepted"]
    assert told(cast.dispatcher) == ["待派单：高龄津贴"]


def test_item_gives_mode_days_and_category(cast):
    item = cast.item(days=10)

    request = cast.register(item_version=item.current, accept=True)

    assert (request.mode, request.promised_days) == ("COMMITTED", 10)
    assert request.due_on == date(2026, 3, 16)


def test_new_item_version_leaves_taken_requests_alone(cast):
    item = cast.item(days=10)
    request = cast.register(item_version=item.current, accept=True)

    item.publish(
        actor=cast.centre_head, name="高龄津贴申领", mode="COMMITTED", promised_days=3,
        handler_name="李雪梅", handler_phone="0717-0000001",
    )  # fmt: skip

    request.refresh_from_db()
    assert (request.item_version.number, request.promised_days) == (1, 10)


def test_dispatched_unit_signs_and_first_responder_is_released(cast):
    request = cast.register(accept=True)

    request.dispatch(actor=cast.dispatcher, department=cast.home.unit, instructions="请尽快")
    assert told(cast.handler) == ["待签收：高龄津贴"]
    assert request.first_released_at is None
    request.sign(actor=cast.handler)

    assert (request.status, request.handler) == ("HANDLING", cast.handler)
    assert request.first_released_at is not None
    assert request.open_assignment().signed_by == cast.handler


def test_unit_head_sends_back_once_with_the_basis(cast):
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)

    request.send_back(actor=cast.unit_head, reason="属城建职责")

    assert (request.status, request.department) == ("ACCEPTED", None)
    assert told(cast.dispatcher)[-1] == "柳河镇民政退单：高龄津贴"
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    with pytest.raises(NotAllowed):
        request.send_back(actor=cast.unit_head, reason="仍属城建职责")


def test_sending_back_after_the_time_to_sign_is_refused(cast, clock):
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    clock.set("2026-03-03 17:31")

    with pytest.raises(NotAllowed):
        request.send_back(actor=cast.unit_head, reason="属城建职责")


def test_returned_draft_is_improved_and_sent(cast):
    request = cast.pending()

    request.return_draft(actor=cast.unit_head, reason="请写明发放日期")
    assert request.status == "HANDLING"
    assert told(cast.handler)[-1] == "审核退回：高龄津贴"
    request.submit(actor=cast.handler, outcome="SOLVED", text="津贴自 4 月起发放。")
    request.approve(actor=cast.unit_head)
    request.reply(actor=cast.handler, channel="PHONE", proof="电话告知本人")

    assert (request.status, request.outcome) == ("REPLIED", "SOLVED")
    assert [(reply.is_approved, reply.sent_at is None) for reply in request.replies.all()] == [
        (False, True),
        (True, False),
    ]


def test_nobody_reviews_a_reply_of_his_own(cast):
    cast.home.people["HANDLER"].posts.create(
        organization=cast.home.organization, role="UNIT_HEAD", department=cast.home.unit
    )
    request = cast.pending()

    with pytest.raises(NotAllowed):
        request.approve(actor=cast.handler)


def test_reply_stops_the_clock_and_silence_closes(cast, clock):
    request = cast.replied()

    assert request.close_on == date(2026, 3, 9)
    assert request.redo_until == date(2026, 3, 23)
    request.close()
    assert (request.status, request.evaluation_of_round()) == ("CLOSED", None)


def test_matter_handled_directly_is_finished_on_the_day(cast, clock):
    item = cast.item("开具居住证明", mode="DIRECT", days=0)
    request = cast.register(item_version=item.current, accept=True)
    assert request.due_on == date(2026, 3, 2)

    request.finish_on_spot(actor=cast.clerk, outcome="SOLVED", text="已开具证明。")

    assert (request.status, request.handler) == ("REPLIED", cast.clerk)
    later = cast.register(item_version=item.current, accept=True)
    clock.set("2026-03-03 09:00")
    with pytest.raises(NotAllowed):
        later.finish_on_spot(actor=cast.clerk, outcome="SOLVED", text="已开具证明。")


def test_citizen_rates_once_and_a_bad_grade_reaches_the_chain(cast):
    request = cast.replied()

    request.evaluate(grade=2, comment="等太久")

    assert (request.status, request.evaluation_of_round().grade) == ("CLOSED", 2)
    assert told(cast.centre_head)[-1] == "群众评价“不满意”：高龄津贴"
    with pytest.raises(NotAllowed):
        request.evaluate(grade=5)


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "handler", "unit_head"])
def test_nobody_in_the_chain_rates(cast, who):
    request = cast.replied()

    with pytest.raises(NotAllowed):
        request.evaluate(visitor=getattr(cast, who), grade=5)

    assert not request.evaluations.exists()


def test_redone_case_keeps_number_and_first_due_date(cast, clock):
    request = cast.replied()
    first_due = request.due_on
    request.evaluate(grade=1)
    clock.set("2026-03-10 10:00")

    request.redo(actor=cast.callback, reason="津贴仍未到账")

    assert (request.status, request.round, request.handler) == ("HANDLING", 2, cast.handler)
    assert (request.first_due_on, request.due_on) == (first_due, date(2026, 3, 17))
    assert [row.round for row in request.evaluations.all()] == [1]
    request.submit(actor=cast.handler, outcome="SOLVED", text="已补发。")
    request.approve(actor=cast.unit_head)
    request.reply(actor=cast.handler, channel="PHONE", proof="电话告知")
    request.evaluate(grade=5)
    assert [row.grade for row in request.evaluations.all()] == [1, 5]


def test_redo_window_closes_after_fifteen_workdays(cast, clock):
    request = cast.replied()
    clock.set("2026-03-24 09:00")

    with pytest.raises(NotAllowed):
        request.redo(actor=cast.callback, reason="仍未解决")


def test_second_handler_is_refused_and_leaves_no_trace(cast):
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    stale = ServiceRequest.objects.get(pk=request.pk)

    request.sign(actor=cast.handler)
    with pytest.raises(NotAllowed) as refusal:
        stale.sign(actor=cast.deputy)

    assert str(refusal.value) == (
        "不能签收：当前为“承办中”。柳承办人已于 09:00 签收。请刷新后再试。"
    )
    assert ServiceRequest.objects.get(pk=request.pk).handler == cast.handler
    assert actions(request).count("request.signed") == 1


def test_same_notice_on_the_same_day_is_one_row(cast):
    request = cast.pending()
    request.return_draft(actor=cast.unit_head, reason="一")
    request.submit(actor=cast.handler, outcome="SOLVED", text="二")
    request.return_draft(actor=cast.unit_head, reason="三")

    assert Notice.objects.filter(recipient=cast.handler, kind="request.returned").count() == 1
