"""Verbs inside the unit: 提交, 审核, 退回, 回复."""

from django.db import transaction
from django.utils import timezone

from orgs.models import Notice, Role, User
from orgs.models.calendar import workdays
from services.models.reply import Outcome, Reply, aside_words
from services.models.status import Status

#: Silence after the answer closes the case; until later it may be taken up again.
CLOSE_DAYS, REDO_DAYS = 5, 15


class HandlingVerbs:
    def current_reply(self):
        """The draft or answer of this round that counts."""
        return self.replies.filter(round=self.round).last()

    @transaction.atomic
    def submit(self, *, actor, outcome, text, template=None, overridden=()):
        """提交审核: the handler's answer goes to the head of the unit.

        `overridden` are the titles of the warnings that the handler has read and set aside.
        """
        self._begin("submit", actor)
        Reply.objects.create(
            request=self,
            round=self.round,
            outcome=outcome,
            text=text,
            template=template,
            submitted_by=actor,
            submitted_at=timezone.now(),
        )
        self.status = Status.PENDING_REVIEW
        self.save(update_fields=["status"])
        Notice.post(
            self._reviewers(actor, outcome),
            f"待审核：{self.subject}",
            kind="request.submitted",
            about=self,
            organization=self.organization,
        )
        words = Outcome(outcome).label + aside_words(overridden)
        self._record(actor, "submitted", "提交审核", note=words)

    def _reviewers(self, author, outcome):
        """The unit's heads, but for the author and the handler; else, and of every refusal, the
        head of the centre."""
        if outcome == Outcome.REFUSED:
            return User.objects.covering(Role.CENTRE_HEAD, self.organization)
        heads = User.objects.holding(Role.UNIT_HEAD, department=self.department)
        others = heads.exclude(pk__in=[author.pk, self.handler_id])
        return others or User.objects.covering(Role.CENTRE_HEAD, self.organization)

    @transaction.atomic
    def approve(self, *, actor):
        """审核通过: the answer may go out."""
        self._begin("approve", actor)
        self._review(actor, True)
        self.status = Status.APPROVED
        self.save(update_fields=["status"])
        self._tell_handler("审核通过，请回复群众", "request.approved")
        self._record(actor, "approved", "审核通过")

    @transaction.atomic
    def return_draft(self, *, actor, reason):
        """退回修改: back to the handler with the reason; the due date stays."""
        self._begin("return_draft", actor)
        self._review(actor, False, reason)
        self.status = Status.HANDLING
        self.save(update_fields=["status"])
        self._tell_handler("审核退回", "request.returned", reason)
        self._record(actor, "returned", "退回修改", note=reason)

    def _review(self, actor, verdict, reason=""):
        draft = self.current_reply()
        draft.reviewed_by, draft.reviewed_at = actor, timezone.now()
        draft.is_approved, draft.return_reason = verdict, reason
        draft.save(update_fields=["reviewed_by", "reviewed_at", "is_approved", "return_reason"])

    def _tell_handler(self, title, kind, body=""):
        Notice.post(
            [self.handler],
            f"{title}：{self.subject}",
            kind=kind,
            about=self,
            organization=self.organization,
            body=body,
        )

    @transaction.atomic
    def reply(self, *, actor, channel, proof):
        """回复: the approved answer reaches the citizen; the clock stops."""
        self._begin("reply", actor)
        now = timezone.now()
        answer = self.current_reply()
        answer.channel, answer.proof = channel, proof
        answer.sent_by, answer.sent_at = actor, now
        answer.save(update_fields=["channel", "proof", "sent_by", "sent_at"])
        self.assignments.filter(ended_at__isnull=True).update(ended_at=now)
        self._answer(answer.outcome, now)
        self._answer_merged(answer)
        words = f"{answer.get_channel_display()}回复，{answer.get_outcome_display()}"
        self._record(actor, "replied", "回复群众", note=words)

    def _answer(self, outcome, at):
        """The clock stops; five workdays of silence close the case."""
        day = timezone.localdate(at)
        self.status, self.outcome, self.replied_at = Status.REPLIED, outcome, at
        if self.first_replied_at is None:
            # 重办 starts a new clock; the rates keep how the first answer stood.
            self.first_replied_at, self.first_due_at = at, self.due_at
        self.close_on = workdays().add(day, CLOSE_DAYS)
        self.redo_until = workdays().add(day, REDO_DAYS)
        self.save()
