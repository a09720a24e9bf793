"""Service centres and the units that handle requests behind their windows."""

from datetime import time

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from orgs.models.audit import AuditEntry
from orgs.models.organization import Organization
from orgs.models.user import NotAllowed

#: The eight departments of 宜昌 with a window in every township centre (宜, 便民服务网络).
DEFAULT_WINDOWS = ("民政", "土管", "城建", "计生", "劳动保障", "林业", "残联", "社区")


class ScopedQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def active(self):
        return self.filter(is_active=True)

    def serving(self, organization):
        """Those of the organization and of the organizations above it, nearest first."""
        above = Organization.objects.with_parents(organization)
        return self.filter(organization__in=above).order_by("-organization__depth", "pk")


class CentreQuerySet(ScopedQuerySet):
    def find(self, words):
        """Every word stands in the name, the address or the name of the organization."""
        rows = self
        for word in words.split():
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(address__icontains=word)
                | Q(organization__name__icontains=word)
                | Q(organization__short_name__icontains=word)
            )
        return rows


class ServiceCentre(models.Model):
    class Kind(models.TextChoices):
        CENTRE = "CENTRE", "便民服务中心"
        ROOM = "ROOM", "便民服务室"
        STATION = "STATION", "便民服务站"

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="centres", verbose_name="所属党组织"
    )
    kind = models.CharField("类别", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=80)
    address = models.CharField("地址", max_length=120, blank=True)
    telephone = models.CharField("咨询电话", max_length=30, blank=True)
    complaint_phone = models.CharField("监督电话", max_length=30, blank=True)
    hours = models.CharField(
        "办公时间", max_length=80, default="周一至周五 8:30–12:00，14:00–17:30"
    )
    closing_time = models.TimeField("下班时间", default=time(17, 30))
    is_active = models.BooleanField("启用", default=True)

    objects = CentreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务中心"
        ordering = ["organization__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="centre_once",
                violation_error_message="该党组织下已有同名中心。",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("orgs:centre", args=[self.pk])

    @classmethod
    @transaction.atomic
    def establish(cls, *, actor, **fields):
        """设立: a new centre, room or station of an organization."""
        centre = cls.objects.create(**fields)
        AuditEntry.record(
            actor,
            "centre.established",
            centre,
            label="设立服务中心",
            organization=centre.organization,
        )
        return centre

    @transaction.atomic
    def revise(self, *, actor, **fields):
        changes = revised(self, fields)
        AuditEntry.record(
            actor,
            "centre.revised",
            self,
            label="变更服务中心",
            organization=self.organization,
            changes=changes,
        )

    @transaction.atomic
    def open_windows(self, *, actor, names=DEFAULT_WINDOWS):
        """开设窗口: add the departments that are not there yet; returns the new ones."""
        present = set(self.organization.departments.values_list("name", flat=True))
        made = [
            Department.objects.create(organization=self.organization, centre=self, name=name)
            for name in names
            if name not in present
        ]
        AuditEntry.record(
            actor,
            "centre.windows_opened",
            self,
            label="开设窗口",
            organization=self.organization,
            note="、".join(unit.name for unit in made),
        )
        return made


class Department(models.Model):
    """承办单位: a department that handles requests, usually behind a window of a centre."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="departments", verbose_name="所属党组织"
    )
    centre = models.ForeignKey(
        ServiceCentre,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="departments",
        verbose_name="设窗口的中心",
    )
    name = models.CharField("名称", max_length=40)
    window = models.CharField("窗口号", max_length=20, blank=True)
    telephone = models.CharField("电话", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "承办单位"
        ordering = ["organization__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(is_active=True),
                name="department_once",
                violation_error_message="该党组织下已有同名承办单位。",
            )
        ]

    def __str__(self):
        return f"{self.organization}{self.name}"

    def get_absolute_url(self):
        if self.centre_id:
            return reverse("orgs:centre", args=[self.centre_id])
        return reverse("orgs:centres")

    @classmethod
    @transaction.atomic
    def establish(cls, *, actor, **fields):
        """设立: a new handling unit."""
        unit = cls.objects.create(**fields)
        AuditEntry.record(
            actor, "unit.established", unit, label="设立承办单位", organization=unit.organization
        )
        return unit

    @transaction.atomic
    def revise(self, *, actor, **fields):
        """Change or stop the unit; refused while people are still on post in it."""
        if not fields.get("is_active", True) and self.posts.open().exists():
            raise NotAllowed("该单位还有在岗人员，请先由安全管理员结束他们的任职，再停用。")
        changes = revised(self, fields)
        AuditEntry.record(
            actor,
            "unit.revised",
            self,
            label="变更承办单位",
            organization=self.organization,
            changes=changes,
        )


def revised(row, fields) -> dict:
    """Set and save the fields; what changed, before and after."""
    changes = {
        name: [str(getattr(row, name)), str(value)]
        for name, value in fields.items()
        if getattr(row, name) != value
    }
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    return changes
