"""开放评议: what anybody may say by the QR code on a poster. Shown apart, never part of a score.

There is no proof that one person spoke once; a cookie and counters only deter.
"""

from django.db import models, transaction
from django.db.models import F

from assessments.models.ballot import Ballot
from assessments.models.ballot_code import check_answers, check_open
from assessments.models.ballot_vote import random_key
from orgs.models import NotAllowed, Throttle

DAY, HOUR = 86_400, 3600
PER_DEVICE, PER_NETWORK = 3, 60


class TooOften(NotAllowed):
    status = 429


class OpenVote(models.Model):
    key = models.BigIntegerField(primary_key=True, default=random_key)
    ballot = models.ForeignKey(
        Ballot, models.CASCADE, related_name="open_votes", verbose_name="测评"
    )
    answers = models.CharField("选择", max_length=20)
    text = models.CharField("最想解决的一件事", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "开放评议"

    def __str__(self):
        return "开放评议"

    @classmethod
    def say(cls, *, ballot, answers, text, device, network):
        """Take it, as often as the device and its network may; refusals are counted."""
        tries = {f"open.device:{device}": (PER_DEVICE, DAY)}
        tries[f"open.network:{network}"] = (PER_NETWORK, HOUR)
        counts = [Throttle.hit(key, seconds=span) <= most for key, (most, span) in tries.items()]
        if not all(counts):
            Ballot.objects.filter(pk=ballot.pk).update(open_refused=F("open_refused") + 1)
            raise TooOften("这部手机或这个网络今天评议的次数太多了，请明天再来。")
        with transaction.atomic():
            check_open(ballot)
            check_answers(answers, len(ballot.questions()))
            return cls.objects.create(ballot=ballot, answers=answers, text=text)
