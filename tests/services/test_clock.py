"""The clock reminds before anything is late, decides what was left undecided, closes silence."""

from datetime import date

import pytest

from orgs.models import AuditEntry, CalendarYear, Notice
from services.models import Reminder, ServiceRequest
from services.tasks import close_silent, deem_accepted, recompute_due, remind


def said(request):
    return list(request.reminders.values_list("rule", "due_on"))


def told(user, kind):
    return user.notices.filter(kind=kind).count()


def test_yellow_light_tells_the_handler_once(cast, clock):
    request = cast.handling()  # due on 9 March, yellow from the 6th
    clock.set("2026-03-05 09:00")
    remind()
    assert said(request) == []

    clock.set("2026-03-06 09:00")
    remind()
    remind()

    assert said(request) == [("YELLOW", date(2026, 3, 9))]
    assert told(cast.handler, "request.yellow") == 1
    assert told(cast.unit_head, "request.yellow") == 0


def test_due_day_tells_the_head_of_the_unit(cast, clock):
    request = cast.handling()
    clock.set("2026-03-09 08:40")

    remind()

    assert [rule for rule, _ in said(request)] == ["YELLOW", "DUE_DAY"]
    assert told(cast.unit_head, "request.due_day") == 1


def test_overdue_case_is_urged_and_copied_to_the_centre_head(cast, clock):
    request = cast.handling()
    clock.set("2026-03-10 09:00")

    remind()
    remind()

    assert said(request) == [("OVERDUE", date(2026, 3, 9))]
    for person in (cast.handler, cast.unit_head, cast.centre_head):
        assert told(person, "request.overdue") == 1
    labels = AuditEntry.objects.about(request).values_list("label", flat=True)
    assert list(labels).count("催办通知") == 1


def test_case_without_a_unit_goes_to_the_centre_head(cast, clock):
    cast.register(accept=True)
    clock.set("2026-03-10 09:00")

    remind()

    assert told(cast.centre_head, "request.overdue") == 1


def test_answered_case_is_left_alone(cast, clock):
    request = cast.replied()
    clock.set("2026-03-10 09:00")

    remind()

    assert said(request) == []


def test_undecided_request_is_deemed_accepted_from_the_day_of_receipt(cast, clock):
    request = cast.register()
    clock.set("2026-03-09 17:00")
    deem_accepted()
    request.refresh_from_db()
    assert request.status == "REGISTERED"

    clock.set("2026-03-10 00:10")
    deem_accepted()
    deem_accepted()

    request.refresh_from_db()
    assert (request.status, request.accepted_on) == ("ACCEPTED", date(2026, 3, 2))
    assert request.due_on == date(2026, 3, 9)
    actions = AuditEntry.objects.about(request).values_list("action", flat=True)
    assert list(actions) == ["request.registered", "request.deemed_accepted"]


def test_silence_of_five_workdays_closes(cast, clock):
    request = cast.replied()
    clock.set("2026-03-09 23:00")
    close_silent()
    request.refresh_from_db()
    assert request.status == "REPLIED"

    clock.set("2026-03-10 00:10")
    close_silent()

    request.refresh_from_db()
    assert request.status == "CLOSED"
    assert AuditEntry.objects.about(request).last().note == "5 个工作日未评价，自动办结"


def test_calendar_change_moves_open_cases_only(cast, clock):
    open_case, done = cast.handling(), cast.replied()

    year = CalendarYear.objects.get(year=2026)
    year.change(actor=cast.system_admin, set_days=[(date(2026, 3, 4), False, "临时放假")])
    recompute_due()

    open_case.refresh_from_db()
    done.refresh_from_db()
    assert (open_case.due_on, open_case.first_due_on) == (date(2026, 3, 10), date(2026, 3, 9))
    assert done.due_on == date(2026, 3, 9)
    last = AuditEntry.objects.about(open_case).last()
    assert last.changes == {"due_on": ["2026-03-09", "2026-03-10"]}


def test_due_date_in_an_unpublished_year_is_provisional_until_confirmed(cast, clock):
    clock.set("2026-12-30 09:00")
    request = cast.handling()
    assert request.due_provisional

    CalendarYear.objects.get(year=2027).change(actor=cast.system_admin, confirmed=True)
    recompute_due()

    request.refresh_from_db()
    assert not request.due_provisional


def test_sweep_goes_on_until_nothing_is_left(cast, clock, monkeypatch):
    monkeypatch.setattr("services.tasks.BATCH", 2)
    for _ in range(5):
        cast.handling()
    clock.set("2026-03-10 09:00")

    remind()

    assert Reminder.objects.filter(rule="OVERDUE").count() == 5
    assert Notice.objects.filter(kind="request.overdue", recipient=cast.handler).count() == 5


@pytest.mark.parametrize("task", [remind, deem_accepted, close_silent, recompute_due])
def test_nothing_to_do_is_no_error(cast, task):
    task()

    assert not ServiceRequest.objects.exists()
