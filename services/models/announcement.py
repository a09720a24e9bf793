"""公示栏: what an organization makes known to everybody, for as long as it says."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from orgs.models import AuditEntry, NotAllowed, Organization, Role

#: Who keeps the board: the head of the centre with its villages, the secretary at home.
KEEPERS = (Role.CENTRE_HEAD, Role.SECRETARY)


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the organizations at and below the user's posts, withdrawn ones too."""
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def current(self):
        """What the public reads today."""
        today = timezone.localdate()
        lasting = Q(until__isnull=True) | Q(until__gte=today)
        rows = self.filter(lasting, published_on__lte=today, withdrawn_at__isnull=True)
        return rows.select_related("organization")

    def for_list(self):
        return self.select_related("organization", "published_by")


class Announcement(models.Model):
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="announcements", verbose_name="公示组织"
    )
    title = models.CharField("标题", max_length=80)
    text = models.TextField("内容", max_length=10_000)
    published_on = models.DateField("公示日期", default=timezone.localdate)
    until = models.DateField(
        "公示到", null=True, blank=True, help_text="这一天之后群众不再看到；不填为长期公示。"
    )
    pinned = models.BooleanField("置顶", default=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发布人"
    )
    withdrawn_at = models.DateTimeField("撤下时间", null=True, editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示"
        ordering = ["-pinned", "-published_on", "-pk"]
        indexes = [
            models.Index(fields=["-pinned", "-published_on", "-id"], name="announcement_board")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("published_on")),
                name="announcement_ends_after_start",
                violation_error_message="“公示到”不能早于公示日期。",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("services:announcement", args=[self.pk])

    @property
    def state_words(self) -> str:
        today = timezone.localdate()
        if self.withdrawn_at:
            return "已撤下"
        if self.published_on > today:
            return "待公示"
        return "已到期" if self.until and self.until < today else "公示中"

    @property
    def is_current(self) -> bool:
        return self.state_words == "公示中"

    @staticmethod
    def may_keep(user, organization) -> bool:
        """Whether the user keeps the board of the organization."""
        return any(
            post.covers(organization)
            if post.role == Role.CENTRE_HEAD
            else post.organization_id == organization.pk
            for post in user.acting_posts()
            if post.role in KEEPERS
        )

    @classmethod
    @transaction.atomic
    def publish(cls, *, actor, organization, **fields):
        """发布: on the board of an organization, from its day on."""
        if not cls.may_keep(actor, organization):
            raise NotAllowed("您不能在这个组织的公示栏发布。")
        same = {"organization": organization, "published_by": actor, **fields}
        if row := cls.objects.filter(withdrawn_at__isnull=True, **same).first():
            return row  # sent twice
        row = cls(**same)
        row.full_clean()
        row.save()
        row._record(actor, "published", "发布公示")
        return row

    @transaction.atomic
    def revise(self, *, actor, **fields):
        """修改: what has been on the wall stays readable in the record."""
        self._begin(actor)
        changes = {
            name: [str(getattr(self, name) or ""), str(value or "")]
            for name, value in fields.items()
            if getattr(self, name) != value
        }
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=list(fields))
        if changes:
            self._record(actor, "revised", "修改公示", changes=changes)

    @transaction.atomic
    def withdraw(self, *, actor):
        """撤下: off the board for good."""
        self._begin(actor)
        self.withdrawn_at = timezone.now()
        self.save(update_fields=["withdrawn_at"])
        self._record(actor, "withdrawn", "撤下公示")

    def _begin(self, actor):
        """Lock and re-read the row; only then ask."""
        self.refresh_from_db(from_queryset=Announcement.objects.select_for_update())
        if self.withdrawn_at:
            raise NotAllowed("这条公示已经撤下，不能再改。需要时请重新发布。")
        if not self.may_keep(actor, self.organization):
            raise NotAllowed("您不能维护这个组织的公示栏。")

    def _record(self, actor, action, label, **more):
        AuditEntry.record(
            actor,
            f"announcement.{action}",
            self,
            label=label,
            organization=self.organization,
            **more,
        )

    def clean(self):
        if self.until and self.published_on and self.until < self.published_on:
            raise ValidationError({"until": "“公示到”不能早于公示日期。"})
