"""Which texts are nearest to a text, and what they and its own words say it is about.

Plain tf-idf over characters and pairs of characters, compared by cosine. There is nothing to
train: a text counts as soon as it is added, and its label is looked up only when it is near.
"""

import heapq
import math
import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from threading import Lock

#: Figures, telephone numbers and dates tell nothing about the subject.
LETTERS = re.compile(r"[^\W\d_]+")
#: What stands later in a long text rarely names the matter.
LIMIT = 300
TITLE_WEIGHT = 2.0
#: A single word says less than a text that somebody has filed.
HINT_WEIGHT = 0.5
NEAREST = 40


def clean(text: str | None) -> str:
    return unicodedata.normalize("NFKC", text or "").casefold()


def grams(text: str | None) -> Counter:
    """Characters and pairs of neighbouring characters; no pair spans a space or a mark."""
    found = Counter()
    for run in LETTERS.findall(clean(text)[:LIMIT]):
        found.update(run)
        found.update(map("".join, zip(run, run[1:], strict=False)))
    return found


class Memory:
    """Texts under their keys, and the words that hint at a key."""

    def __init__(
        self,
        texts: Iterable[tuple[Hashable, str, str]] = (),
        hints: Iterable[tuple[Hashable, str]] = (),
    ):
        counted = [(key, grams(title), grams(body)) for key, title, body in texts]
        held = Counter()
        for _, title, body in counted:
            held.update(title.keys() | body.keys())
        self._unseen = math.log(1 + len(counted)) + 1
        self._rarity = {
            gram: self._unseen - math.log(1 + texts_with) for gram, texts_with in held.items()
        }
        self._lock = Lock()  # a thread adds while another one asks
        self._keys: list[Hashable] = []
        self._places = defaultdict(lambda: (array("I"), array("f")))
        for key, title, body in counted:
            self._keep(key, title, body)
        for key, words in hints:
            self._keep(key, grams(words), Counter(), HINT_WEIGHT)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Hashable, title: str, body: str = ""):
        self._keep(key, grams(title), grams(body))

    def nearest(self, title: str, body: str = "", most=NEAREST) -> list[tuple[Hashable, float]]:
        """The keys of the texts most like this one, with their likeness from 0 to 1.

        A text that shares single characters only is not like it.
        """
        vector = self._vector(grams(title), grams(body))
        with self._lock:
            likeness, alike = self._compare(vector)
        best = heapq.nlargest(most, sorted(alike), key=likeness.__getitem__)
        return [(self._keys[place], likeness[place]) for place in best]

    def _compare(self, vector) -> tuple[list[float], set[int]]:
        likeness, alike = [0.0] * len(self._keys), set()
        for gram, weight in vector.items():
            if gram in self._places:
                places, values = self._places[gram]
                for place, value in zip(places, values, strict=True):
                    likeness[place] += weight * value
                if len(gram) > 1:
                    alike.update(places)
        return likeness, alike

    def _keep(self, key, title, body, weight=1.0):
        vector = self._vector(title, body)
        with self._lock:
            place = len(self._keys)
            self._keys.append(key)
            for gram, value in vector.items():
                places, values = self._places[gram]
                places.append(place)
                values.append(value * weight)

    def _vector(self, title, body) -> dict[str, float]:
        vector = defaultdict(float)
        for part, weight in ((title, TITLE_WEIGHT), (body, 1.0)):
            for gram, value in _unit(self._weighed(part)).items():
                vector[gram] += weight * value
        return _unit(vector)

    def _weighed(self, part) -> dict[str, float]:
        rarity, unseen = self._rarity, self._unseen
        return {
            gram: (1 + math.log(times)) * rarity.get(gram, unseen) for gram, times in part.items()
        }


def _unit(vector) -> dict[str, float]:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {gram: value / length for gram, value in vector.items()}


def votes(near: Iterable[tuple[Hashable, float]]) -> dict[Hashable, float]:
    """Each label's share of what the near texts say; the nearer weigh more."""
    found = defaultdict(float)
    for label, likeness in near:
        found[label] += likeness * likeness
    total = sum(found.values()) or 1.0
    return {label: value / total for label, value in found.items()}


class Vocabulary:
    """Words that speak for a label wherever they stand."""

    def __init__(self, words: Mapping[Hashable, Iterable[str]]):
        labels = defaultdict(list)
        for label, own in words.items():
            for word in dict.fromkeys(map(clean, own)):
                labels[word].append(label)
        self._speaks = {
            word: (math.sqrt(len(word) - 0.5) / len(several), several)
            for word, several in labels.items()
        }

    def hints(self) -> list[tuple[Hashable, str]]:
        """The words that speak for one label only."""
        return [(labels[0], word) for word, (_, labels) in self._speaks.items() if len(labels) == 1]

    def shares(self, title: str, body: str = "") -> dict[Hashable, float]:
        """Each label's share of the words found; few words leave the shares small."""
        title, body = clean(title), clean(body)
        found = defaultdict(float)
        for word, (weight, labels) in self._speaks.items():
            times = body.count(word)
            said = 3.0 * (word in title) + ((1 + math.log(times)) / 1.5 if times else 0.0)
            for label in labels if said else ():
                found[label] += said * weight
        total = sum(found.values()) + 1.0
        return {label: value / total for label, value in found.items()}


def joined(*shares: Mapping[Hashable, float]) -> dict[Hashable, float]:
    """The mean of the shares, highest first."""
    total = defaultdict(float)
    for share in shares:
        for label, value in share.items():
            total[label] += value / len(shares)
    return dict(sorted(total.items(), key=lambda pair: -pair[1]))


class Classifier:
    """First-level categories, from labelled texts and from the words of their themes."""

    def __init__(
        self,
        examples: Iterable[tuple[str, str, str]],
        words: Mapping[str, Iterable[str]],
    ):
        self.vocabulary = Vocabulary(words)
        self.memory = Memory(
            ((label, title, body) for title, body, label in examples), self.vocabulary.hints()
        )

    def shares(self, title: str, body: str = "") -> dict[str, float]:
        near = self.memory.nearest(title, body)
        return joined(votes(near), self.vocabulary.shares(title, body))
