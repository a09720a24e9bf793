"""The list of transfers, and what it can be narrowed by."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html

from orgs.filters import named
from orgs.models import Transfer
from orgs.models.transfer import WARNING_DAYS
from orgs.tables import tag

BOXES = {
    "mine": "待我接收",
    "open": "办理中",
    "expiring": "快过期",
    "in": "转入",
    "out": "转出",
    "all": "全部",
}


class TransferFilter(filters.FilterSet):
    q = filters.CharFilter(label="姓名、拼音或首字母", method="search")
    place = filters.CharFilter(label="党组织或外地单位", method="at")
    kind = filters.ChoiceFilter(label="类别", choices=Transfer.Kind, empty_label="全部类别")
    status = filters.ChoiceFilter(label="状态", choices=Transfer.Status, empty_label="全部状态")
    started_on = filters.DateFromToRangeFilter(label="介绍信日期")

    class Meta:
        model = Transfer
        fields = ()

    def search(self, queryset, name, value):
        typed = "".join(value.split()).lower()
        return queryset.filter(
            Q(member__name__icontains=typed)
            | Q(member__name_pinyin__startswith=typed)
            | Q(member__name_initials__startswith=typed)
        )

    def at(self, queryset, name, value):
        places = named(value.strip())
        return queryset.filter(
            Q(from_organization__in=places)
            | Q(to_organization__in=places)
            | Q(from_place__icontains=value)
            | Q(to_place__icontains=value)
        )


class TransferTable(tables.Table):
    member = tables.Column(verbose_name="党员", linkify=lambda record: record.get_absolute_url())
    kind = tables.Column(verbose_name="类别")
    from_words = tables.Column(verbose_name="转出")
    to_words = tables.Column(verbose_name="接收")
    started_on = tables.DateColumn(verbose_name="介绍信日期", format="Y年n月j日")
    expires_on = tables.DateColumn(verbose_name="有效期至", format="Y年n月j日")
    status = tables.Column(verbose_name="状态")
    received_on = tables.DateColumn(verbose_name="接收日期", visible=False)
    letter_number = tables.Column(verbose_name="介绍信编号", visible=False)

    class Meta:
        orderable = False
        order_by_field = "sort"

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.today = user, timezone.localdate()

    def render_member(self, record):
        return record.name_for(self.user)

    value_member = render_member

    def value_started_on(self, value):
        return value

    value_expires_on = value_received_on = value_started_on

    def render_status(self, record):
        words = tag(record.get_status_display())
        if record.is_waiting and record.days_left < 0:
            return format_html('{} <span class="tone-red">介绍信已过期</span>', words)
        if record.is_waiting and record.days_left <= WARNING_DAYS:
            note = '{} <span class="tone-yellow">还有 {} 天过期</span>'
            return format_html(note, words, record.days_left)
        return words

    def value_status(self, record):
        return record.get_status_display()
