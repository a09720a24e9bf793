"""The states of a request and the groups of them that rules speak of."""

from django.db import models

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
#: A unit has the case in its hands.
WITH_UNIT = (
    Status.DISPATCHED,
    Status.HANDLING,
    Status.SUSPENDED,
    Status.PENDING_REVIEW,
    Status.APPROVED,
)

#: Not roles of staff: the clock, and the person who asked.
SYSTEM, CITIZEN = "SYSTEM", "CITIZEN"
#: Roles that take requests in, and all roles that see them through their organization.
WINDOW = (Role.CLERK, Role.AGENT)
REGISTRARS = (*WINDOW, Role.DISPATCHER, Role.CENTRE_HEAD, Role.CALLBACK)
ONLOOKERS = (*REGISTRARS, Role.SECRETARY, Role.REVIEWER)
#: Who may read a citizen's data in full, with a reason (security.md, unmask).
UNMASKERS = (*REGISTRARS, Role.SECRETARY, Role.HANDLER, Role.UNIT_HEAD)
