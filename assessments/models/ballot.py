"""群众测评 of one organization: who votes in which numbers, from 准备 to 结束.

What is cast lies in `ballot_vote.py`. Secrecy and its limits: `Ballot.close`.
"""

import random

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from assessments.ballots.codes import draw
from assessments.ballots.shown import GroupShown, groups_shown
from assessments.ballots.tally import Group, Tally, count, digest, faults_of
from assessments.models.assessment import Assessment
from assessments.models.ballot_verbs import BALLOT_VERBS, ballot_verbs_for
from assessments.models.ballot_vote import Receipt, Vote
from assessments.models.clock import database_now
from assessments.models.scheme import VoterGroup
from orgs.models import AuditEntry, NotAllowed

KEY_LENGTH = 12


def new_key() -> str:
    return draw(KEY_LENGTH)


class BallotQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(assessment__in=Assessment.objects.visible_to(user).values("pk"))

    def due_to_open(self):
        """Prepared with all numbers in a running year, and the window has begun."""
        now = database_now()
        rows = self.filter(status="PREPARED", opens_at__lte=now, closes_at__gt=now)
        rows = rows.filter(assessment__cycle__status="OPEN")
        return rows.exclude(strata__eligible__isnull=True)

    def due_to_close(self):
        return self.filter(status="OPEN", closes_at__lte=database_now())


class Ballot(models.Model):
    class Status(models.TextChoices):
        PREPARED = "PREPARED", "准备中"
        OPEN = "OPEN", "投票中"
        CLOSED = "CLOSED", "已结束"

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="ballots", verbose_name="考核表"
    )
    #: 1, and 2 for the one re-run of a ballot that was not valid.
    round = models.PositiveSmallIntegerField("轮次", default=1)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PREPARED)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    #: In the public addresses of the poster and of the published count; opens no ballot.
    key = models.CharField("公开编号", max_length=16, unique=True, default=new_key, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="准备人"
    )
    opened_at = models.DateTimeField("开放时间", null=True)
    closed_at = models.DateTimeField("结束时间", null=True)
    close_reason = models.CharField("提前结束原因", max_length=200, blank=True)
    #: Tries at the poster beyond what one device or network may: a sign of stuffing.
    open_refused = models.PositiveIntegerField("开放评议被拒次数", default=0)
    result_hash = models.CharField("结果校验值", max_length=64, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "群众测评"
        ordering = ["assessment", "round"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "round"], name="ballot_once_a_round"),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="ballot_one_rerun"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=models.F("closes_at")),
                name="ballot_ends_after_start",
                violation_error_message="截止时间应晚于开始时间。",
            ),
        ]
        indexes = [models.Index(fields=["status", "closes_at"], name="ballot_due")]

    def __str__(self):
        return f"{self.assessment}群众测评" + ("（重新测评）" if self.round == 2 else "")

    def get_absolute_url(self):
        return reverse("assessments:ballot", args=[self.assessment_id])

    def verbs_for(self, user) -> list[str]:
        return ballot_verbs_for(user, self)

    def questions(self) -> list[str]:
        """What is asked, in order; the last one is the overall judgement."""
        goals = self.assessment.cycle.scheme.goals.order_by("number")
        return [goal.question for goal in goals] + ["总体评价"]

    def begin(self, verb, actor):
        """Lock and re-read the row; only then ask whether `actor` may `verb` it."""
        self.refresh_from_db(from_queryset=Ballot.objects.select_for_update())
        if actor is not None and verb not in self.verbs_for(actor):
            raise NotAllowed(
                f"不能{BALLOT_VERBS[verb].label}：测评{self.get_status_display()}，或者您无权办理。"
                "请刷新后再试。"
            )

    @transaction.atomic
    def set_numbers(self, *, actor, numbers):
        """登记人数: {stratum id: {"eligible": n, "present": n, "issued": n}}."""
        self.begin("set_numbers", actor)
        changes = {}
        for row in self.strata.select_related("group"):
            for name, value in numbers.get(row.pk, {}).items():
                if (before := getattr(row, name)) != value:
                    changes[f"{row.group} {row._meta.get_field(name).verbose_name}"] = [
                        before, value,
                    ]  # fmt: skip
                    setattr(row, name, value)
            row.full_clean(exclude=["ballot", "group"])
            row.save(update_fields=["eligible", "present", "issued"])
        self.record(actor, "numbers_set", "登记测评人数", changes=changes)

    @transaction.atomic
    def open(self, *, actor):
        """开始投票, at once by the department or by the sweep when the window begins."""
        self.begin("open", actor)
        if self.status != self.Status.PREPARED:
            return
        if self.strata.filter(eligible__isnull=True).exists():
            raise NotAllowed("各组应到人数还没有填全，请先登记人数。")
        now = database_now()
        if now >= self.closes_at:
            raise NotAllowed("测评时间已过，请先在年度考核的“调整日程”里延长群众测评。")
        self.status, self.opened_at = self.Status.OPEN, now
        self.opens_at = min(self.opens_at, now)
        self.save(update_fields=["status", "opened_at", "opens_at"])
        self.record(actor, "opened", "开始群众测评")

    @transaction.atomic
    def close(self, *, actor, reason=""):
        """结束投票: nothing is taken any more, ballots are shuffled and counted.

        While the ballot is open, a code and its ballot share the transaction that cast them, which
        PostgreSQL remembers (xmin). Closing copies all ballots in random order, under new keys, in
        one transaction, and receipts apart from them. What remains: write-ahead logs, backups and
        a database administrator *during* the open window can still link.
        """
        self.begin("close", actor)
        if self.status != self.Status.OPEN:
            return
        now = database_now()
        if now < self.closes_at and not reason:
            raise NotAllowed("还没到截止时间，提前结束请写明原因。")
        self.status, self.closed_at, self.close_reason = self.Status.CLOSED, now, reason
        self.save(update_fields=["status", "closed_at", "close_reason"])
        self._shuffle()
        self.recount()
        votes = sum(row.counted.returned for row in self.strata.all())
        self.record(actor, "closed", "结束群众测评", note=f"收回 {votes} 张 {reason}".strip())

    def _shuffle(self):
        chance = random.SystemRandom()
        pending = list(self.pending.all())
        votes = [Vote(stratum_id=p.stratum_id, answers=p.answers, text=p.text) for p in pending]
        receipts = [Receipt(ballot=self, number=p.receipt) for p in pending]
        chance.shuffle(votes)
        chance.shuffle(receipts)
        Vote.objects.bulk_create(votes, batch_size=500)
        Receipt.objects.bulk_create(receipts, batch_size=500)
        self.pending.all().delete()

    def recount(self):
        """Count ballots and matched paper anew; the hash follows. Under the lock of the ballot."""
        scheme = self.assessment.cycle.scheme
        size = len(self.questions())
        for row in self.strata.select_related("group"):
            words = [*row.votes.values_list("answers", flat=True), *row.paper_words()]
            row.tally = count(words, size, scheme.least_answered).as_json()
            row.save(update_fields=["tally"])
        self.result_hash = "" if self.waits_for_paper else self._digest()
        self.save(update_fields=["result_hash"])

    def _digest(self) -> str:
        shown = [group.as_list() for group in self.shown()]
        return digest(shown, list(self.receipts.values_list("number", flat=True)))

    def shown(self) -> list[GroupShown]:
        """The counted groups as far as anybody may see them."""
        scheme = self.assessment.cycle.scheme
        weights = [goal.points for goal in scheme.goals.order_by("number")]
        return groups_shown(self.groups(), self.questions(), weights, scheme)

    @property
    def waits_for_paper(self) -> bool:
        """A count shown before and after a batch would tell what the batch said."""
        return self.strata.filter(batches__isnull=False, batches__matched_at__isnull=True).exists()

    def groups(self) -> list[Group]:
        """The counted groups, as validity and means are computed from."""
        return [row.as_group() for row in self.strata.select_related("group")]

    def faults(self) -> list[str]:
        return faults_of(self.groups(), self.assessment.cycle.scheme)

    def record(self, actor, action, label, **said):
        AuditEntry.record(
            actor, f"ballot.{action}", self, label=label,
            organization=self.assessment.organization, **said,
        )  # fmt: skip


