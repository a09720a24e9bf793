"""考核表: one organization in one cycle, from the empty form to the result."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from assessments.models.assessment_course import SelfCourse
from assessments.models.clock import database_today
from assessments.models.cycle import Cycle
from assessments.models.scheme import Indicator, points
from assessments.models.verbs import OPEN, VERBS, verbs_for
from orgs.models import AuditEntry, Level, NotAllowed, Organization, Role, Sector


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Secretaries and the organization department: their subtree, and the vertical units
        of their place (条块); a cadre: the own organization."""
        reach = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER).order_by()
        own = [post.organization_id for post in user.acting_posts() if post.role == Role.AGENT]
        return self.filter(
            Q(organization__in=reach.values("pk"))
            | Q(organization__local_supervisor__in=reach.values("pk"))
            | Q(organization__in=own)
        )

    def for_assessor(self, user):
        """Those that the user scores, confirms or spot-checks: all below, never the own."""
        reach = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER).order_by()
        return self._but_own(user).filter(organization__in=reach.values("pk"))

    def for_place(self, user):
        """条块: vertical units at the user's place, which he or she gives an opinion on."""
        reach = Organization.objects.in_reach_of(user, Role.SECRETARY, Role.REVIEWER).order_by()
        rows = self._but_own(user).filter(is_vertical=True)
        return rows.filter(organization__local_supervisor__in=reach.values("pk"))

    def _but_own(self, user):
        return self.exclude(organization__in=[post.organization_id for post in user.all_posts()])

    def under_review(self):
        return self.filter(status="SUBMITTED", cycle__status="OPEN")

    def to_review(self, user):
        """待考评: submitted in a running year, and not all scored yet."""
        return self.for_assessor(user).under_review().filter(review__total__isnull=True)

    def to_confirm(self, user):
        """待定稿: all is scored, by others."""
        rows = self.for_assessor(user).under_review().filter(review__total__isnull=False)
        return rows.exclude(Q(review__scorers=user) | Q(review__second=user))

    def to_advise(self, user):
        """待填意见: vertical units at the user's place that are not his or hers to score."""
        mine = self.for_assessor(user).order_by().values("pk")
        rows = self.for_place(user).under_review().exclude(pk__in=mine)
        return rows.filter(local_opinion__score__isnull=True)

    def within(self, organization):
        return self.filter(organization__path__startswith=organization.path)

    def scored_for(self, user):
        """Whose points the user may read: confirmed ones above, the own once they are public."""
        own = [post.organization_id for post in user.all_posts()]
        public = Q(cycle__status__in=(Cycle.Status.PUBLISHED, Cycle.Status.LOCKED))
        confirmed = self.filter(status=Assessment.Status.REVIEWED)
        return confirmed.filter(public | ~Q(organization__in=own))

    def unsubmitted(self):
        return self.filter(status__in=OPEN)

    def overdue(self):
        """Not handed in on the last day, an extension counted in."""
        last = Coalesce("extended_until", "cycle__self_until")
        return self.unsubmitted().alias(last=last).filter(last__lt=database_today())

    def in_time(self):
        """Not handed in, and the last day has not passed."""
        return self.unsubmitted().exclude(pk__in=self.overdue().order_by().values("pk"))

    def late(self):
        """Overdue, or handed in after the day."""
        return self.filter(Q(is_late=True) | Q(pk__in=self.overdue().order_by().values("pk")))


class Assessment(SelfCourse, models.Model):
    class Status(models.TextChoices):
        NOT_STARTED = "NOT_STARTED", "未开始"
        FILLING = "FILLING", "填报中"
        SUBMITTED = "SUBMITTED", "已提交"
        RETURNED = "RETURNED", "退回"
        REVIEWED = "REVIEWED", "完成"

    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="assessments", verbose_name="年度考核"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="assessments", verbose_name="党组织"
    )
    #: As they were when the cycle opened: ranking and the form follow them.
    name = models.CharField("党组织名称", max_length=120)
    sector = models.CharField("所属领域", max_length=12, choices=Sector)
    level = models.CharField("层级", max_length=10)
    is_vertical = models.BooleanField("垂直管理单位", default=False)
    status = models.CharField(
        "状态", max_length=12, choices=Status, default=Status.NOT_STARTED, db_index=True
    )
    #: Counts saves of the form, so that one opened in two tabs does not overwrite silently.
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    summary = models.TextField("自评总结", blank=True, max_length=5000)
    #: A later last day than the cycle's, granted with a reason.
    extended_until = models.DateField("延期至", null=True, blank=True)
    is_late = models.BooleanField("逾期补报", default=False)
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    return_reason = models.CharField("退回原因", max_length=300, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核表"
        ordering = ["cycle", "organization__path"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "organization"], name="assessment_once")
        ]
        indexes = [models.Index(fields=["cycle", "status"], name="assessment_progress")]

    def __str__(self):
        return f"{self.name} {self.cycle.year} 年度"

    def get_absolute_url(self):
        return reverse("assessments:assessment", args=[self.pk])

    @property
    def group_words(self) -> str:
        """Within what it is ranked."""
        level = dict(Level.choices).get(self.level, "其他")
        return f"{self.get_sector_display()}领域 · {level}"

    @property
    def last_day(self):
        """Until when the self-assessment is handed in."""
        return self.extended_until or self.cycle.self_until

    def verbs_for(self, user) -> list[str]:
        """The verbs this user may use on the assessment as it stands."""
        return verbs_for(user, self)

    def begin(self, verb, actor):
        """Lock and re-read the row; only then ask whether `actor` may `verb` it."""
        self.refresh_from_db(from_queryset=Assessment.objects.select_for_update())
        if verb not in self.verbs_for(actor):
            raise NotAllowed(
                f"不能{VERBS[verb].label}：当前为“{self.get_status_display()}”，或者您无权办理。"
                "请刷新后再试。"
            )

    def record(self, actor, action, label, **said):
        AuditEntry.record(
            actor, f"assessment.{action}", self, label=label, organization=self.organization, **said
        )


