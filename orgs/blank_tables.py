"""空白与薄弱: its lists, and what they can be narrowed by."""

import django_filters as filters
import django_tables2 as tables

from orgs.leadership_filters import LeadershipFilter
from orgs.models import Member, Organization, OrganizationKind


class BlankFilter(LeadershipFilter):
    place = ""

    kind = filters.ChoiceFilter(label="类别", choices=OrganizationKind, empty_label="全部类别")

    class Meta:
        model = Organization
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "党组织名称或代码"


class StrayFilter(LeadershipFilter):
    """Of members by their organization."""

    class Meta:
        model = Member
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "党组织名称或代码"


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
