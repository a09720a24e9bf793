"""The rows of a batch on its page: a tab for each verdict."""

from orgs.import_tables import ImportRowTable, MissingTable
from orgs.models import ImportBatch, ImportRow
from orgs.paging import KeysetPage
from orgs.rosters.counts import COUNTED
from orgs.rosters.lines import lines_of, missing_from

PER_PAGE = 30
Verdict = ImportRow.Verdict
#: In the order of their tabs: what is to be looked at first comes first.
TABS = {**{verdict.value: COUNTED[verdict] for verdict in COUNTED}, "SKIPPED": "skipped"}
EMPTY = {
    "NEW": "没有新增的",
    "UPDATE": "没有要更新的",
    "UNCHANGED": "没有与现有内容相同的",
    "DUPLICATE": "没有重复的",
    "ERROR": "没有错误，太好了",
    "SKIPPED": "没有略过的行（空白行不在这里列出）",
    "WARNED": "没有提醒",
    "MISSING": "名册没有漏掉任何人",
}


def rows_of(request, batch) -> dict:
    """What the page of the batch shows of its rows; nothing while there are none."""
    if not batch.counts or batch.status == ImportBatch.Status.PARSING or is_emptied(batch):
        return {}
    tab = tab_of(request, batch)
    is_missing = tab == "MISSING"
    rows = behind(batch, tab)
    order = ("organization__path", "name_pinyin") if is_missing else ("number",)
    page = KeysetPage(rows, order=order, cursor=request.GET.get("cursor", ""), size=PER_PAGE)
    table = (
        MissingTable(page.rows, user=request.user)
        if is_missing
        else ImportRowTable(lines_of(batch, page.rows, request.user))
    )
    if tab == "SKIPPED":
        table.columns.hide("subject")
    return {
        "tab": tab,
        "tabs": tabs_of(batch),
        "page": page,
        "table": table,
        "caption": dict(tabs_of(batch, counted=False))[tab],
        "empty": EMPTY[tab],
        "unit": "人" if is_missing else "行",
        "blank": batch.counts["skipped"] - page.count if tab == "SKIPPED" and not page.more else 0,
    }


def is_emptied(batch) -> bool:
    """The rows went with the file."""
    return bool(batch.file_purged_at) and batch.status != ImportBatch.Status.COMMITTED


def behind(batch, tab):
    """What a tab lists."""
    if tab == "MISSING":
        return missing_from(batch).select_related("organization")
    rows = batch.rows.with_content()
    return rows.filter(is_warned=True) if tab == "WARNED" else rows.filter(verdict=tab)


def tabs_of(batch, counted=True) -> list[tuple]:
    """(key, label, how many)"""
    tabs = [(key, Verdict(key).label, batch.counts.get(name, 0)) for key, name in TABS.items()]
    tabs.append(("WARNED", "有提醒", batch.counts.get("warned", 0)))
    if batch.kind == ImportBatch.Kind.MEMBERS and not batch.file_purged_at:
        tabs.append(("MISSING", "名册里没有的人", None))
    return tabs if counted else [tab[:2] for tab in tabs]


def tab_of(request, batch) -> str:
    asked = request.GET.get("tab", "")
    if asked in [key for key, *_ in tabs_of(batch)]:
        return asked
    for key in ("ERROR", "UPDATE", "NEW", "DUPLICATE"):
        if batch.counts.get(TABS[key]):
            return key
    return "UNCHANGED"
