"""The servers that other tests lean on are real and do what their fixtures promise."""

import threading
from datetime import datetime

import psycopg
import pytest
import redis
from django.conf import settings
from django.core.mail import EmailMessage, send_mail
from django.db import connection
from django.utils.timezone import localtime
from kombu.exceptions import OperationalError

from config.celery import app


def test_postgresql_answers_and_knows_chinese_letters(postgres_url):
    with psycopg.connect(postgres_url) as server:
        row = server.execute("SELECT '诉求' ~ '^\\w+$', current_setting('server_encoding')")
        assert row.fetchone() == (True, "UTF8")


@pytest.mark.postgres
@pytest.mark.django_db
def test_suite_runs_on_a_test_database_of_its_own():
    assert connection.vendor == "postgresql"
    assert connection.settings_dict["NAME"].startswith("test_")


def test_redis_stops_and_starts_again(redis_server):
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.ping()
    redis_server.stop()
    with redis.Redis.from_url(redis_server.url) as client, pytest.raises(redis.ConnectionError):
        client.ping()
    redis_server.start()
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.ping()


def test_mail_arrives_over_smtp(smtp_server):
    send_mail("诉求已受理", "请查看。", "portal@example.org", ["clerk@example.org"])

    (mail,) = smtp_server.messages
    assert (mail["Subject"], mail["To"]) == ("诉求已受理", "clerk@example.org")
    assert mail.get_content().strip() == "请查看。"


def test_mail_server_keeps_a_sender_waiting(smtp_server):
    smtp_server.hold()
    mail = EmailMessage("催办", "请查看。", "portal@example.org", ["clerk@example.org"])
    sender = threading.Thread(target=mail.send)
    sender.start()
    assert smtp_server.sender_waits.wait(10)
    assert smtp_server.messages == []

    smtp_server.release()
    sender.join(10)
    assert [mail["Subject"] for mail in smtp_server.messages] == ["催办"]


def test_broker_goes_away_and_comes_back(redis_broker):
    app.send_task("nothing")
    redis_broker.stop()
    with pytest.raises(OperationalError):
        app.send_task("nothing")
    redis_broker.start()
    app.send_task("nothing")


def test_portal_has_its_own_broker_again_afterwards():
    with app.connection_for_write() as connection:
        assert connection.as_uri().startswith(settings.CELERY_BROKER_URL.split("//")[0])
    app.send_task("nothing")


def test_celery_worker_takes_a_task_from_redis_and_can_be_killed(
    redis_broker, celery_worker_process
):
    worker = celery_worker_process({"REDIS_URL": redis_broker.url})
    assert len(app.control.ping(timeout=10, limit=1)) == 1

    worker.kill()
    assert not worker.is_running
    assert app.control.ping(timeout=0.5) == []


def test_celery_worker_starts_on_the_embedded_broker(celery_worker_process):
    worker = celery_worker_process({"REDIS_URL": ""})

    assert "Connected to filesystem://" in worker.log_text()


def test_chromium_opens_a_page(page):
    page.goto("data:text/html,<meta charset=utf-8><h1>办件</h1>")
    assert page.get_by_role("heading").inner_text() == "办件"


def test_clock_stands_still_until_moved(clock):
    assert localtime().isoformat() == "2026-03-02T09:00:00+08:00"
    clock.advance(hours=1)
    assert localtime().isoformat() == "2026-03-02T10:00:00+08:00"
    clock.set("2026-10-08 08:30")
    assert localtime().replace(tzinfo=None) == datetime(2026, 10, 8, 8, 30)


def test_shared_data_holds_the_real_rosters(shared_data):
    assert (shared_data / "rosters" / "organizations.xlsx").is_file()
