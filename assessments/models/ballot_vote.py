"""What was cast: ballots while voting runs, ballots after the shuffle, receipts.

No table here has a name, an address, a time or a session, and none of a ballot leads to a code.
"""

import secrets

from django.db import models


def random_key() -> int:
    return secrets.randbits(62)


class Pending(models.Model):
    """A ballot while voting runs; emptied when it closes."""

    key = models.BigIntegerField(primary_key=True, default=random_key)
    ballot = models.ForeignKey(
        "assessments.Ballot", models.CASCADE, related_name="pending", verbose_name="测评"
    )
    stratum = models.ForeignKey(
        "assessments.Stratum", models.CASCADE, related_name="+", verbose_name="测评分组"
    )
    answers = models.CharField("选择", max_length=20)
    text = models.CharField("最想解决的一件事", max_length=200, blank=True)
    receipt = models.CharField("回执号", max_length=12)

    class Meta:
        verbose_name = verbose_name_plural = "待计票"

    def __str__(self):
        return "待计票"


class Vote(models.Model):
    """A ballot after the shuffle."""

    key = models.BigIntegerField(primary_key=True, default=random_key)
    stratum = models.ForeignKey(
        "assessments.Stratum", models.CASCADE, related_name="votes", verbose_name="测评分组"
    )
    answers = models.CharField("选择", max_length=20)
    text = models.CharField("最想解决的一件事", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "选票"

    def __str__(self):
        return "选票"


class Receipt(models.Model):
    """That a ballot was taken; says nothing of what it said."""

    key = models.BigIntegerField(primary_key=True, default=random_key)
    ballot = models.ForeignKey(
        "assessments.Ballot", models.CASCADE, related_name="receipts", verbose_name="测评"
    )
    number = models.CharField("回执号", max_length=12)

    class Meta:
        verbose_name = verbose_name_plural = "回执"

    def __str__(self):
        return self.number
