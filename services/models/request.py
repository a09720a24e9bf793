"""办件: a citizen's request and everything that its row says about itself."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from orgs.fields import EncryptedTextField
from orgs.models import (
    Attachment,
    AuditEntry,
    Department,
    NotAllowed,
    Organization,
    ServiceCentre,
)
from orgs.models.calendar import calendar_version, workdays
from orgs.search import tokens
from services import deadlines
from services.models.aftercare import AftercareVerbs
from services.models.category import Category
from services.models.citizen import Citizen
from services.models.clock import ClockVerbs
from services.models.closing import ClosingVerbs
from services.models.dispatch import DispatchVerbs
from services.models.handling import HandlingVerbs
from services.models.history import HistoryVerbs
from services.models.intake import IntakeVerbs
from services.models.item import ItemVersion, Mode
from services.models.merging import MergingVerbs
from services.models.number import new_query_code
from services.models.proposal import ProposalVerbs
from services.models.scope import RequestQuerySet
from services.models.status import OPEN, RUNNING, SYSTEM, UNMASKERS, WINDOW, Status
from services.models.supplement import SupplementVerbs
from services.models.suspension import SuspensionVerbs
from services.models.text import RequestText
from services.models.transfer import TransferVerbs
from services.models.verbs import VERBS

#: Actions that changed nothing: somebody read what is not for everybody.
LOOKS = "citizen."


class Source(models.TextChoices):
    COUNTER = "COUNTER", "现场"
    PHONE = "PHONE", "电话"
    ONLINE = "ONLINE", "网上"
    AGENT = "AGENT", "代办"
    VISIT = "VISIT", "上门"


class ServiceRequest(
    IntakeVerbs,
    SupplementVerbs,
    DispatchVerbs,
    TransferVerbs,
    HandlingVerbs,
    ProposalVerbs,
    SuspensionVerbs,
    MergingVerbs,
    ClosingVerbs,
    AftercareVerbs,
    ClockVerbs,
    HistoryVerbs,
    models.Model,
):
    number = models.CharField("办件编号", max_length=30, unique=True)
    query_code = EncryptedTextField("查询码", default=new_query_code)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="requests", verbose_name="登记组织"
    )
    centre = models.ForeignKey(
        ServiceCentre, models.PROTECT, null=True, related_name="requests", verbose_name="中心"
    )
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="requests", verbose_name="群众"
    )
    source = models.CharField("来源", max_length=10, choices=Source, default=Source.COUNTER)
    subject = models.CharField("诉求事项", max_length=100)
    content = models.TextField("诉求内容")
    item_version = models.ForeignKey(
        ItemVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name="服务事项",
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分类"
    )
    is_delegated = models.BooleanField("代办", default=False)
    is_late_entry = models.BooleanField("补录", default=False)
    external_id = models.CharField("原编号", max_length=60, blank=True)
    nonce = models.UUIDField("表单标识", unique=True, null=True, editable=False)

    status = models.CharField("状态", max_length=16, choices=Status, default=Status.REGISTERED)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    registrar = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="首问责任人",
    )
    first_released_at = models.DateTimeField("首问责任解除时间", null=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name="承办单位"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="承办人",
    )

    received_at = models.DateTimeField("收到时间")
    registered_at = models.DateTimeField("登记时间")
    decide_by = models.DateField("受理期限", null=True)
    accepted_at = models.DateTimeField("受理时间", null=True)
    accepted_on = models.DateField("计时起日", null=True)
    mode = models.CharField("办理方式", max_length=10, choices=Mode, default=Mode.COMMITTED)
    promised_days = models.PositiveSmallIntegerField("承诺时限（工作日）", null=True)
    due_on = models.DateField("应当办结", null=True)
    due_at = models.DateTimeField("到期时间", null=True)
    warn_on = models.DateField("黄灯日期", null=True)
    first_due_on = models.DateField("首次应当办结", null=True)
    due_provisional = models.BooleanField("期限为暂定", default=False)
    calendar_version = models.PositiveIntegerField("日历版本", default=0)
    replied_at = models.DateTimeField("回复时间", null=True)
    first_replied_at = models.DateTimeField("首次回复时间", null=True)
    first_due_at = models.DateTimeField("首次回复的到期时间", null=True)
    close_on = models.DateField("自动办结日期", null=True)
    redo_until = models.DateField("重办截止", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    outcome = models.CharField("办理结果", max_length=10, blank=True)
    extension_days = models.PositiveSmallIntegerField("延期工作日", default=0)
    status_before = models.CharField("中止或并案前状态", max_length=16, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name="并入"
    )
    is_excluded = models.BooleanField("统计剔除", default=False)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办件"
        ordering = ["-registered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=~Q(external_id=""),
                name="request_external_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-registered_at", "-id"], name="request_newest"),
            models.Index(
                fields=["organization", "-registered_at", "-id"], name="request_of_organization"
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(status__in=RUNNING), name="request_running"
            ),
            models.Index(
                fields=["handler", "due_at", "id"],
                condition=Q(status__in=RUNNING),
                name="request_of_handler",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("services:request", args=[self.pk])

    @property
    def counts_as_accepted(self) -> bool:
        """视为受理: nobody has decided in time."""
        today = timezone.localdate()
        return self.status == Status.REGISTERED and bool(self.decide_by) and today > self.decide_by

    @property
    def is_undecided(self) -> bool:
        """Whether it is taken on is still to be said."""
        return self.status in (Status.REGISTERED, Status.SUPPLEMENTING)

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    def verbs_for(self, user) -> list[str]:
        """The verbs this user may use on the request as it stands; None is the clock."""
        if user is None:
            return [
                name
                for name, verb in VERBS.items()
                if SYSTEM in verb.who and self.status in verb.since
            ]
        roles = self.roles_of(user)
        return [
            name
            for name, verb in VERBS.items()
            if self.status in verb.since and roles & set(verb.who) and verb.guard(self, user)
        ]

    def roles_of(self, user) -> set[str]:
        """The roles that the user holds towards this request."""
        return {
            post.role
            for post in user.acting_posts()
            if (
                post.department_id in (self.department_id, *self._assisting_units())
                if post.department_id
                else post.covers(self.organization)
            )
        }

    def _assisting_units(self):
        """Units that were asked to help; their people see the case and may give an opinion."""
        rows = self.assignments.filter(part="ASSIST", ended_at__isnull=True)
        return rows.values_list("department", flat=True)

    def may_ever(self, verb, user) -> bool:
        """The user's roles allow the verb in some state: a lost race is not a lack of rights."""
        return bool(self.roles_of(user) & set(VERBS[verb].who))

    def can_unmask(self, user) -> bool:
        return bool(self.roles_of(user) & set(UNMASKERS))

    def can_hand_out(self, user) -> bool:
        """The slip with the query code is the window's to give to the citizen."""
        posts = [post for post in user.acting_posts() if post.role in WINDOW]
        return any(post.covers(self.organization) for post in posts)

    def can_attach(self, user) -> bool:
        return self.status in OPEN and self.can_unmask(user)

    @transaction.atomic
    def attach(self, files, *, actor):
        """Add checked uploads to the case."""
        for upload in files:
            RequestAttachment.keep(upload, actor=actor, request=self)
        self._record(actor, "attached", "上传附件", note="、".join(f.name for f in files))

    def chain(self) -> set[int]:
        """Ids of everybody who has had a hand in the case; none of them may rate it."""
        hands = {self.registrar_id, self.handler_id}
        for row in self.assignments.all():
            hands |= {row.dispatched_by_id, row.signed_by_id, row.returned_by_id}
        for row in self.replies.all():
            hands |= {row.submitted_by_id, row.reviewed_by_id, row.sent_by_id}
        return hands - {None}

    def _begin(self, verb, actor):
        """Lock and re-read the row; only then ask whether `actor` may `verb` it."""
        self.refresh_from_db(from_queryset=ServiceRequest.objects.select_for_update())
        if verb not in self.verbs_for(actor):
            raise NotAllowed(self._refusal(verb))

    def _refusal(self, verb) -> str:
        last = AuditEntry.objects.about(self).exclude(action__startswith=LOOKS).last()
        done = (
            f"{last.actor_name}已于 {timezone.localtime(last.at):%H:%M} {last.label}。"
            if last
            else ""
        )
        return f"不能{VERBS[verb].label}：当前为“{self.get_status_display()}”。{done}请刷新后再试。"

    def _record(self, actor, action, label, **said):
        AuditEntry.record(
            actor, f"request.{action}", self, label=label, organization=self.organization, **said
        )

    def _start_clock(self, accepted_on):
        """Fix the day the clock starts and all that follows from it."""
        self.accepted_on = accepted_on
        self.recompute_due()
        if self.first_due_on is None:
            self.first_due_on = self.due_on

    def recompute_due(self):
        """Due date and warning date by the calendar as it is now."""
        days, closing = workdays(), self.closing_time
        start = deadlines.start_day(
            days, self.accepted_on, self.accepted_at, closing, self.promised_days
        )
        counted = (days, start, self.promised_days, self.extension_days, self.pauses())
        self.due_on = deadlines.due_date(*counted, as_of=timezone.localdate())
        self.due_at = deadlines.due_at(self.due_on, closing)
        self.warn_on = deadlines.warn_date(*counted, as_of=timezone.localdate())
        self.due_provisional = days.is_provisional(self.accepted_on, self.due_on)
        self.calendar_version = calendar_version()

    @property
    def closing_time(self):
        return self.centre.closing_time if self.centre else deadlines.CLOSING

    def index_text(self):
        """Bring the search tokens up to date."""
        text = tokens(
            self.number, self.subject, self.content, self.citizen.name, self.citizen.address
        )
        RequestText.objects.update_or_create(request=self, defaults={"tokens": text})


class RequestAttachment(Attachment):
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="attachments")

    class Meta(Attachment.Meta):
        verbose_name = verbose_name_plural = "办件附件"

    def get_absolute_url(self):
        return reverse("services:attachment", args=[self.request_id, self.pk])
