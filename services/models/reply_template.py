"""答复模板: wordings with gaps, kept by the heads of a centre or of a unit."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Count, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from orgs.models import AuditEntry, Department, Organization, Role
from services.models.category import Category
from services.models.item import ServiceItem

#: Who works with templates, and who keeps them.
USERS = (Role.HANDLER, Role.UNIT_HEAD, Role.CENTRE_HEAD)
KEEPERS = (Role.UNIT_HEAD, Role.CENTRE_HEAD)


class ReplyTemplateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the user's organizations and of the ones above; of units only the user's own.

        The head of a centre sees those of every unit within reach.
        """
        mine = Q(pk__in=[])
        for post in user.acting_posts():
            if post.role in USERS:
                mine |= Q(organization__in=Organization.objects.with_parents(post.organization))
        reach = Organization.objects.in_reach_of(user, Role.CENTRE_HEAD)
        return self.filter(
            mine & (Q(department__isnull=True) | Q(department__in=user.departments()))
            | Q(organization__in=reach)
        )

    def active(self):
        return self.filter(is_active=True)

    def fitting(self, request):
        """For the unit that has the case: those of its item first, of its category, then others."""
        unit, item = request.department, request.item_version and request.item_version.item_id
        above = category_path(request)
        rows = self.active().filter(
            Q(department__isnull=True) | Q(department=unit),
            Q(item__isnull=True) | Q(item=item),
            Q(category__isnull=True) | Q(category__in=above),
            organization__in=Organization.objects.with_parents(unit.organization),
        )
        place = Case(
            When(item__isnull=False, then=Value(0)),
            When(category__isnull=False, then=Value(1)),
            default=Value(2),
        )
        return rows.with_uses().annotate(place=place).order_by("place", "-uses", "pk")

    def with_uses(self):
        """`uses`: how many drafts were written with it."""
        return self.annotate(uses=Count("replies"))

    def for_list(self):
        related = ("organization", "department__organization", "item__current")
        return self.select_related(*related, "category__parent__parent").with_uses()


def said(value) -> str:
    return "" if value is None else str(value)


def category_path(request) -> list[int]:
    """Ids of the request's category and of those above it."""
    row = request.category or (request.item_version and request.item_version.category)
    path = []
    while row:
        path.append(row.pk)
        row = row.parent
    return path


class ReplyTemplate(models.Model):
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="reply_templates", verbose_name="所属党组织"
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reply_templates",
        verbose_name="使用单位",
    )
    name = models.CharField("名称", max_length=40)
    text = models.TextField("答复内容", max_length=2000)
    item = models.ForeignKey(
        ServiceItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reply_templates",
        verbose_name="适用事项",
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reply_templates",
        verbose_name="适用分类",
    )
    is_active = models.BooleanField("启用", default=True)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "答复模板"
        ordering = ["organization__path", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "name"],
                condition=Q(is_active=True),
                name="reply_template_once_a_unit",
                violation_error_message="本单位已有同名的模板。",
            ),
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(is_active=True, department__isnull=True),
                name="reply_template_once_a_place",
                violation_error_message="已有同名的模板。",
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=True) | Q(category__isnull=True),
                name="reply_template_for_one_thing",
                violation_error_message="适用事项和适用分类只选一个。",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("services:reply_template_edit", args=[self.pk])

    @property
    def scope_words(self) -> str:
        """What it is for."""
        if self.item_id:
            return f"事项：{self.item}"
        return f"分类：{self.category.full_name}" if self.category_id else "通用"

    def may_maintain(self, user) -> bool:
        """The head of the unit it belongs to, or of a centre that covers the organization."""
        return any(
            (post.role == Role.UNIT_HEAD and post.department_id == self.department_id)
            or (post.role == Role.CENTRE_HEAD and post.covers(self.organization))
            for post in user.acting_posts()
        )

    def clean(self):
        if self.department and self.department.organization_id != self.organization_id:
            raise ValidationError({"department": "使用单位不属于所选的党组织。"})

    def filled(self, request) -> str:
        """The text for this request, with what the portal knows put into its gaps."""
        unit = request.department
        known = {
            "编号": request.number,
            "事项": request.subject,
            "承办单位": str(unit or ""),
            "单位电话": unit.telephone if unit else "",
            "今天": f"{timezone.localdate():%Y年%-m月%-d日}",
        }
        text = self.text
        for gap, value in known.items():
            text = text.replace(f"【{gap}】", value or f"【{gap}】")
        return text

    @classmethod
    @transaction.atomic
    def establish(cls, *, actor, **fields):
        """新增."""
        row = cls(**fields)
        row.full_clean()
        row.save()
        AuditEntry.record(
            actor,
            "reply_template.established",
            row,
            label="新增答复模板",
            organization=row.organization,
            note=row.text,
        )
        return row

    @transaction.atomic
    def revise(self, *, actor, **fields) -> bool:
        """修改, 停用, 启用; says whether anything changed. Drafts written with it stay."""
        before = ReplyTemplate.objects.select_for_update().get(pk=self.pk)
        changes = {
            name: [*map(said, (getattr(before, name), value))]
            for name, value in fields.items()
            if getattr(before, name) != value
        }
        if not changes:
            return False
        for name, value in fields.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=list(fields))
        AuditEntry.record(
            actor,
            "reply_template.revised",
            self,
            label="修改答复模板",
            organization=self.organization,
            changes=changes,
        )
        return True
