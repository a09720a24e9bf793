"""Tables of the dashboards; each row is a dict, and `<column>_url` leads to what is behind it."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html

from services.tables import RequestTable


def way(record, bound_column):
    return record.get(f"{bound_column.name}_url")


class LinkColumn(tables.Column):
    def __init__(self, label, **options):
        super().__init__(verbose_name=label, linkify=way, **options)


class NumberColumn(LinkColumn):
    """A number that leads to its cases; 0 leads nowhere."""

    def __init__(self, label, **options):
        attrs = {"th": {"class": "num"}, "td": {"class": "num"}}
        super().__init__(label, attrs=attrs, **options)

    def render(self, value):
        return f"{value:,}" if isinstance(value, int) else value

    def value(self, value):
        return value


class RateColumn(tables.Column):
    """95.8% and 7,603 / 7,936, in the export as one."""

    def __init__(self, label, **options):
        attrs = {"th": {"class": "num"}, "td": {"class": "num"}}
        super().__init__(verbose_name=label, attrs=attrs, **options)

    def render(self, value):
        text = '{}<br><span class="muted small">{}</span>'
        return format_html(text, value.percent, value.counts)

    def value(self, value):
        return f"{value.percent}（{value.counts}）"


class FigureTable(tables.Table):
    """Small enough to be read whole: nothing to sort, nothing to turn over."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, orderable=False, **kwargs)


class RateTable(FigureTable):
    label = tables.Column(verbose_name="指标")
    rate = RateColumn("比率")
    before = RateColumn("上期")
    missed = NumberColumn("未达到")
    coverage = tables.Column(verbose_name="覆盖")
    waiting = NumberColumn("未计入")
    excluded = NumberColumn("剔除")
    self_entered = tables.Column(verbose_name="回访代录")
    late_entries = NumberColumn("补录")

    def __init__(self, *args, before_words="上期", **kwargs):
        super().__init__(*args, **kwargs)
        self.columns["before"].column.verbose_name = before_words

    def render_label(self, value, record):
        text = '<b>{}</b><br><span class="muted small">{}</span>'
        return format_html(text, value, record["formula"])

    def value_label(self, value, record):
        return f"{value}（{record['formula']}）"


class BranchTable(FigureTable):
    name = LinkColumn("组织")
    registered = NumberColumn("登记")
    answered = NumberColumn("答复")
    open = NumberColumn("在办")
    light = tables.Column(verbose_name="亮灯")
    on_time = RateColumn("按期办结率")
    satisfied = RateColumn("满意率")

    def render_light(self, value, record):
        light = render_to_string("ui/light.html", {"light": value})
        if record["light_url"]:
            light = format_html(
                '<a class="light-link" href="{}">{}</a>', record["light_url"], light
            )
        also = format_html('<br><span class="muted small">{}</span>', record["also"])
        return light + also if record["also"] else light

    def value_light(self, value, record):
        return "，".join(filter(None, [value.words, record["also"]]))


class MonthTable(FigureTable):
    month = tables.Column(verbose_name="月份")
    registered = NumberColumn("登记")
    answered = NumberColumn("首次答复")
    open = tables.Column(
        verbose_name="月末在办", attrs={"th": {"class": "num"}, "td": {"class": "num"}}
    )


class BacklogTable(FigureTable):
    age = tables.Column(verbose_name="收到至今")
    count = NumberColumn("在办")
    late = NumberColumn("其中超期")
    share = NumberColumn("占在办")


class ShareTable(FigureTable):
    name = tables.Column(verbose_name="名称")
    count = NumberColumn("登记")
    share = NumberColumn("占比")
    overdue = NumberColumn("现超期")

    def __init__(self, *args, what="名称", **kwargs):
        super().__init__(*args, **kwargs)
        self.columns["name"].column.verbose_name = what


class OverdueTable(RequestTable):
    class Meta:
        exclude = ("citizen", "registered_at")
        sequence = ("number", "subject", "due_at", "organization", "handler", "status")
        orderable = False


class ExcludedTable(FigureTable):
    number = LinkColumn("编号")
    subject = tables.Column(verbose_name="事项")
    organization = tables.Column(verbose_name="登记组织")
    reason = tables.Column(verbose_name="剔除理由")
    proposed = tables.Column(verbose_name="申请")
    decided = tables.Column(verbose_name="批准")


class UnitTable(FigureTable):
    name = tables.Column(verbose_name="承办单位", attrs={"td": {"class": "text-nowrap"}})
    open = NumberColumn("在办")
    waiting = NumberColumn("待签收")
    soon = NumberColumn("即将到期")
    overdue = NumberColumn("超期")
    assisting = NumberColumn("协办")
    received = NumberColumn("接单")
    returned = NumberColumn("退单")
    days = NumberColumn("用时（天）")

    def render_returned(self, value, record):
        text = '{}<br><span class="muted small">{}</span>'
        return format_html(text, value, record["share"]) if value and record["share"] else value

    def value_returned(self, value):
        return value


class HandlerTable(FigureTable):
    name = tables.Column(verbose_name="承办人")
    unit = tables.Column(verbose_name="承办单位")
    open = NumberColumn("在办")
    soon = NumberColumn("即将到期")
    overdue = NumberColumn("超期")


class ReturnTable(FigureTable):
    number = LinkColumn("编号")
    subject = tables.Column(verbose_name="事项")
    returns = NumberColumn("退单次数")
    route = tables.Column(verbose_name="经过单位")
    reasons = tables.Column(verbose_name="退单依据")
    status = tables.Column(verbose_name="现状")
