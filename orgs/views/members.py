"""党员名册: the list, narrowed and sorted, and its exports."""

from django.db.models import CharField, Value
from django.db.models.functions import Coalesce
from django.shortcuts import render

from orgs.forms.member import FullExportForm
from orgs.member_filters import MemberFilter
from orgs.member_tables import MemberTable, headings, row_of
from orgs.models import LEADING, READERS, Member
from orgs.paging import KeysetPage
from orgs.views.access import allow
from orgs.views.export import conditions, download

PER_PAGE = 30
EXPORT_LIMIT = 100_000
BRANCH = ("organization__path", "name_pinyin")
#: what `sort` may be → the fields that order the keyset
ORDERS = {
    "organization": BRANCH,
    "name": ("name_pinyin",),
    "age": ("born_key",),
    "joined": ("joined_key",),
}


def filtered(request):
    """The members that the URL asks for, within the user's reach."""
    rows = Member.objects.visible_to(request.user).select_related("organization")
    return MemberFilter(request.GET, rows, user=request.user)


def in_order(rows, sort):
    """The rows with what they are ordered by, and the fields of the keyset."""
    name, down = sort.lstrip("-"), sort.startswith("-")
    rows = rows.annotate(born_key=blank_first("born"), joined_key=blank_first("joined"))
    fields = ORDERS[name]
    # Who is older was born earlier.
    down = not down if name == "age" else down
    return rows, [f"-{field}" if down else field for field in fields]


def blank_first(name):
    return Coalesce(name, Value(""), output_field=CharField())


def sort_of(request) -> str:
    sort = request.GET.get("sort", "")
    return sort if sort.lstrip("-") in ORDERS and not sort.startswith("--") else "organization"


@allow(*READERS)
def members(request):
    """党员列表."""
    found, sort = filtered(request), sort_of(request)
    rows, order = in_order(found.qs, sort)
    page = KeysetPage(rows, order=order, cursor=request.GET.get("cursor", ""), size=PER_PAGE)
    table = MemberTable(page.rows, user=request.user, order_by=sort)
    context = {
        "filter": found,
        "table": table,
        "page": page,
        "node": found.form.cleaned_data.get("under") if found.form.is_valid() else None,
        "leads": request.user.holds(*LEADING),
    }
    return render(request, "orgs/members.html", context)


def section(user, organization) -> dict:
    """党员 for the page of the organization, for whoever may read its register."""
    if not user.holds(*READERS):
        return {}
    rows = Member.objects.visible_to(user).within(organization).on_register()
    return {"member_counts": rows.counted(), "may_enrol": user.holds(*LEADING)}


@allow(*READERS)
def export(request):
    """导出: the members that the filters show, numbers and addresses masked."""
    rows = filtered(request).qs.order_by(*BRANCH, "pk")[:EXPORT_LIMIT]
    lines = [row_of(member, request.user, in_full=False) for member in rows]
    return download(
        request, "党员名册（已脱敏）", headings(in_full=False), lines, said=conditions(request)
    )


@allow(*LEADING)
def export_full(request):
    """导出全文: the members of the filters whom the user leads, for a reason, on record; the
    import takes the file back."""
    led = Member.objects.led_by(request.user).select_related("organization")
    found = MemberFilter(request.GET, led, user=request.user)
    form = FullExportForm(request.POST or None)
    if form.is_valid():
        rows = found.qs.order_by(*BRANCH, "pk")[:EXPORT_LIMIT]
        lines = [row_of(member, request.user, in_full=True) for member in rows]
        return download(
            request, "党员名册（全文）", headings(in_full=True), lines, said=conditions(request),
            action="member.exported", label="导出党员全文", why=form.words(),
        )  # fmt: skip
    context = {"form": form, "count": found.qs.order_by().count(), "limit": EXPORT_LIMIT}
    return render(request, "orgs/members_export.html", context)