class Stratum(models.Model):
    """One group of voters of one ballot: 应到, 实到, 发出, and the count once it is closed."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="strata", verbose_name="测评")
    group = models.ForeignKey(VoterGroup, models.PROTECT, related_name="+", verbose_name="测评对象")
    eligible = models.PositiveIntegerField("应到", null=True, blank=True)
    present = models.PositiveIntegerField("实到", null=True, blank=True)
    issued = models.PositiveIntegerField("发出", null=True, blank=True)
    tally = models.JSONField("计票", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "测评分组"
        ordering = ["ballot", "group"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "group"], name="stratum_once"),
            models.CheckConstraint(
                condition=Q(present__isnull=True) | Q(present__lte=models.F("eligible")),
                name="stratum_present_within_eligible",
                violation_error_message="实到人数不能多于应到人数。",
            ),
            models.CheckConstraint(
                condition=Q(issued__isnull=True) | Q(issued__lte=models.F("eligible")),
                name="stratum_issued_within_eligible",
                violation_error_message="发出张数不能多于应到人数。",
            ),
        ]

    def __str__(self):
        return f"{self.ballot} {self.group}"

    @property
    def counted(self) -> Tally:
        return Tally(**self.tally) if self.tally else Tally()

    @property
    def handed_out(self) -> int:
        """发出 as registered; until then everybody on the list was asked."""
        return self.eligible or 0 if self.issued is None else self.issued

    def used_codes(self) -> int:
        """How many have voted with a code."""
        return self.codes.filter(is_used=True).count()

    def paper_words(self) -> list[str]:
        """Sheets of paper whose two entries match."""
        matched = self.batches.filter(matched_at__isnull=False).prefetch_related("entries")
        return [word for batch in matched for word in batch.words()]

    def as_group(self) -> Group:
        group = self.group
        return Group(
            code=group.code, label=str(group), weight=group.weight, is_party=group.is_party,
            eligible=self.eligible or 0, issued=self.handed_out, tally=self.counted,
        )  # fmt: skip
