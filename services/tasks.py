"""The clock's own work on requests: each sweep goes by due time until nothing is left.

Every sweep may run twice, or in two places at once: a reminder is a unique row, and a change of
state is guarded by the request's own lock. What a sweep could not do is left to the next one.
"""

import logging

from celery import shared_task

from orgs.models import NotAllowed
from orgs.models.calendar import calendar_version
from services.models import Delegation, Draft, ServiceRequest

logger = logging.getLogger(__name__)
BATCH = 200


@shared_task
def remind():
    """黄灯 → 承办人, 到期日 → 单位负责人, 超期 → 催办 and 抄送中心主任."""
    for rows, tell in (
        (ServiceRequest.objects.to_warn, ServiceRequest.warn),
        (ServiceRequest.objects.due_today, ServiceRequest.remind_due),
        (ServiceRequest.objects.to_urge, ServiceRequest.urge_overdue),
    ):
        each(rows, tell)


@shared_task
def deem_accepted():
    """视为受理: five workdays without a decision (行政许可法第三十二条)."""
    each(ServiceRequest.objects.undecided, ServiceRequest.deem_accepted)


@shared_task
def resume_due():
    """恢复计时 where the expected end of a suspension has passed."""
    each(ServiceRequest.objects.to_resume, ServiceRequest.resume)


@shared_task
def close_silent():
    """办结 what nobody has objected to for five workdays."""
    each(ServiceRequest.objects.silent, ServiceRequest.close)


@shared_task
def recompute_due():
    """After a change of the calendar: open cases get their due dates by the new one."""
    version = calendar_version()
    each(lambda: ServiceRequest.objects.computed_before(version), ServiceRequest.follow_calendar)


@shared_task
def purge_drafts():
    """Drafts that nobody has taken up again for thirty days are deleted."""
    Draft.purge()


@shared_task
def run_errands():
    """代办: by today's calendar, 报送 due or late, and what the request asks of the agent."""
    version = calendar_version()
    each(lambda: Delegation.objects.computed_before(version), Delegation.follow_calendar)
    each(Delegation.objects.to_remind, Delegation.remind)
    each(Delegation.objects.to_urge, Delegation.urge)
    each(Delegation.objects.to_tell, Delegation.tell_news)


def each(rows, do):
    """Do it to every row the query still finds, in its order; a refused one is left out."""
    refused: set[int] = set()
    while found := list(rows().exclude(pk__in=refused)[:BATCH]):
        for row in found:
            try:
                do(row)
            except NotAllowed:  # somebody has just moved it on
                pass
            except Exception:
                logger.exception("sweep %s failed at %s", do.__name__, row.pk)
            refused.add(row.pk)
