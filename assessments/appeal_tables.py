"""The list of 申诉 and what it can be narrowed by."""

import django_filters as filters
import django_tables2 as tables
from django.template.loader import render_to_string

from assessments.lights import window_light
from assessments.models import Appeal, database_today
from orgs.lights import Light
from orgs.tables import MomentColumn, tag


class AppealFilter(filters.FilterSet):
    status = filters.ChoiceFilter(label="状态", choices=Appeal.Status, empty_label="全部状态")
    year = filters.NumberFilter(label="年度", field_name="assessment__cycle__year")

    class Meta:
        model = Appeal
        fields = ()


class AppealTable(tables.Table):
    name = tables.Column(
        verbose_name="党组织", accessor="assessment__name",
        linkify=lambda record: record.get_absolute_url(),
    )  # fmt: skip
    year = tables.Column(verbose_name="年度", accessor="assessment__cycle__year")
    status = tables.Column(verbose_name="状态")
    filed_by = tables.Column(verbose_name="申诉人")
    filed_at = MomentColumn(verbose_name="申诉时间", format="Y年n月j日 H:i")
    due_on = tables.DateColumn(verbose_name="答复期限", format="Y年n月j日")
    light = tables.Column(verbose_name="亮灯", empty_values=(), accessor="pk")

    class Meta:
        orderable = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = database_today()

    def render_status(self, record):
        return tag(record.get_status_display())

    def value_status(self, record):
        return record.get_status_display()

    def value_due_on(self, value):
        return value

    def light_of(self, record):
        if record.status != Appeal.Status.FILED:
            return Light("done", "已答复")
        return window_light(record.due_on, self.today)

    def render_light(self, record):
        return render_to_string("ui/light.html", {"light": self.light_of(record)})

    def value_light(self, record):
        return self.light_of(record).words
