"""Who may do what to a request, and from which state: one table drives guards and buttons.

Sources: 宜昌便民服务网络 (首问、登记、限期、过错追究), 行政许可法第二十九条至第四十四条.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from orgs.models import Role
from services.models.guards import (
    accepted_today,
    anyone,
    can_be_returned,
    can_complain,
    handles_freely,
    has_assist,
    has_complaint,
    has_rectification,
    is_handler,
    is_handler_or_agent,
    leads,
    may_decide,
    may_endorse,
    may_exclude,
    may_extend,
    may_review,
    no_proposal,
    not_yet_supplemented,
    outside_chain,
    redo_in_time,
    returned_before,
)
from services.models.status import (
    ANSWERED,
    CITIZEN,
    OPEN,
    RUNNING,
    SYSTEM,
    WINDOW,
    WITH_UNIT,
    Status,
)


@dataclass(frozen=True)
class Verb:
    label: str
    who: tuple[str, ...]
    since: tuple[str, ...]  # from which states
    guard: Callable = anyone
    is_main: bool = True  # the next step, as against an exception


#: 吹哨 takes its place here.
VERBS = {
    # at the counter
    "accept": Verb("受理", WINDOW, (Status.REGISTERED,)),
    "deem_accepted": Verb("视为受理", (SYSTEM,), (Status.REGISTERED,)),
    "ask_supplement": Verb(
        "一次性告知补正", WINDOW, (Status.REGISTERED,), not_yet_supplemented, is_main=False
    ),
    "receive_supplement": Verb("材料补齐", WINDOW, (Status.SUPPLEMENTING,)),
    "propose_refusal": Verb(
        "申请不予受理", WINDOW, (Status.REGISTERED,), no_proposal, is_main=False
    ),
    "finish_on_spot": Verb("当场办结", WINDOW, (Status.ACCEPTED,), accepted_today),
    # between centre and units
    "dispatch": Verb("派单", (Role.DISPATCHER,), (Status.ACCEPTED,)),
    "sign": Verb("签收", (Role.HANDLER,), (Status.DISPATCHED,), leads),
    "send_back": Verb(
        "退单", (Role.UNIT_HEAD,), (Status.DISPATCHED,), can_be_returned, is_main=False
    ),
    "propose_return": Verb(
        "申请再次退单", (Role.UNIT_HEAD,), (Status.DISPATCHED,), returned_before, is_main=False
    ),
    # inside the unit
    "submit": Verb("提交审核", (Role.HANDLER,), (Status.HANDLING,), is_handler),
    "approve": Verb(
        "审核通过", (Role.UNIT_HEAD, Role.CENTRE_HEAD), (Status.PENDING_REVIEW,), may_review
    ),
    "return_draft": Verb(
        "退回修改",
        (Role.UNIT_HEAD, Role.CENTRE_HEAD),
        (Status.PENDING_REVIEW,),
        may_review,
        is_main=False,
    ),
    "reply": Verb("回复群众", (Role.HANDLER, Role.AGENT), (Status.APPROVED,), is_handler_or_agent),
    "contribute": Verb("协办意见", (Role.HANDLER,), WITH_UNIT, has_assist),
    "propose_pause": Verb(
        "申请计时中止", (Role.HANDLER,), (Status.HANDLING,), handles_freely, is_main=False
    ),
    "resume": Verb("恢复计时", (Role.HANDLER, SYSTEM), (Status.SUSPENDED,), is_handler),
    "propose_extension": Verb(
        "申请延期", (Role.HANDLER,), (Status.HANDLING,), may_extend, is_main=False
    ),
    "reassign": Verb("转办", (Role.UNIT_HEAD,), (Status.HANDLING,), leads, is_main=False),
    "transfer": Verb(
        "改派",
        (Role.DISPATCHER, Role.CENTRE_HEAD),
        (Status.DISPATCHED, Status.HANDLING),
        is_main=False,
    ),
    "assist": Verb(
        "请协办",
        (Role.DISPATCHER, Role.UNIT_HEAD),
        (Status.DISPATCHED, Status.HANDLING),
        leads,
        is_main=False,
    ),
    # second signatures
    "endorse": Verb("同意申请", (Role.UNIT_HEAD, Role.CENTRE_HEAD), tuple(Status), may_endorse),
    "decline": Verb(
        "不同意申请", (Role.UNIT_HEAD, Role.CENTRE_HEAD), tuple(Status), may_decide, is_main=False
    ),
    "propose_exclusion": Verb(
        "申请统计剔除",
        (Role.UNIT_HEAD, Role.DISPATCHER),
        (*WITH_UNIT, *ANSWERED),
        may_exclude,
        is_main=False,
    ),
    # pressing, merging, withdrawing
    "urge": Verb("催办", (Role.DISPATCHER, Role.CENTRE_HEAD), WITH_UNIT, is_main=False),
    "supervise": Verb("督办", (Role.SECRETARY, Role.CENTRE_HEAD), WITH_UNIT, is_main=False),
    "merge": Verb("并案", (Role.DISPATCHER,), RUNNING, is_main=False),
    "unmerge": Verb("拆并", (Role.DISPATCHER,), (Status.MERGED,), is_main=False),
    "withdraw": Verb("撤回", WINDOW, OPEN, is_main=False),
    # after the answer
    "evaluate": Verb("评价", (CITIZEN,), ANSWERED),
    "call_back": Verb("回访", (Role.CALLBACK,), ANSWERED, outside_chain),
    "close": Verb("办结", (SYSTEM,), (Status.REPLIED,)),
    "rectify": Verb("整改情况", (Role.HANDLER, Role.UNIT_HEAD), ANSWERED, has_rectification),
    "complain": Verb("登记投诉", WINDOW, tuple(Status), can_complain, is_main=False),
    "answer_complaint": Verb("答复投诉", (Role.CENTRE_HEAD,), tuple(Status), has_complaint),
    "redo": Verb("重办", (Role.CALLBACK, Role.CENTRE_HEAD), ANSWERED, redo_in_time, is_main=False),
}
#: The two answers to what waits for a second signature, and how each begins.
DECISIONS = {"endorse": "同意", "decline": "不同意"}


def verb_now(name, proposal=None) -> Verb:
    """The verb as a page offers it: a decision is called after what was applied for (同意延期).

    While that may send the case another way, no other verb is the next step.
    """
    verb = VERBS[name]
    if proposal and name in DECISIONS:
        return replace(verb, label=DECISIONS[name] + proposal.get_kind_display())
    return replace(verb, is_main=False) if proposal and proposal.holds_up else verb
