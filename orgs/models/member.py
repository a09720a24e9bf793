"""党员: the sixteen items of the national collection, and what grass-roots rosters add."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from orgs.fields import BlindIndexField, DerivedField, EncryptedTextField, TailField, blind_index
from orgs.masking import mask_address, mask_id, mask_name, mask_phone
from orgs.models.coverage import HOMES
from orgs.models.member_course import LEADING, MemberCourse, leads
from orgs.models.national_codes import ETHNICITIES, Education, Sex
from orgs.models.organization import Organization
from orgs.models.post import Role
from orgs.partial_date import PartialDateField
from orgs.pinyin import pinyin_of

#: Who sees them at all; a cadre those of the own branch, masked (security.md, Roster).
READERS = (Role.AGENT, *LEADING)


FLAGS = {
    "is_away": "流动党员",
    "is_lost": "失联",
    "in_hardship": "困难党员",
    "is_party_worker": "党务工作者",
    "is_volunteer": "志愿者",
    "is_delegate": "党代表",
    "is_first_secretary": "第一书记",
}


class PinyinField(DerivedField):
    """The source as it is typed: whole, or only the initials."""

    description = "拼音"

    def __init__(self, *args, source, initials=False, **kwargs):
        self.initials = initials
        super().__init__(*args, source=source, **{"max_length": 120, **kwargs})

    def derive(self, value):
        return pinyin_of(value or "")[self.initials]

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "initials": self.initials}


class Stage(models.TextChoices):
    FULL = "FULL", "正式党员"
    PROBATIONARY = "PROBATIONARY", "预备党员"


class Standing(models.TextChoices):
    """党籍状态."""

    NORMAL = "NORMAL", "正常"
    KEPT = "KEPT", "保留"
    RESTORED = "RESTORED", "恢复"
    SUSPENDED = "SUSPENDED", "停止"
    EXPELLED = "EXPELLED", "开除"
    REMOVED = "REMOVED", "出党"
    DECEASED = "DECEASED", "去世"
    MOVED_OUT = "MOVED_OUT", "转出"


#: No longer on the register of any branch here; the page and its history stay.
GONE = (Standing.EXPELLED, Standing.REMOVED, Standing.DECEASED, Standing.MOVED_OUT)


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Secretaries and the organization department: their subtree; a cadre: the own branch."""
        reach = models.Q(pk__in=[])
        for post in user.acting_posts():
            if post.role in LEADING:
                reach |= models.Q(organization__path__startswith=post.organization.path)
            elif post.role == Role.AGENT:
                reach |= models.Q(organization=post.organization_id)
        return self.filter(reach)

    def led_by(self, user):
        """Those whom the user enrols and changes, and may read in full for a reason."""
        return self.filter(
            organization__in=Organization.objects.in_reach_of(user, *LEADING).order_by()
        )

    def within(self, organization):
        return self.filter(organization__path__startswith=organization.path)

    def on_register(self):
        """在册."""
        return self.exclude(standing__in=GONE)

    def gone(self):
        """已离开: 出党, 开除, 去世, 转出."""
        return self.filter(standing__in=GONE)

    def counted(self) -> dict[str, int]:
        """How many there are in all, and of each kind that is looked after apart."""
        kinds = {"total": models.Q()}
        kinds |= {stage.value.lower(): models.Q(stage=stage) for stage in Stage}
        kinds |= {flag: models.Q(**{flag: True}) for flag in FLAGS}
        return self.aggregate(
            **{name: models.Count("pk", filter=kind) for name, kind in kinds.items()}
        )

    def outside_branches(self):
        """未编入党支部: on the register of a committee, a general branch or a 党组 itself."""
        return self.on_register().exclude(organization__kind__in=HOMES)

    def with_id(self, number):
        """Exact match of an id number, through the blind index."""
        return self.filter(id_index=blind_index(number))

    def with_number(self, number):
        """Exact match of an id or telephone number, through the blind indexes."""
        index = blind_index(number)
        return self.filter(models.Q(id_index=index) | models.Q(phone_index=index))

    def find(self, text):
        """By a part of the name, or by pinyin or initials from their beginning."""
        typed = "".join(text.split()).lower()
        return self.filter(
            models.Q(name__icontains=typed)
            | models.Q(name_pinyin__startswith=typed)
            | models.Q(name_initials__startswith=typed)
        )


