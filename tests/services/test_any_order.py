"""Whatever legal verbs come in whatever order, the case stays whole.

Invariants: one open lead at most, clocks never negative, every step on record in one chain,
statistics that add up, and nobody decides on what he or she has asked for.
"""

from datetime import date, timedelta

from django.utils.timezone import localdate
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from orgs.models import AuditChain, AuditEntry, Role
from orgs.models.audit import first_fault
from orgs.models.calendar import workdays
from services import deadlines
from services.models import VERBS, ServiceRequest, Status
from services.models.status import ANSWERED, OPEN, WITH_UNIT
from services.tasks import close_silent, deem_accepted, remind, resume_due
from tests.people import person, post


def arguments(verb, cast, today):
    """What a person would fill in for a verb; {} where a button is enough."""
    return {
        "ask_supplement": {"missing": "户口簿"},
        "propose_refusal": {"reason": "不属本级", "alternative": "县法院"},
        "finish_on_spot": {"outcome": "SOLVED", "text": "已办好"},
        "dispatch": {"department": cast.home.unit},
        "send_back": {"reason": "不属本单位"},
        "propose_return": {"reason": "仍不属本单位"},
        "submit": {"outcome": "SOLVED", "text": "已办好"},
        "return_draft": {"reason": "补日期"},
        "reply": {"channel": "PHONE", "proof": "电话告知"},
        "contribute": {"opinion": "已看现场"},
        "propose_pause": {
            "ground": "HEARING",
            "reason": "听证",
            "until": today + timedelta(days=5),
            "proof": "通知书",
        },
        "propose_extension": {"days": 3, "reason": "现场丈量"},
        "reassign": {"handler": cast.deputy, "reason": "培训"},
        "transfer": {"department": cast.home.other_unit, "reason": "改派"},
        "assist": {"department": cast.home.other_unit, "instructions": "请看现场"},
        "decline": {"opinion": "不同意"},
        "propose_exclusion": {"reason": "不合政策"},
        "urge": {"text": "请加快"},
        "supervise": {"text": "请加快"},
        "unmerge": {"reason": "不是一件事"},
        "withdraw": {"reason": "不办了", "signed": True},
        "call_back": {"is_reached": True, "is_solved": False, "grade": 2},
        "rectify": {"result": "已整改"},
        "complain": {"text": "没人理我"},
        "answer_complaint": {"answer": "已改正"},
        "redo": {"reason": "仍未解决"},
    }.get(verb, {})


#: A lead unit has the case in hand; an answer, a refusal or a merger ends or keeps that.
HELD = (*WITH_UNIT, Status.MERGED)


#: Verbs that are always there and lead nowhere further; half of the steps leave them out.
ENDINGS = ("complain", "answer_complaint", "withdraw", "propose_exclusion", "urge", "supervise")


class Case(RuleBasedStateMachine):
    """One case of the cast, in the hands of everybody; a second one is there to merge into."""

    cast = clock = None

    def people(self):
        everybody = [self.cast.home.people[role] for role in Role]
        return [*everybody, self.cast.deputy, self.cast.road]

    @initialize(start=st.sampled_from(["register", "handling", "pending", "replied"]))
    def begin(self, start):
        self.clock.set("2026-03-02 09:00")
        self.case = getattr(self.cast, start)()
        self.other = self.cast.handling()
        self.steps = 0

    @rule(data=st.data())
    def somebody_acts(self, data):
        self.case.refresh_from_db()
        choices = [(user, verb) for user in self.people() for verb in self.case.verbs_for(user)]
        if not data.draw(st.booleans(), label="anything at all"):
            choices = [pair for pair in choices if pair[1] not in ENDINGS]
        if not choices:
            return
        actor, verb = data.draw(st.sampled_from(choices), label="who does what")
        said = arguments(verb, self.cast, localdate())
        if verb == "merge":
            self.other.refresh_from_db()
            if self.other.status not in OPEN or self.case.merged.exists():
                return
            said = {"primary": self.other}
        if verb == "transfer" and self.case.department == self.cast.home.other_unit:
            said["department"] = self.cast.home.unit
        if verb == "assist" and self.assists_already():
            return
        if verb == "reassign" and self.case.handler == self.cast.deputy:
            said["handler"] = self.cast.handler
        getattr(self.case, verb)(actor=actor, **said)
        self.steps += 1

    def assists_already(self):
        return self.case.assignments.filter(
            department=self.cast.home.other_unit, ended_at__isnull=True
        ).exists()

    @rule(days=st.integers(1, 4))
    def time_passes(self, days):
        self.clock.advance(days=days)
        for sweep in (remind, deem_accepted, resume_due, close_silent):
            sweep()

    @rule(grade=st.integers(1, 5))
    def citizen_rates(self, grade):
        self.case.refresh_from_db()
        if self.case.can_evaluate():
            self.case.evaluate(grade=grade)
            self.steps += 1

    @invariant()
    def the_case_is_whole(self):
        if not hasattr(self, "case"):
            return
        case = ServiceRequest.objects.get(pk=self.case.pk)
        leads = case.assignments.filter(part="LEAD", ended_at__isnull=True).count()
        assert leads == (case.department_id is not None and case.status in HELD)
        assert (case.status == Status.MERGED) == (case.merged_into_id is not None)
        assert case.evaluations.count() <= case.round
        if case.status in ANSWERED:
            assert case.replies.filter(round=case.round, sent_at__isnull=False).count() == 1
        if case.accepted_on:
            days = workdays()
            assert case.accepted_on <= case.first_due_on <= case.due_on or case.round > 1
            assert days.is_workday(case.due_on)
            pauses = case.pauses()
            stop = localdate()
            assert deadlines.used_workdays(days, case.accepted_on, stop, pauses) >= 0

    @invariant()
    def statistics_add_up(self):
        if not hasattr(self, "case"):
            return
        rows = ServiceRequest.objects
        resting = (Status.NOT_ACCEPTED, Status.WITHDRAWN, Status.MERGED)
        parts = rows.open().count() + rows.answered().count()
        assert parts + rows.filter(status__in=resting).count() == rows.count()
        assert rows.overdue().count() + rows.due_soon().count() <= rows.running().count()

    def teardown(self):
        if not hasattr(self, "case"):
            return
        assert AuditEntry.objects.about(self.case).count() > self.steps
        assert [first_fault(chain) for chain in AuditChain.objects.all()] == [
            "" for _ in AuditChain.objects.all()
        ]


def test_any_order_of_legal_verbs_keeps_the_case_whole(cast, clock):
    cast.road = person("road", "城建承办")
    post(cast.road, cast.home.organization, Role.HANDLER, cast.home.other_unit)
    Case.cast, Case.clock = cast, clock
    run_state_machine_as_test(
        Case,
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),  # shrinking costs minutes a failure
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_verb_of_staff_can_be_filled_in(cast):
    """The machine above knows what each verb needs, or that it needs nothing."""
    buttons = {
        "accept", "deem_accepted", "receive_supplement", "sign", "approve", "resume", "endorse",
        "merge", "evaluate", "close",
    }  # fmt: skip
    named = {verb for verb in VERBS if arguments(verb, cast, date(2026, 3, 2))}
    assert named | buttons == set(VERBS)