class Answer(models.Model):
    """What is said of one organization under one indicator, by the portal and by people."""

    class Figure(models.TextChoices):
        """What became of the automatic figure."""

        NONE = "", "不自动取数"
        COMPUTED = "COMPUTED", "自动取数"
        FEW = "FEW", "样本不足"
        NO_LEDGER = "NO_LEDGER", "台账尚未建立"

    assessment = models.ForeignKey(
        Assessment, models.CASCADE, related_name="answers", verbose_name="考核表"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="answers", verbose_name="指标"
    )
    figure = models.CharField("取数", max_length=10, choices=Figure, default="", blank=True)
    numerator = models.PositiveIntegerField("分子", null=True)
    denominator = models.PositiveIntegerField("分母", null=True)
    figure_points = points("自动得分", null=True)
    computed_at = models.DateTimeField("取数时间", null=True)

    self_points = points("自评分", null=True, blank=True)
    text = models.TextField("说明", blank=True, max_length=2000)

    waiver_reason = models.CharField("不适用理由", max_length=200, blank=True)
    #: None is undecided; only an approved one takes the indicator out.
    is_waived = models.BooleanField("不适用", null=True)
    waiver_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )

    review_points = points("考评分", null=True, blank=True)
    review_reason = models.CharField("考评理由", max_length=300, blank=True)
    review_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="考评人"
    )
    review_at = models.DateTimeField("考评时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "指标填报"
        ordering = ["assessment", "indicator__goal__number", "indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "indicator"], name="answer_once")
        ]

    def __str__(self):
        return f"{self.assessment} {self.indicator.code}"

    @property
    def is_locked(self) -> bool:
        """The portal knows: the organization cannot type another figure."""
        return self.figure == self.Figure.COMPUTED

    @property
    def wants_self_points(self) -> bool:
        """The organization scores itself: where the rule says so, or the portal has no figure."""
        indicator = self.indicator
        return not self.is_locked and (indicator.is_self_scored or indicator.is_automatic)

    @property
    def wants_review_points(self) -> bool:
        """Only an assessor can tell: his or hers by the rule, or without a figure of the portal."""
        indicator, applies = self.indicator, self.is_waived is not True
        told = indicator.is_review_scored or indicator.is_automatic
        return applies and not self.is_locked and told

    @property
    def is_out(self) -> bool:
        """不适用, approved or asked for and not yet decided: nothing need be scored."""
        return self.is_waived is True or (self.is_waived is None and bool(self.waiver_reason))

    def change(self, said) -> dict:
        """Take what was typed where it may be typed, and save; {code: [before, after]}."""
        allowed = {"text"}
        if self.wants_self_points:
            allowed.add("self_points")
        if self.indicator.may_be_waived and self.is_waived is None:
            allowed.add("waiver_reason")
        changed = {
            name: said[name] for name in allowed & set(said) if getattr(self, name) != said[name]
        }
        if not changed:
            return {}
        before = self.words()
        for name, value in changed.items():
            setattr(self, name, value)
        self.save(update_fields=list(changed))
        return {self.indicator.code: [before, self.words()]}

    @property
    def evidence_count(self) -> int:
        return sum(len(rows.all()) for rows in (self.files, self.cases, self.members))

    def words(self) -> str:
        """What the organization says, on one line of the trail."""
        score = "未填" if self.self_points is None else f"{self.self_points.normalize():f} 分"
        parts = [score, self.text[:60], self.waiver_reason and f"申请不适用：{self.waiver_reason}"]
        return "；".join(part for part in parts if part)

    @property
    def own_points(self):
        """What counts as 自评: the portal's figure, else what was typed, else nothing yet."""
        return self.figure_points if self.is_locked else self.self_points

    @property
    def assessed_points(self):
        """What counts as 组织考评: the assessor's score, else the portal's figure."""
        return self.figure_points if self.review_points is None else self.review_points

    def settled_points(self, is_confirmed):
        """组织考评 as lists and sheets tell it: a draft of the assessor is not told yet."""
        return self.assessed_points if is_confirmed else self.figure_points
