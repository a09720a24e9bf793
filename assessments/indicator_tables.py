"""One indicator over all organizations of a cycle: who got how much, worst first."""

import django_filters as filters
import django_tables2 as tables
from django.forms import HiddenInput
from django.urls import reverse

from assessments.cycle_tables import PlaceFilter
from assessments.models import Answer
from orgs.models import Level, Sector


class IndicatorFilter(PlaceFilter):
    to_organization = "assessment__organization"

    #: Which indicator: kept while the list is narrowed.
    code = filters.CharFilter(method="keep", widget=HiddenInput)
    name = filters.CharFilter(method="keep", widget=HiddenInput)
    q = filters.CharFilter(label="名称或代码", method="search")
    sector = filters.ChoiceFilter(
        label="领域", choices=Sector, empty_label="全部领域", field_name="assessment__sector"
    )
    zero = filters.ChoiceFilter(
        label="得分", method="by_zero", choices=[("yes", "得零分")], empty_label="不限"
    )

    class Meta:
        model = Answer
        fields = ()

    def keep(self, queryset, name, value):
        return queryset

    def search(self, queryset, name, value):
        return queryset.filter(assessment__name__icontains=value) | queryset.filter(
            assessment__organization__code__startswith=value
        )

    def by_zero(self, queryset, name, value):
        return queryset.filter(assessed=0) if value else queryset


def answer_url(record) -> str:
    return reverse("assessments:answer", args=[record.assessment_id, record.pk])


class IndicatorAnswerTable(tables.Table):
    name = tables.Column(verbose_name="党组织", accessor="assessment__name", linkify=answer_url)
    sector = tables.Column(verbose_name="领域", accessor="assessment__sector")
    level = tables.Column(verbose_name="层级", accessor="assessment__level")
    figure = tables.Column(verbose_name="取数", accessor="get_figure_display", default="—")
    own = tables.Column(verbose_name="自评", accessor="own_points", default="—")
    assessed = tables.Column(verbose_name="考评", default="—")
    points = tables.Column(verbose_name="分值", accessor="indicator__points")
    share = tables.Column(verbose_name="得分率")

    class Meta:
        orderable = False

    def render_sector(self, record):
        return record.assessment.get_sector_display()

    def render_level(self, value):
        return Level(value).label if value in Level.values else value

    def render_share(self, value):
        return f"{value * 100:.1f}%"

    def value_share(self, value):
        return round(value * 100, 1)
