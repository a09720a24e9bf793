"""纸质票: numbered batches, entered blind by two people; only what matches is counted.

Of each batch: issued = counted + void + unreturned. Nobody sees what the other one typed.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.ballots.tally import BLANK, LETTERS
from orgs.models import NotAllowed, Notice

#: A sheet that counts for nothing: torn, marked twice, signed.
VOID = "X"


class PaperBatch(models.Model):
    stratum = models.ForeignKey(
        "assessments.Stratum", models.CASCADE, related_name="batches", verbose_name="测评对象"
    )
    number = models.CharField("批号", max_length=20)
    issued = models.PositiveSmallIntegerField("发出张数")
    unreturned = models.PositiveSmallIntegerField("未收回张数", default=0)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    matched_at = models.DateTimeField("核对一致时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "纸质票批次"
        ordering = ["stratum", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["stratum", "number"], name="paper_batch_once",
                violation_error_message="这个批号已经登记过。",
            ),
            models.CheckConstraint(
                condition=Q(unreturned__lte=F("issued")), name="paper_returned_within_issued",
                violation_error_message="未收回张数不能多于发出张数。",
            ),
        ]  # fmt: skip

    def __str__(self):
        if self.number.isdecimal():
            return f"{self.number} 号封袋"
        return self.number if {*self.number} & {*"号批袋"} else f"封袋 {self.number}"

    def get_absolute_url(self):
        return reverse("assessments:paper_batch", args=[self.ballot.assessment_id, self.pk])

    @property
    def ballot(self):
        return self.stratum.ballot

    @property
    def returned(self) -> int:
        return self.issued - self.unreturned

    @classmethod
    @transaction.atomic
    def register(cls, *, ballot, actor, stratum, number, issued, unreturned):
        """登记一批 of paper that was handed out and came back."""
        ballot.begin("add_batch", actor)
        stratum.refresh_from_db()
        row = cls(
            stratum=stratum, number=number, issued=issued, unreturned=unreturned,
            registered_by=actor,
        )  # fmt: skip
        row.full_clean(exclude=["matched_at"])
        check_room(stratum, row.returned)
        row.save()
        note = f"{stratum.group} {row}，发出 {issued} 张，未收回 {unreturned} 张"
        ballot.record(actor, "batch_registered", "登记纸质票批次", note=note)
        return row

    @transaction.atomic
    def enter(self, *, actor, sheets):
        """录入, blind: the second one is compared with the first, and what matches is counted."""
        self.ballot.begin("enter_paper", actor)
        self.refresh_from_db(from_queryset=PaperBatch.objects.select_for_update())
        if self.matched_at:
            raise NotAllowed("这一批两人录入已经一致，不能再改。")
        others = list(self.entries.exclude(entered_by=actor))
        if len(others) > 1:
            raise NotAllowed("这一批已由另外两人录入，请他们核对。")
        check_sheets(sheets, self.returned, len(self.ballot.questions()))
        self.entries.update_or_create(entered_by=actor, defaults={"sheets": sheets})
        self.ballot.record(actor, "paper_entered", "录入纸质票", note=f"{self}，{len(sheets)} 张")
        if others and others[0].sheets == sheets:
            self.matched_at = timezone.now()
            self.save(update_fields=["matched_at"])
            self.ballot.record(actor, "paper_matched", "纸质票核对一致", note=str(self))
            if self.ballot.closed_at:
                self.ballot.recount()
        elif others:
            self._tell_difference(others[0].entered_by)

    def _tell_difference(self, person):
        """Whoever typed first has left the page long ago; it tells the sheets."""
        Notice.post(
            [person], f"{self.ballot.assessment.name} 纸质票{self}两人录入不一致",
            kind="ballot.paper_differs", about=self,
            organization=self.ballot.assessment.organization,
            body="请打开这一批看是哪几张，对照原票，把自己录错的改过来。",
        )  # fmt: skip

    def differing(self) -> list[int]:
        """Numbers of the sheets that two people typed differently."""
        entries = list(self.entries.all())
        if len(entries) < 2:
            return []
        pairs = zip(entries[0].sheets, entries[1].sheets, strict=True)
        return [number for number, (one, other) in enumerate(pairs, 1) if one != other]

    def typed_by(self, user) -> list[str]:
        """The user's own sheets as last saved, never the other one's."""
        return next((e.sheets for e in self.entries.all() if e.entered_by_id == user.pk), [])

    def turn_of(self, user) -> str:
        """What waits for the user here: to "enter", to "correct" what differs, or nothing."""
        people = {entry.entered_by_id for entry in self.entries.all()}
        if self.matched_at:
            return ""
        if user.pk in people:
            return "correct" if len(people) > 1 else ""
        return "enter" if len(people) < 2 else ""

    def words(self) -> list[str]:
        """The ballots of a matched batch."""
        return [sheet for sheet in self.entries.first().sheets if sheet != VOID]


class PaperEntry(models.Model):
    """What one person typed of a batch, sheet by sheet."""

    batch = models.ForeignKey(
        PaperBatch, models.CASCADE, related_name="entries", verbose_name="批次"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人"
    )
    sheets = models.JSONField("选票")

    class Meta:
        verbose_name = verbose_name_plural = "纸质票录入"
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "entered_by"], name="paper_entry_once")
        ]

    def __str__(self):
        return f"{self.batch} {self.entered_by}"


def check_room(stratum, returned):
    """No more paper comes back than there are people who have not voted with a code."""
    taken = [batch.returned for batch in stratum.batches.all()]
    room = (stratum.eligible or 0) - stratum.used_codes() - sum(taken)
    if returned > room:
        raise ValidationError(
            f"{stratum.group}应到 {stratum.eligible or 0} 人，扣除已经投票和已登记收回的，"
            f"最多还能收回 {max(room, 0)} 张，请核对张数或登记的人数。"
        )


def check_sheets(sheets, returned, size):
    if len(sheets) != returned:
        raise ValidationError(
            f"这一批收回 {returned} 张，您录了 {len(sheets)} 张，请核对后再保存。"
        )
    for number, sheet in enumerate(sheets, 1):
        if sheet != VOID and (len(sheet) != size or set(sheet) - {*LETTERS, BLANK}):
            raise ValidationError(f"第 {number} 张应有 {size} 项，请核对。")
