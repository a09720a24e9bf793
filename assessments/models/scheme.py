"""考核方案: goals, indicators, weights and thresholds as data, in versions.

The default comes from `assessments/default_scheme.py`. A scheme can be changed until a cycle opens
with it; from then on it is frozen, so that old results can be computed again.
Sources: 中办《关于加强基层服务型党组织建设的意见》no. 4 (六有), 5 (eight sectors), 14 (自评→测评→
考评, 加大群众评价权重; 垂直部门 by 系统内, 所在地党组织 and 服务对象).
"""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments.models.scheme_course import SchemeCourse
from orgs.models import AuditEntry, NotAllowed, Role, Sector

#: 群众 at least as heavy as each other part and this heavy; 自评 at most that heavy.
LEAST_PUBLIC, MOST_SELF = Decimal("0.40"), Decimal("0.20")
FULL = Decimal(100)


def share(label, default, **more):
    """A number between 0 and 1 with four decimals."""
    return models.DecimalField(label, max_digits=5, decimal_places=4, default=default, **more)


def points(label, **more):
    return models.DecimalField(label, max_digits=5, decimal_places=2, **more)


class SchemeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rules are no secret to those who are assessed or assess by them."""
        known = user.holds(Role.SECRETARY, Role.REVIEWER, Role.AGENT)
        return self if known else self.none()

    def usable(self):
        return self.filter(withdrawn_at__isnull=True)


class Scheme(SchemeCourse, models.Model):
    """One version of the rules. Weights and shares are between 0 and 1, scores from 0 to 100."""

    name = models.CharField("方案名称", max_length=60)
    version = models.PositiveIntegerField("版本", unique=True, editable=False)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="源自"
    )
    frozen_at = models.DateTimeField("定稿时间", null=True, editable=False)
    withdrawn_at = models.DateTimeField("停用时间", null=True, editable=False)
    note = models.TextField("说明", blank=True)

    weight_self = share("自评权重", Decimal("0.10"))
    weight_public = share("群众测评权重", Decimal("0.50"))
    weight_review = share("组织考评权重", Decimal("0.40"))
    most_bonus = points("加分上限", default=3)
    most_not_applicable = points("不适用分值上限", default=10)
    least_cases = models.PositiveSmallIntegerField("自动取数最少件数", default=5)
    gap_flag = points("自评与考评差距提示", default=15)
    difference_flag = points("两名考评人差距提示", default=10)

    # 群众测评
    overall_share = share("总体评价占比", Decimal("0.5"))
    least_answered = share("有效票最少作答比例", Decimal("0.5"))
    least_valid = models.PositiveSmallIntegerField("最少有效票", default=15)
    enough_valid = models.PositiveSmallIntegerField("足够有效票", default=60)
    valid_of_eligible = share("有效票占应参评比例", Decimal("0.2"))
    valid_of_few = share("应参评人数不足最少票数时的比例", Decimal("0.6667"))
    least_turnout = share("最低参评率", Decimal("0.5"))
    least_non_party = share("非党员有效票最低占比", Decimal("0.5"))
    most_unknown = share("不了解比例上限", Decimal("0.4"))
    least_shown = models.PositiveSmallIntegerField("分组显示最少票数", default=5)
    least_texts = models.PositiveSmallIntegerField("意见显示最少票数", default=10)

    # 评星定级
    capped_stars = models.PositiveSmallIntegerField("否决后最高星级", default=2)
    low_public = points("群众测评偏低线", default=60)
    publication_days = models.PositiveSmallIntegerField("公示天数", default=5)
    appeal_days = models.PositiveSmallIntegerField("申诉工作日", default=5)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核方案"
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight_public__gte=models.F("weight_self"))
                & Q(weight_public__gte=models.F("weight_review"))
                & Q(weight_public__gte=LEAST_PUBLIC)
                & Q(weight_self__lte=MOST_SELF),
                name="scheme_public_weighs_most",
                violation_error_message=(
                    "群众测评权重不得低于 40%，也不得低于自评或组织考评；自评权重不得高于 20%。"
                ),
            )
        ]

    def __str__(self):
        return f"{self.name}（第 {self.version} 版）"

    def get_absolute_url(self):
        return reverse("assessments:scheme", args=[self.pk])

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    def indicators_for(self, sector):
        """The indicators of one sector, in the order of the form, with their goals."""
        rows = self.indicators.select_related("goal")
        return [row for row in rows if row.applies_to(sector)]

    def faults(self) -> list[str]:
        """Why no cycle may open with it; empty when all sums are right."""
        found = []
        if self.weight_self + self.weight_public + self.weight_review != 1:
            found.append("三项权重之和应为 100%。")
        rows = list(self.indicators.select_related("goal"))
        for sector in Sector:
            mine = [row for row in rows if row.applies_to(sector)]
            total = sum((row.points for row in mine), Decimal())
            if total != FULL:
                found.append(f"{sector.label}：指标合计 {total.normalize():f} 分，应为 100 分。")
            codes = [row.code for row in mine]
            if twice := sorted({code for code in codes if codes.count(code) > 1}):
                found.append(f"{sector.label}：指标编号重复：{'、'.join(twice)}。")
            if lacking := [g for g in self.goals.all() if all(r.goal_id != g.pk for r in mine)]:
                found.append(f"{sector.label}：没有“{lacking[0].name}”的指标。")
        for vertical, name in ((False, "属地单位"), (True, "垂直管理单位")):
            groups = self.voter_groups.filter(is_vertical=vertical)
            if sum((group.weight for group in groups), Decimal()) != 1:
                found.append(f"{name}的测评对象权重之和应为 100%。")
        return found + self.faults_of_parts()

    @transaction.atomic
    def copy(self, *, actor, name=""):
        """另起一版: a new scheme with everything of this one, open to changes."""
        if actor and not actor.holds(Role.REVIEWER):
            raise NotAllowed("只有组织部门可以另起考核方案。")
        parts = [list(rows) for rows in (self.goals.all(), self.indicators.all())]
        others = [*self.voter_groups.all(), *self.star_bands.all(), *self.veto_rules.all()]
        copy = Scheme.objects.get(pk=self.pk)
        copy.pk, copy.based_on, copy.frozen_at, copy.withdrawn_at = None, self, None, None
        copy.name, copy.version = name or self.name, Scheme.next_version()
        copy.save(force_insert=True)
        goals = {}
        for goal in parts[0]:
            old, goal.pk, goal.scheme = goal.pk, None, copy
            goal.save(force_insert=True)
            goals[old] = goal
        for row in [*parts[1], *others]:
            row.pk, row.scheme = None, copy
            if isinstance(row, Indicator):
                row.goal = goals[row.goal_id]
            row.save(force_insert=True)
        AuditEntry.record(actor, "scheme.copied", copy, label="另起考核方案", note=str(self))
        return copy

    @staticmethod
    def next_version() -> int:
        return (Scheme.objects.aggregate(last=models.Max("version"))["last"] or 0) + 1

    def freeze(self):
        """定稿, as the first cycle opens with it. Call inside the transaction that opens it."""
        if self.is_frozen:
            return
        if faults := self.faults():
            raise ValidationError(faults)
        self.frozen_at = timezone.now()
        self.save(update_fields=["frozen_at"])


class Goal(models.Model):
    """One of the 六有, with its item on the ballot; `points` is its weight there."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="goals", verbose_name="方案")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("目标", max_length=20)
    question = models.CharField("测评题目", max_length=60)
    points = points("测评权重")

    class Meta:
        verbose_name = verbose_name_plural = "六有目标"
        ordering = ["scheme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="goal_number_once")
        ]

    def __str__(self):
        return self.name


