"""Verbs at the counter: 暂存, 登记, 受理, 视为受理, 当场办结."""

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from orgs.models import NotAllowed, Notice, Role, ServiceCentre, User
from orgs.models.calendar import workdays
from services import deadlines
from services.models.citizen import Citizen
from services.models.draft import Draft
from services.models.item import Mode
from services.models.number import NumberSequence
from services.models.reply import Reply, aside_words
from services.models.status import Status

#: 行政许可法第三十二条: no decision within five days counts as acceptance.
DECISION_DAYS = 5


class IntakeVerbs:
    @classmethod
    def put_aside(cls, *, actor, organization, nonce, typed):
        """暂存. A form that has been registered already becomes a draft of another one."""
        if cls.objects.filter(nonce=nonce).exists():
            nonce = uuid.uuid4()
        return Draft.keep(actor=actor, organization=organization, nonce=nonce, typed=typed)

    @classmethod
    def register(cls, *, actor, nonce=None, **fields):
        """登记: number, query code, 首问责任人; `citizen` is a dict of the person's data.

        The same form sent twice gives the same request. With `accept` the matter is 受理 at once.
        `note` says on record how a 补录 came here. A draft of the form goes with it.
        """
        try:
            return cls._register(actor=actor, nonce=nonce, **fields)
        except IntegrityError:
            # Another process won the race with the very same form.
            again = cls._sent_before(nonce, actor)
            if again is None:
                raise
            return again

    @classmethod
    def _sent_before(cls, nonce, actor):
        """The request of this very form; what another account has sent is not to be had."""
        again = cls.objects.filter(nonce=nonce).first() if nonce else None
        if again and again.registrar_id != actor.pk:
            raise NotAllowed("这张表单已由另一个账号登记，请刷新后重填。")
        return again

    @classmethod
    @transaction.atomic
    def _register(
        cls, *, actor, organization, citizen, nonce, files=(), accept=False, note="", **fields
    ):
        from services.models.delegation import Delegation
        from services.models.request import RequestAttachment

        if again := cls._sent_before(nonce, actor):
            return again
        now = timezone.now()
        received_at = fields.pop("received_at", None) or now
        centre = ServiceCentre.objects.active().serving(organization).first()
        request = cls(
            organization=organization,
            centre=centre,
            citizen=Citizen.known(organization=organization, **citizen),
            registrar=actor,
            nonce=nonce,
            received_at=received_at,
            registered_at=now,
            decide_by=workdays().add(timezone.localdate(received_at), DECISION_DAYS),
            number=NumberSequence.next_number(organization, timezone.localdate(now)),
            **fields,
        )
        request._take_item()
        request.save(force_insert=True)
        request.index_text()
        for upload in files:
            RequestAttachment.keep(upload, actor=actor, request=request)
        if nonce:
            Draft.objects.filter(writer=actor, nonce=nonce).delete()
        if request.is_delegated:
            Delegation.offer(request, actor=actor)
        request._record(actor, "registered", "登记", note=note)
        if accept:
            request.accept(actor=actor)
        return request

    def _take_item(self):
        """Mode, days and category as the item's version promises them, unless said otherwise."""
        version = self.item_version
        if version is None:
            self.promised_days = self.promised_days or deadlines.EXPLAIN_DAYS
            return
        self.mode = version.mode
        self.promised_days = version.promised_days
        self.category = self.category or version.category

    @transaction.atomic
    def accept(self, *, actor, mode=None, promised_days=None):
        """受理: the matter is taken on and the clock starts."""
        self._begin("accept", actor)
        if mode:
            self.mode = mode
            self.promised_days = 0 if mode == Mode.DIRECT else promised_days
        self._take_on(timezone.now(), timezone.localdate())
        self._record(actor, "accepted", "受理", note=self._promise_words())

    @transaction.atomic
    def deem_accepted(self):
        """视为受理: five workdays without a decision; counted from the day of receipt."""
        self._begin("deem_accepted", None)
        self._take_on(self.received_at, timezone.localdate(self.received_at))
        self._record(None, "deemed_accepted", "视为受理", note=self._promise_words())

    def _take_on(self, accepted_at, accepted_on):
        self.status, self.accepted_at = Status.ACCEPTED, accepted_at
        self._start_clock(accepted_on)
        self.save()
        if self.mode != Mode.DIRECT:
            Notice.post(
                User.objects.covering(Role.DISPATCHER, self.organization),
                f"待派单：{self.subject}",
                kind="request.accepted",
                about=self,
                organization=self.organization,
                body=f"{self.number}，应于 {self.due_on:%-m月%-d日} 前办结。",
            )

    def _promise_words(self) -> str:
        return f"{self.get_mode_display()}，应于 {self.due_on:%Y年%-m月%-d日} 前办结"

    @transaction.atomic
    def finish_on_spot(self, *, actor, outcome, text, proof="", overridden=()):
        """当场办结: a matter handled directly is answered on the day it was accepted."""
        self._begin("finish_on_spot", actor)
        self._answer_on_spot(actor, outcome, text, timezone.now(), proof)
        self._record(actor, "finished_on_spot", "当场办结", note=text + aside_words(overridden))

    @classmethod
    @transaction.atomic
    def register_from_paper(cls, *, actor, outcome="", answer="", accept=False, **fields):
        """补录 of a paper register; what it says was answered on the spot was so at that time."""
        request = cls.register(actor=actor, accept=accept and not outcome, **fields)
        if outcome and request.status == Status.REGISTERED:
            request._finish_as_received(actor, outcome, answer)
        return request

    def _finish_as_received(self, actor, outcome, text):
        self._begin("accept", actor)
        self.mode, self.promised_days = Mode.DIRECT, 0
        self._take_on(self.received_at, timezone.localdate(self.received_at))
        self._answer_on_spot(actor, outcome, text, self.received_at)
        self._record(actor, "finished_on_spot", "当场办结", note=f"登记簿所记：{text}")

    def _answer_on_spot(self, actor, outcome, text, at, proof=""):
        Reply.objects.create(
            request=self,
            round=self.round,
            outcome=outcome,
            text=text,
            channel="COUNTER",
            proof=proof,
            submitted_by=actor,
            submitted_at=at,
            sent_by=actor,
            sent_at=at,
        )
        self.handler = actor
        self.first_released_at = at
        self._answer(outcome, at)
