"""Titles, labels and rows between the people: which branch, and which stage, they speak of."""

import re
from dataclasses import dataclass

from orgs.models.coverage import HOMES
from orgs.rosters.cells import (
    MEMBER,
    STAGES,
    as_text,
    folded,
    is_no_member,
    is_nothing,
    standing_of,
)

#: 一、 （二） 3. 2026年
ENUMERATION = re.compile(
    r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．:：]\s*|^\d{4}年(?:度|\d+月)?\s*"
)
NUMBERED = re.compile(r"[(（]?[一二三四五六七八九十]+[)）、]")
BETWEEN = re.compile(r"[:：\s()（）—－-]+")
#: 党支部名称： with the name behind it, or in the cell beside.
LABEL = re.compile(
    r"(?:所在|所属)?(?:党组织|党支部|党总支|支部)(?:(?:名称|全称)\s*[:：]?|\s*[:：])"
)
#: Up to what ends the name of an organization: 蛟龙寺村党支部|党员基本信息表.
NAME = re.compile(r".*(?:支部|总支|党委|党组)(?:部?委员会)?|.*?(?:村|社区)(?=党员|在册|$)")
BRANCH = re.compile(r"支部|总支")
#: Names that stand for any branch: 各党支部, 党支部党员花名册.
ANY = re.compile(
    r"各(?:党|总)?支部|各[村基单]|所属|下属|全体|^(?:中共)?(?:党|总)?(?:支部|总支)(?:委员会)?$"
    r"|\d年|年度|[今本]年"
)
#: Who holds an office in a branch, and what happens in it: no name of one.
OFFICE = re.compile(r"(?:支部|总支)[\s(（]*(?:副?书记|委员(?!会$)|班子|换届)|以[上下]|计[:：]")
#: Without one of these a row between the people speaks of no organization.
PLACE = re.compile("支部|总支|村|社区|小组")
#: More cells than a label and what stands beside it.
FEW = 4
#: What stands around the word of a label: 现有预备党员名单.
AROUND = re.compile(r"^(?:现有|在册|所有)|(?:人员)?(?:花?名[单册]|一览表|情况表?|信息表?)$")
#: A party group, or the next page: parts of the branch that is spoken of.
PART = re.compile(r"党?小组(?:名单)?$|^续|^接上|第.{1,3}页")
#: Of a label; a longer one is a sentence, which may say the contrary.
LONGEST, BUT = 16, re.compile("不含|不包括|除外|以[上下]")
ROSTER = re.compile(r"(?:名[单册]|表)$")


@dataclass(frozen=True)
class Unfound:
    """A branch that is named and not there."""

    row: int
    name: str


class Labels:
    def __init__(self, resolver):
        self.resolver = resolver

    def above(self, table):
        """The branch that the title, a label above the heading, or the sheet names; or Unfound;
        or None, where they speak of none."""
        found = None
        for row in reversed(table.above):
            if found is None or isinstance(found, Unfound):
                said = filled(row.values)
                found = self.branch(row.number, said, is_title=True) or found
        if found is None or isinstance(found, Unfound):
            found = self._known([table.sheet]) or found
        return found

    def branch(self, number, said, *, is_title=False):
        """The same of one row, by what its filled cells say; between the people these are few."""
        if not said or len(said) > FEW and not is_title:
            return None
        names = self._labelled(said)
        if not names and (is_title or len(said) == 1 and PLACE.search(said[0])):
            names = said
        if found := self._known(names):
            return found
        for text in names:
            unknown = [name for name in candidates(text) if is_of_branch(name)]
            if unknown and not OFFICE.search(text):
                return Unfound(number, min(unknown, key=len))
        return None

    def _labelled(self, said) -> list[str]:
        """What stands beside 党支部名称."""
        for label, beside in zip(said, said[1:], strict=False):
            if LABEL.fullmatch(label):
                return [beside]
        # with its label in one cell, other labels may stand beside it
        return [text for text in said if len(said) > 1 and LABEL.match(text)]

    def _known(self, texts):
        for text in texts:
            for name in candidates(text):
                # 填报单位：柳河镇党委 stands above rosters of its branches
                if self.resolver.knows(name) and self.resolver.find(name).kind in HOMES:
                    return self.resolver.find(name)
        return None


def filled(cells) -> list[str]:
    return [text for text in map(as_text, cells) if not is_nothing(text)]


@dataclass(frozen=True)
class Claim:
    """What a label says of all the people below it: a value of a field, or that they are no
    members."""

    word: str
    field: str = ""
    value: str = ""


def claim(said) -> Claim | None:
    """Of a row that says nothing but 二、预备党员（2名）, 入党积极分子名单 or 已去世党员."""
    if len(said) != 1:
        return None
    word = AROUND.sub("", folded(BETWEEN.split(ENUMERATION.sub("", said[0]))[0]))
    if is_no_member(word) and len(word) <= LONGEST and not BUT.search(word):
        return Claim(word)
    if ("预备" in word or "正式" in word) and word in STAGES:
        return Claim(word, "stage", STAGES[word])
    if word.endswith("党员") and (standing := standing_of(word.removesuffix("党员"))):
        return Claim(word, "standing", standing)
    return None


def claim_above(table) -> Claim | None:
    """Of a title or the name of a sheet that is a roster of people who are no members."""
    titles = [text for row in table.above for text in filled(row.values)]
    if any(MEMBER.search(folded(text)) for text in titles):
        return None
    names = [*filter(ROSTER.search, titles), table.sheet]
    return next((Claim(text) for text in names if is_no_member(text)), None)


def is_part(said) -> bool:
    return len(said) == 1 and bool(PART.search(folded(said[0])))


def is_numbered(said) -> bool:
    """Of a row that says nothing but 三、流动党员."""
    return len(said) == 1 and bool(NUMBERED.match(said[0]))


def is_of_branch(name) -> bool:
    return bool(NAME.fullmatch(name) and BRANCH.search(name) and not ANY.search(name))


def candidates(text):
    """What may be the name of an organization in a text, the longest first."""
    plain = ENUMERATION.sub("", text).strip()
    for part in dict.fromkeys([plain, *BETWEEN.split(plain)]):
        yield from dict.fromkeys(filter(None, [part, *(found[0] for found in NAME.finditer(part))]))
