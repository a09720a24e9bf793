"""After the answer: 回访, 追评, 投诉, and the 整改 that a bad grade asks for."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from orgs.models import NotAllowed, Notice, Role, User
from orgs.models.calendar import workdays
from services.models.evaluation import Evaluation
from services.models.status import Status

#: 差评: call back within one workday, put right within fifteen (浙江、四川“好差评”办法).
CALL_DAYS, RECTIFY_DAYS = 1, 15


class Callback(models.Model):
    """One attempt to reach the citizen, by somebody outside the chain."""

    request = models.ForeignKey("services.ServiceRequest", models.PROTECT, related_name="callbacks")
    round = models.PositiveSmallIntegerField("轮次")
    is_reached = models.BooleanField("已联系上")
    is_solved = models.BooleanField("群众认为已解决", null=True)
    note = models.TextField("回访记录", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("回访时间")

    class Meta:
        verbose_name = verbose_name_plural = "回访"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_reached=True, is_solved__isnull=False)
                | Q(is_reached=False, is_solved__isnull=True),
                name="callback_solved_only_if_reached",
            )
        ]

    def __str__(self):
        return f"{self.request} 回访"


class Rectification(models.Model):
    """差评整改: opened by a bad grade, with a clock of its own."""

    evaluation = models.OneToOneField(
        Evaluation, models.PROTECT, related_name="rectification", verbose_name="评价"
    )
    request = models.ForeignKey(
        "services.ServiceRequest", models.PROTECT, related_name="rectifications"
    )
    call_by = models.DateField("回访期限")
    due_on = models.DateField("整改期限")
    result = models.TextField("整改情况", blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "差评整改"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(done_at__isnull=True), name="rectification_open"
            )
        ]

    def __str__(self):
        return f"{self.request} 整改"


class Complaint(models.Model):
    """投诉: about how a case was handled; answered by the head of the centre."""

    request = models.ForeignKey(
        "services.ServiceRequest", models.PROTECT, related_name="complaints"
    )
    text = models.TextField("投诉内容")
    at = models.DateTimeField("投诉时间")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "投诉"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(answered_at__isnull=True),
                name="complaint_one_open",
                violation_error_message="已有一条投诉待答复。",
            )
        ]

    def __str__(self):
        return f"{self.request} 投诉"


class AftercareVerbs:
    def open_rectification(self):
        return self.rectifications.filter(done_at__isnull=True).first()

    def open_complaint(self):
        return self.complaints.filter(answered_at__isnull=True).first()

    @transaction.atomic
    def call_back(self, *, actor, is_reached, is_solved=None, grade=None, note=""):
        """回访: reached or not, solved or not; a grade only as the citizen says it."""
        self._begin("call_back", actor)
        now = timezone.now()
        solved = is_solved if is_reached else None
        if is_reached and solved is None:
            raise NotAllowed("联系上群众的，请填写是否已解决。")
        Callback.objects.create(
            request=self,
            round=self.round,
            is_reached=is_reached,
            is_solved=solved,
            note=note,
            by=actor,
            at=now,
        )
        if is_reached and grade and self.evaluation_of_round() is None:
            self._rate(grade, note, source=Evaluation.Source.CALLBACK, entered_by=actor)
        if is_reached and solved and self.status == Status.REPLIED:
            self.status, self.closed_at = Status.CLOSED, now
            self.save(update_fields=["status", "closed_at"])
        words = "未联系上" if not is_reached else "已解决" if solved else "未解决"
        self._record(actor, "called_back", "回访", note=f"{words} {note}".strip())

    def _open_rectification(self, evaluation):
        today = timezone.localdate()
        Rectification.objects.create(
            evaluation=evaluation,
            request=self,
            call_by=workdays().add(today, CALL_DAYS),
            due_on=workdays().add(today, RECTIFY_DAYS),
        )

    @transaction.atomic
    def rectify(self, *, actor, result):
        """整改: what was put right after a bad grade."""
        self._begin("rectify", actor)
        row = self.open_rectification()
        row.result, row.done_by, row.done_at = result, actor, timezone.now()
        row.save(update_fields=["result", "done_by", "done_at"])
        Notice.post(
            User.objects.covering(Role.CALLBACK, self.organization),
            f"整改完成，请再次回访：{self.subject}",
            kind="request.rectified",
            about=self,
            organization=self.organization,
        )
        self._record(actor, "rectified", "差评整改", note=result)

    def can_add_to_evaluation(self, visitor=None) -> bool:
        """Graded, nothing added yet, and the visitor has had no hand in the case."""
        row = self.evaluation_of_round()
        mine = visitor and visitor.pk in self.chain()
        return row is not None and row.added_at is None and not mine

    @transaction.atomic
    def add_to_evaluation(self, *, text, visitor=None):
        """追评: one addition by the citizen, after the grade; never by the chain."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if not self.can_add_to_evaluation(visitor):
            raise NotAllowed("评价之后由群众本人追评一次。")
        row = self.evaluation_of_round()
        row.addition, row.added_at = text, timezone.now()
        row.save(update_fields=["addition", "added_at"])
        self._record(None, "evaluation_added", "群众追评")

    @transaction.atomic
    def complain(self, *, text, actor=None):
        """投诉: by the citizen on the public page (no actor), or taken down at the counter."""
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
        if actor is not None and "complain" not in self.verbs_for(actor):
            raise NotAllowed(self._refusal("complain"))
        if self.open_complaint():
            raise NotAllowed("您的投诉已收到，正在处理，请等待答复。")
        Complaint.objects.create(request=self, text=text, at=timezone.now(), taken_by=actor)
        Notice.post(
            self._centre_heads(),
            f"群众投诉：{self.subject}",
            kind="request.complained",
            about=self,
            organization=self.organization,
        )
        self._record(actor, "complained", "群众投诉")

    @transaction.atomic
    def answer_complaint(self, *, actor, answer):
        """答复投诉."""
        self._begin("answer_complaint", actor)
        row = self.open_complaint()
        row.answer, row.answered_by, row.answered_at = answer, actor, timezone.now()
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        self._record(actor, "complaint_answered", "答复投诉", note=answer)
