"""Counting ballots and judging whether the count is valid: pure arithmetic, no database.

A ballot is a word of one letter a question, the last for 总体评价: A 满意, B 比较满意, C 基本满意,
D 不满意, U 不了解, "-" unanswered. Thresholds come from the frozen scheme (default_scheme.py).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import ROUND_CEILING, Decimal

from assessments.scoring import group_mean, item_mean

LETTERS, BLANK = "ABCDU", "-"
ANSWER_NAMES = {"A": "满意", "B": "比较满意", "C": "基本满意", "D": "不满意", "U": "不了解"}


#: After the names of groups that are counted together.
POOLED = "（合并计算）"


@dataclass
class Tally:
    """What one group said: how many ballots of each kind, and {letter: n} for each question."""

    valid: int = 0
    invalid: int = 0
    abstain: int = 0
    counts: list[dict[str, int]] = field(default_factory=list)

    @property
    def returned(self) -> int:
        return self.valid + self.invalid + self.abstain

    @property
    def unknown(self) -> int:
        return sum(found.get("U", 0) for found in self.counts)

    @property
    def answered(self) -> int:
        return sum(sum(found.values()) for found in self.counts)

    def mean(self, weights, overall_share) -> Decimal | None:
        """Mean of the group; `weights` are the points of the goals in the order asked."""
        if not self.valid:
            return None
        means = [item_mean(found) for found in self.counts]
        items = dict(enumerate(means[:-1]))
        return group_mean(means[-1], items, dict(enumerate(weights)), overall_share)

    def as_json(self) -> dict:
        return asdict(self)


def kind_of(word, least_answered) -> str:
    """弃权 with no answer at all, 无效 with too few, else 有效."""
    answered = sum(letter != BLANK for letter in word)
    if not answered:
        return "abstain"
    return "valid" if answered >= len(word) * least_answered else "invalid"


def count(words: Iterable[str], questions: int, least_answered) -> Tally:
    """Count the ballots of one group; only valid ones enter the counts of the questions."""
    found = Tally(counts=[dict.fromkeys(LETTERS, 0) for _ in range(questions)])
    for word in words:
        kind = kind_of(word, least_answered)
        setattr(found, kind, getattr(found, kind) + 1)
        if kind == "valid":
            for place, letter in enumerate(word):
                if letter != BLANK:
                    found.counts[place][letter] += 1
    return found


def valid_needed(eligible: int, scheme) -> int:
    """max(15, min(60, 20 % of the eligible)), or two thirds where fewer than 15 are eligible."""
    if eligible < scheme.least_valid:
        return ceiling(eligible * scheme.valid_of_few)
    return max(
        scheme.least_valid, min(scheme.enough_valid, ceiling(eligible * scheme.valid_of_eligible))
    )


def ceiling(number) -> int:
    """Rounded up; two thirds are stored as 0.6667, and of nine they are six."""
    number = Decimal(number).quantize(Decimal("0.01"))
    return int(number.quantize(Decimal(1), ROUND_CEILING))


@dataclass(frozen=True)
class Group:
    """One group with its numbers: 应到, 发出, and what came back."""

    code: str
    label: str
    weight: Decimal
    is_party: bool
    eligible: int
    issued: int
    tally: Tally


def pooled(groups: list[Group], least: int) -> list[Group]:
    """合并计算: groups as they may be shown, none with fewer than `least` valid ballots.

    A smaller one is counted together with the smallest other, with the weights of both: nobody's
    say is lost, no weight falls away, and the rest tells nothing of it. One without any valid
    ballot has nothing to count and stays as it is.
    """
    found = list(groups)
    while small := [n for n, group in enumerate(found) if 0 < group.tally.valid < least]:
        one = min(small, key=lambda n: found[n].tally.valid)
        others = [n for n, group in enumerate(found) if n != one and group.tally.valid]
        if not others:
            break
        other = min(others, key=lambda n: found[n].tally.valid)
        first, second = sorted((one, other))
        found[first] = together(found[first], found.pop(second))
    return found


def together(one: Group, other: Group) -> Group:
    labels = [group.label.removesuffix(POOLED) for group in (one, other)]
    return Group(
        code=f"{one.code}+{other.code}",
        label="、".join(labels) + POOLED,
        weight=one.weight + other.weight,
        is_party=one.is_party and other.is_party,
        eligible=one.eligible + other.eligible,
        issued=one.issued + other.issued,
        tally=added([one.tally, other.tally]),
    )


def added(tallies) -> Tally:
    """The groups as if they were one."""
    tallies = list(tallies)
    columns = zip(*(tally.counts for tally in tallies), strict=True)
    return Tally(
        valid=sum(tally.valid for tally in tallies),
        invalid=sum(tally.invalid for tally in tallies),
        abstain=sum(tally.abstain for tally in tallies),
        counts=[{a: sum(found[a] for found in column) for a in LETTERS} for column in columns],
    )


def faults_of(groups: list[Group], scheme) -> list[str]:
    """What a valid result lacks, in words; empty when it counts."""
    found = []
    valid = sum(group.tally.valid for group in groups)
    eligible = sum(group.eligible for group in groups)
    issued = sum(group.issued for group in groups)
    returned = sum(group.tally.returned for group in groups)
    if valid < (needed := valid_needed(eligible, scheme)):
        found.append(f"有效票 {valid} 张，至少要 {needed} 张")
    if returned < issued * scheme.least_turnout:
        least = percent(scheme.least_turnout)
        found.append(f"参评率 {percent(Decimal(returned) / issued)}，至少要 {least}")
    outside = sum(group.tally.valid for group in groups if not group.is_party)
    if outside < valid * scheme.least_non_party:
        found.append(f"党外有效票 {outside} 张，应占一半以上")
    found += [
        f"{group.label}有效票 {group.tally.valid} 张，不足 {scheme.least_shown} 张"
        for group in pooled(groups, scheme.least_shown)
        if group.tally.valid < scheme.least_shown
    ]
    found += [
        f"{group.label}收回 {group.tally.returned} 张，多于应到 {group.eligible} 人"
        for group in groups
        if group.tally.returned > group.eligible
    ]
    answered = sum(group.tally.answered for group in groups)
    unknown = sum(group.tally.unknown for group in groups)
    if unknown > answered * scheme.most_unknown:
        found.append(f"知晓度不足：“不了解”占 {percent(Decimal(unknown) / answered)}")
    return found


def percent(number) -> str:
    return f"{number * 100:.0f}%"


def digest(published: list, receipts: list[str]) -> str:
    """SHA-256 of what is published and nothing else: whoever has the page can compute it again.

    A hash of hidden counts would tell them: a group of one has few enough to try them all.
    """
    said = json.dumps([published, sorted(receipts)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
