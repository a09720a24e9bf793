"""Lists of the service desk: what a row shows is also what its export holds."""

from datetime import timedelta

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince

from orgs.models.calendar import workdays
from orgs.tables import NOWRAP, MomentColumn
from services.lights import light_of
from services.models import Draft, ServiceRequest


class RequestTable(tables.Table):
    number = tables.Column(verbose_name="编号", linkify=True, orderable=False, attrs=NOWRAP)
    subject = tables.Column(verbose_name="事项", orderable=False)
    citizen = tables.Column(verbose_name="群众", orderable=False, attrs=NOWRAP)
    organization = tables.Column(verbose_name="登记组织", orderable=False)
    handler = tables.Column(verbose_name="承办", orderable=False, empty_values=())
    status = tables.Column(verbose_name="状态", orderable=False, attrs=NOWRAP)
    registered_at = MomentColumn(verbose_name="登记时间", format="Y年n月j日 H:i")
    due_at = tables.Column(verbose_name="时限", empty_values=())

    class Meta:
        model = ServiceRequest
        fields = (
            "number", "subject", "citizen", "organization", "handler", "status",
            "registered_at", "due_at",
        )  # fmt: skip
        order_by_field = "sort"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.days, self.now = workdays(), timezone.now()

    def value_handler(self, record):
        unit = record.department.name if record.department else ""
        person = record.handler or ("待签收" if record.status == "DISPATCHED" else "")
        return " · ".join(filter(None, [unit, str(person)])) or "—"

    render_handler = value_handler

    def render_due_at(self, record):
        light = light_of(record, self.days, self.now)
        return render_to_string("ui/light.html", {"light": light}) if light.words else "—"

    def value_due_at(self, record):
        """With the day: what is left of it is another number tomorrow."""
        words, day = light_of(record, self.days, self.now).words, record.due_on or record.decide_by
        return f"{day:%Y-%m-%d}（{words}）" if words and day else words


class DraftTable(tables.Table):
    """What the writer put aside; never exported."""

    subject = tables.Column(verbose_name="诉求", linkify=True)
    masked_name = tables.Column(verbose_name="群众", default="未填")
    updated_at = tables.Column(verbose_name="暂存时间")
    expires_at = MomentColumn(verbose_name="自动删除", format="n月j日 H:i")
    discard = tables.Column(verbose_name="操作", accessor="pk")

    class Meta:
        model = Draft
        fields = ()

    def render_updated_at(self, value):
        at = timezone.localtime(value)
        age = timezone.now() - value
        words = "刚刚" if age < timedelta(minutes=1) else f"{timesince(value, depth=1)}前"
        return f"{at:%-m月%-d日 %H:%M}（{words}）"

    def render_discard(self, record):
        url = reverse("services:draft_discard", args=[record.pk])
        return format_html(
            '<a href="{}">删除<span class="visually-hidden">：{}</span></a>', url, record.subject
        )
