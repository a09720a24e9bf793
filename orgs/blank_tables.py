"""空白与薄弱: its lists, and what they can be narrowed by."""

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q

from orgs.leadership_filters import LeadershipFilter
from orgs.models import Member, Organization, OrganizationKind, Sector, Workplace
from orgs.tables import tag


class BlankFilter(LeadershipFilter):
    place = ""

    kind = filters.ChoiceFilter(label="类别", choices=OrganizationKind, empty_label="全部类别")

    class Meta:
        model = Organization
        fields = ()


class StrayFilter(LeadershipFilter):
    """Of members by their organization."""

    class Meta:
        model = Member
        fields = ()


class BlankTable(tables.Table):
    name = tables.Column(verbose_name="党组织名称", linkify=True, order_by="path")
    code = tables.Column(verbose_name="党组织代码", visible=False)
    parent_name = tables.Column(verbose_name="上级", orderable=False, default="—")
    kind = tables.Column(verbose_name="类别")
    sector = tables.Column(verbose_name="领域", default="—")
    member_count = tables.Column(verbose_name="党员")
    full_count = tables.Column(verbose_name="其中正式党员")

    class Meta:
        order_by_field = "sort"


class WorkplaceFilter(LeadershipFilter):
    words = "单位名称或代码"
    place = "place__"

    sector = filters.ChoiceFilter(label="领域", choices=Sector, empty_label="全部领域")
    state = filters.ChoiceFilter(
        label="建立情况",
        method="by_state",
        choices=[
            ("covered", "已建立或覆盖"),
            ("none", "没有党组织"),
            ("due", "应建未建"),
            ("closed", "已注销"),
        ],
        empty_label="全部（不含已注销）",
    )

    class Meta:
        model = Workplace
        fields = ()

    def found(self, value):
        return Q(name__icontains=value) | Q(code__startswith=value.upper())

    def filter_queryset(self, queryset):
        """Without a word about it, whoever has closed is left out."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") == "closed" else rows.open()

    def by_state(self, queryset, name, value):
        return {
            "covered": lambda: queryset.filter(organization__isnull=False),
            "none": queryset.uncovered,
            "due": queryset.due_to_found,
            "closed": lambda: queryset.filter(closed_on__isnull=False),
        }[value]()


class WorkplaceTable(tables.Table):
    name = tables.Column(verbose_name="单位名称", linkify=True)
    code = tables.Column(verbose_name="统一社会信用代码", visible=False)
    sector = tables.Column(verbose_name="领域")
    place = tables.Column(verbose_name="属地党组织", order_by="place__path")
    staff = tables.Column(verbose_name="从业人员")
    party_members = tables.Column(verbose_name="其中党员")
    coverage = tables.Column(
        verbose_name="党组织", accessor="coverage_words", order_by="organization__path"
    )

    class Meta:
        order_by_field = "sort"

    def render_coverage(self, record, value):
        return value if record.organization else tag(value)

    def value_coverage(self, value):
        return value
