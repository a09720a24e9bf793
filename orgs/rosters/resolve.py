"""Which organization a cell means, among those the importer may fill."""

import re
import unicodedata
from collections import defaultdict
from difflib import get_close_matches

from orgs.models import Organization
from orgs.rosters.cells import BadCell

#: 中共…支部委员会, 党支部 and 支部 are one and the same in a roster.
TAIL = re.compile(
    r"(?:党?支部委员会|党?总支部?委员会|党?支部|党?总支部?|党小组|"
    r"(?:党?工作)?委员会|党工委|党委|党组|县委|市委|区委)$"
)
#: What stands between the names of places, or at their end.
PLACES = re.compile(r"[-—·/、>]|党工委|党委|(?<=[区县市乡镇])委")
#: The self-government of a place, which has no Party organization of its own.
VILLAGERS = re.compile("村民委员会|村委会?(?!员)")
RESIDENTS = re.compile("(?:社区)?居(?:民委员会|委会)")
PLACE = re.compile("(?:村|社区)$")
SHOWN = 5


def plain(text: str) -> str:
    """Half-width, without spaces, brackets kept: （一） and (一) alike."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).strip("'\"“”")
    text = VILLAGERS.sub("村", RESIDENTS.sub("社区", text))
    return text.removeprefix("中国共产党").removeprefix("中共")


def core(name: str) -> str:
    """赵家河村 of 中共赵家河村支部委员会."""
    return TAIL.sub("", plain(name))


class Resolver:
    """Names and codes within one subtree; a name that several bear is an error that lists them."""

    def __init__(self, organization):
        self.top = organization
        self.nodes = list(Organization.objects.within(organization))
        self.by_path = {node.path: node for node in self.nodes}
        self.by_path |= {n.path: n for n in Organization.objects.with_parents(organization)}
        self.by_code = {node.code: node for node in self.nodes}
        self.chains = {}
        self.names, self.cores = defaultdict(list), defaultdict(list)
        #: By what tells one village from another: 蛟龙寺 of 蛟龙寺村党支部.
        self.spoken = {}
        for node in self.nodes:
            self._learn(node)
        self.answers = {}

    def _learn(self, node):
        """By the name, the short name, and the name without the places that stand before it."""
        chain = self._chain(node)
        names = {plain(node.name), plain(node.short_name)}
        bare = plain(node.name)
        for place in chain:
            bare = bare.removeprefix(place)
        for name in {*names, bare} - {""}:
            self.names[name].append(node)
        for name in {core(node.name), core(bare)} - {""}:
            self.cores[name].append(node)
        self.spoken.setdefault(PLACE.sub("", core(bare)), node)

    def _chain(self, node) -> list[str]:
        """The places above it from the root down, each without those above: 夷陵区, 下堡坪乡."""
        parent = node.path[: -Organization.steplen]
        if parent not in self.by_path:
            return []
        if parent not in self.chains:
            above = self.by_path[parent]
            chain = self._chain(above)
            place = core(above.name)
            for higher in chain:
                place = place.removeprefix(higher)
            self.chains[parent] = [*chain, place] if place else chain
        return self.chains[parent]

    def find(self, text: str, code: str = "", above: str = "") -> Organization:
        """By code or name, and where the name is common by the name of its superior, too.

        Raises BadCell when there is none, or more than one.
        """
        asked = text, code, above
        if asked not in self.answers:
            self.answers[asked] = self._find(*asked)
        found = self.answers[asked]
        if isinstance(found, BadCell):
            raise found
        return found

    def knows(self, text: str) -> bool:
        try:
            return bool(self.find(text))
        except BadCell:
            return False

    def _find(self, text, code, above):
        for key in (plain(code), plain(text)):
            if key in self.by_code:
                return self._agreed(self._open(self.by_code[key]), text)
        if not text:
            return BadCell(f"{self.top}及下级中没有代码为“{code}”的党组织。")
        found = self._named(plain(text))
        if len(found) > 1:
            found = self._narrowed(found, core(above))
        if len(found) == 1:
            return self._open(found[0])
        if found:
            return self._ambiguous(text, found)
        return BadCell(f"{self.top}及下级中没有“{text}”。", self._alike(plain(text)))

    def _named(self, name) -> list:
        """The nodes with the name, the best way of finding it first."""
        for index, key in ((self.names, name), (self.cores, core(name))):
            # 下堡坪乡蛟龙寺村党支部: what stands before the name must be where it lies
            for start in range(len(key)):
                nodes = index.get(key[start:], [])
                if start:
                    nodes = [n for n in nodes if self._lies_in(n, key[:start])]
                if nodes:
                    return nodes
        bare = re.sub(r"[()\[\]【】]", "", name)
        return self._named(bare) if bare != name else []

    def _lies_in(self, node, before) -> bool:
        """Whether the text before a name says where it lies: 下堡坪乡, 夷陵区委下堡坪乡党委,
        or with what is above the root, too: 湖北省宜昌市夷陵区下堡坪乡."""
        said, chain = PLACES.sub("", before), "".join(self._chain(node))
        return said in chain or bool(chain) and said.endswith(chain)

    def _agreed(self, found, text):
        """By its code; what the row says of its name must not be another organization's."""
        others = self._named(plain(text)) if text and isinstance(found, Organization) else []
        if not others or plain(text) == plain(found.code):
            return found
        # 磨坪村 for 磨坪村第二党支部, and the same or what lies above it
        is_part = core(found.name).startswith(core(text))
        if is_part or any(found.path.startswith(other.path) for other in others):
            return found
        message = f"代码{found.code}是“{found.name}”，名称却写的是“{text}”，不知道以哪个为准。"
        return BadCell(message, "请核对这一行的党组织代码和名称。")

    def _narrowed(self, found, above) -> list:
        near = [node for node in found if above and above in "".join(self._chain(node))]
        found = near or found
        return [node for node in found if node.is_active] or found

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
        above = self.by_path.get(node.path[: -Organization.steplen])
        return f"{above or ''} {node.name}（{node.code}）".strip()

    def _alike(self, name) -> str:
        # without 村党支部, in which all of them are alike
        close = get_close_matches(PLACE.sub("", core(name)), self.spoken, n=3, cutoff=0.6)
        if close:
            return f"名称相近的有：{'、'.join(self.spoken[key].name for key in close)}。"
        return f"请核对名称，或改填党组织代码；整表都这样的，请核对是不是该导入到{self.top}。"
