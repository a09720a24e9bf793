"""The demo's past is written step by step with its own times: a trail leaves the very rows that
the verbs and the sweeps leave."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from orgs.models import AuditEntry, NotAllowed, Notice, Role
from services.deadlines import SHANGHAI
from services.demo.trail import Trail
from services.models import Citizen, ServiceRequest
from services.tasks import close_silent, deem_accepted, recompute_due, remind
from tests.people import post

pytestmark = pytest.mark.django_db


def sweep():
    remind()
    deem_accepted()
    recompute_due()
    close_silent()


def moment(text) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class Live:
    """The verbs on a moving clock, with the sweeps at five past midnight."""

    def __init__(self, clock, cast, at, **fields):
        self.clock = clock
        self.now = moment(at)
        clock.set(self.now)
        self.request = cast.register(**fields)

    def step(self, at, verb, **said):
        self.pass_until(moment(at))
        getattr(ServiceRequest.objects.get(pk=self.request.pk), verb)(**said)
        if verb in ("accept", "redo"):
            self.pass_until(self.now + timedelta(minutes=5))
            sweep()

    def pass_until(self, at):
        while True:
            night = self.now.replace(hour=0, minute=5) + timedelta(days=1)
            if night > at:
                break
            for self.now in (night, night + timedelta(minutes=5)):
                self.clock.set(self.now)
                sweep()
        self.now = at
        self.clock.set(at)


def rows_of(request):
    """Everything that the database says about a request, as far as two can be alike."""
    request.refresh_from_db()
    own = {"id", "request_id", "evaluation_id", "number", "query_code", "nonce", "citizen_id"}

    def plain(row):
        values = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
        return {name: value for name, value in values.items() if name not in own}

    related = (
        "assignments", "replies", "evaluations", "callbacks", "rectifications", "reminders",
    )  # fmt: skip
    entries = AuditEntry.objects.about(request).values_list(
        "at", "action", "label", "actor", "actor_name", "actor_post", "note", "organization"
    )
    notices = Notice.objects.filter(target=f"services.servicerequest:{request.pk}").values_list(
        "created_at", "day", "recipient", "kind", "title", "organization", "urgent"
    )
    return {
        "request": plain(request),
        **{name: [plain(row) for row in getattr(request, name).all()] for name in related},
        "entries": sorted(entries),
        "notices": sorted(notices),
    }


def compare(clock, cast, start, steps, end, **fields):
    """Take the steps by the verbs, then by a trail that looks back from `end`."""
    live = Live(clock, cast, start, **fields)
    for at, verb, said in steps:
        live.step(at, verb, **said)
    live.pass_until(moment(end))
    person = live.request.citizen
    told = {"subject": "高龄津贴", "content": "家里老人八十二岁，想申请高龄津贴。"}
    trail = Trail(
        actor=cast.clerk, organization=cast.home.organization, citizen=person,
        at=moment(start), now=moment(end), **({"promised_days": 5} | told | fields),
    )  # fmt: skip
    for at, verb, said in steps:
        getattr(trail, verb)(moment(at), **said)
    trail.finish()
    return rows_of(live.request), rows_of(trail.request), trail.request


def test_trail_leaves_what_the_verbs_leave(cast, clock):
    steps = [
        ("2026-03-02 09:04", "accept", {"actor": cast.clerk}),
        ("2026-03-02 09:30", "dispatch",
         {"actor": cast.dispatcher, "department": cast.home.unit, "instructions": "请尽快"}),
        ("2026-03-02 10:00", "send_back", {"actor": cast.unit_head, "reason": "属城建职责"}),
        ("2026-03-02 11:00", "dispatch",
         {"actor": cast.dispatcher, "department": cast.home.unit}),
        ("2026-03-03 09:00", "sign", {"actor": cast.handler}),
        ("2026-03-04 09:00", "submit",
         {"actor": cast.handler, "outcome": "SOLVED", "text": "已办好。"}),
        ("2026-03-04 10:00", "return_draft", {"actor": cast.unit_head, "reason": "写明日期"}),
        ("2026-03-05 09:00", "submit",
         {"actor": cast.handler, "outcome": "SOLVED", "text": "4 月起发放。"}),
        ("2026-03-05 10:00", "approve", {"actor": cast.unit_head}),
        ("2026-03-05 11:00", "reply",
         {"actor": cast.handler, "channel": "PHONE", "proof": "电话告知"}),
        ("2026-03-06 19:00", "evaluate", {"grade": 2, "comment": "等太久"}),
        ("2026-03-09 10:00", "rectify", {"actor": cast.handler, "result": "已上门说明"}),
        ("2026-03-10 10:00", "call_back",
         {"actor": cast.callback, "is_reached": True, "is_solved": True, "note": "认可"}),
    ]  # fmt: skip

    by_verbs, by_trail, request = compare(
        clock, cast, "2026-03-02 09:00", steps, "2026-04-01 09:00"
    )

    assert by_trail == by_verbs
    assert request.status == "CLOSED"


def test_trail_hears_the_clock_as_the_sweeps_tell_it(cast, clock):
    post(cast.deputy, cast.home.organization, Role.UNIT_HEAD, cast.home.unit)
    said = {"actor": cast.handler, "outcome": "PARTLY", "text": "部分解决。"}
    steps = [
        ("2026-03-02 09:04", "accept", {"actor": cast.clerk}),
        ("2026-03-02 09:30", "dispatch",
         {"actor": cast.dispatcher, "department": cast.home.unit}),
        ("2026-03-03 09:00", "sign", {"actor": cast.handler}),
        ("2026-03-12 09:00", "submit", said),
        ("2026-03-12 10:00", "approve", {"actor": cast.unit_head}),
        ("2026-03-12 11:00", "reply",
         {"actor": cast.handler, "channel": "VISIT", "proof": "上门"}),
        ("2026-03-13 10:00", "call_back",
         {"actor": cast.callback, "is_reached": True, "is_solved": False, "note": "未解决"}),
        ("2026-03-13 10:10", "redo", {"actor": cast.callback, "reason": "仍未解决"}),
        ("2026-03-19 09:00", "submit", said),
        ("2026-03-19 10:00", "approve", {"actor": cast.unit_head}),
        ("2026-03-19 11:00", "reply",
         {"actor": cast.handler, "channel": "PHONE", "proof": "电话"}),
    ]  # fmt: skip

    by_verbs, by_trail, request = compare(
        clock, cast, "2026-03-02 09:00", steps, "2026-03-20 09:00"
    )

    assert by_trail == by_verbs
    rules = list(request.reminders.values_list("rule", flat=True))
    assert rules == ["YELLOW", "DUE_DAY", "OVERDUE", "YELLOW"]


def test_trail_of_an_open_case_is_warned_until_now(cast, clock):
    steps = [("2026-03-02 09:04", "accept", {"actor": cast.clerk})]

    by_verbs, by_trail, request = compare(
        clock, cast, "2026-03-02 09:00", steps, "2026-03-11 09:00"
    )

    assert by_trail == by_verbs
    assert request.reminders.count() == 3


def test_trail_of_a_matter_handled_directly(cast, clock):
    item = cast.item("开具居住证明", mode="DIRECT", days=0)
    steps = [
        ("2026-03-02 09:04", "accept", {"actor": cast.clerk}),
        ("2026-03-02 09:20", "finish_on_spot",
         {"actor": cast.clerk, "outcome": "SOLVED", "text": "已开具。"}),
        ("2026-03-02 09:25", "evaluate", {"grade": 5}),
    ]  # fmt: skip

    by_verbs, by_trail, request = compare(
        clock, cast, "2026-03-02 09:00", steps, "2026-03-04 09:00", item_version=item.current
    )

    assert by_trail == by_verbs
    assert request.evaluations.get().grade == 5


def test_trail_of_silence(cast, clock):
    """Nobody decides, the case is deemed accepted; nobody rates, it is closed."""
    live = Live(clock, cast, "2026-03-02 09:00")
    live.pass_until(moment("2026-03-12 09:00"))
    trail = Trail(
        actor=cast.clerk, organization=cast.home.organization, citizen=live.request.citizen,
        at=moment("2026-03-02 09:00"), now=moment("2026-03-12 09:00"), promised_days=5,
        subject="高龄津贴", content="家里老人八十二岁，想申请高龄津贴。",
    )  # fmt: skip
    trail.deem_accepted()
    trail.finish()

    assert rows_of(trail.request) == rows_of(live.request)
    assert trail.request.status == "ACCEPTED"


def test_trail_refuses_whom_the_verbs_would_refuse(cast, clock):
    trail = Trail(
        actor=cast.clerk, organization=cast.home.organization, now=timezone.now(),
        citizen=Citizen.known(organization=cast.home.organization, name="覃德明", phone=""),
        at=timezone.now(), subject="高龄津贴", content="想申请高龄津贴。", promised_days=5,
    )  # fmt: skip

    with pytest.raises(NotAllowed):
        trail.accept(timezone.now(), actor=cast.outsider)
    with pytest.raises(NotAllowed):
        trail.dispatch(timezone.now(), actor=cast.dispatcher, department=cast.home.unit)
