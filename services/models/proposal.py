"""What needs a second signature: 不予受理, 计时中止, 延期, 二次退单, 剔除."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from orgs.models import NotAllowed, Notice, Role, User
from services.models.status import Status
from services.models.suspension import ClockSuspension, Ground

#: 行政许可法第四十二条: at most ten days more, once, and the citizen is told why.
MOST_EXTENSION_DAYS = 10


class Proposal(models.Model):
    class Kind(models.TextChoices):
        REFUSAL = "REFUSAL", "不予受理"
        PAUSE = "PAUSE", "计时中止"
        EXTENSION = "EXTENSION", "延期"
        RETURN = "RETURN", "再次退单"
        EXCLUSION = "EXCLUSION", "统计剔除"

    request = models.ForeignKey("services.ServiceRequest", models.PROTECT, related_name="proposals")
    round = models.PositiveSmallIntegerField("轮次")
    kind = models.CharField("申请事项", max_length=10, choices=Kind)
    reason = models.TextField("理由和依据")
    alternative = models.CharField("建议途径", max_length=200, blank=True)
    ground = models.CharField("中止事由", max_length=14, choices=Ground, blank=True)
    days = models.PositiveSmallIntegerField("延长工作日", null=True)
    until = models.DateField("预计恢复日期", null=True)
    proof = models.CharField("证明材料", max_length=200, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("批复时间", null=True)
    is_approved = models.BooleanField("同意", null=True)
    opinion = models.CharField("批复意见", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "申请"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(decided_at__isnull=True),
                name="proposal_one_open",
                violation_error_message="这件诉求已有一项申请待批。",
            )
        ]

    def __str__(self):
        return f"{self.request} {self.get_kind_display()}"

    @property
    def deciders(self) -> tuple[str, ...]:
        return DECIDERS[self.kind]

    @property
    def fits(self) -> bool:
        """The case has not moved on since: what was proposed would still make sense."""
        return self.request.status in FITS[self.kind]

    @property
    def holds_up(self) -> bool:
        """Granted, it would stop or turn the case: till then the next step is better not taken."""
        return self.kind in TURNING and self.fits

    @property
    def awaits(self) -> str:
        """Whose word is awaited."""
        return "或".join(Role(role).label for role in self.deciders)


#: Who gives the second signature; where a unit's head has proposed, the centre's head.
DECIDERS = {
    Proposal.Kind.REFUSAL: (Role.CENTRE_HEAD,),
    Proposal.Kind.PAUSE: (Role.UNIT_HEAD, Role.CENTRE_HEAD),
    Proposal.Kind.EXTENSION: (Role.CENTRE_HEAD,),
    Proposal.Kind.RETURN: (Role.CENTRE_HEAD,),
    Proposal.Kind.EXCLUSION: (Role.CENTRE_HEAD,),
}
#: What would stop or turn the case; 延期 and 统计剔除 leave the work as it is.
TURNING = (Proposal.Kind.REFUSAL, Proposal.Kind.PAUSE, Proposal.Kind.RETURN)
#: The states in which each still makes sense when it is decided.
FITS = {
    Proposal.Kind.REFUSAL: (Status.REGISTERED,),
    Proposal.Kind.PAUSE: (Status.HANDLING,),
    Proposal.Kind.EXTENSION: (Status.HANDLING,),
    Proposal.Kind.RETURN: (Status.DISPATCHED,),
    Proposal.Kind.EXCLUSION: tuple(Status),
}


class ProposalVerbs:
    def open_proposal(self):
        return self.proposals.filter(decided_at__isnull=True).first()

    @property
    def refusal(self):
        """The endorsed 不予受理: its reason and its other channel are said to the citizen."""
        if self.status != Status.NOT_ACCEPTED:
            return None
        return self.proposals.filter(kind=Proposal.Kind.REFUSAL, is_approved=True).last()

    @transaction.atomic
    def propose_refusal(self, *, actor, reason, alternative):
        """不予受理: needs the countersign of the head of the centre (否定报备)."""
        self._begin("propose_refusal", actor)
        self._propose(Proposal.Kind.REFUSAL, actor, reason=reason, alternative=alternative)

    @transaction.atomic
    def propose_pause(self, *, actor, ground, reason, until, proof):
        """特别程序: the clock is to stop for one of the closed grounds, with proof."""
        self._begin("propose_pause", actor)
        self._propose(
            Proposal.Kind.PAUSE, actor, reason=reason, ground=ground, until=until, proof=proof
        )

    @transaction.atomic
    def propose_extension(self, *, actor, days, reason):
        """延期: before the due date, once a round."""
        self._begin("propose_extension", actor)
        if days > MOST_EXTENSION_DAYS:
            raise NotAllowed(f"延期最多 {MOST_EXTENSION_DAYS} 个工作日。")
        self._propose(Proposal.Kind.EXTENSION, actor, reason=reason, days=days)

    @transaction.atomic
    def propose_return(self, *, actor, reason):
        """再次退单: after a first return the head of the centre rules, for good."""
        self._begin("propose_return", actor)
        self._propose(Proposal.Kind.RETURN, actor, reason=reason)

    @transaction.atomic
    def propose_exclusion(self, *, actor, reason):
        """剔除: leave the case out of the rates, for a reason that is shown beside them."""
        self._begin("propose_exclusion", actor)
        self._propose(Proposal.Kind.EXCLUSION, actor, reason=reason)

    def _propose(self, kind, actor, **said):
        row = Proposal.objects.create(
            request=self,
            round=self.round,
            kind=kind,
            proposed_by=actor,
            proposed_at=timezone.now(),
            **said,
        )
        Notice.post(
            self._deciders(kind, actor),
            f"待批复：{row.get_kind_display()}，{self.subject}",
            kind=f"request.proposed_{kind.lower()}",
            about=self,
            organization=self.organization,
            body=said["reason"],
        )
        label = f"申请{row.get_kind_display()}"
        self._record(actor, f"proposed_{kind.lower()}", label, note=said["reason"])
        return row

    def _deciders(self, kind, proposer):
        if Role.UNIT_HEAD in DECIDERS[kind] and self.department_id:
            heads = User.objects.holding(Role.UNIT_HEAD, department=self.department)
            if others := heads.exclude(pk=proposer.pk):
                return others
        return User.objects.covering(Role.CENTRE_HEAD, self.organization)

    @transaction.atomic
    def endorse(self, *, actor, opinion=""):
        """同意申请: what was proposed takes effect."""
        self._begin("endorse", actor)
        row = self._decide(actor, True, opinion)
        {
            Proposal.Kind.REFUSAL: self._refuse,
            Proposal.Kind.PAUSE: self._pause,
            Proposal.Kind.EXTENSION: self._extend,
            Proposal.Kind.RETURN: self._return_again,
            Proposal.Kind.EXCLUSION: self._exclude,
        }[row.kind](row)
        self.save()
        self._record(actor, "endorsed", f"同意{row.get_kind_display()}", note=opinion or row.reason)

    @transaction.atomic
    def decline(self, *, actor, opinion):
        """不同意申请: everything stays as it was."""
        self._begin("decline", actor)
        row = self._decide(actor, False, opinion)
        self._record(actor, "declined", f"不同意{row.get_kind_display()}", note=opinion)

    def _decide(self, actor, verdict, opinion):
        row = self.open_proposal()
        row.decided_by, row.decided_at = actor, timezone.now()
        row.is_approved, row.opinion = verdict, opinion
        row.save()
        word = "已同意" if verdict else "未同意"
        Notice.post(
            [row.proposed_by],
            f"{row.get_kind_display()}{word}：{self.subject}",
            kind=f"request.decided_{row.kind.lower()}",
            about=self,
            organization=self.organization,
            body=opinion,
        )
        return row

    def _refuse(self, row):
        self.status, self.closed_at = Status.NOT_ACCEPTED, timezone.now()

    def _pause(self, row):
        ClockSuspension.objects.create(
            request=self,
            round=self.round,
            ground=row.ground,
            proof=row.proof,
            started_on=timezone.localdate(),
            until=row.until,
        )
        self.status_before, self.status = self.status, Status.SUSPENDED
        self.recompute_due()

    def _extend(self, row):
        self.extension_days += row.days
        self.recompute_due()

    def _return_again(self, row):
        self._take_back(row.proposed_by, row.reason)

    def _exclude(self, row):
        self.is_excluded = True
