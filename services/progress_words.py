"""How a request stands, in the words a citizen would use; nothing of what goes on inside."""

from django.utils import timezone
from django.utils.formats import date_format

from services.lights import light_of
from services.models import Status
from services.models.status import ANSWERED, RUNNING

STEPS = ("登记", "受理", "办理", "答复", "办结")
#: How many of the steps are done in a state; the next one is under way.
DONE = {
    Status.REGISTERED: 1,
    Status.SUPPLEMENTING: 1,
    **dict.fromkeys(RUNNING, 2),
    Status.SUSPENDED: 2,
    Status.REPLIED: 4,
    Status.CLOSED: 5,
}
#: States that end the way before an answer.
ENDED = {
    Status.NOT_ACCEPTED: "经审核不予受理，原因和您可以找谁办见下面。有疑问请打下面的电话。",
    Status.WITHDRAWN: "已按您的要求撤回。需要时可以重新登记。",
    Status.MERGED: "与另一件相同的诉求合并办理，答复会同样告诉您。",
}
STATE_WORDS = {
    Status.REGISTERED: "等待受理",
    Status.SUPPLEMENTING: "等您补齐材料",
    **dict.fromkeys(RUNNING, "正在办理"),
    Status.SUSPENDED: "暂停计时",
}


def day_words(day) -> str:
    return date_format(day, "Y年n月j日（l）")


def state_of(item) -> str:
    return STATE_WORDS.get(item.status, item.get_status_display())


def steps_of(item) -> list[dict]:
    """For ui/steps.html: what is done, what is under way, and when."""
    if item.status in ENDED:
        labels = (STEPS[0], item.get_status_display())
        return [{"label": label, "state": "done", "note": ""} for label in labels]
    done = DONE.get(item.status, 1)
    dates = (item.registered_at, item.accepted_at, None, item.replied_at, item.closed_at)
    steps = []
    for place, (label, at) in enumerate(zip(STEPS, dates, strict=True)):
        state = "done" if place < done else "current" if place == done else "todo"
        note = f"{timezone.localtime(at):%-m月%-d日}" if at and state == "done" else ""
        steps.append({"label": label, "state": state, "note": note})
    return steps


def promise_of(item, days) -> str:
    """What happens next and until when, in one or two sentences."""
    if item.status in ENDED:
        return ENDED[item.status]
    if item.status in ANSWERED:
        return f"已于 {day_words(timezone.localtime(item.replied_at))}答复您，请看下面的答复。"
    if item.status == Status.SUPPLEMENTING:
        return "请按下面的清单补齐材料，一次补齐后继续办理。"
    if item.status == Status.SUSPENDED:
        return redo_words(item) + pause_words(item)
    if item.status in RUNNING:
        return redo_words(item) + running_words(item, days)
    return decision_words(item)


def decision_words(item) -> str:
    """Until when the citizen is told whether the matter is taken on; '' once that is decided."""
    if item.status == Status.SUPPLEMENTING:
        return "材料补齐以后，再告诉您是否受理。"
    if item.status != Status.REGISTERED:
        return ""
    if item.counts_as_accepted:
        return f"{day_words(item.decide_by)}前没有告知，已经算受理。答复日期请问首问责任人。"
    return f"最迟 {day_words(item.decide_by)}告诉您是否受理；到时没有告知，就算已经受理。"


def redo_words(item) -> str:
    """That the first answer was not the end, and since when it is done again."""
    if item.round == 1:
        return ""
    return f"{item.accepted_on:%-m月%-d日}已退回重办（第 {item.round} 次办理）。"


def pause_words(item) -> str:
    pause = item.suspensions.filter(resumed_on__isnull=True).first()
    if pause is None:
        return "办理暂停计时，恢复后继续。"
    ground = pause.get_ground_display()
    return f"因{ground}暂停计时，预计 {day_words(pause.until)}恢复；暂停的日子不算在办理期限里。"


def running_words(item, days) -> str:
    light, due = light_of(item, days), day_words(item.due_on)
    hour = f"{item.closing_time:%H:%M}"
    if light.tone == "red":
        return f"本应在 {due}前答复您，没有按时做到，已经催办承办单位。您可以打监督电话反映。"
    words = f"最迟 {due}{hour} 前答复您。"
    return words + ("国务院公布放假安排后，日期可能调整。" if item.due_provisional else "")


def why_not_evaluate(item, visitor) -> str:
    """Why there is no form to rate with; '' when there is one."""
    if item.can_evaluate(visitor):
        return ""
    if item.status not in ANSWERED:
        return "还没有答复您。收到答复以后，再用同一个二维码或查询码来评价。"
    if visitor and visitor.pk in item.chain():
        return "经办人员不能评价自己办理的诉求，请由群众本人评价。"
    return (
        f"评价期限（到 {day_words(item.redo_until)}为止）已过。有意见请打监督电话，或到窗口反映。"
    )


def why_not_add(item, visitor) -> str:
    """Why there is no form for a 追评; '' when there is one."""
    if item.can_add_to_evaluation(visitor):
        return ""
    rating = item.evaluation_of_round()
    if rating is None:
        return "还没有评价。先评价，以后想起什么再来追评。"
    if rating.added_at:
        return "已经追评过，每次办理追评一次。还有意见请打监督电话，或到窗口反映。"
    return "经办人员不能追评自己办理的诉求，请由群众本人追评。"
