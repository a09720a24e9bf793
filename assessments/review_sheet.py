"""The sheet an assessor looks at: by goal, what was claimed, what is known, what is given."""

from dataclasses import dataclass, field
from decimal import Decimal

from assessments.models import Answer, Assessment, Goal
from assessments.models.review_ground import reason_needed
from assessments.parts import own_goals, own_part, review_goals, review_part, unreviewed
from assessments.scoring import shown


@dataclass
class Row:
    answer: Answer
    #: The bound fields of this row, or None where nothing is typed.
    cell: dict | None = None
    second: Decimal | None = None
    is_far: bool = False


@dataclass
class GoalSheet:
    goal: Goal
    own: Decimal | None
    review: Decimal | None
    public: Decimal | None = None
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Flag:
    """亮灯 with its words; `tone` as the stylesheet names it."""

    words: str
    tone: str = "red"


def goal_sheets(
    answers, *, form=None, shows_points=False, second=None, public=None
) -> list[GoalSheet]:
    votes = public.goal_means if public else {}
    own, reviewed = own_goals(answers), review_goals(answers)
    for answer in unreviewed(answers):  # half a goal says nothing yet
        reviewed.pop(answer.indicator.goal.number, None)
    sheets: dict[int, GoalSheet] = {}
    for answer in answers:
        goal = answer.indicator.goal
        if goal.number not in sheets:
            sheets[goal.number] = GoalSheet(
                goal,
                shown(own.get(goal.number, (None,))[0]),
                shown(reviewed.get(goal.number, (None,))[0]) if shows_points else None,
                shown(votes.get(goal.number)),
            )
        row = Row(answer, form and form.cell(answer), (second or {}).get(answer.pk))
        row.is_far = shows_points and bool(reason_needed(answer, answer.review_points))
        sheets[goal.number].rows.append(row)
    return list(sheets.values())


@dataclass
class Standing:
    """The sums of one assessment as they now stand, and what is remarkable about them."""

    own: Decimal | None
    review: Decimal | None
    second: Decimal | None = None
    #: How many only an assessor can tell, and how many of them are not scored yet.
    lacking: int = 0
    flags: list[Flag] = field(default_factory=list)


def standing(review, answers, *, shows_points) -> Standing:
    """What the side panel tells; without `shows_points` nothing that points follow from."""
    own = own_part(answers)
    if not shows_points:
        return Standing(shown(own), None)
    scheme = review.assessment.cycle.scheme
    reviewed, difference = review_part(answers), review.difference(answers)
    second = review.second_part(answers) if difference is not None else None
    if lacking := len(unreviewed(answers)):
        return Standing(shown(own), shown(reviewed), lacking=lacking)
    flags = []
    if is_gap(own, reviewed, scheme):
        flags.append(Flag(f"自评与考评差距 {shown(own - reviewed)} 分"))
    if difference is not None and abs(difference) > scheme.difference_flag:
        settled = bool(review.settled_by_id)
        words = f"两名考评人相差 {shown(abs(difference))} 分" + ("，已处理" if settled else "")
        flags.append(Flag(words, "yellow" if settled else "red"))
    opinion = getattr(review.assessment, "local_opinion", None)
    if opinion and not opinion.is_missing and is_gap(opinion.score, reviewed, scheme):
        flags.append(Flag(f"所在地评分与考评相差 {shown(abs(opinion.score - reviewed))} 分"))
    return Standing(shown(own), shown(reviewed), shown(second), flags=flags)


def is_gap(one, other, scheme) -> bool:
    """差距大 between two scores of 100; nothing to compare is no gap."""
    return one is not None and other is not None and abs(one - other) > scheme.gap_flag


def waiting_words(review) -> str:
    """What the organization itself, or the place, reads while the review is under way."""
    if review.assessment.status == Assessment.Status.SUBMITTED:
        return "组织考评进行中，定稿后在这里公布考评分和理由。"
    return "自评提交后开始组织考评。"
