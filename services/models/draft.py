"""暂存: an intake form that was put aside before it was finished. It has no number."""

import json
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from orgs.fields import EncryptedTextField
from orgs.masking import mask_name
from orgs.models import AuditEntry, Organization
from services.models.status import WINDOW

#: A draft that nobody has taken up again by then is deleted: it holds personal data for nothing.
KEPT_DAYS = 30


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, at the counters where one works now."""
        counters = [post.organization_id for post in user.acting_posts() if post.role in WINDOW]
        return self.filter(writer=user, organization__in=counters)

    def expired(self):
        return self.filter(updated_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))


class Draft(models.Model):
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="暂存人"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="登记组织"
    )
    nonce = models.UUIDField("表单标识", editable=False)
    text = EncryptedTextField("已填内容")
    created_at = models.DateTimeField("首次暂存", default=timezone.now)
    updated_at = models.DateTimeField("暂存时间", db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "草稿"
        ordering = ["-updated_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["writer", "nonce"], name="draft_once")]

    def __str__(self):
        return f"草稿 {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("services:draft", args=[self.pk])

    @cached_property
    def typed(self) -> dict:
        """Field → what was typed, as the intake form takes it for a start."""
        return json.loads(self.text)

    @property
    def subject(self) -> str:
        """The beginning of the matter, to know the draft by."""
        return self.typed.get("content", "").strip()[:30] or "尚未填写诉求内容"

    @property
    def masked_name(self) -> str:
        return mask_name(self.typed.get("name", ""))

    @property
    def expires_at(self):
        return self.updated_at + timedelta(days=KEPT_DAYS)

    @classmethod
    @transaction.atomic
    def keep(cls, *, actor, organization, nonce, typed):
        """暂存: put aside again, the same form stays one draft."""
        draft, _ = cls.objects.update_or_create(
            writer=actor,
            nonce=nonce,
            defaults={
                "organization": organization,
                "text": json.dumps(typed, ensure_ascii=False),
                "updated_at": timezone.now(),
            },
        )
        draft._record(actor, "kept", "暂存诉求")
        return draft

    @transaction.atomic
    def discard(self, *, actor):
        """删除."""
        self._record(actor, "discarded", "删除草稿")
        self.delete()

    def _record(self, actor, action, label):
        AuditEntry.record(
            actor, f"draft.{action}", self, label=label, organization=self.organization
        )

    @classmethod
    @transaction.atomic
    def purge(cls):
        """Delete what has lain too long; on record is how many there were."""
        count, _ = cls.objects.expired().delete()
        if count:
            note = f"超过 {KEPT_DAYS} 天的草稿 {count} 份"
            AuditEntry.record(None, "draft.purged", cls(), label="清理草稿", note=note)
