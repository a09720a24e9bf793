"""诉求分类: three levels, kept by the system administrator, importable."""

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from orgs.models import AuditEntry


class CategoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Categories hold nothing of anybody; all who work here use the same list."""
        return self if user.is_administrator or user.acting_posts() else self.none()

    def active(self):
        """In use, and so is everything above."""
        return self.filter(
            Q(parent__isnull=True) | Q(parent__is_active=True),
            Q(parent__parent__isnull=True) | Q(parent__parent__is_active=True),
            is_active=True,
        )

    def leaves(self):
        return self.filter(level=3)

    def with_full_name(self):
        return self.select_related("parent__parent")


class Category(models.Model):
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    name = models.CharField("名称", max_length=40)
    level = models.PositiveSmallIntegerField("级次", editable=False, default=1)
    is_active = models.BooleanField("启用", default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "诉求分类"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="category_once",
                violation_error_message="同一上级下已有同名分类。",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(parent__isnull=True),
                name="category_once_at_the_top",
                violation_error_message="同一上级下已有同名分类。",
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=3),
                name="category_three_levels",
                violation_error_message="分类最多三级。",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("services:categories")

    @property
    def full_name(self) -> str:
        """一级 / 二级 / 三级; fetch with `with_full_name()` in lists."""
        names, row = [self.name], self.parent
        while row:
            names.insert(0, row.name)
            row = row.parent
        return " / ".join(names)

    @classmethod
    @transaction.atomic
    def establish(cls, *, actor, name, parent=None):
        """新增."""
        row = cls(name=name, parent=parent, level=parent.level + 1 if parent else 1)
        row.full_clean()
        row.save()
        AuditEntry.record(actor, "category.established", row, label="新增分类", note=row.full_name)
        return row

    @transaction.atomic
    def revise(self, *, actor, name, is_active):
        """修改: another name, or 停用 and 启用; requests of the category keep it."""
        before = Category.objects.select_for_update().get(pk=self.pk)
        self.name, self.is_active = name, is_active
        self.full_clean()
        self.save(update_fields=["name", "is_active"])
        changes = {
            field: [str(getattr(before, field)), str(getattr(self, field))]
            for field in ("name", "is_active")
            if getattr(before, field) != getattr(self, field)
        }
        if changes:
            AuditEntry.record(actor, "category.revised", self, label="修改分类", changes=changes)

    @classmethod
    def ensure(cls, *names) -> tuple["Category", bool]:
        """The category at the end of this path of names; says whether it had to be made."""
        row, made = None, False
        for level, name in enumerate(names, 1):
            row, made = cls.objects.get_or_create(
                parent=row, name=name.strip(), defaults={"level": level}
            )
        return row, made
