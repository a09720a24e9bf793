"""What a list can be narrowed by; the choices stay in the URL."""

import django_filters as filters
from django import forms

from orgs.models import Department, Level, Organization
from services.figure_filters import FigureFilter
from services.models import Mode, ServiceRequest, Status

BOXES = {
    "todo": "待办",
    "open": "在办",
    "soon": "即将到期",
    "late": "超期",
    "done": "已办",
    "all": "全部",
}


def day_input():
    return forms.DateInput(attrs={"type": "date"})


class RequestFilter(FigureFilter):
    q = filters.CharFilter(label="关键词", method="search", help_text="")
    status = filters.ChoiceFilter(label="状态", choices=Status, empty_label="全部状态")
    mode = filters.ChoiceFilter(label="办理方式", choices=Mode, empty_label="全部方式")
    department = filters.ModelChoiceFilter(
        label="承办单位", queryset=Department.objects.none(), empty_label="全部单位"
    )
    since = filters.DateFilter(
        label="登记自", field_name="registered_at", lookup_expr="date__gte", widget=day_input()
    )
    until = filters.DateFilter(
        label="登记至", field_name="registered_at", lookup_expr="date__lte", widget=day_input()
    )

    class Meta:
        model = ServiceRequest
        fields = ()

    def __init__(self, data=None, *args, user, **kwargs):
        super().__init__(data, *args, user=user, **kwargs)
        units = Department.objects.active().visible_to(user).select_related("organization")
        self.form.fields["department"].queryset = units
        self.offer_townships(user)

    def offer_townships(self, user):
        """For readers of several townships a field; what a link has narrowed to stays chosen."""
        towns = Organization.objects.visible_to(user).active().filter(level=Level.TOWNSHIP)
        choices = [(town.pk, str(town)) for town in towns.order_by("path")]
        if len(choices) < 2:
            return
        field = self.form.fields["organization"]
        field.label = "组织（含下级）"  # before validation: a bound field keeps its label
        if self.is_bound and self.form.is_valid():
            place = self.form.cleaned_data["organization"]
            if place and (place.pk, str(place)) not in choices:
                choices.insert(0, (place.pk, str(place)))
        field.widget = forms.Select(choices=[("", "全部组织"), *choices])
        self.form.order_fields(["q", "organization"])

    def search(self, queryset, name, value):
        return queryset.find(value)


def in_box(queryset, box, user):
    """待办 / 在办 / 即将到期 / 超期 / 已办 / 全部."""
    return {
        "todo": lambda: queryset.awaiting(user),
        "open": queryset.open,
        "soon": queryset.due_soon,
        "late": queryset.overdue,
        "done": queryset.answered,
        "all": queryset.all,
    }[box]()
