"""Party organizations: one tree (隶属), with a second line of supervision beside it (属地)."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import OperationalError, connection, models, transaction
from django.db.models.functions import Coalesce, Left, Length, NullIf
from django.urls import reverse
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from orgs.fields import DerivedField
from orgs.models.audit import AuditEntry
from orgs.models.coverage import CoverageScope
from orgs.models.leadership import LeadershipScope
from orgs.pinyin import pinyin_of_place

#: How often a move is tried, and how long each lock is waited for: less than the second after
#: which PostgreSQL looks for deadlocks and ends whichever transaction it likes.
MOVE_ATTEMPTS, MOVE_WAITS = 10, "200ms"


class Sector(models.TextChoices):
    """The eight sectors of 中办《关于加强基层服务型党组织建设的意见》 no. 5."""

    RURAL = "RURAL", "农村"
    STATE_OWNED = "STATE_OWNED", "国有企业"
    COMMUNITY = "COMMUNITY", "街道社区"
    AGENCY = "AGENCY", "机关"
    UNIVERSITY = "UNIVERSITY", "高校"
    INSTITUTION = "INSTITUTION", "事业单位"
    PRIVATE = "PRIVATE", "非公有制企业"
    SOCIAL = "SOCIAL", "社会组织"


class OrganizationKind(models.TextChoices):
    COMMITTEE = "COMMITTEE", "党委"
    WORKING_COMMITTEE = "WORKING_COMMITTEE", "党工委"
    LEADING_GROUP = "LEADING_GROUP", "党组"
    GENERAL_BRANCH = "GENERAL_BRANCH", "党总支"
    BRANCH = "BRANCH", "党支部"
    JOINT_BRANCH = "JOINT_BRANCH", "联合党支部"
    TEMPORARY_BRANCH = "TEMPORARY_BRANCH", "临时党支部"
    MIGRANT_BRANCH = "MIGRANT_BRANCH", "流动党员党支部"
    GROUP = "GROUP", "党小组"


class Formation(models.TextChoices):
    """组建方式, 意见 no. 6."""

    SINGLE = "SINGLE", "单独组建"
    REGIONAL = "REGIONAL", "区域联建"
    INDUSTRY = "INDUSTRY", "行业统建"


class Level(models.TextChoices):
    CITY = "CITY", "市"
    COUNTY = "COUNTY", "县（市、区）"
    TOWNSHIP = "TOWNSHIP", "乡镇（街道）"
    VILLAGE = "VILLAGE", "村（社区）"
    UNIT = "UNIT", "单位"


class Tag(models.Model):
    """A label that groups organizations across the tree: 老区, 民族地区, 边疆, 贫困地区…"""

    name = models.CharField("标签", max_length=20, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "组织标签"
        ordering = ["name"]

    def __str__(self):
        return self.name

    @classmethod
    def named(cls, names):
        """The labels with these names, new ones made."""
        return [cls.objects.get_or_create(name=name)[0] for name in names]


class SpellingField(DerivedField):
    """The name as it is typed on a Latin keyboard, whole and in initials."""

    description = "拼音"

    def __init__(self, *args, source, **kwargs):
        super().__init__(*args, source=source, **{**kwargs, "max_length": 900})

    def derive(self, value):
        return pinyin_of_place(value or "")


def spelled(text, place="") -> models.Q:
    """Pinyin or initials of a part of the name, two letters at least; `place` leads to the
    organization."""
    typed = "".join(text.split()).lower()
    latin = len(typed) > 1 and typed.isascii() and typed.isalpha()
    return models.Q(**{f"{place}spelling__contains": typed}) if latin else models.Q(pk__in=[])


class OrganizationQuerySet(LeadershipScope, CoverageScope, MP_NodeQuerySet):
    def within(self, organization):
        """The organization and everything below it."""
        return self.filter(path__startswith=organization.path)

    def find(self, text):
        """By a part of the name, its pinyin or initials, or the beginning of the code."""
        return self.filter(
            models.Q(name__icontains=text)
            | models.Q(short_name__icontains=text)
            | models.Q(code__startswith=text)
            | spelled(text)
        )

    def active(self):
        return self.filter(abolished_on__isnull=True)

    def in_reach_of(self, user, *roles):
        """Organizations that the user's posts in one of `roles` cover today."""
        reach = models.Q(pk__in=[])
        for post in user.acting_posts():
            if post.role in roles:
                reach |= post.reach()
        return self.filter(reach)

    def visible_to(self, user):
        """Administrators see the tree; everyone else what lies at or below their posts."""
        if user.is_administrator:
            return self
        reach = models.Q(pk__in=[])
        for post in user.acting_posts():
            reach |= models.Q(path__startswith=post.organization.path)
        return self.filter(reach)

    def with_parents(self, organization):
        """The organization and its ancestors: whose catalogue and calendar apply to it."""
        step = Organization.steplen
        ends = range(step, len(organization.path) + 1, step)
        return self.filter(path__in=[organization.path[:end] for end in ends])

    def with_parent_name(self):
        """`parent_name`: what the organization directly above is called, for lists."""
        above = Organization.objects.filter(
            path=Left(models.OuterRef("path"), Length(models.OuterRef("path")) - self.model.steplen)
        )
        name = Coalesce(NullIf("short_name", models.Value("")), "name")
        return self.annotate(parent_name=models.Subquery(above.values_list(name)[:1]))


