"""空白与薄弱: where the Party is missing, or too weak to do its work."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from orgs.blank_tables import (
    BlankFilter,
    BlankTable,
    StrayFilter,
    WorkplaceFilter,
    WorkplaceTable,
)
from orgs.leadership_filters import VacancyFilter
from orgs.leadership_tables import VacancyTable
from orgs.member_tables import MemberTable
from orgs.models import READERS, Member, Workplace
from orgs.views.access import allow
from orgs.views.export import export_response
from orgs.views.listing import paged
from orgs.views.secretaries import LONGEST, led_by


@dataclass(frozen=True)
class Blank:
    label: str
    #: What to do about it.
    advice: str
    unit: str
    rows: Callable
    filter: type = BlankFilter
    table: Callable = lambda rows, user: BlankTable(rows)

    def count(self, user) -> int:
        return self.rows(user).order_by().count()


def organizations(method):
    """Rows of active organizations by one of their queryset's methods, in the order of the tree."""
    return lambda user: getattr(led_by(user), method)().with_members().with_parent_name()


def vacancies(user):
    rows = led_by(user).without_secretary(timezone.localdate())
    return rows.with_parent_name().order_by(LONGEST, "path")


def strays(user):
    rows = Member.objects.visible_to(user).outside_branches()
    return rows.select_related("organization").order_by("organization__path", "name_pinyin", "pk")


def bare_units(user):
    rows = Workplace.objects.visible_to(user).uncovered()
    return rows.select_related("place", "organization")


BLANKS = {
    "unit": Blank(
        "单位没有党组织", "有正式党员 3 名以上的应单独建立，其余联合组建或派党建指导员。",
        "个", bare_units, WorkplaceFilter, lambda rows, user: WorkplaceTable(rows),
    ),
    "none": Blank(
        "支部没有党员", "名册还没有登记的先导入或登记；确实没有党员的，按程序撤销或派党建指导员。",
        "个", organizations("without_members"),
    ),
    "few": Blank(
        "支部正式党员不足 3 名", "有正式党员 3 名以上才单独成立；不足的联合组建，或发展党员。",
        "个", organizations("too_small"),
    ),
    "secretary": Blank(
        "书记缺", "空缺最久的在前，超过 3 个月的按软弱涣散党组织整顿。",
        "个", vacancies, VacancyFilter, lambda rows, user: VacancyTable(rows),
    ),
    "committee": Blank(
        "没有登记班子", "已选举的在党组织页面登记班子；还没有选举的尽快选举。",
        "个", organizations("without_committee"),
    ),
    "branch": Blank(
        "没有下级党支部", "党委、党工委和党总支应有下级党支部；已有的请核对隶属关系。",
        "个", organizations("without_branches"),
    ),
    "member": Blank(
        "党员未编入支部", "每名党员都应编入一个党支部：从党员页面办理转接，或重新导入名册。",
        "人", strays, StrayFilter, lambda rows, user: MemberTable(rows, user=user, orderable=False),
    ),
}  # fmt: skip


def found(request):
    """The tab asked for, its rows as the filters narrow them, and how many each tab holds."""
    key = request.GET.get("tab", "unit")
    if key not in BLANKS:
        raise Http404
    sieves = {
        name: blank.filter(request.GET, blank.rows(request.user)) for name, blank in BLANKS.items()
    }
    return key, BLANKS[key], sieves


@allow(*READERS)
def blanks(request):
    """空白与薄弱, one tab a kind; the filters hold for all of them."""
    key, blank, sieves = found(request)
    tabs = [
        (name, BLANKS[name].label, sieve.qs.order_by().count()) for name, sieve in sieves.items()
    ]
    context = {
        "tab": key,
        "tabs": tabs,
        "blank": blank,
        "filter": sieves[key],
        "table": paged(request, blank.table(sieves[key].qs, request.user)),
        "kept": kept(request),
    }
    return render(request, "orgs/blanks.html", context)


def kept(request) -> str:
    """The filters for the address of another tab."""
    asked = request.GET.copy()
    for name in ("tab", "sort", "page", "state", "kind"):  # each tab has its own
        asked.pop(name, None)
    return asked.urlencode()


@allow(*READERS)
def export(request):
    """导出 the tab as the filters narrow it."""
    key, blank, sieves = found(request)
    return export_response(request, blank.table(sieves[key].qs, request.user), blank.label)
