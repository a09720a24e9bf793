"""Notices reach people once: a digest each, in office hours, however workers die."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from config.celery import app
from orgs.models import CalendarYear, Notice
from orgs.models.notice import CLAIM_EXPIRES
from orgs.tasks import deliver_notices, is_webhook
from tests.people import person


@pytest.fixture
def clerk(db):
    CalendarYear.seed(2026)
    clerk = person("clerk", "王晓芸")
    clerk.email = "clerk@example.org"
    clerk.save()
    return clerk


def leave(user, title, **more):
    Notice.post([user], title, kind=title, **more)


def test_waiting_notices_come_as_one_mail_a_person(clerk, clock, smtp_server):
    leave(clerk, "待签收：高龄津贴", body="请于今天下班前签收。")
    leave(clerk, "审核退回：宅基地审批")

    deliver_notices()
    deliver_notices()

    [mail] = smtp_server.messages
    assert mail["To"] == "clerk@example.org"
    assert mail["Subject"].strip() == "【服务型党组织】待签收：高龄津贴 等 2 条消息"
    text = mail.get_content()
    assert "1. 待签收：高龄津贴" in text
    assert "请于今天下班前签收。" in text
    assert "2. 审核退回：宅基地审批" in text
    assert not Notice.objects.filter(delivered_at__isnull=True).exists()


@pytest.mark.parametrize(
    "moment", ["2026-03-02 07:00", "2026-03-02 17:30", "2026-03-07 10:00", "2026-10-01 10:00"]
)
def test_outside_office_hours_only_what_is_urgent_goes_out(clerk, clock, smtp_server, moment):
    clock.set(moment)
    leave(clerk, "普通")
    leave(clerk, "紧急", urgent=True)

    deliver_notices()

    assert [mail["Subject"].strip() for mail in smtp_server.messages] == ["【服务型党组织】紧急"]
    assert list(Notice.objects.waiting().values_list("title", flat=True)) == ["普通"]


def test_moved_workday_on_saturday_is_office_time(clerk, clock, smtp_server):
    clock.set("2026-02-28 10:00")
    leave(clerk, "普通")

    deliver_notices()

    assert len(smtp_server.messages) == 1


def test_person_without_address_has_the_inbox(clerk, clock, smtp_server):
    clerk.email = ""
    clerk.save()
    leave(clerk, "普通")

    deliver_notices()

    assert smtp_server.messages == []
    assert Notice.objects.get().delivered_at is not None


def test_mail_server_away_keeps_the_batch_for_later(clerk, clock, settings, smtp_server):
    leave(clerk, "普通")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1

    deliver_notices()
    assert Notice.objects.get().delivered_at is None
    settings.EMAIL_PORT = port
    deliver_notices()
    assert smtp_server.messages == []  # claimed, and not yet given up
    clock.advance(minutes=11)
    deliver_notices()

    assert len(smtp_server.messages) == 1
    assert Notice.objects.get().delivered_at is not None


def test_title_of_two_lines_is_a_subject_of_one(clerk, clock, smtp_server):
    leave(clerk, "待签收：路灯不亮\r\n请派人来修")

    deliver_notices()

    [mail] = smtp_server.messages
    assert mail["Subject"].strip() == "【服务型党组织】待签收：路灯不亮 请派人来修"


def test_batch_that_cannot_be_sent_stops_no_other(clerk, clock, smtp_server, caplog):
    other = person("agent", "向大山")
    other.email = "agent@example.org\r\nBcc: all@example.org"
    other.save()
    leave(other, "甲")
    deliver_notices()
    clock.advance(minutes=11)  # the batch is given up, and comes first
    leave(clerk, "乙")

    deliver_notices()

    assert [mail["To"] for mail in smtp_server.messages] == ["clerk@example.org"]
    assert Notice.objects.get(recipient=other).delivered_at is None
    assert caplog.text.count("not sent") == 2


@pytest.mark.parametrize(("where", "mails"), [("MAIL", 1), ("DATA", 2)])
def test_worker_killed_in_the_middle_costs_no_notice(
    transactional_db, redis_broker, smtp_server, celery_worker_process, where, mails
):
    """Before the mail was taken: exactly one. After it: a second one with the same Message-ID."""
    user = person("clerk", "王晓芸")
    user.email = "clerk@example.org"
    user.save()
    leave(user, "紧急", urgent=True)
    smtp_server.hold(where)
    worker = celery_worker_process({"REDIS_URL": redis_broker.url, "EMAIL_URL": smtp_server.url})

    app.send_task("orgs.tasks.deliver_notices")
    assert smtp_server.sender_waits.wait(30)
    worker.kill()
    smtp_server.release()
    assert Notice.objects.get().delivered_at is None
    later = timezone.now() - CLAIM_EXPIRES - timedelta(seconds=1)
    Notice.objects.update(claimed_at=later)  # ten minutes pass
    deliver_notices()

    assert len(smtp_server.messages) == mails
    assert len({mail["Message-ID"] for mail in smtp_server.messages}) == 1
    assert Notice.objects.get().delivered_at is not None


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", True),
        ("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", False),
        ("https://127.0.0.1/admin", False),
        ("https://qyapi.weixin.qq.com.evil.example/", False),
        ("", False),
    ],
)
def test_only_group_robots_are_called(url, allowed):
    assert is_webhook(url) is allowed


def test_message_id_names_our_host(clerk, clock, smtp_server, settings):
    leave(clerk, "普通")

    deliver_notices()

    host = urlsplit(settings.PUBLIC_URL).hostname
    assert smtp_server.messages[0]["Message-ID"].endswith(f"@{host}>")
