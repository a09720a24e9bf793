"""Replies to the citizen: drafted by the handler, reviewed by the unit, then sent."""

from django.conf import settings
from django.db import models


class Outcome(models.TextChoices):
    SOLVED = "SOLVED", "已解决"
    PARTLY = "PARTLY", "部分解决"
    EXPLAINED = "EXPLAINED", "已解释说明"
    REFUSED = "REFUSED", "不予办理"


class Channel(models.TextChoices):
    COUNTER = "COUNTER", "当面"
    PHONE = "PHONE", "电话"
    VISIT = "VISIT", "上门"
    SMS = "SMS", "短信"
    ONLINE = "ONLINE", "网上"
    LETTER = "LETTER", "书面"


class Reply(models.Model):
    request = models.ForeignKey("services.ServiceRequest", models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField("轮次")
    outcome = models.CharField("办理结果", max_length=10, choices=Outcome)
    text = models.TextField("答复内容")
    template = models.ForeignKey(
        "services.ReplyTemplate",
        models.PROTECT,
        null=True,
        related_name="replies",
        verbose_name="所用模板",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField("提交时间")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True)
    is_approved = models.BooleanField("审核通过", null=True)
    return_reason = models.TextField("退回原因", blank=True)
    channel = models.CharField("回复方式", max_length=10, choices=Channel, blank=True)
    proof = models.CharField("送达凭证", max_length=120, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField("回复时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "回复"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "round"],
                condition=models.Q(sent_at__isnull=False),
                name="reply_sent_once_a_round",
            )
        ]

    def __str__(self):
        return f"{self.request} 第 {self.round} 轮答复"


def aside_words(overridden) -> str:
    """For the record: the titles of the warnings that the author has read and set aside."""
    return f"；仍然提交：{'、'.join(overridden)}" if overridden else ""
