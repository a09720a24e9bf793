"""The work list of assessors and the lists of spot checks, and what they can be narrowed by."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from assessments.models import Assessment, Cycle, SpotCheckItem
from orgs.filters import named
from orgs.models import Level, Sector
from orgs.tables import MOMENT, MomentColumn, tag

BOXES = {
    "todo": "待打分",
    "ready": "待定稿",
    "advise": "待填意见",
    "done": "已定稿",
    "all": "全部",
}
FLAGS = {
    "gap": "差距大",
    "disputed": "两人不一致",
    "checked": "抽查",
    "no_opinion": "缺意见",
}
WIDE_GAP = Q(review__gap__gt=F("cycle__scheme__gap_flag"))
DISPUTED = Q(review__difference_found__gt=F("cycle__scheme__difference_flag"))
NO_OPINION = Q(is_vertical=True, local_opinion__score__isnull=True)
CHECKED = Exists(SpotCheckItem.objects.filter(assessment=OuterRef("pk")))


class ReviewFilter(filters.FilterSet):
    place = filters.CharFilter(label="党组织（代码或名称）", method="at")
    cycle = filters.ModelChoiceFilter(
        label="年度考核", queryset=Cycle.objects.none(), empty_label="全部年度"
    )
    sector = filters.ChoiceFilter(label="领域", choices=Sector, empty_label="全部领域")
    level = filters.ChoiceFilter(label="层级", choices=Level, empty_label="全部层级")
    status = filters.ChoiceFilter(label="状态", choices=Assessment.Status, empty_label="全部状态")
    flag = filters.ChoiceFilter(
        label="提示", choices=list(FLAGS.items()), method="flagged", empty_label="全部"
    )

    class Meta:
        model = Assessment
        fields = ()

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.filters["cycle"].field
        field.queryset = Cycle.objects.visible_to(user).select_related("organization")

    def at(self, queryset, name, value):
        return queryset.filter(organization__in=named(value.strip()))

    def flagged(self, queryset, name, value):
        conditions = {
            "gap": WIDE_GAP, "disputed": DISPUTED, "checked": CHECKED, "no_opinion": NO_OPINION,
        }  # fmt: skip
        return queryset.filter(conditions[value])


def flag_words(record) -> list[str]:
    """What is remarkable about a row of `Assessment` that `for_review_list` read."""
    review, scheme = getattr(record, "review", None), record.cycle.scheme
    opinion = getattr(record, "local_opinion", None)
    found = {
        "gap": review and review.gap is not None and review.gap > scheme.gap_flag,
        "disputed": review
        and review.difference_found is not None
        and review.difference_found > scheme.difference_flag,
        "checked": record.is_checked,
        "no_opinion": record.is_vertical and (opinion is None or opinion.is_missing),
    }
    return [FLAGS[name] for name, holds in found.items() if holds]


class ReviewTable(tables.Table):
    name = tables.Column(verbose_name="党组织")
    cycle = tables.Column(verbose_name="年度", accessor="cycle__year", order_by="cycle__year")
    sector = tables.Column(verbose_name="领域")
    level = tables.Column(verbose_name="层级", empty_values=())
    status = tables.Column(verbose_name="状态")
    submitted_at = MomentColumn(verbose_name="提交时间", format="n月j日", default="—")
    scorers = tables.Column(verbose_name="考评人", accessor="pk", orderable=False, empty_values=())
    total = tables.Column(verbose_name="考评分", accessor="review__total", default="—")
    flags = tables.Column(verbose_name="提示", accessor="pk", orderable=False, empty_values=())

    class Meta:
        order_by_field = "sort"

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def render_name(self, record):
        return format_html(
            '<a href="{}">{}</a>', reverse("assessments:review", args=[record.pk]), record.name
        )

    def value_name(self, record):
        return record.name

    def render_level(self, record):
        return dict(Level.choices).get(record.level, "—")

    def value_scorers(self, record):
        review = getattr(record, "review", None)
        return "、".join(str(person) for person in review.scorers.all()) if review else ""

    def render_scorers(self, record):
        return self.value_scorers(record) or "—"

    def render_total(self, record, value):
        """Before the confirmation only for who gave the points: others may yet score blind."""
        if record.status == Assessment.Status.REVIEWED or self.user in record.review.scorers.all():
            return value
        return "未定稿"

    def value_flags(self, record):
        return "、".join(flag_words(record))

    def render_flags(self, record):
        return format_html_join(" ", "{}", ((tag(word),) for word in flag_words(record))) or "—"


class SpotCheckTable(tables.Table):
    drawn_at = MomentColumn(verbose_name="抽取时间", format=MOMENT, linkify=True)
    cycle = tables.Column(verbose_name="年度考核")
    extent = tables.Column(verbose_name="每组")
    seed = tables.Column(verbose_name="随机种子")
    drawn = tables.Column(verbose_name="抽取")
    waiting = tables.Column(verbose_name="待核查")
    different = tables.Column(verbose_name="不一致")
    drawn_by = tables.Column(verbose_name="抽取人")

    class Meta:
        orderable = False
        order_by_field = "sort"

    def render_drawn(self, record, value):
        return f"{value} 个"


class SpotCheckItemTable(tables.Table):
    number = tables.Column(verbose_name="序号")
    name = tables.Column(verbose_name="党组织", accessor="assessment__name")
    sector = tables.Column(verbose_name="领域", accessor="assessment__sector")
    level = tables.Column(verbose_name="层级", accessor="assessment__level", empty_values=())
    outcome = tables.Column(verbose_name="结果", empty_values=())
    note = tables.Column(verbose_name="情况说明", default="—")
    checked_by = tables.Column(verbose_name="核查人", default="—")
    checked_at = MomentColumn(verbose_name="核查时间", format="n月j日 H:i", default="—")

    class Meta:
        orderable = False
        order_by_field = "sort"

    def render_name(self, record, value):
        address = reverse("assessments:spot_check_report", args=[record.spot_check_id, record.pk])
        return format_html('<a href="{}">{}</a>', address, value)

    def value_name(self, value):
        return value

    def render_sector(self, record):
        return record.assessment.get_sector_display()

    def render_level(self, record):
        return dict(Level.choices).get(record.assessment.level, "—")

    def value_outcome(self, record):
        return record.get_outcome_display() or "待核查"

    def render_outcome(self, record):
        return tag(self.value_outcome(record))
