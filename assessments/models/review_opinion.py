"""条块: what the party organization of the place says of a vertical unit.

中办《意见》no. 14: 垂直管理部门 are assessed by 系统内, 所在地党组织 and 服务对象. The score is
shown beside the 组织考评 and flagged when far apart; it is not mixed in, because the place votes
as a group of the ballot already.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from assessments.models.assessment import Assessment
from assessments.models.clock import database_today
from assessments.models.review import Review
from assessments.models.review_ground import open_cycle_of, score_words
from assessments.models.scheme import points
from orgs.models import AuditEntry, NotAllowed


class LocalOpinion(models.Model):
    """The opinion, or without a score the record that none came in time."""

    assessment = models.OneToOneField(
        Assessment, models.CASCADE, related_name="local_opinion", verbose_name="考核表"
    )
    score = points("所在地评分", null=True)
    text = models.CharField("意见", max_length=500)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    given_at = models.DateTimeField("填写时间")

    class Meta:
        verbose_name = verbose_name_plural = "所在地意见"
        ordering = ["assessment"]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
                name="local_opinion_score_to_100",
                violation_error_message="评分在 0 到 100 分之间。",
            )
        ]

    def __str__(self):
        return f"{self.assessment} 所在地意见"

    @property
    def is_missing(self) -> bool:
        return self.score is None

    @classmethod
    @transaction.atomic
    def give(cls, *, actor, assessment, score, text):
        """所在地意见: may be changed until the review is confirmed."""
        open_cycle_of(assessment)
        assessment.begin("give_opinion", actor)
        review = Review.of(assessment)
        if actor.pk in review.scorer_ids() | {review.second_id}:
            raise NotAllowed("您已为这个党组织考评打分，所在地意见请由所在地的另一位同志填写。")
        cls._put(actor, assessment, "opinion_given", "填写所在地意见", score, text)

    @classmethod
    @transaction.atomic
    def miss(cls, *, actor, assessment, reason):
        """登记缺意见: the window is over and the place has said nothing."""
        open_cycle_of(assessment)
        assessment.begin("confirm", actor)
        if not assessment.is_vertical:
            raise NotAllowed("不是垂直管理单位，不需要所在地意见。")
        if cls.objects.filter(assessment=assessment).exists():
            raise NotAllowed("所在地意见已经填写，请刷新后查看。")
        if database_today() <= assessment.cycle.review_until:
            raise NotAllowed(
                f"组织考评 {assessment.cycle.review_until:%Y年%-m月%-d日}截止，"
                "截止后仍没有意见才能登记。"
            )
        cls._put(actor, assessment, "opinion_missing", "登记缺所在地意见", None, reason)

    @classmethod
    def _put(cls, actor, assessment, action, label, score, text):
        before = cls.objects.filter(assessment=assessment).first()
        now = {"score": score, "text": text, "given_by": actor, "given_at": timezone.now()}
        row, _ = cls.objects.update_or_create(assessment=assessment, defaults=now)
        changes = {
            name: [plain(getattr(before, name, None)), plain(now[name])]
            for name in ("score", "text")
        }
        AuditEntry.record(
            actor, f"review.{action}", row, label=label, organization=assessment.organization,
            changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]},
        )  # fmt: skip


def plain(value) -> str:
    """A number without needless zeros, or the words as they are."""
    return str(value or "") if isinstance(value, str) else score_words(value)
