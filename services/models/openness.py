"""公开完整度: how much of what a citizen must know before setting out an item tells (宜, 公开).

One table of particulars serves the item's page, which names the gaps, and the list, which sorts
by the share in the database.
"""

from typing import NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

#: Where each particular stands, from the item, and what it is called.
PARTICULARS = {
    "current__conditions": "办理条件",
    "current__materials": "所需材料",
    "current__steps": "办理流程",
    "current__fee": "收费",
    "current__result": "办理结果",
    "current__promised_days": "承诺时限",
    "current__handler_name": "承办人",
    "current__handler_phone": "联系电话",
    "department__window": "窗口号",
    "department__telephone": "单位电话",
}
PAPERS = "表格下载"
#: Materials that name no form ask for none to download.
FORM = "表"
COUNT = len(PARTICULARS) + 1


class Openness(NamedTuple):
    percent: int
    missing: tuple[str, ...]


def openness(item, *, papers: int) -> Openness:
    """The share of the eleven particulars that are filled, in whole percent, rounded down.

    Counted are the conditions, materials, steps, fee, result, promised days, handler and
    telephone of the version in force, window and telephone of its unit, and forms to download
    (`papers`: how many there are), which count as filled where the materials name no form.
    """
    missing = [label for path, label in PARTICULARS.items() if not told(item, path)]
    if not papers and FORM in item.current.materials:
        missing.append(PAPERS)
    return Openness(percent_of(COUNT - len(missing)), tuple(missing))


def told(item, path) -> bool:
    part, _, name = path.partition("__")
    return getattr(getattr(item, part), name) not in ("", None)


def percent_of(filled):
    return filled * 100 // COUNT


def with_openness(items, papers):
    """`openness`: the same percentage, computed by the database; `papers`: those on offer."""
    offered = Exists(papers.filter(item=OuterRef("pk")))
    conditions = [Q(offered) | ~Q(current__materials__contains=FORM)]
    conditions += [~Q(**{path: ""}) for path in PARTICULARS if path != "current__promised_days"]
    filled = Value(1)  # a promise in days is never missing
    for condition in conditions:
        filled += Case(When(condition, then=Value(1)), default=Value(0))
    return items.annotate(filled=filled).annotate(openness=F("filled") * 100 / COUNT)
