"""代办: a village cadre runs a citizen's errand: voluntary, free, within what was entrusted."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from orgs.models import AuditEntry, NotAllowed, Notice, Role, User
from services.models.custody import CustodyVerbs
from services.models.errand_clock import ErrandClock
from services.models.errand_course import ErrandCourse
from services.models.errand_scope import DelegationQuerySet
from services.models.errand_terms import Place, Signature, scope_of
from services.models.errand_verbs import ERRAND_VERBS, IN_HAND, ErrandState
from services.models.request import RequestAttachment, ServiceRequest
from services.models.status import OPEN, WINDOW


class Delegation(ErrandCourse, CustodyVerbs, ErrandClock, models.Model):
    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, related_name="delegations", verbose_name="办件"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="errands", verbose_name="代办员"
    )
    state = models.CharField(
        "状态", max_length=10, choices=ErrandState, default=ErrandState.ENTRUSTED
    )
    scope = models.TextField("委托事项")
    is_voluntary = models.BooleanField("群众自愿")
    is_free = models.BooleanField("不收费用")
    signature = models.CharField("委托签字", max_length=6, choices=Signature)
    signature_note = models.CharField("签字说明", max_length=120, blank=True)
    place = models.CharField("报送地点", max_length=8, choices=Place)
    venue = models.CharField("报送窗口", max_length=80)
    entrusted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entrusted_at = models.DateTimeField("委托时间")
    submit_by = models.DateField("报送期限")
    calendar_version = models.PositiveIntegerField("日历版本", default=0)
    submitted_at = models.DateTimeField("报送时间", null=True)
    receiver = models.CharField("窗口经收人", max_length=40, blank=True)
    returned_at = models.DateTimeField("回交时间", null=True)
    return_signature = models.CharField("回交签字", max_length=6, choices=Signature, blank=True)
    return_note = models.CharField("回交说明", max_length=120, blank=True)
    archived_at = models.DateTimeField("归档时间", null=True)
    archive_place = models.CharField("归档位置", max_length=60, blank=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    end_reason = models.CharField("终止原因", max_length=200, blank=True)
    state_before = models.CharField("中止前状态", max_length=10, blank=True)
    reminded_for = models.DateField("已提醒的期限", null=True)
    urged_for = models.DateField("已催办的期限", null=True)
    told = models.CharField("已告知的办件状态", max_length=16, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "代办委托"
        ordering = ["-entrusted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=IN_HAND),
                name="delegation_one_open",
                violation_error_message="这件诉求已有人代办。",
            ),
            models.CheckConstraint(
                condition=Q(is_voluntary=True, is_free=True),
                name="delegation_voluntary_and_free",
                violation_error_message="代办须群众自愿，并且不收费用。",
            ),
            models.CheckConstraint(condition=~Q(scope=""), name="delegation_has_scope"),
        ]
        indexes = [
            models.Index(fields=["agent", "state"], name="delegation_agent"),
            models.Index(
                fields=["submit_by"], condition=Q(state="ENTRUSTED"), name="delegation_to_submit"
            ),
        ]

    def __str__(self):
        return f"{self.request} 代办"

    def get_absolute_url(self):
        return reverse("services:delegation", args=[self.pk])

    @property
    def scope_lines(self) -> list[str]:
        return self.scope.splitlines()

    @property
    def is_in_hand(self) -> bool:
        return self.state in IN_HAND

    # who may

    @staticmethod
    def agents_for(organization):
        """Those who run errands for the organization's citizens."""
        return User.objects.covering(Role.AGENT, organization)

    @classmethod
    def agent_beside(cls, organization, actor=None):
        """Whom to propose: the user, else the village's own agent, else one from above."""
        people = cls.agents_for(organization)
        own = User.objects.holding(Role.AGENT, organization=organization)
        return (
            people.filter(pk=actor.pk if actor else None).first() or own.first() or people.first()
        )

    @staticmethod
    def may_entrust(request, user) -> bool:
        return (
            request.status in OPEN
            and bool(request.roles_of(user) & set(WINDOW))
            and not request.delegations.in_hand().exists()
        )

    def roles_of(self, user) -> set[str]:
        """The user's roles towards the errand; a colleague of the agent has not the agent's."""
        roles = self.request.roles_of(user) - {Role.AGENT}
        where = self.request.organization
        for post in user.acting_posts():
            if post.role == Role.AGENT and post.user_id == self.agent_id and post.covers(where):
                roles.add(Role.AGENT)
        return roles

    def verbs_for(self, user) -> list[str]:
        roles = self.roles_of(user)
        return [
            name
            for name, verb in ERRAND_VERBS.items()
            if self.state in verb.since and roles & set(verb.who) and verb.guard(self, user)
        ]

    def may_ever(self, verb, user) -> bool:
        return bool(self.roles_of(user) & set(ERRAND_VERBS[verb].who))

    def _begin(self, verb, actor):
        """Lock and re-read the row; only then ask whether `actor` may `verb` it."""
        self.refresh_from_db(from_queryset=Delegation.objects.select_for_update())
        if verb not in self.verbs_for(actor):
            now = f"代办{self.get_state_display()}，办件{self.request.get_status_display()}"
            label = ERRAND_VERBS[verb].label
            raise NotAllowed(f"现在不能{label}：{now}。请刷新后再试。")

    # verbs

    @classmethod
    def offer(cls, request, *, actor):
        """The citizen has asked for an agent: who would run the errand gets to know."""
        agent = cls.agent_beside(request.organization, actor)
        Notice.post(
            {agent} - {actor, None},
            f"群众请干部代办：{request.subject}",
            kind="delegation.wanted",
            about=request,
            organization=request.organization,
            body=f"{request.number}，请与群众签订代办委托书。",
        )

    @classmethod
    @transaction.atomic
    def entrust(
        cls, request, *, actor, agent, scope, place, venue, is_voluntary, is_free, signature,
        signature_note="", is_visit=False, files=(),
    ):  # fmt: skip
        """委托: the citizen signs that this agent runs this errand, willingly and for nothing."""
        request.refresh_from_db(from_queryset=ServiceRequest.objects.select_for_update())
        if not cls.may_entrust(request, actor):
            raise NotAllowed("这件诉求已有人代办，或者已经答复，请刷新后再看。")
        if not (is_voluntary and is_free):
            raise NotAllowed("代办须群众自愿，并且不收费用，请与群众确认后勾选。")
        if not cls.agents_for(request.organization).filter(pk=agent.pk).exists():
            raise NotAllowed(f"{agent}不是{request.organization}的代办员，请另选。")
        row = cls(
            request=request,
            agent=agent,
            scope="\n".join(scope_of(scope)),
            is_voluntary=is_voluntary,
            is_free=is_free,
            signature=signature,
            signature_note=signature_note,
            place=place,
            venue=venue,
            entrusted_by=actor,
            entrusted_at=timezone.now(),
        )
        row._count()
        row.save(force_insert=True)
        row._keep(files, actor)
        if is_visit:
            row._log_visit(actor, "上门办理委托")
        if not request.is_delegated:
            request.is_delegated = True
            request.save(update_fields=["is_delegated"])
        row._tell("委托您代办", "delegation.entrusted", actor, f"请于 {row._deadline} 前报送。")
        note = f"{agent}代办，{row.get_signature_display()}，应于 {row._deadline} 前报送"
        row._record(actor, "entrusted", "委托代办", note=note)
        return row

    # what the verbs share

    def _keep(self, files, actor):
        """Photographs of the signed paper belong to the case."""
        for upload in files:
            RequestAttachment.keep(upload, actor=actor, request=self.request)

    def _log_visit(self, actor, purpose, nonce=None):
        self.visits.create(
            by=actor, at=timezone.now(), purpose=purpose, nonce=nonce or uuid.uuid4()
        )

    def _tell(self, title, kind, actor, body=""):
        """A notice to the agent, unless it was his or her own doing."""
        Notice.post(
            {self.agent} - {actor},
            f"{title}：{self.request.subject}",
            kind=kind,
            about=self,
            organization=self.request.organization,
            body=body,
        )

    def _record(self, actor, action, label, **more):
        """On the trail of the request: one case, one history."""
        AuditEntry.record(
            actor,
            f"delegation.{action}",
            self.request,
            label=label,
            organization=self.request.organization,
            **more,
        )
