"""事项清单: what a centre does for citizens, under which conditions and within how many days."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Avg, F, Q
from django.urls import reverse
from django.utils import timezone

from orgs.models import AuditEntry, Department, NotAllowed, Organization, Role
from services.models.category import Category
from services.models.openness import with_openness

#: What a version says; the rest of its columns is about the version itself.
CONTENT = (
    "name", "category", "mode", "statutory_days", "promised_days", "conditions", "materials",
    "steps", "fee", "result", "handler_name", "handler_phone",
)  # fmt: skip


class Mode(models.TextChoices):
    """The three ways of 宜昌 to handle a matter (宜, 办理方式)."""

    DIRECT = "DIRECT", "直接办理"
    COMMITTED = "COMMITTED", "承诺办理"
    EXPLAIN = "EXPLAIN", "明确答复"


class ItemQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True, current__isnull=False)

    def available_to(self, organization):
        """Items of the organization and of those above it: what its counter can offer."""
        return self.filter(organization__in=Organization.objects.with_parents(organization))

    def visible_to(self, user):
        """Items of the organizations above, at and below the user's posts."""
        if user.is_administrator:
            return self
        reach = Q(organization__in=Organization.objects.visible_to(user))
        for post in user.acting_posts():
            above = Organization.objects.with_parents(post.organization)
            reach |= Q(organization__in=above)
        return self.filter(reach)

    def for_list(self):
        return self.select_related("current__category", "department", "organization")

    def for_guide(self):
        return self.select_related(
            "current", "department__centre", "department__organization", "organization"
        ).order_by("organization__path", "department__name", "code")

    def with_openness(self):
        """`openness`: 公开完整度 of each, in percent."""
        papers = self.model._meta.get_field("papers").related_model
        return with_openness(self, papers.objects.offered())

    def mean_openness(self) -> int | None:
        """公开完整度 of the whole list: the mean over its items in use."""
        rows = self.active().order_by().with_openness()
        mean = rows.aggregate(mean=Avg("openness"))["mean"]
        return None if mean is None else int(mean)

    def search(self, words):
        """Every word must stand in the name or in the conditions of the current version."""
        rows = self
        for word in words.split():
            rows = rows.filter(
                Q(current__name__icontains=word) | Q(current__conditions__icontains=word)
            )
        return rows


class ServiceItem(models.Model):
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="items", verbose_name="所属党组织"
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="items", verbose_name="承办单位"
    )
    code = models.CharField("事项编码", max_length=40)
    current = models.OneToOneField(
        "services.ItemVersion", models.PROTECT, null=True, related_name="+", editable=False
    )
    is_active = models.BooleanField("启用", default=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务事项"
        ordering = ["organization__path", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"],
                name="item_code_once",
                violation_error_message="本组织已有相同编码的事项。",
            )
        ]

    def __str__(self):
        return self.current.name if self.current else self.code

    def get_absolute_url(self):
        return reverse("services:item", args=[self.pk])

    def may_maintain(self, user) -> bool:
        """The head of a centre that covers the item's organization."""
        posts = user.acting_posts()
        return any(p.role == Role.CENTRE_HEAD and p.covers(self.organization) for p in posts)

    @classmethod
    @transaction.atomic
    def introduce(cls, *, actor, department, code, **fields):
        """新增: an item of the unit's organization, with its first version."""
        item = cls(organization=department.organization, department=department, code=code)
        item.full_clean()
        item.save()
        item.publish(actor=actor, **fields)
        return item

    @transaction.atomic
    def revise(self, *, actor, department, since, **fields):
        """修改: entrust the item to another unit, publish what was written anew.

        `since` is the number of the version that the actor has read; a newer one refuses.
        Says whether anything changed.
        """
        self.refresh_from_db(from_queryset=ServiceItem.objects.select_for_update())
        if self.current.number != since:
            who = self.current.published_by or "系统"
            raise NotAllowed(
                f"{who}已先发布第 {self.current.number} 版，您的修改还没有保存。请核对后再次提交。"
            )
        moved = self.department != department
        if moved:
            self._entrust(department, actor)
        rewritten = bool(ItemVersion(**fields).differences(self.current))
        if rewritten:
            self.publish(actor=actor, **fields)
        return moved or rewritten

    def _entrust(self, department, actor):
        changes = {"department": [str(self.department), str(department)]}
        self.department = department
        self.save(update_fields=["department"])
        AuditEntry.record(
            actor,
            "item.entrusted",
            self,
            label="调整承办单位",
            organization=self.organization,
            changes=changes,
        )

    @transaction.atomic
    def publish(self, *, actor, **fields):
        """发布: a new version; requests already taken keep the one they were taken under."""
        item = ServiceItem.objects.select_for_update().get(pk=self.pk)
        last = item.versions.first()
        number = last.number + 1 if last else 1
        version = ItemVersion(item=item, number=number, published_by=actor, **fields)
        version.full_clean()
        version.save()
        item.current = version
        item.save(update_fields=["current"])
        self.current = version
        AuditEntry.record(
            actor,
            "item.published",
            self,
            label="发布事项",
            organization=self.organization,
            note=f"第 {version.number} 版",
            changes={row.label: [row.before, row.after] for row in version.differences(last)},
        )
        return version

    @transaction.atomic
    def switch(self, active, *, actor):
        """启用 or 停用; asked twice it happens once."""
        self.refresh_from_db(from_queryset=ServiceItem.objects.select_for_update())
        if self.is_active == active:
            return
        self.is_active = active
        self.save(update_fields=["is_active"])
        label = "启用事项" if active else "停用事项"
        AuditEntry.record(actor, "item.switched", self, label=label, organization=self.organization)


