"""撤回, 并案 and 拆并: links that can be undone; every citizen keeps receipt and reply."""

from django.db import transaction
from django.utils import timezone

from orgs.models import NotAllowed
from services.models.reply import Reply
from services.models.status import OPEN, Status


class MergingVerbs:
    @transaction.atomic
    def withdraw(self, *, actor, reason, signed):
        """撤回: at the citizen's wish, with his or her signature."""
        self._begin("withdraw", actor)
        if not signed:
            raise NotAllowed("撤回须由群众本人签字确认。")
        now = timezone.now()
        self.assignments.filter(ended_at__isnull=True).update(ended_at=now)
        self.status, self.closed_at = Status.WITHDRAWN, now
        self.save(update_fields=["status", "closed_at"])
        self._record(actor, "withdrawn", "撤回", note=f"群众签字确认：{reason}")

    @transaction.atomic
    def merge(self, *, actor, primary, reason=""):
        """并案: this case is answered together with `primary`."""
        # Always the smaller number first, so that two clerks cannot wait for each other.
        for pk in sorted((self.pk, primary.pk)):
            type(self).objects.select_for_update().get(pk=pk)
        self._begin("merge", actor)
        primary.refresh_from_db()
        if primary.pk == self.pk:
            raise NotAllowed("不能与自己并案。")
        if primary.status not in OPEN or primary.merged_into_id:
            raise NotAllowed("并入的办件须在办，且本身没有并入别的办件。")
        if self.merged.exists():
            raise NotAllowed("已有办件并入这一件，请先拆并，或把这一件作为主件。")
        self.status_before, self.status = self.status, Status.MERGED
        self.merged_into = primary
        self.save(update_fields=["status", "status_before", "merged_into"])
        self._record(actor, "merged", "并案", note=f"并入 {primary.number} {reason}".strip())

    @transaction.atomic
    def unmerge(self, *, actor, reason):
        """拆并: the case goes on where it stood before."""
        self._begin("unmerge", actor)
        primary, self.merged_into = self.merged_into, None
        self.status, self.status_before = self.status_before, ""
        self.save(update_fields=["status", "status_before", "merged_into"])
        self._record(actor, "unmerged", "拆并", note=f"自 {primary.number} 拆出：{reason}")

    def _answer_merged(self, answer):
        """The answer of the primary case reaches every citizen whose case was merged into it."""
        for row in self.merged.select_for_update().order_by("pk"):
            Reply.objects.create(
                request=row,
                round=row.round,
                outcome=answer.outcome,
                text=answer.text,
                submitted_by=answer.submitted_by,
                submitted_at=answer.submitted_at,
                reviewed_by=answer.reviewed_by,
                reviewed_at=answer.reviewed_at,
                is_approved=True,
                channel=answer.channel,
                proof=answer.proof,
                sent_by=answer.sent_by,
                sent_at=answer.sent_at,
            )
            if row.due_on is None:
                # Merged before it was accepted: it was taken on together with the primary.
                row.accepted_at, row.mode = self.accepted_at, self.mode
                row.promised_days = self.promised_days
                row._start_clock(self.accepted_on)
            row.assignments.filter(ended_at__isnull=True).update(ended_at=answer.sent_at)
            row.department, row.handler = self.department, self.handler
            row._answer(answer.outcome, answer.sent_at)
            note = f"随 {self.number} 一并答复"
            row._record(answer.sent_by, "replied", "回复群众", note=note)
