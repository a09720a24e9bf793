"""The list of 述职评议, held or not yet, and what it can be narrowed by."""

import django_filters as filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from assessments.models import Assessment, Cycle, Debriefing
from orgs.models import Level, Sector
from orgs.tables import tag

HELD = [("yes", "已述职"), ("no", "未述职")]


class DebriefingFilter(filters.FilterSet):
    q = filters.CharFilter(label="名称或代码", method="search")
    cycle = filters.ModelChoiceFilter(
        label="年度考核", queryset=Cycle.objects.none(), empty_label="全部年度"
    )
    sector = filters.ChoiceFilter(label="领域", choices=Sector, empty_label="全部领域")
    level = filters.ChoiceFilter(label="层级", choices=Level, empty_label="全部层级")
    held = filters.ChoiceFilter(label="述职", choices=HELD, method="by_held", empty_label="不限")
    grade = filters.ChoiceFilter(
        label="等次", choices=Debriefing.Grade, empty_label="全部等次",
        field_name="debriefing__grade",
    )  # fmt: skip

    class Meta:
        model = Assessment
        fields = ()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        cycles = Cycle.objects.visible_to(user).select_related("organization")
        self.filters["cycle"].field.queryset = cycles

    def search(self, queryset, name, value):
        return queryset.filter(name__icontains=value) | queryset.filter(
            organization__code__startswith=value
        )

    def by_held(self, queryset, name, value):
        return queryset.filter(debriefing__isnull=value == "no")


class DebriefingTable(tables.Table):
    name = tables.Column(verbose_name="党组织")
    year = tables.Column(verbose_name="年度", accessor="cycle__year")
    sector = tables.Column(verbose_name="领域")
    grade = tables.Column(verbose_name="等次", accessor="pk", empty_values=(), orderable=False)
    speaker = tables.Column(verbose_name="述职人", accessor="debriefing__speaker", default="—")
    held_on = tables.DateColumn(
        verbose_name="述职日期", accessor="debriefing__held_on", format="Y年n月j日", default="—"
    )
    delegate = tables.Column(verbose_name="上级派员", accessor="debriefing__delegate", default="—")
    votes = tables.Column(
        verbose_name="好/较好/一般/差", accessor="pk", empty_values=(), orderable=False
    )

    class Meta:
        order_by_field = "sort"

    def render_name(self, record, value):
        address = reverse("assessments:debriefing", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, value)

    def value_name(self, value):
        return value

    def value_grade(self, record):
        held = getattr(record, "debriefing", None)
        return held.get_grade_display() if held else "未述职"

    def render_grade(self, record):
        return tag(self.value_grade(record))

    def value_held_on(self, value):
        return value

    def render_votes(self, record):
        held = getattr(record, "debriefing", None)
        return f"{held.good}/{held.better}/{held.fair}/{held.poor}" if held else "—"
