"""组织考评 of one assessment: who scores, who scores independently, who confirms.

The points themselves stand on the answers. A second assessor scores blind: neither sees the other's
points until both are done. Whoever else opens another's points is put down as a reader, and can no
longer be the second. What somebody scored another one confirms (security.md: O ≠ scorer).
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse

from assessments.models.assessment import Answer, Assessment
from assessments.models.clock import database_today
from assessments.models.cycle import Cycle
from assessments.models.evidence import EVIDENCE
from assessments.models.review_ruling import ReviewRuling
from assessments.models.review_scoring import ReviewScoring
from assessments.models.review_second import ReviewSecond
from assessments.models.scheme import points
from assessments.models.verbs import Part, parts_of
from assessments.parts import own_part, review_part, unreviewed
from assessments.scoring import shown


class Review(ReviewScoring, ReviewSecond, ReviewRuling, models.Model):
    assessment = models.OneToOneField(
        Assessment, models.CASCADE, related_name="review", verbose_name="考核表"
    )
    #: Count saves of the points, so that a form opened before another's save is noticed.
    version = models.PositiveIntegerField("版本", default=0, editable=False)
    second_version = models.PositiveIntegerField("第二考评版本", default=0, editable=False)
    scorers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name="考评人"
    )
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name="看过考评分的人"
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name="第二考评人",
    )  # fmt: skip
    second_done_at = models.DateTimeField("第二考评人完成时间", null=True)
    #: Two totals that lie far apart, and why the first one's is right as it now stands.
    settled_reason = models.CharField("差异处理说明", max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="处理人"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="定稿人"
    )
    confirmed_at = models.DateTimeField("定稿时间", null=True)
    reopen_reason = models.CharField("重新考评原因", max_length=300, blank=True)
    #: For lists, as of the last save; None while anything is unscored.
    total = points("考评分", null=True)
    gap = points("自评与考评差距", null=True)
    difference_found = points("两名考评人差距", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "组织考评"
        ordering = ["assessment"]

    def __str__(self):
        return f"{self.assessment} 组织考评"

    def get_absolute_url(self):
        return reverse("assessments:review", args=[self.assessment_id])

    @property
    def has_own_claims(self) -> bool:
        """Whether somebody scores what he or she has submitted for the organization."""
        return self.scorers.filter(pk=self.assessment.submitted_by_id).exists()

    @classmethod
    def of(cls, assessment):
        """The review of an assessment; not stored before somebody does something about it."""
        review = cls.objects.filter(assessment=assessment).select_related("second").first()
        if review is None:
            return cls(assessment=assessment)
        review.assessment = assessment
        return review

    def answers(self):
        """All answers with what scoring reads, in the order of the form."""
        return list(self._answers())

    def sheet(self):
        """The same with the evidence, for the page."""
        return list(self._answers().prefetch_related(*EVIDENCE))

    def _answers(self):
        rows = self.assessment.answers.select_related("indicator__goal", "review_by")
        return rows.order_by("indicator__goal__number", "indicator__code", "pk")

    def sum_up(self, answers):
        """Keep what lists filter by; the page computes the same afresh.

        While a second one scores blind, no list tells how far the first is from the self-score.
        """
        self.total = None if unreviewed(answers) else shown(review_part(answers))
        own, difference = own_part(answers), self.difference(answers)
        is_known = None not in (own, self.total) and not self.is_blind(answers)
        self.gap = shown(abs(own - review_part(answers))) if is_known else None
        self.difference_found = None if difference is None else shown(abs(difference))
        self.save(update_fields=["total", "gap", "difference_found"])

    def scorer_ids(self) -> set[int]:
        return set(self.scorers.values_list("pk", flat=True)) if self.pk else set()

    def reader_ids(self) -> set[int]:
        return set(self.readers.values_list("pk", flat=True)) if self.pk else set()

    def second_points(self) -> dict[int, Decimal]:
        """answer id → points of the second assessor."""
        return dict(self.second_scores.values_list("answer", "points")) if self.pk else {}

    def second_part(self, answers) -> Decimal | None:
        """组织考评 as the second assessor scores it; what he or she left is the portal's."""
        given = self.second_points()
        return review_part([as_second(answer, given.get(answer.pk)) for answer in answers])

    def is_blind(self, answers) -> bool:
        """A second one is at work: until both are done, nobody sees the other's points."""
        if self.second_id is None:
            return False
        return self.second_done_at is None or bool(unreviewed(answers))

    def difference(self, answers) -> Decimal | None:
        """First − second, in points of 100; None until both are done."""
        if self.second_id is None or self.is_blind(answers):
            return None
        first, second = review_part(answers), self.second_part(answers)
        return None if first is None or second is None else first - second

    def is_disputed(self, answers) -> bool:
        """两人不一致: further apart than the scheme lets pass."""
        found = self.difference(answers)
        return found is not None and abs(found) > self.assessment.cycle.scheme.difference_flag

    def verbs_for(self, user, answers) -> list[str]:
        """What this user may do about the review as it stands, in the order of the buttons."""
        if self.assessment.cycle.status != Cycle.Status.OPEN:
            return []
        may, place = set(self.assessment.verbs_for(user)), self.assessment
        parts, scorers = parts_of(user, place), self.scorer_ids()
        is_second, is_scorer = user.pk == self.second_id, user.pk in scorers
        shows = self.shows_points_to(user, answers)
        at_work, blind = self.second_id and not self.second_done_at, self.is_blind(answers)
        is_stranger = not is_scorer and user.pk not in self.reader_ids()
        allowed = {
            "score": "score" in may and shows and not is_second,
            "score_second": "score" in may and is_second and at_work,
            "look": "score" in may and not shows and not blind,
            "take_second": "score" in may and not self.second_id and is_stranger,
            "drop_second": "score" in may and at_work and (is_second or Part.DEPARTMENT in parts),
            "settle": "score" in may
            and not is_second
            and (is_scorer or Part.DEPARTMENT in parts)
            and self.is_disputed(answers),
            "give_opinion": "give_opinion" in may and not is_scorer and not is_second,
            "miss_opinion": "confirm" in may
            and place.is_vertical
            and not hasattr(place, "local_opinion")
            and place.cycle.review_until < database_today(),
            "confirm": "confirm" in may and shows and bool(scorers) and not is_scorer
            and not is_second,
            "reopen": "reopen" in may,
        }  # fmt: skip
        return [name for name, is_allowed in allowed.items() if is_allowed]

    def shows_points_to(self, user, answers) -> bool:
        """Whether this user sees the first assessor's points on the page."""
        if self.assessment.status == Assessment.Status.REVIEWED:
            return True
        if user.pk in self.scorer_ids():
            return True
        if user.pk == self.second_id:
            return not self.is_blind(answers)
        if not parts_of(user, self.assessment) & {Part.SUPERIOR, Part.DEPARTMENT}:
            return False
        if all(a.review_points is None for a in answers):
            return True  # nothing to hide: whoever begins is the first
        return user.pk in self.reader_ids() and not self.is_blind(answers)


def as_second(answer, given):
    """The answer with the second assessor's points in place of the first's."""
    copy = Answer(
        indicator=answer.indicator, figure=answer.figure, figure_points=answer.figure_points
    )
    copy.is_waived, copy.review_points = answer.is_waived, given
    return copy


class SecondScore(models.Model):
    """What the second assessor gives for one indicator."""

    review = models.ForeignKey(
        Review, models.CASCADE, related_name="second_scores", verbose_name="组织考评"
    )
    answer = models.OneToOneField(
        Answer, models.CASCADE, related_name="second_score", verbose_name="指标填报"
    )
    points = points("第二考评分")

    class Meta:
        verbose_name = verbose_name_plural = "第二考评人打分"
        ordering = ["review", "answer"]

    def __str__(self):
        return f"{self.answer} {self.points}"
