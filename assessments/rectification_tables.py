"""The list of 整改 and what it can be narrowed by."""

import django_filters as filters
import django_tables2 as tables
from django.template.loader import render_to_string

from assessments.lights import window_light
from assessments.models import Rectification, database_today
from orgs.lights import Light
from orgs.models import Sector
from orgs.tables import tag

BOXES = {"mine": "待我办", "open": "未销号", "closed": "已销号", "all": "全部"}


class RectificationFilter(filters.FilterSet):
    q = filters.CharFilter(label="党组织名称或代码", method="search")
    cause = filters.ChoiceFilter(label="来由", choices=Rectification.Cause, empty_label="全部来由")
    status = filters.ChoiceFilter(
        label="状态", choices=Rectification.Status, empty_label="全部状态"
    )
    sector = filters.ChoiceFilter(
        label="领域", choices=Sector, empty_label="全部领域", field_name="assessment__sector"
    )
    year = filters.NumberFilter(label="年度", field_name="assessment__cycle__year")
    late = filters.ChoiceFilter(
        label="期限", choices=[("yes", "逾期")], method="by_lateness", empty_label="不限"
    )

    class Meta:
        model = Rectification
        fields = ()

    def search(self, queryset, name, value):
        return queryset.filter(assessment__name__icontains=value) | queryset.filter(
            assessment__organization__code__startswith=value
        )

    def by_lateness(self, queryset, name, value):
        return queryset.overdue() if value else queryset


def rectification_light(row, today) -> Light:
    if row.status == Rectification.Status.CLOSED:
        return Light("done", "已销号")
    if row.status == Rectification.Status.REPORTED:
        return Light("yellow", "待复查")
    return window_light(row.due_on, today)


class RectificationTable(tables.Table):
    problem = tables.Column(verbose_name="问题", linkify=lambda record: record.get_absolute_url())
    name = tables.Column(verbose_name="责任党组织", accessor="assessment__name")
    year = tables.Column(verbose_name="年度", accessor="assessment__cycle__year")
    cause = tables.Column(verbose_name="来由")
    person = tables.Column(verbose_name="责任人", default="—")
    due_on = tables.DateColumn(verbose_name="期限", format="Y年n月j日")
    status = tables.Column(verbose_name="状态")
    light = tables.Column(verbose_name="亮灯", accessor="pk", empty_values=(), orderable=False)

    class Meta:
        order_by_field = "sort"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = database_today()

    def render_status(self, record):
        return tag(record.get_status_display())

    def value_status(self, record):
        return record.get_status_display()

    def value_due_on(self, value):
        return value

    def render_light(self, record):
        light = rectification_light(record, self.today)
        return render_to_string("ui/light.html", {"light": light})

    def value_light(self, record):
        return rectification_light(record, self.today).words
