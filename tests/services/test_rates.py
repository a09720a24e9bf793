"""The rates, counted by hand: what belongs into which numerator and denominator, and what not."""

from datetime import UTC, date, datetime

import pytest

from orgs.models import Role
from services.models import ServiceRequest
from services.rates import (
    BY_CODE,
    MISDISPATCH,
    ON_TIME,
    RESPONSE,
    SATISFIED,
    SOLVED,
    Period,
    Rate,
    cases,
    excluded_cases,
    measure,
    percent,
)
from tests.people import person, post

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def road(cast):
    user = person("road", "城建承办")
    post(user, cast.home.organization, Role.HANDLER, cast.home.other_unit)
    return user


def rate(definition, period=MARCH):
    return measure(ServiceRequest.objects.all(), definition, period)


def told(definition, period=MARCH):
    found = rate(definition, period)
    return found.numerator, found.denominator, found.waiting, found.excluded


def behind(definition, part, period=MARCH):
    return set(cases(ServiceRequest.objects.all(), definition, period, part))


def dispatched(cast, unit=None):
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=unit or cast.home.unit)
    return request


def exclude(cast, request):
    request.propose_exclusion(actor=cast.dispatcher, reason="诉求要求违反政策")
    request.endorse(actor=cast.centre_head, opinion="同意剔除")


def answer(cast, request):
    request.submit(actor=request.handler, outcome="SOLVED", text="已办好。")
    request.approve(actor=cast.unit_head)
    request.reply(actor=request.handler, channel="PHONE", proof="电话告知")


def called(cast, request, solved=None, grade=None):
    reached = solved is not None
    request.call_back(actor=cast.callback, is_reached=reached, is_solved=solved, grade=grade)


# 响应率


def test_response_counts_the_first_signature_against_the_first_time_to_sign(cast, clock, road):
    clock.set("2026-02-27 09:00")
    dispatched(cast).sign(actor=cast.handler)  # another period
    clock.set("2026-03-02 09:00")
    at_once, also_at_once, late, never, gone, returned, left_out = (
        dispatched(cast) for _ in range(7)
    )
    cast.register(accept=True)  # not dispatched
    for request in (at_once, also_at_once, left_out):
        request.sign(actor=cast.handler)
    exclude(cast, left_out)
    gone.withdraw(actor=cast.clerk, reason="不办了", signed=True)
    clock.set("2026-03-03 17:30")
    returned.send_back(actor=cast.unit_head, reason="不属民政")
    returned.dispatch(actor=cast.dispatcher, department=cast.home.other_unit)
    clock.set("2026-03-04 09:00")
    returned.sign(actor=road)  # in the second unit's time, but not in the first one's
    late.sign(actor=cast.handler)
    waiting = dispatched(cast)

    assert told(RESPONSE) == (2, 5, 2, 1)
    assert rate(RESPONSE).percent == "40.0%"
    assert behind(RESPONSE, "met") == {at_once, also_at_once}
    assert behind(RESPONSE, "missed") == {late, never, returned}
    assert behind(RESPONSE, "waiting") == {gone, waiting}
    assert behind(RESPONSE, "excluded") == {left_out}


def test_signature_in_the_closing_minute_is_in_time(cast, clock):
    request = dispatched(cast)
    clock.set("2026-03-03 17:30")
    request.sign(actor=cast.handler)

    assert told(RESPONSE) == (1, 1, 0, 0)


# 按期办结率: five workdays from Monday 2 March are over on Monday 9 March, 17:30


def test_first_answer_counts_and_taking_it_up_again_changes_nothing(cast, clock):
    good, late, never, redone = (cast.handling() for _ in range(4))
    answer(cast, good)
    answer(cast, redone)
    clock.set("2026-03-05 09:00")
    redone.redo(actor=cast.callback, reason="仍未解决")
    clock.set("2026-03-10 09:00")
    answer(cast, late)
    late.redo(actor=cast.callback, reason="仍未解决")
    answer(cast, late)
    waiting = cast.handling()
    clock.set("2026-03-16 09:00")
    answer(cast, redone)  # far beyond the second round's time

    assert told(ON_TIME) == (2, 4, 1, 0)
    assert behind(ON_TIME, "met") == {good, redone}
    assert behind(ON_TIME, "missed") == {late, never}
    assert behind(ON_TIME, "waiting") == {waiting}


