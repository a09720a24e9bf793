"""The list of reply templates, and what it can be narrowed by."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q
from django.utils.html import format_html

from services.models import ReplyTemplate

ACTIVE = [("yes", "启用"), ("no", "停用")]


class ReplyTemplateFilter(filters.FilterSet):
    q = filters.CharFilter(label="名称或内容", method="search")
    active = filters.ChoiceFilter(
        label="状态", method="by_state", choices=ACTIVE, empty_label="全部状态"
    )

    class Meta:
        model = ReplyTemplate
        fields = ()

    def search(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value) | Q(text__icontains=value))

    def by_state(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")


class ReplyTemplateTable(tables.Table):
    name = tables.Column(verbose_name="名称")
    scope = tables.Column(verbose_name="适用", accessor="scope_words", orderable=False)
    owner = tables.Column(verbose_name="谁来用", empty_values=(), orderable=False)
    text = tables.Column(verbose_name="内容", orderable=False)
    uses = tables.Column(verbose_name="用过")
    is_active = tables.Column(verbose_name="状态")

    class Meta:
        model = ReplyTemplate
        fields = ()
        order_by_field = "sort"

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def render_name(self, record):
        if not record.may_maintain(self.user):
            return record.name
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.name)

    def value_name(self, value):
        return value

    def value_owner(self, record):
        return str(record.department or f"{record.organization}（全部单位）")

    render_owner = value_owner

    def render_text(self, value):
        return value if len(value) <= 60 else f"{value[:60]}…"

    def value_text(self, value):
        return value

    def value_is_active(self, value):
        return "启用" if value else "停用"

    render_is_active = value_is_active
