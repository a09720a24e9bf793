"""Lists of errands and the ledger of cadres: what a row shows is what its export holds."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from orgs.models.calendar import workdays
from orgs.tables import MomentColumn
from services.errands import light_of
from services.models import Delegation

DAY = "Y年n月j日"


def address_of(record) -> str:
    return record.get_absolute_url()


class ErrandTable(tables.Table):
    subject = tables.Column(verbose_name="事项", accessor="request__subject", linkify=address_of)
    citizen = tables.Column(verbose_name="群众", accessor="request__citizen")
    organization = tables.Column(verbose_name="组织", accessor="request__organization")
    agent = tables.Column(verbose_name="代办员")
    state = tables.Column(verbose_name="代办状态")
    status = tables.Column(verbose_name="办件状态", accessor="request__get_status_display")
    entrusted_at = MomentColumn(verbose_name="委托日期", format=DAY)
    light = tables.Column(verbose_name="时限", empty_values=(), accessor="pk")

    class Meta:
        model = Delegation
        fields = ()
        orderable = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.days, self.now = workdays(), timezone.now()

    def render_citizen(self, record):
        if not is_first(record):
            return str(record.request.citizen)
        tagged = '{} <span class="tag">困难群体</span>'
        return format_html(tagged, record.request.citizen)

    def value_citizen(self, record):
        return f"{record.request.citizen}{'（困难群体）' if is_first(record) else ''}"

    def render_light(self, record):
        light = light_of(record, self.days, self.now)
        return render_to_string("ui/light.html", {"light": light}) if light else "—"

    def value_light(self, record):
        light = light_of(record, self.days, self.now)
        return light.words if light else ""


def is_first(record) -> bool:
    return record.request.citizen.is_vulnerable


class CaseTable(ErrandTable):
    """The cases behind a cadre's figures."""

    number = tables.Column(verbose_name="编号", accessor="request__number", visible=False)
    organization = tables.Column(
        verbose_name="组织", accessor="request__organization", visible=False
    )
    submit_by = tables.DateColumn(verbose_name="报送期限", format=DAY)
    submitted_at = MomentColumn(verbose_name="报送", format=DAY, default="—")
    returned_at = MomentColumn(verbose_name="回交", format=DAY, default="—")

    class Meta(ErrandTable.Meta):
        exclude = ("agent", "light", "status")
        sequence = (
            "subject", "citizen", "number", "organization", "state", "entrusted_at", "submit_by",
            "submitted_at", "returned_at",
        )  # fmt: skip


class LedgerTable(tables.Table):
    """One row a cadre; every rate with its numerator and denominator."""

    name = tables.Column(verbose_name="代办员")
    organization = tables.Column(verbose_name="组织", default="—")
    entrusted = tables.Column(verbose_name="受托")
    vulnerable = tables.Column(verbose_name="困难群体")
    on_time = tables.Column(verbose_name="按期报送", order_by="rate")
    done = tables.Column(verbose_name="回交")
    ended = tables.Column(verbose_name="终止")
    visits = tables.Column(verbose_name="上门（次）")

    class Meta:
        order_by_field = "sort"

    def __init__(self, *args, query="", **kwargs):
        super().__init__(*args, **kwargs)
        self.query = query

    def render_name(self, record):
        url = reverse("services:errand_ledger_of", args=[record["agent"]])
        return format_html('<a href="{}?{}">{}</a>', url, self.query, record["name"])

    def value_name(self, record):
        return record["name"]

    def render_on_time(self, record):
        if not record["due"]:
            return "—"
        share = f"{record['on_time'] / record['due']:.0%}"
        return f"{record['on_time']}/{record['due']}（{share}）"

    value_on_time = render_on_time
