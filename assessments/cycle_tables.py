"""The list of cycles and the progress board of one, with what the board can be narrowed by."""

import django_filters as filters
import django_tables2 as tables
from django.forms import HiddenInput
from django.template.loader import render_to_string

from assessments.lights import deadline_light
from assessments.models import Assessment, Cycle, database_today
from assessments.tables import FigureTable, LinkColumn, NumberColumn
from orgs.models import Level, Organization, Sector
from orgs.tables import MomentColumn, tag


class CycleFilter(filters.FilterSet):
    year = filters.NumberFilter(label="年度")
    status = filters.ChoiceFilter(label="状态", choices=Cycle.Status, empty_label="全部状态")

    class Meta:
        model = Cycle
        fields = ()


class CycleTable(tables.Table):
    year = tables.Column(verbose_name="年度", linkify=lambda record: record.get_absolute_url())
    organization = tables.Column(verbose_name="考核范围")
    scheme = tables.Column(verbose_name="方案")
    status = tables.Column(verbose_name="状态")
    self_until = tables.DateColumn(verbose_name="自评截止", format="Y年n月j日")
    vote_until = tables.DateColumn(verbose_name="测评截止", format="Y年n月j日")
    review_until = tables.DateColumn(verbose_name="考评截止", format="Y年n月j日")
    publication_from = tables.DateColumn(verbose_name="公示开始", format="Y年n月j日")

    class Meta:
        orderable = False

    def render_year(self, value):
        return f"{value} 年"

    def render_status(self, record):
        return tag(record.get_status_display())

    def value_status(self, record):
        return record.get_status_display()

    def value_self_until(self, value):
        return value

    value_vote_until = value_review_until = value_publication_from = value_self_until


class BranchProgressTable(FigureTable):
    """进度 by the organizations one level down; `name_url` leads to what is below one of them."""

    name = LinkColumn("下级组织")
    total = NumberColumn("应填")
    not_started = NumberColumn("未开始")
    filling = NumberColumn("填报中")
    submitted = NumberColumn("已提交")
    returned = NumberColumn("退回")
    reviewed = NumberColumn("完成")
    late = NumberColumn("逾期未交")


class PlaceFilter(filters.FilterSet):
    """Where a number of the dashboard leads: a part of the tree, or one organization alone."""

    organization = filters.NumberFilter(method="within", widget=HiddenInput)
    own = filters.NumberFilter(method="at", widget=HiddenInput)
    #: How the rows lead to their organization.
    to_organization = "organization"

    def within(self, queryset, name, value):
        place = Organization.objects.filter(pk=value).first()
        if place is None:  # nothing was asked that there is
            return queryset
        return queryset.filter(**{f"{self.to_organization}__path__startswith": place.path})

    def at(self, queryset, name, value):
        return queryset.filter(**{f"{self.to_organization}": value})


class BoardFilter(PlaceFilter):
    q = filters.CharFilter(label="名称或代码", method="search")
    status = filters.ChoiceFilter(label="状态", choices=Assessment.Status, empty_label="全部状态")
    sector = filters.ChoiceFilter(label="领域", choices=Sector, empty_label="全部领域")
    level = filters.ChoiceFilter(label="层级", choices=Level, empty_label="全部层级")
    late = filters.ChoiceFilter(
        label="期限", method="by_lateness", choices=[("yes", "逾期未交或补报")], empty_label="不限"
    )

    class Meta:
        model = Assessment
        fields = ()

    def search(self, queryset, name, value):
        return queryset.filter(name__icontains=value) | queryset.filter(
            organization__code__startswith=value
        )

    def by_lateness(self, queryset, name, value):
        return queryset.late() if value else queryset


class BoardTable(tables.Table):
    name = tables.Column(verbose_name="党组织", linkify=lambda record: record.get_absolute_url())
    sector = tables.Column(verbose_name="领域")
    level = tables.Column(verbose_name="层级")
    status = tables.Column(verbose_name="状态")
    deadline = tables.Column(verbose_name="自评期限", empty_values=(), orderable=False)
    submitted_at = MomentColumn(verbose_name="提交时间", format="Y年n月j日 H:i")

    class Meta:
        model = Assessment
        fields = ()

    def render_level(self, value):
        return Level(value).label if value in Level.values else value

    def render_status(self, record):
        return tag(record.get_status_display())

    def value_status(self, record):
        return record.get_status_display()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = database_today()

    def render_deadline(self, record):
        light = deadline_light(record, self.today)
        return render_to_string("ui/light.html", {"light": light})

    def value_deadline(self, record):
        return deadline_light(record, self.today).words
