"""Verbs between the centre and the units: 派单, 签收, 退单."""

from django.db import transaction
from django.utils import timezone

from orgs.models import NotAllowed, Notice, Role, User
from orgs.models.calendar import workdays
from services import deadlines
from services.models.assignment import Assignment
from services.models.status import Status

#: A unit signs for a case, or sends it back, within one workday.
SIGN_DAYS = 1


class DispatchVerbs:
    def open_assignment(self):
        """The lead unit's 承办单 that is still open, if any."""
        return self.assignments.filter(part=Assignment.Part.LEAD, ended_at__isnull=True).first()

    @property
    def was_returned(self) -> bool:
        return self.assignments.filter(returned_at__isnull=False).exists()

    @property
    def can_be_returned(self) -> bool:
        """One 退单 a case, within the time to sign; a second one is the centre head's to rule."""
        if self.was_returned:
            return False
        current = self.open_assignment()
        return current is not None and timezone.now() <= current.sign_by

    @transaction.atomic
    def dispatch(self, *, actor, department, instructions=""):
        """派单: a lead unit gets the case and must sign for it within one workday."""
        self._begin("dispatch", actor)
        self._hand_to(department, actor, instructions)
        note = "：".join(filter(None, [str(department), instructions]))
        self._record(actor, "dispatched", "派单", note=note)

    def _hand_to(self, department, actor, instructions):
        """A new lead unit, that must sign for the case by the end of the next workday."""
        now = timezone.now()
        day = workdays().add(timezone.localdate(now), SIGN_DAYS)
        Assignment.objects.create(
            request=self,
            department=department,
            dispatched_by=actor,
            dispatched_at=now,
            sign_by=deadlines.due_at(day, self.closing_time),
            instructions=instructions,
        )
        self.status, self.department = Status.DISPATCHED, department
        self.save(update_fields=["status", "department", "handler"])
        Notice.post(
            User.objects.holding(Role.HANDLER, department=department),
            f"待签收：{self.subject}",
            kind="request.dispatched",
            about=self,
            organization=department.organization,
            body=f"{self.number}，请于 {day:%-m月%-d日} 下班前签收。",
        )

    @transaction.atomic
    def sign(self, *, actor):
        """签收: a named person takes the case; the 首问责任人 is released."""
        self._begin("sign", actor)
        now = timezone.now()
        leads = self.assignments.filter(part=Assignment.Part.LEAD, ended_at__isnull=True)
        leads.update(signed_by=actor, signed_at=now)
        self.status, self.handler = Status.HANDLING, actor
        self.first_released_at = self.first_released_at or now
        self.save(update_fields=["status", "handler", "first_released_at"])
        self._record(actor, "signed", "签收", note=f"{self.department} {actor}")

    @transaction.atomic
    def send_back(self, *, actor, reason):
        """退单: not the unit's duty; once, within one workday, with the basis."""
        self._begin("send_back", actor)
        self._take_back(actor, reason)

    def _take_back(self, actor, reason):
        now, unit = timezone.now(), self.department
        current = self.open_assignment()
        if current is None:
            raise NotAllowed("没有可退的承办单，请刷新后再试。")
        current.returned_by, current.returned_at = actor, now
        current.return_reason, current.ended_at = reason, now
        current.save()
        self.status, self.department, self.handler = Status.ACCEPTED, None, None
        self.save(update_fields=["status", "department", "handler"])
        Notice.post(
            User.objects.covering(Role.DISPATCHER, self.organization),
            f"{unit}退单：{self.subject}",
            kind="request.sent_back",
            about=self,
            organization=self.organization,
            body=reason,
        )
        self._record(actor, "sent_back", "退单", note=f"{unit}：{reason}")