def test_granted_time_counts_and_a_standing_clock_has_no_due_day(cast, clock):
    extended, paused, standing = (cast.handling() for _ in range(3))
    extended.propose_extension(actor=cast.handler, days=3, reason="现场丈量")
    extended.endorse(actor=cast.centre_head)
    for request in (paused, standing):
        request.propose_pause(
            actor=cast.handler,
            ground="INSPECTION",
            reason="鉴定",
            until=date(2026, 3, 20),
            proof="委托书",
        )
        request.endorse(actor=cast.unit_head)
    clock.set("2026-03-05 09:00")
    paused.resume(actor=cast.handler)  # three workdays stood still: due 12 March
    clock.set("2026-03-12 17:30")
    answer(cast, extended)
    answer(cast, paused)
    clock.set("2026-03-13 09:00")

    assert told(ON_TIME) == (2, 2, 0, 0)
    assert behind(ON_TIME, "counted") == {extended, paused}


def test_merged_withdrawn_and_late_entries_in_the_on_time_rate(cast, clock):
    primary, merged = cast.handling(), cast.handling()
    merged.merge(actor=cast.dispatcher, primary=primary)
    cast.handling().withdraw(actor=cast.clerk, reason="不办了", signed=True)
    noted = ServiceRequest.record_history(
        actor=cast.clerk,
        organization=cast.home.organization,
        name="向阳",
        received_at=datetime(2026, 2, 26, 2, tzinfo=UTC),
        promised_days=3,  # Saturday 28 February was worked: due Monday 2 March
        reply="已答复",
        replied_at=datetime(2026, 2, 27, 2, tzinfo=UTC),
        external_id="A1",
        subject="修路",
        content="请修路",
    )
    clock.set("2026-03-10 09:00")

    found = rate(ON_TIME)

    assert behind(ON_TIME, "missed") == {primary, merged}
    assert behind(ON_TIME, "met") == {noted}
    assert (found.numerator, found.denominator, found.late_entries) == (1, 3, 1)


def test_due_dates_outside_the_period_do_not_count(cast, clock):
    cast.handling()
    clock.set("2026-03-10 09:00")

    assert told(ON_TIME, Period(date(2026, 3, 9), date(2026, 3, 9))) == (0, 1, 0, 0)
    assert told(ON_TIME, Period(date(2026, 3, 1), date(2026, 3, 8))) == (0, 0, 0, 0)
    assert told(ON_TIME, Period(date(2026, 3, 10), date(2026, 3, 31))) == (0, 0, 0, 0)


# 解决率


def test_solved_is_what_the_citizen_said_when_first_reached(cast, clock):
    solved, not_solved, redone, unreached, silent, left_out = (cast.replied() for _ in range(6))
    called(cast, solved)
    called(cast, solved, solved=True)
    called(cast, not_solved, solved=False)
    called(cast, redone, solved=False)
    redone.redo(actor=cast.centre_head, reason="仍未解决")
    answer(cast, redone)
    called(cast, redone, solved=True)
    called(cast, unreached)
    called(cast, left_out, solved=False)
    exclude(cast, left_out)

    found = rate(SOLVED)

    assert told(SOLVED) == (1, 3, 2, 1)
    assert [(s.label, s.part, s.whole) for s in found.coverage] == [
        ("回访", 4, 5),
        ("联系上", 3, 4),
    ]
    assert behind(SOLVED, "missed") == {not_solved, redone}
    assert behind(SOLVED, "waiting") == {unreached, silent}


# 满意率


