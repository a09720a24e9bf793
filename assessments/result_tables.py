"""结果 of a cycle: the ranking within sector × level, and what it can be narrowed by."""

import django_filters as filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from assessments.cycle_tables import PlaceFilter
from assessments.models import Cycle, Result
from orgs.models import Level, Sector
from orgs.tables import tag

STARS = [(number, f"{number} 星") for number in range(5, 0, -1)]


def star_words(stars) -> str:
    return "★" * stars


class ResultFilter(PlaceFilter):
    to_organization = "assessment__organization"

    q = filters.CharFilter(label="名称或代码", method="search")
    sector = filters.ChoiceFilter(
        label="领域", choices=Sector, empty_label="全部领域", field_name="assessment__sector"
    )
    level = filters.ChoiceFilter(
        label="层级", choices=Level, empty_label="全部层级", field_name="assessment__level"
    )
    stars = filters.ChoiceFilter(label="星级", choices=STARS, empty_label="全部星级")
    tier = filters.ChoiceFilter(label="等次", choices=Result.Tier, empty_label="全部等次")
    pending = filters.ChoiceFilter(
        label="待定", choices=[("yes", "待定")], method="by_pending", empty_label="不限"
    )

    class Meta:
        model = Result
        fields = ()

    def search(self, queryset, name, value):
        return queryset.filter(assessment__name__icontains=value) | queryset.filter(
            assessment__organization__code__startswith=value
        )

    def by_pending(self, queryset, name, value):
        return queryset.filter(is_pending=True) if value else queryset


class ResultTable(tables.Table):
    """Without a column to sort by: organizations of different groups are not compared."""

    name = tables.Column(verbose_name="党组织", accessor="assessment__name")
    sector = tables.Column(verbose_name="领域", accessor="assessment__sector")
    level = tables.Column(verbose_name="层级", accessor="assessment__level", empty_values=())
    rank = tables.Column(verbose_name="名次", empty_values=())
    stars = tables.Column(verbose_name="星级", empty_values=())
    tier = tables.Column(verbose_name="等次", default="—")
    total = tables.Column(verbose_name="总分", default="—")
    own = tables.Column(verbose_name="自评", default="—")
    public = tables.Column(verbose_name="群众测评", default="—")
    review = tables.Column(verbose_name="组织考评", default="—")
    bonus = tables.Column(verbose_name="加分")
    turnout = tables.Column(verbose_name="有效票/应参评", accessor="valid", empty_values=())

    class Meta:
        orderable = False

    def render_sector(self, record):
        return record.assessment.get_sector_display()

    def render_level(self, record):
        return dict(Level.choices).get(record.assessment.level, "—")

    def render_rank(self, record):
        if record.is_pending:
            return "—"
        return format_html("{}&nbsp;/&nbsp;{}", record.rank, record.group_size)

    def value_rank(self, record):
        return "" if record.is_pending else record.rank

    def render_tier(self, record):
        return tag(record.get_tier_display())

    def value_tier(self, record):
        return record.get_tier_display()

    def render_name(self, record, value):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), value)

    def value_name(self, value):
        return value

    def render_stars(self, record):
        if record.is_pending:
            return tag("待定")
        words = f"{record.stars} 星"
        return format_html('<span role="img" aria-label="{}">{}</span>', words,
                           star_words(record.stars))  # fmt: skip

    def value_stars(self, record):
        return "待定" if record.is_pending else record.stars

    def render_turnout(self, record):
        return f"{record.valid} / {record.eligible}" if record.eligible else "—"


class ResultCycleTable(tables.Table):
    year = tables.Column(verbose_name="年度")
    organization = tables.Column(verbose_name="考核范围")
    status = tables.Column(verbose_name="状态")
    publication_from = tables.DateColumn(verbose_name="公示开始", format="Y年n月j日")
    publication_until = tables.DateColumn(verbose_name="公示截止", format="Y年n月j日")
    appeal_until = tables.DateColumn(verbose_name="申诉截止", format="Y年n月j日")

    class Meta:
        model = Cycle
        fields = ()
        orderable = False

    def render_year(self, record):
        url = reverse("assessments:results", args=[record.pk])
        return format_html('<a href="{}">{} 年</a>', url, record.year)

    def render_status(self, record):
        return tag(record.get_status_display())