class Member(MemberCourse, models.Model):
    """Personal data, level 2 (个人信息保护法): shown masked, read in full with a reason, logged."""

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="members",
        verbose_name="所在党支部",
        db_index=False,  # member_in_branch begins with it
    )
    name = models.CharField("姓名", max_length=40)
    name_pinyin = PinyinField("姓名拼音", source="name")
    name_initials = PinyinField("拼音首字母", source="name", initials=True, max_length=40)
    id_number = EncryptedTextField("公民身份号码", blank=True)
    id_index = BlindIndexField(source="id_number", unique=True)
    id_tail = TailField(source="id_number")
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True)
    ethnicity = models.CharField("民族", max_length=2, choices=ETHNICITIES, blank=True)
    born = PartialDateField("出生日期")
    education = models.CharField("学历", max_length=2, choices=Education, blank=True)
    degree = models.CharField("学位", max_length=40, blank=True)
    native_place = models.CharField("籍贯", max_length=60, blank=True)
    stage = models.CharField("人员类别", max_length=12, choices=Stage, blank=True)
    standing = models.CharField(
        "党籍状态", max_length=10, choices=Standing, default=Standing.NORMAL
    )
    standing_since = PartialDateField("党籍状态变更日期")
    standing_reason = models.CharField("党籍状态变更原因", max_length=200, blank=True)
    joined = PartialDateField("加入党组织日期")
    confirmed = PartialDateField("转为正式党员日期")
    job = models.CharField("工作岗位", max_length=120, blank=True)
    phone = EncryptedTextField("联系电话", blank=True)
    phone_index = BlindIndexField(source="phone")
    phone_tail = TailField(source="phone")
    landline = EncryptedTextField("固定电话", blank=True)
    address = models.CharField("家庭住址", max_length=120, blank=True)
    is_lost = models.BooleanField("失联", default=False)
    lost_since = PartialDateField("失联日期")
    is_away = models.BooleanField("流动党员", default=False)
    away_to = models.CharField("外出流向", max_length=120, blank=True)
    away_since = PartialDateField("外出日期")
    is_party_worker = models.BooleanField("党务工作者", default=False)
    is_volunteer = models.BooleanField("志愿者", default=False)
    is_delegate = models.BooleanField("党代表", default=False)
    is_first_secretary = models.BooleanField("第一书记", default=False)
    in_hardship = models.BooleanField("困难党员", default=False)
    note = models.CharField("备注", max_length=500, blank=True)
    #: Counts changes, so that an undo knows whether somebody was here since.
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    #: The row of the roster that brought the person, while it is kept. Who deletes such a row
    #: empties this first: no constraint is checked, which a hundred thousand rows would pay for.
    origin = models.OneToOneField(
        "orgs.ImportRow",
        models.DO_NOTHING,
        null=True,
        editable=False,
        related_name="brought",
        verbose_name="来源",
        db_constraint=False,
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党员"
        ordering = ["organization__path", "name_pinyin", "pk"]
        indexes = [
            models.Index(fields=["organization", "name_pinyin"], name="member_in_branch"),
            # for what is typed of a name, from its beginning
            models.Index(
                fields=["name_pinyin"], name="member_pinyin", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(
                fields=["name_initials"], name="member_initials", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self):
        return mask_name(self.name)

    def get_absolute_url(self):
        return reverse("orgs:member", args=[self.pk])

    def name_for(self, user) -> str:
        """Whoever leads the branch knows its members by name; a cadre sees the name masked."""
        return self.name if leads(user, self.organization) else mask_name(self.name)

    @property
    def is_on_register(self) -> bool:
        return self.standing not in GONE

    @property
    def flags(self) -> list[str]:
        """What is to be known of the person at a glance."""
        return [label for name, label in FLAGS.items() if getattr(self, name)]

    @property
    def masked(self) -> dict[str, str]:
        """What a page may show without a reason."""
        return {
            "name": mask_name(self.name),
            "phone": mask_phone(self.phone),
            "landline": mask_phone(self.landline),
            "id_number": mask_id(self.id_number),
            "address": mask_address(self.address),
        }

    def age_on(self, day) -> int | None:
        """Full years; of a birth that is known to the year or month only, the most it can be."""
        if self.born is None:
            return None
        first = self.born.earliest
        return day.year - first.year - ((day.month, day.day) < (first.month, first.day))
