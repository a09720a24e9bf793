"""What each town has filed lately and what it offers, kept in memory for comparison.

Every process keeps its own. What is new (requests, versions of items, categories) is noticed at
once; what is renamed or newly filed among older cases, when the token in the cache runs out.
"""

from collections import OrderedDict
from threading import Lock
from uuid import uuid4

from django.core.cache import cache
from django.db.models import Max, Q
from django.db.models.functions import Substr

from orgs.models import Level, Organization
from services.models import Category, ItemVersion, ServiceItem, ServiceRequest
from services.models.status import OPEN
from services.suggestion_model import LIMIT, Memory, Vocabulary
from services.suggestion_words import words_of

#: Filed somewhere, or may yet be.
TELLING = (
    Q(category__isnull=False)
    | Q(item_version__isnull=False)
    | Q(department__isnull=False)
    | Q(status__in=OPEN)
)
#: The town's newest requests that tell something.
KEPT = 1000
#: New ones that are read at a time.
STEP = 200
TOWNS = 8
LASTING = 600  # seconds
#: Names of categories that name nothing.
EMPTY = ("其他", "其他诉求")

_towns: OrderedDict[int, "Town"] = OrderedDict()
_lock = Lock()


def town_of(organization) -> "Town":
    """The memory of the organization's township; a county or a city is its own town."""
    above = Organization.objects.with_parents(organization).filter(level=Level.TOWNSHIP)
    place = above.order_by("-depth").first() or organization
    token = cache.get_or_set(f"suggestion:{place.pk}", lambda: uuid4().hex, LASTING)
    version = token, place.path, _last(Category)
    with _lock:
        town = _towns.pop(place.pk, None)
        if town is None or town.version != version:
            town = Town(place, version)
        else:
            town.catch_up()
        _towns[place.pk] = town
        while len(_towns) > TOWNS:
            _towns.popitem(last=False)
    return town


class Town:
    def __init__(self, place, version):
        self.place, self.version = place, version
        self.roots, hints = self._categories()
        self.newest = _last(ServiceRequest)
        rows = _texts(self._requests().filter(TELLING, pk__lte=self.newest).order_by("-pk")[:KEPT])
        self.filed = Memory(((("request", pk), *texts) for pk, *texts in rows), hints)
        self._read_items()

    def catch_up(self):
        """Take in what was registered or published since."""
        rows = self._requests().filter(pk__gt=self.newest).order_by("pk")[:STEP]
        for pk, *texts in _texts(rows):
            self.filed.add(("request", pk), *texts)
            self.newest = pk
        if self.published != _last(ItemVersion):
            self._read_items()

    def _requests(self):
        return ServiceRequest.objects.filter(organization__path__startswith=self.place.path)

    def _read_items(self):
        """Items of the town, of what is below it and above it."""
        self.published = _last(ItemVersion)
        above = Organization.objects.with_parents(self.place)
        rows = ServiceItem.objects.active().filter(
            Q(organization__path__startswith=self.place.path) | Q(organization__in=above)
        )
        texts = []
        for pk, name, conditions in rows.values_list("pk", "current__name", "current__conditions"):
            # Apart, or a short name would drown what stands in the conditions.
            texts += [(pk, name, ""), (pk, "", conditions)]
        self.items = Memory(texts)

    def _categories(self):
        """The first level above each category, and the words that hint at one."""
        rows = Category.objects.active().order_by("level", "pk")
        rows = list(rows.values_list("pk", "parent", "name"))
        roots, words, hints = {}, {}, []
        for pk, parent, name in rows:
            roots[pk] = roots.get(parent, pk)
            if parent is None:
                words[pk] = words_of(name)
            elif name not in EMPTY:
                words[roots[pk]].append(name)
                hints.append((("category", pk), name))
        self.vocabulary = Vocabulary(words)
        hints += [(("category", root), word) for root, word in self.vocabulary.hints()]
        return roots, hints


def _texts(rows):
    """(pk, subject, beginning of the content)."""
    return rows.values_list("pk", "subject", Substr("content", 1, LIMIT))


def _last(model) -> int:
    return model.objects.aggregate(last=Max("pk"))["last"] or 0
