"""Posts: who works where, in which role, from when to when."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from orgs.models.organization import Level, Organization
from orgs.models.stand_in import StandIn


class Duty(models.TextChoices):
    """What an account is for. One column, so that the three 三员 duties exclude each other."""

    BUSINESS = "BUSINESS", "业务人员"
    SYSTEM = "SYSTEM", "系统管理员"
    SECURITY = "SECURITY", "安全管理员"
    AUDIT = "AUDIT", "审计管理员"


#: What each kind of account does, as the page of roles tells it.
DUTIES = {
    Duty.BUSINESS: "按任职办理业务，能看到什么、能办什么由任职决定；没有任职就没有业务权限。",
    Duty.SYSTEM: "开立、停用账号，重置密码，维护党组织、服务中心、工作日历和诉求分类。",
    Duty.SECURITY: "授予和结束任职，指定管理员，解除登录锁定。",
    Duty.AUDIT: "查看、导出、核验操作记录。",
}


class Role(models.TextChoices):
    """Business roles; what each may do to a request is `services.models.verbs.VERBS`."""

    CLERK = "CLERK", "窗口人员"
    AGENT = "AGENT", "代办员"
    DISPATCHER = "DISPATCHER", "派单员"
    HANDLER = "HANDLER", "承办人"
    UNIT_HEAD = "UNIT_HEAD", "承办单位负责人"
    CENTRE_HEAD = "CENTRE_HEAD", "中心主任"
    SECRETARY = "SECRETARY", "书记"
    CALLBACK = "CALLBACK", "回访员"
    REVIEWER = "REVIEWER", "组织部门"


#: 数据权限: roles that work in one handling unit, and those that see the whole subtree.
#: Every other role covers its own organization and the village stations right below it.
UNIT_ROLES = (Role.HANDLER, Role.UNIT_HEAD)
SUBTREE_ROLES = (Role.SECRETARY, Role.REVIEWER)
#: Whose absence the head of the unit or of the centre arranges (AB岗); others do so themselves.
STAFF_ROLES = (
    Role.CLERK, Role.AGENT, Role.DISPATCHER, Role.CALLBACK, Role.HANDLER, Role.UNIT_HEAD,
)  # fmt: skip
#: What each role does, as the page of roles tells it.
WORK = {
    Role.CLERK: "在窗口登记、受理群众诉求，当场办结即办事项，打印回执。",
    Role.AGENT: "在村（社区）登记诉求，替群众代办，把结果送到群众手里。",
    Role.DISPATCHER: "把受理的诉求派给承办单位。",
    Role.HANDLER: "签收派来的诉求，承办并起草答复，审核通过后回复群众。",
    Role.UNIT_HEAD: "审核本单位的答复，退回不属于本单位的派单。",
    Role.CENTRE_HEAD: "管理本中心的窗口、承办单位和事项清单，审核答复，决定重办。",
    Role.SECRETARY: "查看本级及下级的办件和进度，督促超期办件。",
    Role.CALLBACK: "回访群众，登记满意度，办结或交回重办。",
    Role.REVIEWER: "查看本级及下级的办件和进度，维护辖区内党组织信息。",
}


class PostQuerySet(models.QuerySet):
    def open(self):
        """Held today or from a later day on."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=localdate()))

    def ended(self):
        return self.filter(ended_on__lt=localdate())

    def current(self):
        return self.open().filter(started_on__lte=localdate())

    def on_duty(self):
        """Held today by people in service; `user.away` is the AB岗 row while one is away."""
        absences = StandIn.objects.current().filter(deputy__is_active=True)
        away = models.Prefetch("user__absences", absences.select_related("deputy"), to_attr="away")
        rows = self.current().filter(user__is_active=True).select_related("user")
        return rows.prefetch_related(away).order_by("role", "user__name", "pk")


class Post(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name="人员"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="posts", verbose_name="所在组织"
    )
    role = models.CharField("角色", max_length=12, choices=Role)
    department = models.ForeignKey(
        "orgs.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name="承办单位",
        help_text="承办人和承办单位负责人必填。",
    )
    started_on = models.DateField("任职日期", default=localdate)
    ended_on = models.DateField("离任日期", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["organization__path", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role", "department"],
                condition=Q(ended_on__isnull=True),
                name="post_open_once",
                violation_error_message="该人员已担任同一职务。",
            ),
            models.UniqueConstraint(
                # SQLite counts two empty departments as different
                fields=["user", "organization", "role"],
                condition=Q(ended_on__isnull=True, department__isnull=True),
                name="post_open_once_without_unit",
                violation_error_message="该人员已担任同一职务。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
                name="post_ends_after_start",
                violation_error_message="离任日期不能早于任职日期。",
            ),
            models.CheckConstraint(
                condition=Q(role__in=UNIT_ROLES, department__isnull=False)
                | (~Q(role__in=UNIT_ROLES) & Q(department__isnull=True)),
                name="post_department_for_unit_roles",
                violation_error_message="承办人和承办单位负责人须选择承办单位，其他角色不选。",
            ),
        ]

    def __str__(self):
        return f"{self.department or self.organization} {self.get_role_display()}"

    def clean(self):
        if self.department_id and self.department.organization_id != self.organization_id:
            raise ValidationError({"department": "承办单位不属于所选的党组织。"})

    def reach(self) -> Q:
        """Which organizations this post covers, as a condition on Organization."""
        path = self.organization.path
        if self.role in SUBTREE_ROLES:
            return Q(path__startswith=path)
        if self.role in UNIT_ROLES:
            return Q(pk=self.organization_id)
        return Q(path=path) | Q(
            path__startswith=path, depth=self.organization.depth + 1, level=Level.VILLAGE
        )

    def covers(self, organization) -> bool:
        """`reach()` asked of one organization already at hand."""
        mine = self.organization
        if self.role in SUBTREE_ROLES:
            return organization.path.startswith(mine.path)
        if self.role in UNIT_ROLES or organization.pk == mine.pk:
            return organization.pk == mine.pk
        return (
            organization.path.startswith(mine.path)
            and organization.depth == mine.depth + 1
            and organization.level == Level.VILLAGE
        )

    @property
    def reach_words(self) -> str:
        """数据权限 as the account page shows it."""
        if self.role in SUBTREE_ROLES:
            return "本级及下级"
        return "本单位承办" if self.role in UNIT_ROLES else "本级及所属村（社区）"
