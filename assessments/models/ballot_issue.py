"""印制测评码: asked for by one person, allowed by another, printed once.

The codes are in clear in the one response that prints them, and nowhere else. What is on record is
how many, never which.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from assessments.ballots.codes import Secret
from assessments.models.ballot import Ballot
from assessments.models.ballot_code import Code
from orgs.models import NotAllowed

#: Rows of one request: each costs some 20 ms of hashing.
MOST_CODES = 600


def person(label, **more):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **more
    )


class CodeIssue(models.Model):
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="issues", verbose_name="测评")
    asked_by = person("申请人")
    asked_at = models.DateTimeField("申请时间", default=timezone.now)
    allowed_by = person("同意人", null=True)
    printed_by = person("印制人", null=True)
    printed_at = models.DateTimeField("印制时间", null=True)
    printed = models.PositiveIntegerField("张数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "测评码印制"
        ordering = ["ballot", "-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(allowed_by=models.F("asked_by")),
                name="codes_allowed_by_another",
                violation_error_message="同意印制的人不能是申请人本人。",
            ),
            models.UniqueConstraint(
                fields=["ballot"],
                condition=Q(printed_at__isnull=True),
                name="codes_one_issue_at_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.ballot}测评码"

    @classmethod
    @transaction.atomic
    def ask(cls, *, ballot, actor):
        """申请印制 as many as are eligible and have not voted; unused codes of before are void."""
        ballot.begin("ask_codes", actor)
        if ballot.issues.filter(printed_at__isnull=True).exists():
            raise NotAllowed("已有一份印制申请没有办完。")
        numbers = list(ballot.strata.values_list("eligible", flat=True))
        if None in numbers or not sum(numbers):
            raise NotAllowed("各组应到人数还没有填全，请先登记人数。")
        if sum(numbers) > MOST_CODES:
            raise NotAllowed(f"一次最多印 {MOST_CODES} 张，人数更多的请抽选后登记。")
        row = cls.objects.create(ballot=ballot, asked_by=actor)
        ballot.record(actor, "codes_asked", "申请印制测评码", note=f"{sum(numbers)} 张")
        return row

    @transaction.atomic
    def allow(self, *, actor):
        """同意印制, by another person of the department."""
        self._begin("allow_codes", actor)
        if self.allowed_by_id:
            raise NotAllowed("已经有人同意印制，请直接印制。")
        if actor.pk == self.asked_by_id:
            raise NotAllowed("同意印制的人不能是申请人本人，请另一位同志办理。")
        self.allowed_by = actor
        self.save(update_fields=["allowed_by"])
        self.ballot.record(actor, "codes_allowed", "同意印制测评码")

    @transaction.atomic
    def print(self, *, actor) -> list[tuple]:
        """印制, once: (stratum, secrets) for each group, in clear for this one response."""
        self._begin("print_codes", actor)
        if not self.allowed_by_id:
            raise NotAllowed("还没有另一位同志同意，不能印制。")
        Code.objects.filter(stratum__ballot=self.ballot, is_used=False).update(is_void=True)
        sheets = [
            (stratum, make_codes(stratum, max(0, stratum.eligible - stratum.used_codes())))
            for stratum in self.ballot.strata.select_related("group")
        ]
        self.printed = sum(len(found) for _, found in sheets)
        self.printed_by, self.printed_at = actor, timezone.now()
        self.save(update_fields=["printed", "printed_by", "printed_at"])
        self.ballot.record(actor, "codes_printed", "印制测评码", note=f"{self.printed} 张")
        return sheets

    def _begin(self, verb, actor):
        self.ballot.begin(verb, actor)
        self.refresh_from_db(from_queryset=CodeIssue.objects.select_for_update())
        if self.printed_at:
            raise NotAllowed("这一份已经印制，不能再印。需要重印请重新申请。")


def make_codes(stratum, number) -> list[Secret]:
    """So many new codes, each with a selector that no other code has."""
    found: dict[str, Secret] = {}
    while len(found) < number:
        drawn = [Secret.new() for _ in range(number - len(found))]
        taken = set(
            Code.objects.filter(selector__in=[one.selector for one in drawn]).values_list(
                "selector", flat=True
            )
        )
        found |= {one.selector: one for one in drawn if one.selector not in taken}
    Code.objects.bulk_create(Code(stratum=stratum, **one.stored()) for one in found.values())
    return list(found.values())
