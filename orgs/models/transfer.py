"""组织关系转接: a member's relation goes from branch to branch, out of the portal, or in."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from orgs.models.member import Member
from orgs.models.member_course import LEADING, leads
from orgs.models.organization import Organization
from orgs.models.post import Role
from orgs.models.transfer_course import VERBS, TransferCourse
from orgs.partial_date import PartialDateField

#: Before the letter expires both sides are told.
WARNING_DAYS = 15


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both sides: whoever leads the giving or the receiving branch, and its own cadre."""
        reach = Q(pk__in=[])
        for post in user.acting_posts():
            for side in ("from_organization", "to_organization"):
                if post.role in LEADING:
                    reach |= Q(**{f"{side}__path__startswith": post.organization.path})
                elif post.role == Role.AGENT:
                    reach |= Q(**{side: post.organization_id})
        return self.filter(reach)

    def waiting(self):
        return self.filter(status="WAITING")

    def going_out_of(self, organizations):
        return self.filter(from_organization__in=organizations)

    def coming_to(self, organizations):
        return self.filter(to_organization__in=organizations)

    def awaiting(self, user):
        """待我接收: what the user may receive or send back now."""
        mine = Organization.objects.in_reach_of(user, *LEADING)
        inside = Q(to_organization__in=mine) & ~Q(proposed_by=user)
        return self.waiting().filter(inside | Q(kind="OUT", from_organization__in=mine))

    def expiring(self, day=None):
        """The letter has expired, or is about to."""
        day = day or timezone.localdate()
        return self.waiting().filter(expires_on__lte=day + timedelta(days=WARNING_DAYS))

    def summary_for(self, user) -> dict[str, int]:
        """For the workbench: what the user may receive, and which letters are running out."""
        seen = self.visible_to(user)
        return seen.aggregate(
            mine=models.Count("pk", filter=Q(pk__in=self.awaiting(user).values("pk"))),
            expiring=models.Count("pk", filter=Q(pk__in=self.expiring().values("pk"))),
        )

    def to_be_warned_of(self, day):
        """The letter is about to expire, or has; nobody has been told yet."""
        last = day + timedelta(days=WARNING_DAYS)
        soon = Q(warned_on__isnull=True, expires_on__gte=day, expires_on__lte=last)
        return self.waiting().filter(soon | Q(lapsed_on__isnull=True, expires_on__lt=day))


class Transfer(TransferCourse, models.Model):
    class Kind(models.TextChoices):
        WITHIN = "WITHIN", "县内转接"
        ACROSS = "ACROSS", "跨县转接"
        OUT = "OUT", "转往外地"
        IN = "IN", "外地转入"

    class Status(models.TextChoices):
        WAITING = "WAITING", "待接收"
        RECEIVED = "RECEIVED", "已接收"
        RETURNED = "RETURNED", "已退回"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="transfers", verbose_name="党员"
    )
    kind = models.CharField("类别", max_length=8, choices=Kind)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.WAITING)
    from_organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="transfers_out",
        verbose_name="转出党组织",
    )  # fmt: skip
    from_place = models.CharField("转出党组织（外地）", max_length=120, blank=True)
    to_organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="transfers_in",
        verbose_name="接收党组织",
    )  # fmt: skip
    to_place = models.CharField("接收党组织（外地）", max_length=120, blank=True)
    reason = models.CharField("转接原因", max_length=120, blank=True)
    letter_number = models.CharField("介绍信编号", max_length=40, blank=True)
    dues_paid_to = PartialDateField("党费交至")
    started_on = models.DateField("介绍信日期", default=timezone.localdate)
    expires_on = models.DateField("介绍信有效期至")
    received_on = models.DateField("接收日期", null=True, blank=True)
    close_reason = models.CharField("退回或撤回原因", max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发起人",
    )
    proposed_at = models.DateTimeField("发起时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办结人",
    )
    decided_at = models.DateTimeField("办结时间", null=True, blank=True)
    #: Days on which both sides were told that the letter is about to expire, and that it has.
    warned_on = models.DateField(null=True, blank=True, editable=False)
    lapsed_on = models.DateField(null=True, blank=True, editable=False)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "组织关系转接"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(status="WAITING"),
                name="transfer_one_open",
                violation_error_message="该党员正在办理组织关系转接。",
            ),
            models.CheckConstraint(
                condition=(Q(from_organization__isnull=False) & Q(from_place=""))
                | (Q(from_organization__isnull=True) & ~Q(from_place="")),
                name="transfer_from_one_place",
            ),
            models.CheckConstraint(
                condition=(Q(to_organization__isnull=False) & Q(to_place=""))
                | (Q(to_organization__isnull=True) & ~Q(to_place="")),
                name="transfer_to_one_place",
            ),
            models.CheckConstraint(
                condition=Q(from_organization__isnull=True)
                | Q(to_organization__isnull=True)
                | ~Q(from_organization=F("to_organization")),
                name="transfer_changes_place",
                violation_error_message="接收党组织就是现在的党组织。",
            ),
            models.CheckConstraint(
                condition=(Q(status="RECEIVED") & Q(received_on__isnull=False))
                | (~Q(status="RECEIVED") & Q(received_on__isnull=True)),
                name="transfer_received_with_date",
            ),
        ]
        indexes = [models.Index(fields=["status", "expires_on"], name="transfer_expiry")]

    def __str__(self):
        return f"{self.member}：{self.from_words} → {self.to_words}"

    def get_absolute_url(self):
        return reverse("orgs:transfer", args=[self.pk])

    @property
    def from_words(self) -> str:
        return str(self.from_organization or self.from_place)

    @property
    def to_words(self) -> str:
        return str(self.to_organization or self.to_place)

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITING

    @property
    def days_left(self) -> int:
        """Until the letter expires; negative once it has."""
        return (self.expires_on - timezone.localdate()).days

    @property
    def giving(self):
        """Whose decision it is to call the transfer back."""
        return self.from_organization

    @property
    def taking(self):
        """Who says that it has arrived: of a letter to elsewhere the giving side has the 回执."""
        return self.to_organization or self.from_organization

    def name_for(self, user) -> str:
        """Both sides know for whom the letter is."""
        sides = [side for side in (self.from_organization, self.to_organization) if side]
        return self.member.name if any(leads(user, side) for side in sides) else str(self.member)

    def verbs_for(self, user) -> list[str]:
        """What `user` may do to it now, four eyes between two branches of the portal."""
        if not self.is_waiting:
            return []
        sides = {"taking": leads(user, self.taking), "giving": leads(user, self.giving)}
        own = self.to_organization_id and user.pk == self.proposed_by_id
        return [
            name
            for name, verb in VERBS.items()
            if sides[verb.side] and not (own and verb.side == "taking")
        ]
