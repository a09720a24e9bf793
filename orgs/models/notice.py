"""Notices: rows written with the change they tell of, delivered later, each at most once."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orgs.models.stand_in import StandIn

CLAIM_EXPIRES = timedelta(minutes=10)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user)

    def unread(self):
        return self.filter(read_at__isnull=True)

    def mark_read(self):
        """已读: returns how many were not."""
        return self.unread().update(read_at=timezone.now())

    def waiting(self, *, urgent_only=False):
        """Not yet in anybody's hands; outside office hours only what is urgent."""
        rows = self.filter(batch__isnull=True, delivered_at__isnull=True)
        return rows.filter(urgent=True) if urgent_only else rows

    def abandoned(self):
        """Claimed ten minutes ago and still undelivered: the worker that had them died."""
        return self.filter(delivered_at__isnull=True, claimed_at__lt=timezone.now() - CLAIM_EXPIRES)


class Notice(models.Model):
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="接收人"
    )
    kind = models.CharField("类别", max_length=40)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容", blank=True)
    url = models.CharField("链接", max_length=200, blank=True)
    target = models.CharField("对象", max_length=80, blank=True)
    organization = models.ForeignKey(
        "orgs.Organization", models.PROTECT, null=True, related_name="+", verbose_name="所属组织"
    )
    day = models.DateField("日期", default=timezone.localdate)
    urgent = models.BooleanField("紧急", default=False)
    created_at = models.DateTimeField("产生时间", default=timezone.now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    batch = models.UUIDField("投递批次", null=True, editable=False)
    claimed_at = models.DateTimeField("领取时间", null=True, editable=False)
    delivered_at = models.DateTimeField("投递时间", null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "target", "day"], name="notice_once_a_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(delivered_at__isnull=True),
                name="notice_undelivered",
            ),
            models.Index(fields=["recipient", "read_at"], name="notice_inbox"),
        ]

    def __str__(self):
        return self.title

    @classmethod
    def post(cls, recipients, title, *, kind, about=None, organization=None, body="", urgent=False):
        """Leave one notice for each recipient; the same one on the same day stays one row.

        Who stands in for a recipient today (AB岗) gets it too.
        """
        people = {person.pk for person in recipients}
        deputies = StandIn.objects.current().filter(user__in=people)
        people |= set(deputies.values_list("deputy", flat=True))
        rows = [
            cls(
                recipient_id=person,
                kind=kind,
                title=title,
                body=body,
                url=about.get_absolute_url() if about else "",
                target=f"{about._meta.label_lower}:{about.pk}" if about else "",
                organization=organization,
                urgent=urgent,
            )
            for person in sorted(people)
        ]
        cls.objects.bulk_create(rows, ignore_conflicts=True)

    @classmethod
    def claim(cls, rows) -> uuid.UUID | None:
        """Take waiting rows as one batch; None when another worker was faster."""
        batch = uuid.uuid4()
        ids = list(rows.values_list("pk", flat=True))
        mine = cls.objects.filter(pk__in=ids, batch__isnull=True)
        return batch if mine.update(batch=batch, claimed_at=timezone.now()) else None

    @classmethod
    def reclaim(cls, batch) -> bool:
        """Take over an abandoned batch, whole, so that its mail keeps its Message-ID."""
        rows = cls.objects.filter(batch=batch).abandoned()
        return rows.update(claimed_at=timezone.now()) > 0
