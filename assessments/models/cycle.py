"""年度考核: one year for a part of the tree, with its calendar."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.clock import database_today
from assessments.models.cycle_calendar import Calendar
from assessments.models.cycle_figures import Figures
from assessments.models.scheme import Scheme
from orgs.models import Organization, Role


class CycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Cycles that take in one of the organizations the user works for, or lie below it."""
        found = Q(pk__in=[])
        for post in user.acting_posts():
            if post.role not in (Role.SECRETARY, Role.REVIEWER, Role.AGENT):
                continue
            above = Organization.objects.with_parents(post.organization)
            found |= Q(organization__in=above.order_by().values("pk"))
            if post.role != Role.AGENT:
                found |= Q(organization__path__startswith=post.organization.path)
        return self.filter(found)

    def running(self):
        return self.filter(status=Cycle.Status.OPEN)

    def to_count(self):
        """Whose figures were asked for again and are not there yet."""
        return self.running().filter(computed_at=None)


class Cycle(Calendar, Figures, models.Model):
    class Status(models.TextChoices):
        PREPARING = "PREPARING", "生成中"
        OPEN = "OPEN", "进行中"
        PUBLISHED = "PUBLISHED", "公示中"
        LOCKED = "LOCKED", "已归档"

    class Window(models.TextChoices):
        """The windows of the calendar, each with a first and a last day (included)."""

        SELF = "self", "自评"
        VOTE = "vote", "群众测评"
        REVIEW = "review", "组织考评"
        PUBLICATION = "publication", "公示"
        APPEAL = "appeal", "申诉"

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="cycles", verbose_name="考核范围"
    )
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="cycles", verbose_name="方案")
    year = models.PositiveSmallIntegerField("年度")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.PREPARING)
    #: What the portal counts: cases, minutes, hours of these days.
    since = models.DateField("取数起日")
    until = models.DateField("取数止日")
    self_from = models.DateField("自评开始")
    self_until = models.DateField("自评截止")
    vote_from = models.DateField("群众测评开始")
    vote_until = models.DateField("群众测评截止")
    review_from = models.DateField("组织考评开始")
    review_until = models.DateField("组织考评截止")
    publication_from = models.DateField("公示开始")
    publication_until = models.DateField("公示截止")
    appeal_from = models.DateField("申诉开始")
    appeal_until = models.DateField("申诉截止")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="启动人"
    )
    opened_at = models.DateTimeField("启动时间", default=timezone.now)
    computed_at = models.DateTimeField("取数时间", null=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度考核"
        ordering = ["-year", "organization__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                name="cycle_once_a_year",
                violation_error_message="该范围这一年度的考核已经启动。",
            ),
            models.CheckConstraint(
                condition=Q(since__lte=F("until"))
                & Q(self_from__lte=F("self_until"))
                & Q(vote_from__lte=F("vote_until"))
                & Q(review_from__lte=F("review_until"))
                & Q(publication_from__lte=F("publication_until"))
                & Q(appeal_from__lte=F("appeal_until")),
                name="cycle_windows_end_after_start",
                violation_error_message="每一段的截止日不能早于开始日。",
            ),
        ]

    def __str__(self):
        return f"{self.organization} {self.year} 年度考核"

    def get_absolute_url(self):
        return reverse("assessments:cycle", args=[self.pk])

    def window(self, name):
        """(first day, last day) of a `Window`."""
        return getattr(self, f"{name}_from"), getattr(self, f"{name}_until")

    def is_within(self, name, *, until=None) -> bool:
        """Whether today, by the database's clock, lies in the window; `until` extends it."""
        first, last = self.window(name)
        return first <= database_today() <= max(last, until or last)

    def windows(self) -> list[dict]:
        """The calendar as a page shows it: label, first and last day, and which are now."""
        today = database_today()
        return [
            {
                "label": label,
                "first": first,
                "last": last,
                "state": "done" if last < today else "current" if first <= today else "todo",
            }
            for name, label in self.Window.choices
            for first, last in [self.window(name)]
        ]
