"""Who may do what to a request, and from which state: one table drives guards and buttons.

Sources: 宜昌便民服务网络 (首问、登记、限期、过错追究), 行政许可法第二十九条至第四十四条.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.timezone import localdate

from orgs.models import Role


class Status(models.TextChoices):
    DRAFT = "DRAFT", "暂存"
    REGISTERED = "REGISTERED", "待受理"
    SUPPLEMENTING = "SUPPLEMENTING", "补正中"
    NOT_ACCEPTED = "NOT_ACCEPTED", "不予受理"
    ACCEPTED = "ACCEPTED", "待派单"
    DISPATCHED = "DISPATCHED", "待签收"
    HANDLING = "HANDLING", "承办中"
    SUSPENDED = "SUSPENDED", "计时中止"
    PENDING_REVIEW = "PENDING_REVIEW", "待审核"
    APPROVED = "APPROVED", "待回复"
    REPLIED = "REPLIED", "已回复"
    CLOSED = "CLOSED", "已办结"
    WITHDRAWN = "WITHDRAWN", "已撤回"
    MERGED = "MERGED", "已并案"


#: The promised days are running.
RUNNING = (
    Status.ACCEPTED,
    Status.DISPATCHED,
    Status.HANDLING,
    Status.PENDING_REVIEW,
    Status.APPROVED,
)
#: Something is still to be done before the citizen has an answer.
OPEN = (Status.REGISTERED, Status.SUPPLEMENTING, Status.SUSPENDED, *RUNNING)
ANSWERED = (Status.REPLIED, Status.CLOSED)

#: Not roles of staff: the clock, and the person who asked.
SYSTEM, CITIZEN = "SYSTEM", "CITIZEN"
#: Roles that take requests in, and all roles that see them through their organization.
WINDOW = (Role.CLERK, Role.AGENT)
REGISTRARS = (*WINDOW, Role.DISPATCHER, Role.CENTRE_HEAD, Role.CALLBACK)
ONLOOKERS = (*REGISTRARS, Role.SECRETARY, Role.REVIEWER)
#: Who may read a citizen's data in full, with a reason (security.md, unmask).
UNMASKERS = (*REGISTRARS, Role.SECRETARY, Role.HANDLER, Role.UNIT_HEAD)


def anyone(request, user) -> bool:
    return True


def accepted_today(request, user) -> bool:
    """当场办结 is for matters handled directly on the day they were accepted."""
    return request.mode == "DIRECT" and request.accepted_on == localdate()


def is_handler(request, user) -> bool:
    return request.handler_id == user.pk


def is_not_author(request, user) -> bool:
    """Four eyes: nobody reviews the reply that he or she has drafted."""
    return request.handler_id != user.pk


def sent_by_now(request, user) -> bool:
    return request.can_be_returned


def redo_in_time(request, user) -> bool:
    return request.redo_until is not None and localdate() <= request.redo_until


@dataclass(frozen=True)
class Verb:
    label: str
    who: tuple[str, ...]
    since: tuple[str, ...]  # from which states
    guard: Callable = anyone
    is_main: bool = True  # a primary button, as against an exception


#: 补正, 不予受理, 转办, 吹哨, 催办, 督办, 中止, 恢复, 延期, 撤回, 并案, 拆并 take their place here.
VERBS = {
    "accept": Verb("受理", WINDOW, (Status.REGISTERED,)),
    "deem_accepted": Verb("视为受理", (SYSTEM,), (Status.REGISTERED,)),
    "finish_on_spot": Verb("当场办结", WINDOW, (Status.ACCEPTED,), accepted_today),
    "dispatch": Verb("派单", (Role.DISPATCHER,), (Status.ACCEPTED,)),
    "sign": Verb("签收", (Role.HANDLER,), (Status.DISPATCHED,)),
    "send_back": Verb("退单", (Role.UNIT_HEAD,), (Status.DISPATCHED,), sent_by_now, is_main=False),
    "submit": Verb("提交审核", (Role.HANDLER,), (Status.HANDLING,), is_handler),
    "approve": Verb(
        "审核通过", (Role.UNIT_HEAD, Role.CENTRE_HEAD), (Status.PENDING_REVIEW,), is_not_author
    ),
    "return_draft": Verb(
        "退回修改",
        (Role.UNIT_HEAD, Role.CENTRE_HEAD),
        (Status.PENDING_REVIEW,),
        is_not_author,
        is_main=False,
    ),
    "reply": Verb("回复群众", (Role.HANDLER, Role.AGENT), (Status.APPROVED,)),
    "evaluate": Verb("评价", (CITIZEN,), ANSWERED),
    "close": Verb("办结", (Role.CALLBACK, SYSTEM), (Status.REPLIED,)),
    "redo": Verb("重办", (Role.CALLBACK, Role.CENTRE_HEAD), ANSWERED, redo_in_time, is_main=False),
}
