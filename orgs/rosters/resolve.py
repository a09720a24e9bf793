"""Which organization a cell means, among those the importer may fill."""

import re
import unicodedata
from collections import defaultdict
from difflib import get_close_matches

from orgs.models import Organization
from orgs.rosters.cells import BadCell

#: 中共…支部委员会, 党支部 and 支部 are one and the same in a roster.
TAIL = re.compile(
    r"(?:联合|临时|流动党员)?(?:党?支部委员会|党?总支部?委员会|党?支部|党?总支部?|党小组|(?:党?工作)?委员会|"
    r"党工委|党委|党组)$"
)
SHOWN = 5


def plain(text: str) -> str:
    """Half-width, without spaces, brackets kept: （一） and (一) alike."""
    return "".join(unicodedata.normalize("NFKC", text).split()).strip("'\"“”")


def core(name: str) -> str:
    """赵家河村 of 中共赵家河村支部委员会."""
    return TAIL.sub("", plain(name).removeprefix("中共"))


class Resolver:
    """Names and codes within one subtree; a name that several bear is an error that lists them."""

    def __init__(self, organization):
        self.top = organization
        self.nodes = list(Organization.objects.within(organization))
        self.by_path = {node.path: node for node in self.nodes}
        self.by_code = {node.code: node for node in self.nodes}
        self.by_name = self._index(lambda node: {plain(node.name), plain(node.short_name)})
        self.by_whole = self._index(self._whole_names)
        self.by_core = self._index(lambda node: {core(node.name)})
        self.answers = {}

    def _index(self, names_of) -> dict[str, list]:
        index = defaultdict(list)
        for node in self.nodes:
            for name in names_of(node) - {""}:
                index[name].append(node)
        return index

    def _whole_names(self, node) -> set[str]:
        """With the names of its superiors in front, as letters and reports write it."""
        names, whole, place = set(), plain(node.name).removeprefix("中共"), ""
        for above in self._above(node):
            place = core(above.name)
            names |= {place + whole, f"中共{place}{whole}"}
        names.add(whole)
        line = [core(above.name) for above in self._above(node)]
        for start in range(len(line)):
            names.add("".join(line[start:]) + whole)
        return names

    def _above(self, node) -> list:
        step = Organization.steplen
        ends = range(len(self.top.path), len(node.path), step)
        return [self.by_path[node.path[:end]] for end in ends if node.path[:end] in self.by_path]

    def find(self, text: str, code: str = "") -> Organization:
        """Raises BadCell when there is none, or more than one."""
        if (text, code) not in self.answers:
            self.answers[text, code] = self._find(text, code)
        found = self.answers[text, code]
        if isinstance(found, BadCell):
            raise found
        return found

    def knows(self, text: str) -> bool:
        try:
            return bool(self.find(text))
        except BadCell:
            return False

    def _find(self, text, code):
        if code and plain(code) in self.by_code:
            return self._open(self.by_code[plain(code)])
        name = plain(text)
        if name in self.by_code:
            return self._open(self.by_code[name])
        if code and not name:
            return BadCell(f"{self.top}及下级中没有代码为“{code}”的党组织。")
        for index, key in (
            (self.by_name, name),
            (self.by_whole, name),
            (self.by_whole, name.removeprefix("中共")),
            (self.by_core, core(name)),
        ):
            found = index.get(key, [])
            if len(found) > 1:
                found = [node for node in found if node.is_active] or found
            if len(found) == 1:
                return self._open(found[0])
            if found:
                return self._ambiguous(text, found)
        return BadCell(f"{self.top}及下级中没有“{text}”。", self._alike(name))

    def _open(self, node):
        if not node.is_active:
            return BadCell(f"“{node.name}”已于 {node.abolished_on:%Y-%m-%d} 撤销。")
        return node

    def _ambiguous(self, text, found):
        listed = "、".join(self._described(node) for node in found[:SHOWN])
        more = f"等 {len(found)} 个" if len(found) > SHOWN else ""
        message = f"有 {len(found)} 个党组织叫“{text}”：{listed}{more}，无法确定是哪一个。"
        return BadCell(message, "请写全上级名称，或改填党组织代码。")

    def _described(self, node) -> str:
        above = self._above(node)
        return f"{f'{above[-1]} ' if above else ''}{node.name}（{node.code}）"

    def _alike(self, name) -> str:
        close = get_close_matches(name, self.by_name, n=3, cutoff=0.6)
        return f"名称相近的有：{'、'.join(close)}。" if close else "请核对名称，或改填党组织代码。"