class OrganizationManager(MP_NodeManager.from_queryset(OrganizationQuerySet)):
    def get_queryset(self):
        # treebeard's manager names its own queryset class here
        return OrganizationQuerySet(self.model, using=self._db).order_by("path")


class Organization(MP_Node):
    code = models.CharField("党组织代码", max_length=40, unique=True)
    name = models.CharField("党组织名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    spelling = SpellingField("名称拼音", source="name")
    kind = models.CharField("组织类别", max_length=20, choices=OrganizationKind)
    sector = models.CharField("所属领域", max_length=12, choices=Sector, blank=True)
    formation = models.CharField("组建方式", max_length=10, choices=Formation, blank=True)
    level = models.CharField("层级", max_length=10, choices=Level, default=Level.UNIT)
    division_code = models.CharField("行政区划代码", max_length=12, blank=True)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    abolished_on = models.DateField("撤销日期", null=True, blank=True)
    local_supervisor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="locally_supervised",
        verbose_name="所在地党组织",
        help_text="垂直管理单位填写属地党组织，考核时由其提出意见。",
    )
    tags = models.ManyToManyField(Tag, blank=True, verbose_name="标签")
    webhook_url = models.CharField(
        "工作群机器人地址",
        max_length=200,
        blank=True,
        validators=[URLValidator(["https"], message="请填写 https:// 开头的机器人地址。")],
        help_text="企业微信或钉钉群机器人的地址，填写后提醒同时发到工作群，不含个人信息。",
    )

    objects = OrganizationManager()

    class Meta:
        verbose_name = verbose_name_plural = "党组织"
        indexes = [
            models.Index(fields=["sector", "level"], name="organization_sector_level"),
            models.Index(fields=["division_code"], name="organization_division"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(abolished_on__isnull=True)
                | models.Q(founded_on__isnull=True)
                | models.Q(abolished_on__gte=models.F("founded_on")),
                name="organization_abolished_after_founded",
                violation_error_message="撤销日期不能早于成立日期。",
            )
        ]

    def __str__(self):
        return self.short_name or self.name

    def get_absolute_url(self):
        return reverse("orgs:organization", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.abolished_on is None

    def clean(self):
        if self.local_supervisor_id and self.local_supervisor_id == self.pk:
            raise ValidationError({"local_supervisor": "所在地党组织不能是本组织。"})

    @classmethod
    @transaction.atomic
    def establish(cls, *, actor, parent=None, tags=(), **fields):
        """组建: put a new organization under `parent` (or at the root)."""
        instance = cls(**fields)
        if parent is None:
            cls.objects.add_root(instance=instance)
        else:
            # Two children added at once must not take the same place in the path.
            parent = cls.objects.select_for_update(no_key=True).get(pk=parent.pk)
            cls.objects.add_child(parent, instance=instance)
        instance.tags.set(tags)
        AuditEntry.record(
            actor, "organization.established", instance, label="组建党组织", organization=instance
        )
        return instance

    @transaction.atomic
    def revise(self, *, actor, tags=None, **fields):
        """变更: change fields; records before and after."""
        before = {name: getattr(self, name) for name in fields}
        for name, value in fields.items():
            setattr(self, name, value)
        changes = {
            name: [str(before[name] or ""), str(value or "")]
            for name, value in fields.items()
            if before[name] != value
        }
        if "webhook_url" in changes:
            # Whoever knows the address may write to the group: it stays out of the record.
            changes["webhook_url"] = ["不记录", "已更换" if self.webhook_url else "已清除"]
        self.save(update_fields=[*fields, "spelling"])
        if tags is not None:
            labels = "、".join(map(str, self.tags.all()))
            self.tags.set(tags)
            if (now := "、".join(map(str, self.tags.all()))) != labels:
                changes["tags"] = [labels, now]
        AuditEntry.record(
            actor,
            "organization.revised",
            self,
            label="变更党组织信息",
            organization=self,
            changes=changes,
        )

    def relocate(self, *, actor, parent):
        """调整隶属: move the organization with all below it under `parent`.

        Clerks at work in the branch go first: the move gives way and is tried again.
        """
        for _ in range(MOVE_ATTEMPTS):
            try:
                return self._relocate(actor, parent)
            except OperationalError:
                continue
        raise ValidationError("这些组织正有人办理业务，请过一会儿再调整。")

    @transaction.atomic
    def _relocate(self, actor, parent):
        # One move at a time; without a key lock, so that nobody else has to wait for it.
        roots = Organization.objects.filter(depth=1).select_for_update(no_key=True)
        list(roots.values_list("pk"))
        give_way()
        self.refresh_from_db()
        parent.refresh_from_db()
        if parent.path.startswith(self.path):
            raise ValidationError("不能调整到本组织或其下级之下。")
        old = Organization.objects.get_parent(self)
        Organization.objects.move(self, parent, pos="last-child")
        self.refresh_from_db()
        AuditEntry.record(
            actor,
            "organization.relocated",
            self,
            label="调整隶属关系",
            organization=self,
            changes={"parent": [str(old or ""), str(parent)]},
        )


def give_way():
    """From here to the end of the transaction, wait for no lock longer than MOVE_WAITS."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [MOVE_WAITS])
