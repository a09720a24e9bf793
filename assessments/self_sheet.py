"""自评 as its page shows it: by goal, what is known, what is asked, and last year beside it."""

from assessments.models import Answer, Assessment
from assessments.parts import own_goals, own_part
from assessments.scoring import shown


def last_year(row) -> dict[tuple[str, str], Answer]:
    """(code, name) → the answer of the year before, of the same organization."""
    earlier = Assessment.objects.filter(
        organization=row.organization_id, cycle__year__lt=row.cycle.year
    ).order_by("-cycle__year")
    before = earlier.first()
    if before is None:
        return {}
    answers = before.answers.select_related("indicator", "assessment__cycle")
    return {(a.indicator.code, a.indicator.name): a for a in answers}


def goal_sheets(answers, form, before) -> list[dict]:
    """One dict a goal: its rows, each with the bound fields and last year's answer."""
    own = own_goals(answers)
    sheets: dict[int, dict] = {}
    for answer in answers:
        goal = answer.indicator.goal
        sheet = sheets.setdefault(goal.number, {"goal": goal, "rows": [], "own": None})
        sheet["own"] = shown(own[goal.number][0]) if goal.number in own else None
        sheet["rows"].append(
            {
                "answer": answer,
                "cell": form.cell(answer) if form else None,
                "before": before.get((answer.indicator.code, answer.indicator.name)),
                "words": words_of(answer),
            }
        )
    return list(sheets.values())


def standing(row, answers) -> dict:
    """How far the sheet is: figures that are there, scores that are still asked for."""
    asked = [a for a in answers if a.wants_self_points and not a.is_out]
    return {
        "known": sum(a.is_locked for a in answers),
        "asked": len(asked),
        "left": sum(a.self_points is None for a in asked),
        "total": shown(own_part(answers)),
    }


def words_of(answer) -> str:
    """One indicator as a sentence of the report."""
    indicator = answer.indicator
    most = f"{indicator.points.normalize():f}"
    if answer.is_waived:
        said = "不适用"
    elif answer.is_locked:
        counts = f"{answer.numerator} ÷ {answer.denominator}"
        said = f"门户取数 {counts}，得 {shown(answer.figure_points).normalize():f} / {most} 分"
    elif answer.wants_self_points:
        given = answer.self_points
        said = f"自评 {'未填' if given is None else f'{given.normalize():f}'} / {most} 分"
    else:
        said = f"由组织考评打分（{most} 分）"
    parts = [f"{indicator}：{said}。", answer.text]
    if count := answer.evidence_count:
        parts.append(f"（佐证 {count} 份）")
    return "".join(parts)
