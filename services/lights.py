"""亮灯: how a request stands against its due date, in a tone and in words."""

from django.utils import timezone

from orgs.lights import Light
from services.models.status import ANSWERED, RUNNING, Status


def light_of(request, days, now=None) -> Light:
    """The light of a request by the working calendar `days`."""
    now = now or timezone.now()
    if request.status in RUNNING:
        return running_light(request, days, now)
    if request.status == Status.REGISTERED and request.decide_by:
        return decision_light(request, days, now)
    if request.status in ANSWERED and request.due_at:
        if request.replied_at <= request.due_at:
            return Light("done", "按期答复")
        late = days.between(request.due_on, timezone.localdate(request.replied_at))
        return Light("red", f"超期 {late} 个工作日答复" if late else "超期答复")
    return Light("done", "")


def decision_light(request, days, now) -> Light:
    """Before acceptance: how long the decision may take before it counts as given."""
    today = timezone.localdate(now)
    left = days.between(today, request.decide_by)
    if today > request.decide_by:
        return Light("red", "视为受理")
    tone = "green" if left > 1 else "yellow"
    return Light(tone, f"受理剩 {left} 个工作日" if left else "今天须决定受理")


def running_light(request, days, now) -> Light:
    today = timezone.localdate(now)
    if now > request.due_at:
        late = days.between(request.due_on, today)
        return Light("red", f"超期 {late} 个工作日" if late else "今天已超期")
    left = days.between(today, request.due_on)
    tone = "yellow" if today >= request.warn_on else "green"
    return Light(tone, f"剩 {left} 个工作日" if left else "今天到期")
