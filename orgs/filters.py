"""What the lists of orgs can be narrowed by; the choices stay in the URL."""

import django_filters as filters
from django.db.models import Exists, OuterRef, Q

from orgs.models import (
    AuditEntry,
    Duty,
    Level,
    Organization,
    OrganizationKind,
    Post,
    Sector,
    ServiceCentre,
    User,
)
from orgs.models.organization import spelled

ACTIVE = [("yes", "启用"), ("no", "停用")]


class AccountFilter(filters.FilterSet):
    q = filters.CharFilter(label="姓名或用户名", method="search")
    duty = filters.ChoiceFilter(label="类别", choices=Duty, empty_label="全部类别")
    active = filters.ChoiceFilter(
        label="状态", method="by_state", choices=ACTIVE, empty_label="全部状态"
    )
    organization = filters.CharFilter(label="任职党组织（代码或名称）", method="at")

    class Meta:
        model = User
        fields = ()

    def search(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value) | Q(username__icontains=value))

    def by_state(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")

    def at(self, queryset, name, value):
        posts = Post.objects.current().filter(user=OuterRef("pk"))
        return queryset.filter(Exists(posts.filter(organization__in=named(value))))


def named(text):
    """Organizations with this code, or with this in their name, also in pinyin or initials."""
    return Organization.objects.filter(
        Q(code=text) | Q(name__icontains=text) | Q(short_name__icontains=text) | spelled(text)
    ).order_by()


class OrganizationFilter(filters.FilterSet):
    q = filters.CharFilter(label="名称或代码", method="search")
    sector = filters.ChoiceFilter(label="领域", choices=Sector, empty_label="全部领域")
    level = filters.ChoiceFilter(label="层级", choices=Level, empty_label="全部层级")
    kind = filters.ChoiceFilter(label="类别", choices=OrganizationKind, empty_label="全部类别")
    state = filters.ChoiceFilter(
        label="状态",
        method="by_state",
        choices=[("active", "现有"), ("abolished", "已撤销")],
        empty_label="全部",
    )

    class Meta:
        model = Organization
        fields = ()

    def search(self, queryset, name, value):
        return queryset.find(value)

    def by_state(self, queryset, name, value):
        return queryset.filter(abolished_on__isnull=value == "active")


class CentreFilter(filters.FilterSet):
    q = filters.CharFilter(label="名称或所属党组织", method="search")
    kind = filters.ChoiceFilter(label="类别", choices=ServiceCentre.Kind, empty_label="全部类别")
    active = filters.ChoiceFilter(
        label="状态", method="by_state", choices=ACTIVE, empty_label="全部状态"
    )

    class Meta:
        model = ServiceCentre
        fields = ()

    def search(self, queryset, name, value):
        return queryset.filter(Q(name__icontains=value) | Q(organization__in=named(value)))

    def by_state(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")


#: Beginnings of action codes; what the floors above do begins with their own words.
ACTIONS = [
    ("account.sign", "登录、退出和登录失败"),
    ("account.", "账号（含登录）"),
    ("post.", "任职"),
    ("stand_in.", "AB岗代理"),
    ("organization.", "党组织"),
    ("committee.", "班子"),
    ("seat.", "班子成员"),
    ("workplace.", "单位与覆盖"),
    ("centre.", "服务中心"),
    ("unit.", "承办单位"),
    ("calendar.", "工作日历"),
    ("item.", "事项清单"),
    ("category.", "诉求分类"),
    ("request.", "办件"),
    ("citizen.unmasked", "查看群众信息"),
    ("citizen.code_shown", "补打带查询码的回执"),
    ("member.unmasked", "查看党员信息"),
    ("member.", "党员"),
    ("transfer.", "组织关系转接"),
    ("review.", "组织考评"),
    ("spot_check.", "抽查"),
    ("list.exported", "导出"),
]


class AuditFilter(filters.FilterSet):
    at = filters.DateFromToRangeFilter(label="日期")
    actor = filters.CharFilter(label="操作人", method="by_actor")
    action = filters.ChoiceFilter(
        label="动作", lookup_expr="startswith", choices=ACTIONS, empty_label="全部动作"
    )
    organization = filters.CharFilter(label="所属组织（代码或名称）", method="of")
    ip = filters.CharFilter(label="IP 地址", lookup_expr="startswith")
    q = filters.CharFilter(label="对象或说明", method="search")

    class Meta:
        model = AuditEntry
        fields = ()

    def by_actor(self, queryset, name, value):
        return queryset.filter(Q(actor_name__icontains=value) | Q(actor__username=value))

    def of(self, queryset, name, value):
        return queryset.filter(organization__in=named(value))

    def search(self, queryset, name, value):
        words = Q(target_label__icontains=value) | Q(note__icontains=value)
        return queryset.filter(words | Q(label__icontains=value))