class Difference(NamedTuple):
    label: str
    before: str
    after: str


class ItemVersion(models.Model):
    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本", editable=False)
    name = models.CharField("事项名称", max_length=80)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分类"
    )
    mode = models.CharField("办理方式", max_length=10, choices=Mode)
    statutory_days = models.PositiveSmallIntegerField("法定时限（工作日）", null=True, blank=True)
    promised_days = models.PositiveSmallIntegerField(
        "承诺时限（工作日）", help_text="直接办理填 0，表示当日办结。"
    )
    conditions = models.TextField("办理条件", blank=True)
    materials = models.TextField("所需材料", blank=True, help_text="一行一种。")
    steps = models.TextField("办理流程", blank=True, help_text="一行一步。")
    fee = models.CharField("收费", max_length=80, default="不收费")
    result = models.CharField("办理结果", max_length=80, blank=True)
    handler_name = models.CharField("承办人", max_length=40)
    handler_phone = models.CharField("联系电话", max_length=30)
    published_at = models.DateTimeField("发布时间", default=timezone.now, editable=False)
    published_by = models.ForeignKey(
        "orgs.User", models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "事项版本"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_once"),
            models.CheckConstraint(
                condition=Q(statutory_days__isnull=True)
                | Q(promised_days__lte=F("statutory_days")),
                name="item_promise_within_law",
                violation_error_message="承诺时限不能超过法定时限。",
            ),
        ]

    def __str__(self):
        return f"{self.name}（第 {self.number} 版）"

    @property
    def promise_words(self) -> str:
        """When a citizen may expect the answer, in words."""
        if self.mode == Mode.DIRECT or not self.promised_days:
            return "当场办结"
        done = "明确答复" if self.mode == Mode.EXPLAIN else "办结"
        return f"{self.promised_days} 个工作日内{done}"

    def said(self) -> dict[str, str]:
        """What the version says, by the names of its fields, as people read it."""
        fields = [field for field in self._meta.fields if field.name in CONTENT]
        values = {field.verbose_name: getattr(self, field.name) for field in fields}
        values["办理方式"] = self.get_mode_display()
        values["分类"] = self.category.full_name if self.category else ""
        return {label: "" if value is None else str(value) for label, value in values.items()}

    def differences(self, earlier) -> list[Difference]:
        """Line by line what this version changed; nothing for the first one."""
        if earlier is None:
            return []
        before, after = earlier.said(), self.said()
        return [
            Difference(label, before[label], after[label])
            for label in after
            if before[label] != after[label]
        ]

    def clean(self):
        if self.mode == Mode.DIRECT and self.promised_days:
            raise ValidationError({"promised_days": "直接办理的事项当日办结，承诺时限请填 0。"})
        if self.mode == Mode.COMMITTED and self.promised_days == 0:
            raise ValidationError({"promised_days": "承诺办理的事项请填写 1 个工作日以上。"})