class Indicator(models.Model):
    """What is scored, and how: by the portal, the organization, the assessor, or several.

    With a `source` the portal computes `points × clip((rate − floor)/(target − floor), 0, 1)`;
    an `is_inverse` rate is better the lower it is (floor > target).
    """

    scheme = models.ForeignKey(
        Scheme, models.CASCADE, related_name="indicators", verbose_name="方案"
    )
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="indicators", verbose_name="目标")
    code = models.CharField("编号", max_length=8)
    name = models.CharField("指标", max_length=60)
    standard = models.CharField("评分标准", max_length=300, blank=True)
    evidence = models.CharField("佐证材料", max_length=120, blank=True)
    points = points("分值")
    #: Codes of sectors; empty means all eight.
    sectors = models.JSONField("适用领域", default=list, blank=True)
    is_self_scored = models.BooleanField("本组织自评", default=True)
    is_review_scored = models.BooleanField("组织考评打分", default=True)
    source = models.CharField("自动取数", max_length=30, blank=True)
    floor = share("起算值", Decimal("0.6"))
    target = share("满分值", Decimal("0.95"))
    may_be_waived = models.BooleanField("可申请不适用", default=False)
    waiver_note = models.CharField("不适用情形", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考核指标"
        ordering = ["scheme", "goal__number", "code", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(points__gt=0), name="indicator_has_points"),
            models.CheckConstraint(
                condition=~Q(floor=models.F("target")),
                name="indicator_floor_is_not_target",
                violation_error_message="起算值和满分值不能相同。",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    def applies_to(self, sector) -> bool:
        return not self.sectors or sector in self.sectors

    @property
    def is_automatic(self) -> bool:
        return bool(self.source)


class VoterGroup(models.Model):
    """测评对象: whose votes, and how much their mean counts; a second set for vertical units."""

    class Code(models.TextChoices):
        SERVED = "SERVED", "服务对象"
        PUBLIC = "PUBLIC", "群众（职工、师生）"
        PARTY = "PARTY", "党员"
        SYSTEM = "SYSTEM", "系统内"
        LOCAL = "LOCAL", "所在地党组织"

    scheme = models.ForeignKey(
        Scheme, models.CASCADE, related_name="voter_groups", verbose_name="方案"
    )
    code = models.CharField("测评对象", max_length=8, choices=Code)
    is_vertical = models.BooleanField("用于垂直管理单位", default=False)
    weight = share("权重", Decimal("0.4"))
    is_party = models.BooleanField("党内", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "测评对象"
        ordering = ["scheme", "is_vertical", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "is_vertical", "code"], name="voter_group_once"
            )
        ]

    def __str__(self):
        return self.get_code_display()


class StarBand(models.Model):
    """星级 and what it takes; `quota` is the most of a sector × level that may get it."""

    scheme = models.ForeignKey(
        Scheme, models.CASCADE, related_name="star_bands", verbose_name="方案"
    )
    stars = models.PositiveSmallIntegerField("星级")
    least_total = points("总分不低于")
    least_public = points("群众测评不低于", null=True, blank=True)
    quota = share("名额比例", None, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "星级标准"
        ordering = ["scheme", "-stars"]
        constraints = [models.UniqueConstraint(fields=["scheme", "stars"], name="star_band_once")]

    def __str__(self):
        return f"{self.stars} 星"


class VetoRule(models.Model):
    """一票否决 or a cap: what keeps an organization at `most_stars`, whatever its score."""

    scheme = models.ForeignKey(
        Scheme, models.CASCADE, related_name="veto_rules", verbose_name="方案"
    )
    name = models.CharField("情形", max_length=120)
    most_stars = models.PositiveSmallIntegerField("最高星级", default=2)

    class Meta:
        verbose_name = verbose_name_plural = "否决情形"
        ordering = ["scheme", "pk"]

    def __str__(self):
        return self.name
