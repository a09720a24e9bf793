"""亮灯 of a cycle's deadlines, in a tone and in words."""

from assessments.models.verbs import OPEN
from orgs.lights import Light

#: 自评: yellow from a week before.
SOON = 7


def deadline_light(assessment, today) -> Light:
    """How the self-assessment stands against its last day."""
    if assessment.status not in OPEN:
        return Light("red", "逾期补报") if assessment.is_late else Light("done", "按期提交")
    return window_light(assessment.last_day, today)


def window_light(last_day, today) -> Light:
    left = (last_day - today).days
    if left < 0:
        return Light("red", f"逾期 {-left} 天")
    if left == 0:
        return Light("yellow", "今天截止")
    return Light("yellow" if left <= SOON else "green", f"还有 {left} 天")
