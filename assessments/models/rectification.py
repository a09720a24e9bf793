"""整改: a problem, who puts it right until when, and the re-check from above."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.assessment import Assessment
from assessments.models.clock import database_now, database_today
from assessments.models.verbs import ASSESSORS, Part, parts_of
from orgs.models import AuditEntry, NotAllowed, Notice, Organization, Role, User


class RectificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the assessments one may see, but not the doings of one's guests (条块)."""
        reach = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER).order_by()
        own = [p.organization_id for p in user.acting_posts() if p.role == Role.AGENT]
        return self.filter(
            Q(assessment__organization__in=reach.values("pk")) | Q(assessment__organization__in=own)
        )

    def open(self):
        return self.exclude(status=Rectification.Status.CLOSED)

    def overdue(self):
        return self.filter(status=Rectification.Status.TODO, due_on__lt=database_today())

    def awaiting(self, user):
        """待我办: to be put right by the own organization, or to be checked below."""
        own = [p.organization_id for p in user.acting_posts()
               if p.role in (Role.AGENT, Role.SECRETARY)]  # fmt: skip
        all_own = [post.organization_id for post in user.all_posts()]
        reach = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER).order_by()
        mine = Q(status=Rectification.Status.TODO, assessment__organization__in=own)
        below = Q(status=Rectification.Status.REPORTED)
        below &= Q(assessment__organization__in=reach.values("pk"))
        return self.filter(mine | (below & ~Q(assessment__organization__in=all_own)))


class Rectification(models.Model):
    class Status(models.TextChoices):
        TODO = "TODO", "待整改"
        REPORTED = "REPORTED", "待复查"
        CLOSED = "CLOSED", "已销号"

    class Cause(models.TextChoices):
        INDICATOR = "INDICATOR", "指标得分低"
        PUBLIC = "PUBLIC", "群众测评低"
        STARS = "STARS", "星级低"
        HAND = "HAND", "上级提出"

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="rectifications", verbose_name="考核表"
    )
    cause = models.CharField("来由", max_length=10, choices=Cause)
    #: What it came from, so that it is made once: "INDICATOR:6.1"; empty by hand.
    source = models.CharField("来源", max_length=30, blank=True, editable=False)
    problem = models.CharField("问题", max_length=300)
    person = models.CharField("责任人", max_length=60, blank=True)
    measure = models.TextField("整改措施", max_length=1000, blank=True)
    due_on = models.DateField("整改期限")
    status = models.CharField("状态", max_length=8, choices=Status, default=Status.TODO)
    report = models.TextField("整改情况", max_length=2000, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上报人"
    )
    reported_at = models.DateTimeField("上报时间", null=True)
    check_note = models.CharField("复查意见", max_length=300, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复查人"
    )
    checked_at = models.DateTimeField("复查时间", null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    created_at = models.DateTimeField("提出时间", default=timezone.now)
    #: Which reminders went out: 1 before the day, 2 after it.
    reminded = models.PositiveSmallIntegerField("已提醒", default=0, editable=False)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核整改"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "source"], condition=~Q(source=""), name="rectification_once"
            )
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="rectification_due")]

    def __str__(self):
        return f"{self.assessment.name} 整改：{self.problem}"[:200]

    def get_absolute_url(self):
        return reverse("assessments:rectification", args=[self.pk])

    def verbs_for(self, user) -> list[str]:
        """plan and report by the organization; close and give_back by those above it."""
        parts = parts_of(user, self.assessment)
        here, above = parts & {Part.FILLER, Part.SECRETARY}, parts & set(ASSESSORS)
        if self.status == self.Status.TODO:
            return ["plan", "report"] if here else []
        if self.status == self.Status.REPORTED:
            return ["close", "give_back"] if above else []
        return []

    @classmethod
    @transaction.atomic
    def demand(cls, *, actor, assessment, problem, due_on):
        """要求整改, by hand."""
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        if not parts_of(actor, assessment) & set(ASSESSORS):
            raise NotAllowed("由上级党组织或组织部门提出整改要求，本组织的人回避。")
        row = cls.objects.create(
            assessment=assessment, cause=cls.Cause.HAND, problem=problem, due_on=due_on,
            created_by=actor,
        )  # fmt: skip
        row._tell(own_people(assessment.organization), "有一项考核整改要求", "demanded")
        row._record(actor, "demanded", "要求整改", problem)
        return row

    @transaction.atomic
    def plan(self, *, actor, person, measure):
        """定责任人和措施."""
        self._begin("plan", actor)
        self.person, self.measure = person, measure
        self.save(update_fields=["person", "measure"])
        self._record(actor, "planned", "定整改措施", f"{person}：{measure}")

    @transaction.atomic
    def submit(self, *, actor, report):
        """上报整改情况."""
        self._begin("report", actor)
        if not self.person or not self.measure:
            raise NotAllowed("请先填写责任人和整改措施，再上报整改情况。")
        self.status, self.report = self.Status.REPORTED, report
        self.reported_by, self.reported_at = actor, database_now()
        self.save(update_fields=["status", "report", "reported_by", "reported_at"])
        self._tell(people_above(self.assessment.organization), "考核整改待复查", "reported")
        self._record(actor, "reported", "上报整改情况", report)

    def close(self, *, actor, note):
        """复查通过，销号."""
        self._check("close", actor, self.Status.CLOSED, note, "closed", "整改销号")

    def give_back(self, *, actor, note):
        """复查不通过，退回整改."""
        self._check("give_back", actor, self.Status.TODO, note, "given_back", "退回整改")

    @transaction.atomic
    def _check(self, verb, actor, status, note, action, label):
        self._begin(verb, actor)
        self.status, self.check_note = status, note
        self.checked_by, self.checked_at = actor, database_now()
        self.save(update_fields=["status", "check_note", "checked_by", "checked_at"])
        self._tell(own_people(self.assessment.organization), label, action, body=note)
        self._record(actor, action, label, note)

    def _begin(self, verb, actor):
        """Lock and re-read the row; only then ask whether the actor may."""
        assessment = self.assessment
        self.refresh_from_db(from_queryset=Rectification.objects.select_for_update())
        self.assessment = assessment
        if verb not in self.verbs_for(actor):
            raise NotAllowed(f"当前为“{self.get_status_display()}”，或者您无权办理。请刷新后再试。")

    def _tell(self, people, title, kind, body=""):
        Notice.post(
            people, f"{title}：{self}"[:120], kind=f"rectification.{kind}", about=self,
            organization=self.assessment.organization, body=body,
        )  # fmt: skip

    def _record(self, actor, action, label, note):
        AuditEntry.record(
            actor, f"rectification.{action}", self, label=label,
            organization=self.assessment.organization, note=note,
        )  # fmt: skip


def own_people(place):
    found = User.objects.holding(Role.SECRETARY, organization=place)
    return (found | User.objects.holding(Role.AGENT, organization=place)).distinct()


def people_above(place):
    """The secretary of the organization right above, else the department."""
    parent = Organization.objects.get_parent(place)
    found = User.objects.holding(Role.SECRETARY, organization=parent) if parent else None
    return found if found else User.objects.covering(Role.REVIEWER, place)
