"""单位: enterprises, schools, associations… where people work, with a Party organization or not."""

from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse

from orgs.models.audit import AuditEntry
from orgs.models.member_course import LEADING, leads
from orgs.models.organization import Organization, Sector
from orgs.models.user import NotAllowed

#: 《中国共产党章程》第三十条: three full members or more found an organization of their own.
PARTY_MEMBERS_TO_FOUND = 3


class WorkplaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever reads the roster of the place: its subtree, a cadre the own place."""
        reach = Q(place__in=Organization.objects.in_reach_of(user, *LEADING).order_by())
        own = [post.organization_id for post in user.acting_posts() if post.role == "AGENT"]
        return self.filter(reach | Q(place__in=own))

    def open(self):
        return self.filter(closed_on__isnull=True)

    def uncovered(self):
        """没有党组织的单位."""
        return self.open().filter(organization__isnull=True)

    def due_to_found(self):
        """应建未建."""
        return self.uncovered().filter(party_members__gte=PARTY_MEMBERS_TO_FOUND)

    def coverage(self) -> dict[str, int]:
        """How many units there are, and with how many of them a Party organization is."""
        covered = Count("pk", filter=Q(organization__isnull=False))
        return self.open().order_by().aggregate(total=Count("pk"), covered=covered)


class Workplace(models.Model):
    name = models.CharField("单位名称", max_length=120)
    code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    sector = models.CharField("领域", max_length=12, choices=Sector)
    place = models.ForeignKey(
        Organization, models.PROTECT, related_name="workplaces", verbose_name="属地（主管）党组织"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="covered_workplaces",
        verbose_name="建立或覆盖它的党组织",
    )  # fmt: skip
    staff = models.PositiveIntegerField("从业人员", default=0)
    party_members = models.PositiveIntegerField("其中党员", default=0)
    note = models.CharField("备注", max_length=200, blank=True)
    closed_on = models.DateField("注销日期", null=True, blank=True)

    objects = WorkplaceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["place__path", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="workplace_code_once",
                violation_error_message="这个统一社会信用代码已登记。",
            ),
            models.UniqueConstraint(
                fields=["place", "name"], name="workplace_name_once",
                violation_error_message="这个党组织下已登记同名单位。",
            ),
            models.CheckConstraint(
                condition=Q(party_members__lte=models.F("staff")),
                name="workplace_members_among_staff",
                violation_error_message="党员人数不能多于从业人员。",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["sector"], name="workplace_sector")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("orgs:workplace_edit", args=[self.pk])

    @property
    def coverage_words(self) -> str:
        if self.organization:
            return str(self.organization)
        return "应建未建" if self.party_members >= PARTY_MEMBERS_TO_FOUND else "没有党组织"

    @classmethod
    @transaction.atomic
    def register(cls, *, actor, **fields):
        """登记单位."""
        row = cls(**fields)
        if actor and not leads(actor, row.place):
            raise NotAllowed("无权为这个党组织登记单位，请由书记或组织部门办理。")
        row.full_clean()
        row.save()
        AuditEntry.record(
            actor, "workplace.registered", row, label="登记单位", organization=row.place
        )
        return row

    @transaction.atomic
    def revise(self, *, actor, **fields):
        """变更单位: also when a Party organization is founded there, or the unit closes."""
        self.refresh_from_db(from_queryset=Workplace.objects.select_for_update(of=("self",)))
        if actor and not all(leads(actor, at) for at in (self.place, fields.get("place")) if at):
            raise NotAllowed("无权变更这个单位，请由书记或组织部门办理。")
        changes = {
            name: [str(getattr(self, name) or ""), str(value or "")]
            for name, value in fields.items()
            if getattr(self, name) != value
        }
        if not changes:
            return
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean()
        self.save()
        AuditEntry.record(
            actor, "workplace.revised", self, label="变更单位", organization=self.place,
            changes=changes,
        )  # fmt: skip
