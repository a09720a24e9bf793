"""What runs in the background for orgs; every task is safe to run twice."""

import json
import logging
from datetime import time
from http.client import HTTPException
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.utils import timezone

from orgs.models import Heartbeat, ImportBatch, Notice, Throttle
from orgs.models.calendar import workdays
from orgs.models.term_clock import remind_of_terms, remind_of_vacancies
from orgs.models.transfer_clock import remind_of_transfers
from orgs.nudge import nudge
from orgs.rosters.purge import purge_files
from orgs.rosters.work import work_on

logger = logging.getLogger(__name__)


@shared_task
def beat():
    """Show that the scheduler is alive, and forget throttles that have passed."""
    Heartbeat.mark("beat")
    Throttle.sweep()


@shared_task
def tidy():
    """Forget sessions that are over."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


@shared_task
def remind_of_leadership():
    """换届 and 书记空缺: what is due today and has not been said yet."""
    today = timezone.localdate()
    remind_of_terms(today)
    remind_of_vacancies(today)


@shared_task
def remind_of_letters():
    """组织关系介绍信: about to expire, or expired without being received."""
    remind_of_transfers(timezone.localdate())


@shared_task
def work_on_import(pk):
    """Read a roster, let it in or take it back: whatever its row says is to be done."""
    work_on(pk)


@shared_task
def resume_imports():
    """Rosters whose work was never begun or whose worker died."""
    for pk in ImportBatch.objects.at_work().values_list("pk", flat=True):
        nudge(work_on_import, pk)


@shared_task
def purge_import_files():
    """Uploaded rosters go after so many days; what they brought in stays."""
    purge_files()


def in_office_hours() -> bool:
    now = timezone.localtime()
    opens, closes = (time.fromisoformat(text) for text in settings.OFFICE_HOURS)
    return workdays().is_workday(now.date()) and opens <= now.time() < closes


@shared_task
def deliver_notices():
    """Send what waits, one digest a person; a batch is claimed before it is sent."""
    for batch in Notice.objects.abandoned().values_list("batch", flat=True).distinct():
        if Notice.reclaim(batch):
            deliver(batch)
    waiting = Notice.objects.waiting(urgent_only=not in_office_hours())
    people = waiting.order_by("recipient").values_list("recipient", flat=True).distinct()
    for recipient in list(people):
        batch = Notice.claim(waiting.filter(recipient=recipient))
        if batch:
            deliver(batch)


def deliver(batch):
    """Send one batch by mail and to the work groups, then mark it delivered."""
    rows = list(
        Notice.objects.filter(batch=batch)
        .select_related("recipient", "organization")
        .order_by("created_at", "pk")
    )
    try:
        send_mail(batch, rows)
    except (OSError, ValueError) as error:
        # smtplib's errors are OSErrors, those of a header ValueErrors: the batch is offered again
        logger.warning("notice batch %s not sent: %s", batch, error)
        return
    tell_groups(rows)
    Notice.objects.filter(batch=batch).update(delivered_at=timezone.now())


def send_mail(batch, rows):
    person = rows[0].recipient
    if not person.email or not person.is_active:
        return
    lines = [f"{person.name}，您有 {len(rows)} 条新消息：", ""]
    for number, row in enumerate(rows, 1):
        lines += [f"{number}. {row.title}", *([f"   {row.body}"] if row.body else [])]
        lines += [f"   {settings.PUBLIC_URL}{row.url}", ""] if row.url else [""]
    subject = rows[0].title if len(rows) == 1 else f"{rows[0].title} 等 {len(rows)} 条消息"
    host = urlsplit(settings.PUBLIC_URL).hostname
    EmailMessage(
        subject=f"【服务型党组织】{' '.join(subject.split())}",
        body="\n".join(lines),
        to=[person.email],
        headers={"Message-ID": f"<notice.{batch}@{host}>"},
    ).send()


def is_webhook(url) -> bool:
    """Only the group robots of the listed hosts; nothing inside our own network."""
    parts = urlsplit(url)
    return parts.scheme == "https" and parts.hostname in settings.NOTICE_WEBHOOK_HOSTS


def tell_groups(rows):
    """企业微信 and 钉钉 take the same text message; a group that is away costs nothing."""
    for organization in {row.organization for row in rows if row.organization}:
        url = organization.webhook_url
        if not is_webhook(url):
            continue
        titles = [row.title for row in rows if row.organization == organization]
        text = f"{rows[0].recipient.name}：" + "；".join(titles)
        body = json.dumps({"msgtype": "text", "text": {"content": text}}).encode()
        message = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310
        try:
            urlopen(message, timeout=5).close()  # noqa: S310 (is_webhook has looked at it)
        except (OSError, ValueError, HTTPException) as error:
            logger.warning("webhook of %s failed: %s", organization.code, error)