def test_unrated_is_not_satisfied_and_the_first_grade_stays(cast, clock):
    grades = (5, 4, 3, 2, 1)
    for grade in grades:
        cast.replied().evaluate(grade=grade)
    redone, silent, told_by_phone = (cast.replied() for _ in range(3))
    redone.evaluate(grade=1)
    redone.redo(actor=cast.callback, reason="不满意")
    answer(cast, redone)
    redone.evaluate(grade=5)
    called(cast, told_by_phone, solved=True, grade=4)

    found = rate(SATISFIED)

    assert told(SATISFIED) == (4, 7, 1, 0)
    assert (found.percent, found.self_entered, found.missed) == ("57.1%", 1, 3)
    assert [(s.label, s.part, s.whole) for s in found.coverage] == [("评价", 7, 8)]
    assert behind(SATISFIED, "waiting") == {silent}
    assert redone in behind(SATISFIED, "missed")


def test_nothing_graded_is_no_rate_at_all(cast):
    cast.replied()

    found = rate(SATISFIED)

    assert (found.numerator, found.denominator, found.value) == (0, 0, None)


# 错派率


def test_misdispatch_counts_a_case_once_however_often_it_comes_back(cast, clock):
    straight, back = dispatched(cast), dispatched(cast)
    straight.sign(actor=cast.handler)
    back.send_back(actor=cast.unit_head, reason="不属民政")
    back.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    back.propose_return(actor=cast.unit_head, reason="仍不属民政")
    back.endorse(actor=cast.centre_head)

    assert told(MISDISPATCH) == (1, 2, 0, 0)
    assert behind(MISDISPATCH, "met") == {back}


# All of them


def test_excluded_cases_are_missing_everywhere_and_listed_once(cast, clock):
    request = cast.replied()
    request.evaluate(grade=1)
    exclude(cast, request)
    clock.set("2026-03-20 09:00")

    for definition in (RESPONSE, ON_TIME, SATISFIED):
        assert told(definition) == (0, 0, 0, 1)
    rows = ServiceRequest.objects.all()
    assert list(excluded_cases(rows, MARCH)) == [request]
    reasons = excluded_cases(rows, MARCH).exclusions()
    assert [(row.request, row.reason, row.decided_by) for row in reasons] == [
        (request, "诉求要求违反政策", cast.centre_head)
    ]


def test_proposal_that_was_declined_excludes_nothing(cast):
    request = cast.replied()
    request.propose_exclusion(actor=cast.dispatcher, reason="不满意不合理")
    request.decline(actor=cast.centre_head, opinion="应当计入")
    request.evaluate(grade=1)

    assert told(SATISFIED) == (0, 1, 0, 0)


def test_parts_of_every_rate_add_up(cast, clock):
    for _ in range(2):
        cast.replied()
    cast.handling()
    dispatched(cast)
    clock.set("2026-03-20 09:00")

    for definition in BY_CODE.values():
        found = rate(definition)
        sizes = {part: len(behind(definition, part)) for part in definition.parts}
        assert sizes == {
            "counted": found.denominator,
            "met": found.numerator,
            "missed": found.missed,
            "waiting": found.waiting,
            "excluded": found.excluded,
        }


def test_rates_by_organization_add_up_to_the_whole(cast, clock):
    cast.replied()
    cast.replied(organization=cast.home.village, actor=cast.clerk)
    cast.handling()
    clock.set("2026-03-20 09:00")

    parts = measure(
        ServiceRequest.objects.below(cast.home.organization), ON_TIME, MARCH, by="branch"
    )

    counts = {path: (part.numerator, part.denominator) for path, part in parts.items()}
    assert counts == {cast.home.organization.path: (1, 2), cast.home.village.path: (1, 1)}


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [(4, 4, "样本不足"), (5, 5, "100.0%"), (0, 5, "0.0%"), (0, 0, "—"), (2, 3, "样本不足")],
)
def test_percentage_needs_five_cases(numerator, denominator, words):
    assert Rate(ON_TIME, numerator=numerator, denominator=denominator).percent == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (1999, 2000, "99.9%"),
        (1, 100_000, "0.1%"),
        (7603, 7936, "95.8%"),
        (1, 1, "100.0%"),
        (0, 0, "—"),
    ],
)
def test_rounding_never_makes_a_whole_of_nearly(part, whole, words):
    assert percent(part, whole) == words
