"""Lists of orgs: what a row shows is also what its export holds."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

MOMENT, DAY = "Y年n月j日 H:i", "Y年n月j日"


#: Of columns whose cells are short: a line of its own costs the row its height.
NOWRAP = {"td": {"class": "text-nowrap"}}


class MomentColumn(tables.DateTimeColumn):
    """Shown in words, exported as the moment that it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"attrs": NOWRAP, **kwargs})

    def value(self, value):
        return self.default if value is None else value


def tag(text):
    return format_html('<span class="tag">{}</span>', text)


class AccountTable(tables.Table):
    name = tables.Column(verbose_name="姓名", linkify=True)
    username = tables.Column(verbose_name="用户名")
    duty = tables.Column(verbose_name="类别")
    posts = tables.Column(verbose_name="任职", orderable=False, empty_values=(), accessor="pk")
    is_active = tables.Column(verbose_name="状态", empty_values=())
    last_login = MomentColumn(verbose_name="最近登录", format=MOMENT, default="从未登录")

    class Meta:
        order_by_field = "sort"

    def value_posts(self, record):
        return "；".join(str(post) for post in record.posts_today) or "—"

    render_posts = value_posts

    def value_is_active(self, record):
        if not record.is_active:
            return "停用"
        return "须改密码" if record.must_change_password else "正常"

    def render_is_active(self, record):
        words = self.value_is_active(record)
        return words if words == "正常" else tag(words)


class OrganizationTable(tables.Table):
    name = tables.Column(verbose_name="党组织", linkify=True, orderable=False)
    code = tables.Column(verbose_name="代码")
    kind = tables.Column(verbose_name="类别")
    sector = tables.Column(verbose_name="领域", default="—")
    level = tables.Column(verbose_name="层级")
    parent_name = tables.Column(verbose_name="上级", orderable=False, default="—")
    numchild = tables.Column(verbose_name="下级", orderable=False)

    class Meta:
        order_by_field = "sort"

    def __init__(self, *args, depth=1, **kwargs):
        super().__init__(*args, **kwargs)
        self.depth = depth

    def render_name(self, record):
        """Indented as the tree is, as long as the rows stand in its order."""
        step = 0 if self.order_by else min(max(record.depth - self.depth, 0), 4)
        closed = "" if record.is_active else tag("已撤销")
        return format_html('<span class="tree-{}">{}</span> {}', step, record.name, closed)

    def value_name(self, record):
        return record.name

    def render_numchild(self, record):
        if not record.numchild:
            return "—"
        link = '<a href="?under={}">{} 个<span class="visually-hidden">下级：{}</span></a>'
        return format_html(link, record.pk, record.numchild, record.name)

    def value_numchild(self, record):
        return record.numchild


class CentreTable(tables.Table):
    name = tables.Column(verbose_name="名称", linkify=True)
    kind = tables.Column(verbose_name="类别")
    organization = tables.Column(verbose_name="所属党组织", order_by="organization__path")
    telephone = tables.Column(verbose_name="咨询电话", orderable=False, default="—")
    units = tables.Column(verbose_name="承办单位")
    is_active = tables.Column(verbose_name="状态", orderable=False)

    class Meta:
        order_by_field = "sort"

    def render_is_active(self, value):
        return "启用" if value else tag("停用")

    def value_is_active(self, value):
        return "启用" if value else "停用"


class NoticeTable(tables.Table):
    title = tables.Column(verbose_name="消息", orderable=False)
    organization = tables.Column(verbose_name="组织", orderable=False, default="—")
    created_at = MomentColumn(verbose_name="时间", format=MOMENT, orderable=False)
    read_at = tables.Column(verbose_name="状态", orderable=False, empty_values=())

    class Meta:
        order_by_field = "sort"

    def render_title(self, record):
        return render_to_string("orgs/notice_cell.html", {"notice": record})

    def render_read_at(self, record):
        return "已读" if record.read_at else tag("未读")


class AuditTable(tables.Table):
    at = MomentColumn(
        verbose_name="时间",
        format="Y年n月j日 H:i:s",
        orderable=False,
        linkify=("orgs:audit_entry", [tables.A("pk")]),
    )
    actor_name = tables.Column(verbose_name="操作人", orderable=False)
    actor_post = tables.Column(verbose_name="当时职务", orderable=False, visible=False)
    label = tables.Column(verbose_name="动作", orderable=False)
    target_label = tables.Column(verbose_name="对象", orderable=False)
    organization = tables.Column(verbose_name="所属组织", orderable=False, default="—")
    ip = tables.Column(verbose_name="IP 地址", orderable=False, default="—")
    note = tables.Column(verbose_name="说明", orderable=False, visible=False)
    changes = tables.Column(
        verbose_name="变更内容", orderable=False, visible=False, empty_values=()
    )
    sequence = tables.Column(verbose_name="当日序号", orderable=False, visible=False)
    hash = tables.Column(verbose_name="校验值", orderable=False, visible=False)

    class Meta:
        order_by_field = "sort"

    def value_at(self, value):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"

    def value_changes(self, record):
        return "；".join(record.change_lines())

    def render_ip(self, value):
        return format_html('<span class="number">{}</span>', value)

    def value_ip(self, value):
        return value


class YearTable(tables.Table):
    year = tables.Column(verbose_name="年度", linkify=True, orderable=False)
    confirmed = tables.Column(verbose_name="状态", orderable=False)
    exceptions = tables.Column(verbose_name="放假和调休", orderable=False)
    version = tables.Column(verbose_name="版本", orderable=False)

    def render_year(self, value):
        return f"{value}年"

    def render_confirmed(self, value):
        return "国务院已公布，已确认" if value else tag("暂定，待国务院公布")

    def render_exceptions(self, value):
        return f"{value} 天"
