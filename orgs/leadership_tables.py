"""Lists of secretaries, terms and vacancies; the export of each can be imported again."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone

from orgs.lights import term_light, vacancy_light
from orgs.tables import DAY, tag


def shown(light):
    return render_to_string("ui/light.html", {"light": light})


class DueColumn(tables.Column):
    """A day, said in full on the page and as a date in the export."""

    def render(self, value):
        return f"{value:%Y年%-m月%-d日}"

    def value(self, value):
        return value


class SecretaryTable(tables.Table):
    organization = tables.Column(
        verbose_name="党组织名称",
        accessor="committee__organization",
        order_by="committee__organization__path",
        linkify=lambda record: record.committee.get_absolute_url(),
    )
    code = tables.Column(
        verbose_name="党组织代码", accessor="committee__organization__code", visible=False
    )
    name = tables.Column(verbose_name="姓名")
    post = tables.Column(verbose_name="职务", visible=False)
    source = tables.Column(verbose_name="来源", default="—")
    started = tables.Column(verbose_name="任职时间", order_by="started_on", default="—")
    term = tables.Column(verbose_name="届次", accessor="committee__term", visible=False)
    elected = tables.Column(verbose_name="当选日期", accessor="committee__elected", visible=False)
    due_on = DueColumn(verbose_name="应换届时间", accessor="committee__due_on", default="—")
    age = tables.Column(verbose_name="年龄", empty_values=(), orderable=False)
    education = tables.Column(
        verbose_name="学历", accessor="member__get_education_display", orderable=False, default="—"
    )
    concurrent = tables.Column(
        verbose_name="兼任", empty_values=(), orderable=False, attrs={"td": {"class": "clip"}}
    )
    is_full_time = tables.Column(
        verbose_name="专职或兼职", accessor="full_time_words", visible=False, default=""
    )
    shown_phone = tables.Column(verbose_name="手机", orderable=False, default="—")
    note = tables.Column(verbose_name="备注", visible=False, default="")

    class Meta:
        order_by_field = "sort"
        empty_text = "没有符合条件的书记"

    def value_organization(self, record):
        return record.committee.organization.name

    def render_age(self, record):
        age = record.member and record.member.age_on(timezone.localdate())
        return f"{age} 岁" if age else "—"

    def value_age(self, record):
        return (record.member and record.member.age_on(timezone.localdate())) or ""

    def value_started(self, value):
        return value.isoformat() if value else ""

    def value_elected(self, value):
        return value.isoformat() if value else ""

    def value_concurrent(self, record):
        both = ["村（居）委会主任（一肩挑）" if record.heads_village else "", record.concurrent]
        return "；".join(filter(None, both))

    def render_concurrent(self, record):
        if record.heads_village and not record.concurrent:
            return tag("一肩挑")
        return self.value_concurrent(record) or "—"


class TermTable(tables.Table):
    organization = tables.Column(
        verbose_name="党组织名称", order_by="organization__path",
        linkify=lambda record: record.get_absolute_url(),
    )  # fmt: skip
    code = tables.Column(verbose_name="党组织代码", accessor="organization__code", visible=False)
    term = tables.Column(verbose_name="届次", default="—")
    secretary = tables.Column(verbose_name="书记", orderable=False, empty_values=())
    elected = tables.Column(verbose_name="当选日期", order_by="elected_on", default="—")
    due_on = DueColumn(verbose_name="应换届日期", default="—")
    light = tables.Column(verbose_name="状态", empty_values=(), orderable=False, accessor="due_on")
    extension_document = tables.Column(verbose_name="延期批复", default="", visible=False)

    class Meta:
        order_by_field = "sort"

    def value_organization(self, record):
        return record.organization.name

    def render_term(self, value):
        return f"第 {value} 届"

    def value_term(self, value):
        return value

    def render_secretary(self, value):
        return value or tag("空缺")

    def value_secretary(self, value):
        return value or "空缺"

    def value_elected(self, value):
        return value.isoformat() if value else ""

    def render_light(self, record):
        light = term_light(record.due_on, timezone.localdate())
        return shown(light) if light else record.without_term_words

    def value_light(self, record):
        light = term_light(record.due_on, timezone.localdate())
        return light.words if light else record.without_term_words


class VacancyTable(tables.Table):
    name = tables.Column(verbose_name="党组织名称", linkify=True, order_by="path")
    code = tables.Column(verbose_name="党组织代码", visible=False)
    parent_name = tables.Column(verbose_name="上级", orderable=False, default="—")
    kind = tables.Column(verbose_name="类别")
    last_led_on = tables.DateColumn(verbose_name="有书记到", format=DAY, default="—")
    light = tables.Column(
        verbose_name="空缺", empty_values=(), orderable=False, accessor="last_led_on"
    )

    class Meta:
        order_by_field = "sort"

    def value_last_led_on(self, value):
        return value or ""

    def render_light(self, record):
        return shown(vacancy_light(record.last_led_on, timezone.localdate()))

    def value_light(self, record):
        return vacancy_light(record.last_led_on, timezone.localdate()).words
