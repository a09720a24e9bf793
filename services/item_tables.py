"""The list of service items; its export also holds what only the item's page shows."""

import django_tables2 as tables

from services.models import ServiceItem


def only_exported(label, accessor):
    return tables.Column(verbose_name=label, accessor=accessor, visible=False, default="")


class ItemTable(tables.Table):
    name = tables.Column(
        verbose_name="事项",
        accessor="current__name",
        linkify=lambda record: record.get_absolute_url(),
    )
    code = tables.Column(verbose_name="编码")
    department = tables.Column(verbose_name="承办单位", accessor="department__name")
    organization = tables.Column(verbose_name="所属党组织", order_by="organization__path")
    mode = tables.Column(
        verbose_name="办理方式", accessor="current__get_mode_display", order_by="current__mode"
    )
    promise = tables.Column(
        verbose_name="承诺时限",
        accessor="current__promise_words",
        order_by="current__promised_days",
    )
    openness = tables.Column(verbose_name="公开完整度")
    category = only_exported("分类", "current__category__full_name")
    statutory = only_exported("法定时限（工作日）", "current__statutory_days")
    conditions = only_exported("办理条件", "current__conditions")
    materials = only_exported("所需材料", "current__materials")
    steps = only_exported("办理流程", "current__steps")
    fee = only_exported("收费", "current__fee")
    result = only_exported("办理结果", "current__result")
    handler = only_exported("承办人", "current__handler_name")
    phone = only_exported("联系电话", "current__handler_phone")
    version = only_exported("版本", "current__number")
    is_active = tables.Column(verbose_name="状态")

    class Meta:
        model = ServiceItem
        fields = ()
        order_by_field = "sort"

    def render_openness(self, value):
        return f"{value}%"

    def value_is_active(self, value):
        return "启用" if value else "停用"

    render_is_active = value_is_active
