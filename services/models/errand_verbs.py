"""Who may do what on an errand, and from which state: the table behind guards and buttons.

`AGENT` is here the agent in charge, or who stands in for him or her (AB岗), never a colleague.
Sources: 宜昌便民服务网络 (村干部代办), 苏州 DB3205/T 1077—2023, 山西 DB14/T 2233—2020.
"""

from django.db import models

from orgs.models import Role
from services.models.custody import Party
from services.models.status import ANSWERED, OPEN, Status
from services.models.verbs import Verb


class ErrandState(models.TextChoices):
    ENTRUSTED = "ENTRUSTED", "待报送"
    SUBMITTED = "SUBMITTED", "已报送"
    SUSPENDED = "SUSPENDED", "已中止"
    RETURNED = "RETURNED", "已回交"
    ARCHIVED = "ARCHIVED", "已归档"
    ENDED = "ENDED", "已终止"


#: Something is still to be brought or fetched.
ACTIVE = (ErrandState.ENTRUSTED, ErrandState.SUBMITTED)
#: The agent answers for the matter; a request has one of these at most.
IN_HAND = (*ACTIVE, ErrandState.SUSPENDED)
#: The request has come to its end without an answer: its papers go back.
FALLEN = (Status.NOT_ACCEPTED, Status.WITHDRAWN)


def asked_for(delegation, user) -> bool:
    """The window still wants something: there is no answer yet, not even one to be brought."""
    return delegation.request.status in OPEN and delegation.request.status != Status.APPROVED


def is_answered(delegation, user) -> bool:
    return delegation.request.status in ANSWERED


def agent_holds(delegation, user) -> bool:
    return bool(delegation.holdings().at(Party.AGENT))


MANAGERS = (Role.AGENT, Role.CENTRE_HEAD)
ERRAND_VERBS = {
    # on the way
    "receive": Verb("收取材料", (Role.AGENT,), ACTIVE, asked_for),
    "submit": Verb("报送", (Role.AGENT,), (ErrandState.ENTRUSTED,), asked_for),
    "hand_in": Verb("补交材料", (Role.AGENT,), (ErrandState.SUBMITTED,), agent_holds),
    "fetch": Verb("从窗口领回", (Role.AGENT,), (ErrandState.SUBMITTED, ErrandState.SUSPENDED)),
    "return_papers": Verb("交还群众", (Role.AGENT,), IN_HAND, agent_holds),
    "give_back": Verb("回交", (Role.AGENT,), ACTIVE, is_answered),
    "archive": Verb("归档", (Role.AGENT, Role.CLERK), (ErrandState.RETURNED,)),
    "resume": Verb("续办", MANAGERS, (ErrandState.SUSPENDED,)),
    # beside it
    "visit": Verb("记一次上门", (Role.AGENT,), (*ACTIVE, ErrandState.RETURNED), is_main=False),
    "suspend": Verb("中止", MANAGERS, ACTIVE, is_main=False),
    "end": Verb("终止", MANAGERS, IN_HAND, is_main=False),
    "change_agent": Verb(
        "更换代办员", (Role.AGENT, Role.CLERK, Role.CENTRE_HEAD), IN_HAND, is_main=False
    ),
}
