"""Who sits in a committee: the post, where the person came from, from when to when."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When

from orgs.fields import EncryptedTextField
from orgs.masking import mask_phone
from orgs.models.audit import AuditEntry
from orgs.models.leadership import held_on
from orgs.models.member import Member
from orgs.models.organization import Organization
from orgs.models.post import Role
from orgs.models.user import NotAllowed
from orgs.partial_date import EarliestField, PartialDateField


class SeatPost(models.TextChoices):
    """党内职务, in the order in which a committee is listed."""

    SECRETARY = "SECRETARY", "书记"
    DEPUTY = "DEPUTY", "副书记"
    ORGANIZATION = "ORGANIZATION", "组织委员"
    PUBLICITY = "PUBLICITY", "宣传委员"
    UNITED_FRONT = "UNITED_FRONT", "统战委员"
    DISCIPLINE = "DISCIPLINE", "纪检委员"
    MEMBER = "MEMBER", "委员"
    FIRST_SECRETARY = "FIRST_SECRETARY", "第一书记"


class SeatSource(models.TextChoices):
    """中办《关于加强基层服务型党组织建设的意见》第七条: where a secretary comes from."""

    SENT = "SENT", "上级选派"
    TRAINED = "TRAINED", "跟踪培养"
    ELECTED = "ELECTED", "群众推荐（选举）"
    OTHER = "OTHER", "其他"


class LeftReason(models.TextChoices):
    RENEWAL = "RENEWAL", "换届"
    TRANSFER = "TRANSFER", "调离"
    RESIGNED = "RESIGNED", "辞职"
    REMOVED = "REMOVED", "免职"
    RETIRED = "RETIRED", "退休"
    DIED = "DIED", "去世"
    OTHER = "OTHER", "其他"


class SeatQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As the roster: secretaries and the organization department, a cadre the own branch."""
        below = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER)
        own = [post.organization_id for post in user.acting_posts() if post.role == Role.AGENT]
        return self.filter(
            Q(committee__organization__in=below) | Q(committee__organization__in=own)
        )

    def open(self):
        return self.filter(ended_on__isnull=True)

    def held(self, day):
        return self.filter(held_on(day))

    def secretaries(self):
        return self.filter(post=SeatPost.SECRETARY)

    def in_order(self):
        """By rank, then as they came."""
        ranks = [When(post=post, then=Value(place)) for place, post in enumerate(SeatPost)]
        return self.order_by(Case(*ranks), F("started_on").asc(nulls_last=True), "pk")


class CommitteeSeat(models.Model):
    committee = models.ForeignKey(
        "orgs.Committee", models.CASCADE, related_name="seats", verbose_name="班子"
    )
    post = models.CharField("党内职务", max_length=16, choices=SeatPost)
    #: What the person was called when the seat was filled.
    name = models.CharField("姓名", max_length=40)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name="党员"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name="门户账号",
    )
    phone = EncryptedTextField("联系电话", blank=True)
    source = models.CharField("来源", max_length=8, choices=SeatSource, blank=True)
    started = PartialDateField("任职时间")
    started_on = EarliestField(source="started")
    ended_on = models.DateField("离任日期", null=True, blank=True)
    left_reason = models.CharField("离任原因", max_length=10, choices=LeftReason, blank=True)
    left_note = models.CharField("离任说明", max_length=200, blank=True)
    is_full_time = models.BooleanField("专职", null=True, blank=True)
    heads_village = models.BooleanField("兼任村（居）委会主任（一肩挑）", default=False)
    concurrent = models.CharField("兼任职务", max_length=120, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    #: Counts changes, so that an undo knows whether somebody was here since.
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "班子成员"
        ordering = ["committee_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(post="SECRETARY", ended_on__isnull=True),
                name="seat_one_secretary",
                violation_error_message="已有在任书记，请先办理离任。",
            ),
            models.UniqueConstraint(
                fields=["committee", "post", "name"],
                condition=Q(ended_on__isnull=True, member__isnull=True),
                name="seat_open_once_by_name",
                violation_error_message="此人已任同一职务。",
            ),
            models.UniqueConstraint(
                fields=["committee", "post", "member"],
                condition=Q(ended_on__isnull=True),
                name="seat_open_once",
                violation_error_message="此人已任同一职务。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                name="seat_ends_after_start",
                violation_error_message="离任日期不能早于任职时间。",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="seat_has_name"),
        ]
        indexes = [models.Index(fields=["post", "ended_on"], name="seat_of_post")]

    def __str__(self):
        return f"{self.name} {self.get_post_display()}"

    def get_absolute_url(self):
        return self.committee.get_absolute_url()

    @property
    def is_open(self) -> bool:
        return self.ended_on is None

    @property
    def shown_phone(self) -> str:
        """Masked: of the office holder, else of the member behind the seat."""
        return mask_phone(self.phone or (self.member.phone if self.member else ""))

    @property
    def full_time_words(self) -> str:
        return {True: "专职", False: "兼职", None: ""}[self.is_full_time]

    def open_account_post(self):
        """The portal's post that goes with the seat and outlives it, if there is one."""
        if self.user_id is None or self.post != SeatPost.SECRETARY:
            return None
        posts = self.user.posts.open().filter(role=Role.SECRETARY)
        return posts.filter(organization=self.committee.organization_id).first()

    @transaction.atomic
    def vacate(self, *, actor, ended_on, reason, note=""):
        """离任: `ended_on` is the last day on which the seat is held."""
        self.refresh_from_db(from_queryset=CommitteeSeat.objects.select_for_update(of=("self",)))
        if not self.is_open:
            raise NotAllowed(f"{self.name}已于 {self.ended_on:%Y-%m-%d} 离任，请刷新页面核对。")
        self.ended_on, self.left_reason, self.left_note = ended_on, reason, note
        self.version += 1
        self.full_clean()
        self.save()
        said = f"{self}，{self.get_left_reason_display()}，到 {ended_on}"
        organization = self.committee.organization
        AuditEntry.record(
            actor, "seat.vacated", self.committee, label="班子成员离任",
            organization=organization, note=f"{said}。{note}" if note else said,
        )  # fmt: skip
        if self.post == SeatPost.SECRETARY:
            self.committee.tell(actor, "书记离任", kind="seat.vacated", body=said)

    @transaction.atomic
    def revise(self, *, actor, **fields):
        """更正: of telephone numbers the record says that they changed, not to what."""
        self.refresh_from_db(from_queryset=CommitteeSeat.objects.select_for_update(of=("self",)))
        changes = {
            name: [str(getattr(self, name) or ""), str(value or "")]
            for name, value in fields.items()
            if getattr(self, name) != value
        }
        if not changes:
            return
        if "phone" in changes:
            changes["phone"] = ["不记录", "已变更" if fields["phone"] else "已清除"]
        for name, value in fields.items():
            setattr(self, name, value)
        self.version += 1
        self.full_clean()
        self.save()
        AuditEntry.record(
            actor, "seat.revised", self, label="更正班子成员",
            organization=self.committee.organization, changes=changes,
        )  # fmt: skip
