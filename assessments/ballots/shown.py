"""What of a count may be shown: no group under five ballots, and nothing it could be computed from.

Microsoft Viva Insights' `mingroup` of five; complements: what all groups said is shown only if the
groups that are hidden have no ballots or five together. Free texts from ten ballots on, shuffled.
"""

import random
from dataclasses import dataclass, replace
from decimal import Decimal

from assessments.ballots.tally import ANSWER_NAMES, LETTERS, Group, Tally, added, pooled
from assessments.scoring import item_mean


@dataclass(frozen=True)
class Question:
    """One question as a row: its mean and {answer: share in words}; banded where all agree."""

    text: str
    mean: Decimal | None
    cells: tuple[str, ...]

    @property
    def labelled(self):
        """(answer, share): on a phone the heading is out of sight."""
        return zip(HEADS, self.cells, strict=True)


@dataclass(frozen=True)
class GroupShown:
    label: str
    valid: int
    mean: Decimal | None
    questions: tuple[Question, ...]

    @property
    def is_hidden(self) -> bool:
        return not self.questions

    def as_list(self) -> list:
        """As the published hash takes it: [label, ballots, the cells of each question]."""
        return [self.label, self.valid, [list(row.cells) for row in self.questions]]


BANDED = "九成以上"
HEADS = tuple(ANSWER_NAMES.values())


def groups_shown(groups: list[Group], questions, weights, scheme) -> list[GroupShown]:
    """Each group, small ones counted together, and 合计 where it gives nothing away."""
    groups = pooled(groups, scheme.least_shown)
    found = [one_group(g.label, g.tally, questions, weights, scheme) for g in groups]
    hidden = sum(g.tally.valid for g in groups if g.tally.valid < scheme.least_shown)
    total = added(group.tally for group in groups)
    if len(found) > 1 and (hidden == 0 or hidden >= scheme.least_shown):
        whole = one_group("合计", total, questions, weights, scheme, is_total=True)
        found.append(without_banded(whole, found))
    return found


def without_banded(whole: GroupShown, groups: list[GroupShown]) -> GroupShown:
    """Sums less the other groups would tell what a banded group said: such sums are left out."""
    banded = {
        row.text
        for group in groups
        for row in group.questions
        if BANDED in row.cells and group.valid != whole.valid
    }
    rows = (
        Question(row.text, None, ("—",) * len(LETTERS)) if row.text in banded else row
        for row in whole.questions
    )
    return replace(whole, questions=tuple(rows))


def one_group(label, tally: Tally, questions, weights, scheme, *, is_total=False) -> GroupShown:
    if tally.valid < scheme.least_shown:
        return GroupShown(label, tally.valid, None, ())
    # Groups have weights of their own: a plain mean over all of them would mislead.
    mean = None if is_total else tally.mean(weights, scheme.overall_share)
    rows = [question(*pair) for pair in zip(questions, tally.counts, strict=True)]
    return GroupShown(label, tally.valid, mean, tuple(rows))


def question(text, counts) -> Question:
    """Where nine in ten or more say the same, only that: exactly all would tell each one's vote."""
    known = sum(counts.values())
    if known and max(counts.values()) * 10 >= known * 9:
        cells = (BANDED if counts[letter] * 10 >= known * 9 else "" for letter in LETTERS)
        return Question(text, None, tuple(cells))
    return Question(text, item_mean(counts), tuple(str(counts[letter]) for letter in LETTERS))


def texts_shown(texts, valid, scheme) -> list[str]:
    """What people wrote, in random order; nothing below the least number of ballots."""
    if valid < scheme.least_texts:
        return []
    found = [text for text in texts if text]
    random.SystemRandom().shuffle(found)
    return found
