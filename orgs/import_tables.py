"""The list of imports, and the staged rows of one of them."""

import re

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.html import format_html

from orgs.filters import named
from orgs.models import ImportBatch
from orgs.tables import MOMENT, NOWRAP, MomentColumn, tag

#: What Excel itself calls a sheet tells nobody anything.
UNNAMED = re.compile(r"(?i)sheet\d*|工作表\d*")
BOXES = {"mine": "等我办理", "all": "全部"}


def named_sheet(batch) -> str:
    return "" if UNNAMED.fullmatch(batch.sheet) else batch.sheet


class ImportFilter(filters.FilterSet):
    q = filters.CharFilter(label="文件名或党组织", method="search")
    kind = filters.ChoiceFilter(label="名册类型", choices=ImportBatch.Kind, empty_label="全部类型")
    status = filters.ChoiceFilter(label="状态", choices=ImportBatch.Status, empty_label="全部状态")
    created_at = filters.DateFromToRangeFilter(label="上传日期")

    class Meta:
        model = ImportBatch
        fields = ()

    def search(self, queryset, name, value):
        text = value.strip()
        return queryset.filter(Q(file_name__icontains=text) | Q(organization__in=named(text)))


class ImportTable(tables.Table):
    file_name = tables.Column(verbose_name="文件", linkify=True)
    kind = tables.Column(verbose_name="名册类型")
    organization = tables.Column(verbose_name="导入组织", empty_values=())
    status = tables.Column(verbose_name="状态")
    new = tables.Column(verbose_name="新增", accessor="counts__new", default="—")
    updated = tables.Column(verbose_name="更新", accessor="counts__updated", default="—")
    error = tables.Column(verbose_name="错误", accessor="counts__error", default="—")
    created_by = tables.Column(verbose_name="上传人", default="系统")
    created_at = MomentColumn(verbose_name="上传时间", format=MOMENT)

    class Meta:
        orderable = False

    def value_file_name(self, record):
        return " ".join(filter(None, (record.file_name, named_sheet(record))))

    def render_file_name(self, record):
        sheet = named_sheet(record)
        return format_html('{} <span class="muted small">{}</span>', record.file_name, sheet)

    def value_organization(self, record):
        return str(record.organization or "全部党组织")

    render_organization = value_organization

    def value_status(self, record):
        return record.status_words

    def render_status(self, record):
        words = tag(record.status_words)
        if record.trouble:
            return format_html('{} <span class="tone-red">没有办成</span>', words)
        return words

    def render_error(self, value):
        return format_html('<span class="tone-red">{}</span>', value) if value else value

    def value_error(self, value):
        return value


class ImportRowTable(tables.Table):
    """`lines` of orgs.import_lines: each staged row in words."""

    number = tables.Column(verbose_name="行号", attrs=NOWRAP)
    subject = tables.Column(verbose_name="对象", default="—")
    told = tables.Column(verbose_name="情况", empty_values=())

    class Meta:
        orderable = False

    def render_number(self, value):
        return f"第 {value} 行"

    def render_told(self, record):
        return render_to_string("orgs/import_line.html", {"line": record})


class MissingTable(tables.Table):
    """Members of the organization whom the roster does not name."""

    name = tables.Column(verbose_name="姓名", linkify=lambda record: record.get_absolute_url())
    organization = tables.Column(verbose_name="所在党支部")
    standing = tables.Column(verbose_name="党籍状态")

    class Meta:
        orderable = False

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def render_name(self, record):
        return record.name_for(self.user)
