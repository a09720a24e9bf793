"""Verbs after the answer: 评价, 办结, 重办."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from orgs.models import NotAllowed, Notice, Role, User
from services.models.assignment import Assignment
from services.models.evaluation import Evaluation
from services.models.status import ANSWERED, Status


class ClosingVerbs:
    def evaluation_of_round(self):
        return self.evaluations.filter(round=self.round).first()

    def can_evaluate(self, visitor=None) -> bool:
        """Answered, not yet rated, in time, and the visitor has had no hand in the case."""
        in_time = self.redo_until is None or timezone.localdate() <= self.redo_until
        return (
            self.status in ANSWERED
            and in_time
            and self.evaluation_of_round() is None
            and not (visitor and visitor.pk in self.chain())
        )

    @transaction.atomic
    def evaluate(self, *, visitor=None, grade, comment="", ip=None):
        """评价: the citizen's grade, once a round; closes the case.

        `visitor` is whoever is signed in on the device; staff of the chain are refused.
        """
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if not self.can_evaluate(visitor):
            raise NotAllowed("这件诉求现在不能评价：可能尚未回复、已经评价过，或您是经办人员。")
        return self._rate(grade, comment, ip=ip)

    def _rate(self, grade, comment, **where):
        now = timezone.now()
        try:
            with transaction.atomic():
                rating = Evaluation.objects.create(
                    request=self,
                    round=self.round,
                    grade=grade,
                    comment=comment,
                    created_at=now,
                    **where,
                )
        except IntegrityError as error:
            raise NotAllowed("本次办理已经评价过，每次办理评价一次。") from error
        if self.status == Status.REPLIED:
            self.status, self.closed_at = Status.CLOSED, now
            self.save(update_fields=["status", "closed_at"])
        if rating.is_bad:
            self._open_rectification(rating)
            self._tell_chain(f"群众评价“{rating.get_grade_display()}”")
        self._record(None, "evaluated", "群众评价", note=rating.get_grade_display())
        return rating

    def _tell_chain(self, title):
        heads = User.objects.covering(Role.CENTRE_HEAD, self.organization)
        units = User.objects.holding(Role.UNIT_HEAD, department=self.department)
        people = {self.handler, *heads, *(units if self.department_id else ())} - {None}
        Notice.post(
            people,
            f"{title}：{self.subject}",
            kind="request.rated_badly",
            about=self,
            organization=self.organization,
            body="请在一个工作日内回访群众。",
        )

    @transaction.atomic
    def close(self, *, actor=None):
        """办结: by 回访, or by the clock after five workdays without a word (未评价)."""
        self._begin("close", actor)
        self.status, self.closed_at = Status.CLOSED, timezone.now()
        self.save(update_fields=["status", "closed_at"])
        note = "" if actor else "5 个工作日未评价，自动办结"
        self._record(actor, "closed", "办结", note=note)

    @transaction.atomic
    def redo(self, *, actor, reason):
        """重办: same number, next round, a new clock; the first due date stays on record."""
        self._begin("redo", actor)
        now = timezone.now()
        self.round += 1
        self.replied_at = self.closed_at = self.close_on = self.redo_until = None
        self.extension_days = 0
        self.outcome = ""
        self.accepted_at = now
        self.status = Status.HANDLING if self.department_id else Status.ACCEPTED
        self._start_clock(timezone.localdate(now))
        self.save()
        if self.department_id:
            before = self.assignments.filter(part=Assignment.Part.LEAD).last()
            Assignment.objects.create(
                request=self,
                department=self.department,
                # Whoever orders it done again has no hand in it, and may call back later.
                dispatched_by=before.dispatched_by,
                dispatched_at=now,
                sign_by=now,
                signed_by=self.handler,
                signed_at=now,
                instructions="重办",
            )
            self._tell_handler("重办", "request.redone", reason)
        self._record(actor, "redone", "重办", note=reason)
