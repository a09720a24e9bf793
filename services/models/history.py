"""The verb for what is over already: 补录 of messages that another platform has answered."""

from django.db import transaction
from django.utils import timezone

from orgs.masking import numbers_in
from orgs.models import ServiceCentre
from services.models.citizen import Citizen
from services.models.item import Mode
from services.models.number import NumberSequence
from services.models.reply import Channel, Outcome, Reply
from services.models.status import Status
from services.models.text import subject_line


class HistoryVerbs:
    @classmethod
    @transaction.atomic
    def record_history(
        cls,
        *,
        actor,
        organization,
        external_id,
        name,
        subject,
        content,
        received_at,
        promised_days,
        reply="",
        replied_at=None,
    ):
        """补录: a matter at its true times, judged by the calendar of its own year.

        Without a reply it stays open. A number that stands in the subject alone moves into the
        content, which is read in full only with the right to.
        """
        if not set(numbers_in(subject)) <= set(numbers_in(content)):
            content = f"{subject}\n{content}"
        day = timezone.localdate(received_at)
        request = cls(
            organization=organization,
            centre=ServiceCentre.objects.active().serving(organization).first(),
            citizen=Citizen.known(organization=organization, name=name, phone=""),
            registrar=actor,
            source="ONLINE",
            is_late_entry=True,
            number=NumberSequence.next_number(organization, day),
            received_at=received_at,
            registered_at=received_at,
            accepted_at=received_at,
            status=Status.ACCEPTED,
            mode=Mode.COMMITTED,
            promised_days=promised_days,
            subject=subject_line(subject),
            content=content,
            external_id=external_id,
        )
        request.save(force_insert=True)
        request._start_clock(day)
        request.save()
        request.index_text()
        if replied_at:
            request._answer_in_the_past(reply, replied_at)
        request._record(actor, "history_recorded", "补录", note=f"原编号 {request.external_id}")
        return request

    def _answer_in_the_past(self, text, at):
        Reply.objects.create(
            request=self,
            round=self.round,
            outcome=Outcome.EXPLAINED,
            text=text,
            channel=Channel.ONLINE,
            submitted_at=at,
            sent_at=at,
        )
        self._answer(Outcome.EXPLAINED, at)
        self.status, self.closed_at = Status.CLOSED, at
        self.save(update_fields=["status", "closed_at"])
