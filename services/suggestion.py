"""Item, category and unit suggested for a matter while the clerk types it.

From two sources: the words of the catalogue and of the categories, and how the town has filed what
is similar. Texts of requests only serve to compare; what is shown are names of items, categories
and units, and it stays a suggestion.
"""

from collections import Counter
from dataclasses import dataclass, field

from orgs.models import Department, Organization
from services.models import Category, ServiceItem, ServiceRequest
from services.suggestion_memory import Town, town_of
from services.suggestion_model import joined, votes

#: A smaller share is not worth a clerk's glance.
FAINT = 0.1
#: What is less like the matter does not count at all; a request must be more so to be “similar”.
FLOOR, ALIKE = 0.05, 0.1
#: Fewer are not counted out: one case might be recognised.
COUNTED = 3

Votes = list[tuple[int | None, float]]


@dataclass(frozen=True)
class Suggestion:
    target: ServiceItem | Category | Department
    score: float  # 0 to 1
    reason: str


@dataclass(frozen=True)
class Suggestions:
    """Each list with the best first."""

    items: list[Suggestion] = field(default_factory=list)
    categories: list[Suggestion] = field(default_factory=list)
    departments: list[Suggestion] = field(default_factory=list)


@dataclass(frozen=True)
class Filed:
    """A past request as it is filed now, whatever was corrected since."""

    likeness: float
    category: int | None
    item: int | None
    department: int | None


def suggest(text: str, *, organization: Organization, title="", limit=3) -> Suggestions:
    """What the matter in `text` may be, at the counter of `organization`."""
    return Matter(title, text, organization).suggestions(limit)


class Matter:
    """A text, and what speaks for one thing or another."""

    def __init__(self, title, text, organization):
        self.title, self.text, self.organization = title, text, organization
        self.town: Town = town_of(organization)
        near = _above_floor(self.town.filed.nearest(title, text))
        self.hints: Votes = [(pk, value) for (kind, pk), value in near if kind == "category"]
        self.filed = _as_filed({pk: value for (kind, pk), value in near if kind == "request"})
        offered = _above_floor(self.town.items.nearest(title, text))
        self.items = self._available({pk for pk, _ in offered} | {row.item for row in self.filed})
        self.offered = [(self.items[pk], value) for pk, value in offered if pk in self.items]

    def suggestions(self, limit) -> Suggestions:
        return Suggestions(
            items=self._items()[:limit],
            categories=self._categories()[:limit],
            departments=self._departments()[:limit],
        )

    def _available(self, ids) -> dict[int, ServiceItem]:
        rows = ServiceItem.objects.active().available_to(self.organization)
        return rows.for_list().in_bulk(ids)

    def _items(self) -> list[Suggestion]:
        said = [(row.item, row.likeness) for row in self.filed]
        named = [(item.pk, value) for item, value in self.offered]
        return _best(self._shares(said + named), self.items, said, "与事项名称、条件相符")

    def _departments(self) -> list[Suggestion]:
        said = [(row.department, row.likeness) for row in self.filed if row.department]
        named = [(item.department_id, value) for item, value in self.offered]
        units = Department.objects.active().serving(self.organization)
        units = units.select_related("organization").in_bulk({pk for pk, _ in said + named})
        return _best(self._shares(said + named), units, said, "承办相符的事项")

    def _shares(self, evidence: Votes) -> dict:
        """Hints at categories count as doubt: not everything is in the catalogue."""
        return votes(evidence + [(None, value) for _, value in self.hints])

    def _categories(self) -> list[Suggestion]:
        said = [(row.category, row.likeness) for row in self.filed]
        named = [(item.current.category_id, value) for item, value in self.offered]
        roots = self.town.roots
        evidence = [vote for vote in said + named + self.hints if vote[0] in roots]
        first_level = joined(
            votes((roots[pk], value) for pk, value in evidence),
            self.town.vocabulary.shares(self.title, self.text),
        )
        shares = {}
        for root, share in first_level.items():
            below = [vote for vote in evidence if roots[vote[0]] == root != vote[0]]
            parts = votes(below or [(root, 1.0)])
            shares |= {pk: share * part for pk, part in parts.items()}
        rows = Category.objects.active().with_full_name().in_bulk(list(shares))
        return _best(shares, rows, said, "与分类用词相符")


def _above_floor(near):
    return [(key, likeness) for key, likeness in near if likeness >= FLOOR]


def _as_filed(likeness: dict[int, float]) -> list[Filed]:
    rows = ServiceRequest.objects.filter(pk__in=likeness).order_by("pk")
    labels = rows.values_list("pk", "category", "item_version__item", "department")
    return [Filed(likeness[pk], *filed_as) for pk, *filed_as in labels]


def _best(shares, targets, said: Votes, words) -> list[Suggestion]:
    """The highest shares with their targets; `said` is what past requests say."""
    similar = Counter(pk for pk, value in said if value >= ALIKE)
    ranked = sorted(
        (pk for pk, share in shares.items() if pk in targets and share >= FAINT),
        key=lambda pk: (-shares[pk], pk),
    )
    return [
        Suggestion(targets[pk], round(shares[pk], 3), _reason(similar[pk], words)) for pk in ranked
    ]


def _reason(similar, words) -> str:
    if similar >= COUNTED:
        return f"与近期 {similar} 件相似"
    return "与近期办件相似" if similar else words
