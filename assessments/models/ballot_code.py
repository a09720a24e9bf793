"""测评码: one code, one vote. No table leads from a code to the ballot it cast."""

from django.core.exceptions import ValidationError
from django.db import models, transaction

from assessments.ballots.codes import draw, fits, slow, split
from assessments.ballots.tally import BLANK, LETTERS
from assessments.models.ballot import Ballot, Stratum
from assessments.models.ballot_vote import Pending
from assessments.models.clock import database_now
from orgs.models import NotAllowed

RECEIPT_LENGTH = 10
#: Which codes may still vote.
FRESH = {"is_used": False, "is_void": False}


class UsedCode(NotAllowed):
    """The code has been used, or was replaced by a new print."""

    status = 409


class NotYetOpen(NotAllowed):
    status = 403


class BallotClosed(NotAllowed):
    status = 410


class Code(models.Model):
    """The right to one vote in one group. People draw it sealed: who holds it is not known."""

    stratum = models.ForeignKey(
        Stratum, models.CASCADE, related_name="codes", verbose_name="测评分组"
    )
    selector = models.CharField("选择码", max_length=5, unique=True)
    salt = models.CharField(max_length=16)
    typed_hash = models.CharField(max_length=128)
    scanned_hash = models.CharField(max_length=64)
    is_used = models.BooleanField("已用", default=False)
    #: Printed anew before it was used.
    is_void = models.BooleanField("作废", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "测评码"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(is_used=True, is_void=True), name="code_used_or_void"
            )
        ]

    def __str__(self):
        return f"{self.stratum} 测评码"

    @classmethod
    def find(cls, text):
        """The code as typed or scanned, or None; a wrong one costs as much as a right one."""
        selector, verifier = split(text)
        row = cls.objects.select_related("stratum__ballot", "stratum__group")
        row = row.filter(selector=selector).first()
        if row is None:
            slow(verifier, "0" * 16)
            return None
        hashes = {"salt": row.salt, "typed_hash": row.typed_hash, "scanned_hash": row.scanned_hash}
        return row if fits(verifier, **hashes) else None

    def check_usable(self):
        """Raise why it cannot vote now; `cast` asks again under the lock."""
        check_open(self.stratum.ballot)
        if self.is_used or self.is_void:
            raise UsedCode("这个测评码已经用过了，每个码只能投一次。")

    @transaction.atomic
    def cast(self, answers, text="") -> str:
        """投票: one code, one ballot; returns the receipt. Refusals carry their `status`.

        The ballot's lock makes votes and its closing follow one another, so a vote is either
        counted or refused; the database's clock decides.
        """
        ballot = Ballot.objects.select_for_update().get(pk=self.stratum.ballot_id)
        check_open(ballot)
        check_answers(answers, len(ballot.questions()))
        fresh = Code.objects.filter(pk=self.pk, **FRESH)
        if fresh.update(is_used=True) != 1:
            raise UsedCode("这个测评码已经用过了，每个码只能投一次。")
        receipt = draw(RECEIPT_LENGTH)
        Pending.objects.create(
            ballot=ballot, stratum_id=self.stratum_id, answers=answers, text=text, receipt=receipt
        )
        return receipt


def check_open(ballot):
    now = database_now()
    if ballot.status == Ballot.Status.CLOSED or now >= ballot.closes_at:
        raise BallotClosed("这次测评已经结束，不能再投票。")
    if ballot.status != Ballot.Status.OPEN or now < ballot.opens_at:
        raise NotYetOpen("这次测评还没有开始，请在测评时间内再来。")


def check_answers(answers, size):
    if len(answers) != size or set(answers) - {*LETTERS, BLANK}:
        raise ValidationError("选票填写不完整，请重新填写。")
