"""What the catalogue can be narrowed by; the choices stay in the URL."""

import django_filters as filters
from django.db.models import Q

from orgs.models import Department
from services.models import Category, Mode, ServiceItem

ACTIVE = [("yes", "启用"), ("no", "停用")]


class ItemFilter(filters.FilterSet):
    q = filters.CharFilter(label="名称或条件", method="search")
    department = filters.ModelChoiceFilter(
        label="承办单位", queryset=Department.objects.none(), empty_label="全部单位"
    )
    mode = filters.ChoiceFilter(
        label="办理方式", field_name="current__mode", choices=Mode, empty_label="全部方式"
    )
    active = filters.ChoiceFilter(
        label="状态", method="by_state", choices=ACTIVE, empty_label="全部状态"
    )

    class Meta:
        model = ServiceItem
        fields = ()

    def __init__(self, data=None, *args, user, **kwargs):
        super().__init__(data, *args, **kwargs)
        items = ServiceItem.objects.visible_to(user)
        units = Department.objects.filter(pk__in=items.values("department"))
        self.form.fields["department"].queryset = units.select_related("organization")

    def search(self, queryset, name, value):
        return queryset.search(value)

    def by_state(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")


class CategoryFilter(filters.FilterSet):
    """A name also finds everything below it."""

    q = filters.CharFilter(label="名称", method="search")
    active = filters.ChoiceFilter(
        label="状态", method="by_state", choices=ACTIVE, empty_label="全部状态"
    )

    class Meta:
        model = Category
        fields = ()

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(name__icontains=value)
            | Q(parent__name__icontains=value)
            | Q(parent__parent__name__icontains=value)
        )

    def by_state(self, queryset, name, value):
        active = Q(pk__in=Category.objects.active())
        return queryset.filter(active if value == "yes" else ~active)
