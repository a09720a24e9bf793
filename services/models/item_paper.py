"""表格下载: blank forms of an item, for everybody to download while the item is in use."""

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from orgs.models import AuditEntry, NotAllowed
from orgs.models.attachment import Attachment
from services.models.item import ServiceItem

#: What a citizen can open and print; other kinds of files have no business here.
KINDS = ("pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png")
MOST = 20


class ItemAttachmentQuerySet(models.QuerySet):
    def offered(self):
        """Not taken down again."""
        return self.filter(removed_at__isnull=True)

    def public(self):
        return self.offered().filter(item__in=ServiceItem.objects.active())


class ItemAttachment(Attachment):
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="papers")
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤下人"
    )
    removed_at = models.DateTimeField("撤下时间", null=True)

    objects = ItemAttachmentQuerySet.as_manager()

    class Meta(Attachment.Meta):
        verbose_name = verbose_name_plural = "事项表格"

    def get_absolute_url(self):
        return reverse("services:item_paper", args=[self.item_id, self.pk])

    @classmethod
    @transaction.atomic
    def offer(cls, uploads, *, item, actor):
        """上传表格: those that are not there yet; the same file twice is one."""
        item = ServiceItem.objects.select_for_update().get(pk=item.pk)
        made = []
        for upload in uploads:
            row = cls.keep(upload, actor=actor, item=item)
            if item.papers.offered().filter(sha256=row.sha256).exclude(pk=row.pk).exists():
                row.file.delete(save=False)
                row.delete()
            else:
                made.append(row)
        if item.papers.offered().count() > MOST:
            for row in made:
                row.file.delete(save=False)
            raise NotAllowed(f"每个事项最多 {MOST} 份表格，请先撤下不用的。")
        if made:
            names = "、".join(row.name for row in made)
            cls._record(actor, "offered", "上传表格", item, names)
        return made

    @transaction.atomic
    def withdraw(self, *, actor):
        """撤下: nobody downloads it any more; asked twice it happens once."""
        self.refresh_from_db(from_queryset=ItemAttachment.objects.select_for_update())
        if self.removed_at:
            return
        self.removed_by, self.removed_at = actor, timezone.now()
        self.save(update_fields=["removed_by", "removed_at"])
        self._record(actor, "removed", "撤下表格", self.item, self.name)

    @staticmethod
    def _record(actor, action, label, item, names):
        AuditEntry.record(
            actor,
            f"item.paper_{action}",
            item,
            label=label,
            organization=item.organization,
            note=names,
        )
