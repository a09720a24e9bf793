"""The life of one request in the past: the rows that the verbs would have left at those times.

The verbs know only now. A trail asks the same questions (who may, from which state), computes
with the model's own methods, and writes each step with the time it is told.
`tests/services/test_demo.py` holds a trail and the verbs side by side.
"""

from datetime import timedelta

from django.utils import timezone

from orgs.models import Role, ServiceCentre, User
from orgs.models.calendar import workdays
from services import deadlines
from services.demo.timeline import Timeline, midnight
from services.models import (
    Assignment,
    Channel,
    Evaluation,
    Grade,
    NumberSequence,
    Outcome,
    Reply,
    ServiceRequest,
    Status,
)
from services.models.aftercare import CALL_DAYS, RECTIFY_DAYS, Callback, Rectification
from services.models.dispatch import SIGN_DAYS
from services.models.intake import DECISION_DAYS


class Trail(Timeline):
    def __init__(self, *, actor, organization, citizen, at, now, **fields):
        super().__init__(at, now)
        self.request = self._register(actor, organization, citizen, fields)

    def _register(self, actor, organization, citizen, fields):
        day = timezone.localdate(self.at)
        received_at = fields.pop("received_at", None) or self.at
        request = ServiceRequest(
            organization=organization,
            centre=ServiceCentre.objects.active().serving(organization).first(),
            citizen=citizen,
            registrar=actor,
            received_at=received_at,
            registered_at=self.at,
            decide_by=workdays().add(timezone.localdate(received_at), DECISION_DAYS),
            number=NumberSequence.next_number(organization, day),
            **fields,
        )
        request._take_item()
        request.save(force_insert=True)
        request.index_text()
        request._record(actor, "registered", "登记", at=self.at)
        return request

    def accept(self, at, *, actor):
        """受理."""
        self._begin("accept", actor, at)
        self._take_on(actor, self.at, "accepted", "受理")

    def deem_accepted(self):
        """视为受理, in the first minutes after the days for a decision."""
        at = midnight(self.request.decide_by + timedelta(days=1))
        self._begin("deem_accepted", None, at)
        self._take_on(None, self.request.received_at, "deemed_accepted", "视为受理")

    def _take_on(self, actor, accepted_at, action, label):
        row = self.request
        self.taken_on_at = self.at
        row.status, row.accepted_at = Status.ACCEPTED, accepted_at
        row._start_clock(timezone.localdate(accepted_at))
        row.save()
        if row.mode != "DIRECT":
            people = User.objects.covering(Role.DISPATCHER, row.organization)
            body = f"{row.number}，应于 {row.due_on:%-m月%-d日} 前办结。"
            self._tell(people, "待派单", "request.accepted", body)
        self._record(actor, action, label, row._promise_words())

    def finish_on_spot(self, at, *, actor, outcome, text, proof=""):
        """当场办结."""
        self._begin("finish_on_spot", actor, at)
        row = self.request
        Reply.objects.create(
            request=row, round=row.round, outcome=outcome, text=text, channel="COUNTER",
            proof=proof, submitted_by=actor, submitted_at=self.at, sent_by=actor, sent_at=self.at,
        )  # fmt: skip
        row.handler, row.first_released_at = actor, self.at
        row._answer(outcome, self.at)
        self._record(actor, "finished_on_spot", "当场办结", text)

    def dispatch(self, at, *, actor, department, instructions=""):
        """派单."""
        self._begin("dispatch", actor, at)
        row = self.request
        day = workdays().add(timezone.localdate(self.at), SIGN_DAYS)
        Assignment.objects.create(
            request=row, department=department, dispatched_by=actor, dispatched_at=self.at,
            sign_by=deadlines.due_at(day, row.closing_time), instructions=instructions,
        )  # fmt: skip
        row.status, row.department = Status.DISPATCHED, department
        row.save()
        people = User.objects.holding(Role.HANDLER, department=department)
        body = f"{row.number}，请于 {day:%-m月%-d日} 下班前签收。"
        self._tell(people, "待签收", "request.dispatched", body, department.organization)
        note = "：".join(filter(None, [str(department), instructions]))
        self._record(actor, "dispatched", "派单", note)

    def sign(self, at, *, actor):
        """签收."""
        self._begin("sign", actor, at)
        row = self.request
        row.assignments.filter(ended_at__isnull=True).update(signed_by=actor, signed_at=self.at)
        row.status, row.handler = Status.HANDLING, actor
        row.first_released_at = row.first_released_at or self.at
        row.save()
        self._record(actor, "signed", "签收", f"{row.department} {actor}")

    def send_back(self, at, *, actor, reason):
        """退单."""
        self._begin("send_back", actor, at)
        row, unit = self.request, self.request.department
        row.assignments.filter(ended_at__isnull=True).update(
            returned_by=actor, returned_at=self.at, return_reason=reason, ended_at=self.at
        )
        row.status, row.department = Status.ACCEPTED, None
        row.save()
        people = User.objects.covering(Role.DISPATCHER, row.organization)
        self._tell(people, f"{unit}退单", "request.sent_back", reason)
        self._record(actor, "sent_back", "退单", f"{unit}：{reason}")

    def submit(self, at, *, actor, outcome, text):
        """提交审核."""
        self._begin("submit", actor, at)
        row = self.request
        Reply.objects.create(
            request=row, round=row.round, outcome=outcome, text=text, submitted_by=actor,
            submitted_at=self.at,
        )  # fmt: skip
        row.status = Status.PENDING_REVIEW
        row.save()
        self._tell(row._reviewers(actor, outcome), "待审核", "request.submitted")
        self._record(actor, "submitted", "提交审核", Outcome(outcome).label)

    def approve(self, at, *, actor):
        """审核通过."""
        self._begin("approve", actor, at)
        self._review(actor, True, "")
        self._move(Status.APPROVED)
        self._tell([self.request.handler], "审核通过，请回复群众", "request.approved")
        self._record(actor, "approved", "审核通过")

    def return_draft(self, at, *, actor, reason):
        """退回修改."""
        self._begin("return_draft", actor, at)
        self._review(actor, False, reason)
        self._move(Status.HANDLING)
        self._tell([self.request.handler], "审核退回", "request.returned", reason)
        self._record(actor, "returned", "退回修改", reason)

    def _review(self, actor, verdict, reason):
        draft = self.request.current_reply()
        draft.reviewed_by, draft.reviewed_at = actor, self.at
        draft.is_approved, draft.return_reason = verdict, reason
        draft.save()

    def reply(self, at, *, actor, channel, proof):
        """回复."""
        self._begin("reply", actor, at)
        row, answer = self.request, self.request.current_reply()
        answer.channel, answer.proof = channel, proof
        answer.sent_by, answer.sent_at = actor, self.at
        answer.save()
        row.assignments.filter(ended_at__isnull=True).update(ended_at=self.at)
        row._answer(answer.outcome, self.at)
        words = f"{Channel(channel).label}回复，{answer.get_outcome_display()}"
        self._record(actor, "replied", "回复群众", words)

    def evaluate(self, at, *, grade, comment=""):
        """评价."""
        self._reach(at)
        self._rate(grade, comment)

    def _rate(self, grade, comment, **where):
        row = self.request
        rating = Evaluation.objects.create(
            request=row, round=row.round, grade=grade, comment=comment, created_at=self.at, **where
        )
        if row.status == Status.REPLIED:
            row.closed_at = self.at
            self._move(Status.CLOSED)
        if rating.is_bad:
            self._answer_for(rating)
        self._record(None, "evaluated", "群众评价", Grade(grade).label)

    def _answer_for(self, rating):
        """A bad grade opens a 整改 and reaches everybody in charge."""
        row, days, day = self.request, workdays(), timezone.localdate(self.at)
        Rectification.objects.create(
            evaluation=rating,
            request=row,
            call_by=days.add(day, CALL_DAYS),
            due_on=days.add(day, RECTIFY_DAYS),
        )
        heads = User.objects.covering(Role.CENTRE_HEAD, row.organization)
        units = User.objects.holding(Role.UNIT_HEAD, department=row.department)
        people = {row.handler, *heads, *(units if row.department_id else ())}
        title = f"群众评价“{rating.get_grade_display()}”"
        self._tell(people, title, "request.rated_badly", "请在一个工作日内回访群众。")

    def rectify(self, at, *, actor, result):
        """差评整改."""
        self._begin("rectify", actor, at)
        row = self.request.open_rectification()
        row.result, row.done_by, row.done_at = result, actor, self.at
        row.save()
        people = User.objects.covering(Role.CALLBACK, self.request.organization)
        self._tell(people, "整改完成，请再次回访", "request.rectified")
        self._record(actor, "rectified", "差评整改", result)

    def call_back(self, at, *, actor, is_reached, is_solved=None, grade=None, note=""):
        """回访."""
        self._begin("call_back", actor, at)
        row = self.request
        Callback.objects.create(
            request=row, round=row.round, is_reached=is_reached, is_solved=is_solved, note=note,
            by=actor, at=self.at,
        )  # fmt: skip
        if grade and row.evaluation_of_round() is None:
            self._rate(grade, note, source=Evaluation.Source.CALLBACK, entered_by=actor)
        if is_solved and row.status == Status.REPLIED:
            row.closed_at = self.at
            self._move(Status.CLOSED)
        words = "未联系上" if not is_reached else "已解决" if is_solved else "未解决"
        self._record(actor, "called_back", "回访", f"{words} {note}".strip())

    def close(self):
        """办结 after the days of silence."""
        self._begin("close", None, midnight(self.request.close_on + timedelta(days=1)))
        self.request.closed_at = self.at
        self._move(Status.CLOSED)
        self._record(None, "closed", "办结", "5 个工作日未评价，自动办结")

    def redo(self, at, *, actor, reason):
        """重办."""
        self._begin("redo", actor, at)
        row = self.request
        row.round += 1
        row.replied_at = row.closed_at = row.close_on = row.redo_until = None
        row.outcome = ""
        row.accepted_at = self.taken_on_at = self.at
        row.status = Status.HANDLING
        row._start_clock(timezone.localdate(self.at))
        row.save()
        before = row.assignments.filter(part="LEAD").last()
        Assignment.objects.create(
            request=row, department=row.department, dispatched_by=before.dispatched_by,
            dispatched_at=self.at, sign_by=self.at, signed_by=row.handler, signed_at=self.at,
            instructions="重办",
        )  # fmt: skip
        self._tell([row.handler], "重办", "request.redone", reason)
        self._record(actor, "redone", "重办", reason)
