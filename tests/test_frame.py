"""The frame around everything: health, settings, headers, sessions, pages when things go wrong."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orgs.models import Heartbeat, Notice
from tests.people import Cast, person
from tests.servers import ROOT

PRODUCTION = {
    "DEBUG": "off",
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "sqlite:////tmp/unused.sqlite3",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "FIELD_KEYS": "1:" + "QUFB" * 10 + "QUE=",
    "INDEX_KEY": "QUFB" * 10 + "QUE=",
    "PUBLIC_URL": "https://portal.example.org",
}


def health(client):
    answer = client.get("/healthz")
    return answer.status_code, json.loads(answer.content)


def test_health_names_what_is_wrong_and_then_nothing(client, db, clock):
    status, said = health(client)
    assert status == 503
    assert said == {
        "healthy": False,
        "database": "ok",
        "files": "ok",
        "broker": "ok",
        "oldest_waiting_notice": 0,
        "beat": "silent",
    }

    Heartbeat.mark("beat")

    assert health(client)[0] == 200


def test_health_tells_that_nothing_more_can_be_kept(client, db, clock, monkeypatch):
    Heartbeat.mark("beat")
    monkeypatch.setattr("os.access", lambda path, mode: False)

    status, said = health(client)

    assert (status, said["files"], said["healthy"]) == (503, "not writable", False)


def test_health_tells_that_nothing_is_migrated(client, db, monkeypatch):
    monkeypatch.setattr(Heartbeat._meta, "db_table", "not_there")

    assert health(client) == (503, {"healthy": False, "database": "not migrated", "files": "ok"})


def test_health_tells_the_age_of_the_oldest_waiting_notice(client, db, clock):
    Heartbeat.mark("beat")
    Notice.post([person("clerk", "王晓芸")], "待签收", kind="test")
    clock.advance(minutes=4)

    assert health(client)[1]["oldest_waiting_notice"] == 240
    clock.advance(minutes=2)
    assert health(client)[1]["beat"] == "silent"


def test_health_says_that_the_broker_is_away(client, db, redis_broker):
    Heartbeat.mark("beat")
    assert health(client) == (200, health(client)[1])

    redis_broker.stop()

    status, said = health(client)
    assert (status, said["broker"]) == (503, "unreachable")


def start_up(**environment):
    """Load the settings as a production process would; its last line of complaint."""
    # An empty home of its own: what lies in var/ belongs to this machine, not to the test.
    env = {k: v for k, v in os.environ.items() if k not in PRODUCTION}
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment
    code = "import django; django.setup()"
    run = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True)
    return run.returncode, run.stderr.decode().strip().split("\n")[-1]


def test_production_starts_when_everything_is_said(tmp_path):
    assert start_up(**PRODUCTION, VAR_DIR=str(tmp_path))[0] == 0


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"DEBUG"}))
def test_production_refuses_to_start_half_configured(tmp_path, name):
    status, said = start_up(**{**PRODUCTION, name: ""}, VAR_DIR=str(tmp_path))

    assert status == 1
    assert name in said


@pytest.mark.parametrize(
    ("name", "value"), [("SECRET_KEY", "short"), ("FIELD_KEYS", "1:short"), ("INDEX_KEY", "x")]
)
def test_production_refuses_weak_keys(tmp_path, name, value):
    assert start_up(**{**PRODUCTION, name: value}, VAR_DIR=str(tmp_path))[0] == 1


@pytest.fixture
def cast(db, clock):
    return Cast()


@pytest.fixture
def clerk(cast, client):
    client.force_login(cast.clerk)
    session = client.session
    session["started"] = timezone.now().timestamp()
    session.save()
    cast.clerk.session_key = session.session_key
    cast.clerk.save()
    return client


def test_every_page_forbids_foreign_and_inline_code(clerk):
    headers = clerk.get(reverse("home")).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_session_ends_after_half_an_hour_of_rest(clerk, clock):
    clock.advance(minutes=29)
    assert clerk.get(reverse("home")).status_code == 200
    clock.advance(minutes=29)
    assert clerk.get(reverse("home")).status_code == 200

    clock.advance(minutes=31)

    assert clerk.get(reverse("home")).status_code == 302


def test_session_ends_after_a_working_day_however_busy(clerk, clock):
    for _ in range(portal_settings.SESSION_ABSOLUTE_HOURS * 3 - 1):
        clock.advance(minutes=20)
        assert clerk.get(reverse("home")).status_code == 200

    clock.advance(minutes=20)

    ended = f"{reverse('orgs:sign_in')}?ended=1"
    assert clerk.get(reverse("home")).url.startswith(ended)


def test_initial_password_opens_one_page_only(cast, clerk):
    cast.clerk.must_change_password = True
    cast.clerk.save()

    answer = clerk.get(reverse("services:requests"))

    assert answer.url == reverse("orgs:change_password")
    assert clerk.get(answer.url).status_code == 200


def test_password_of_ninety_days_must_be_changed(cast, clerk, clock):
    cast.clerk.password_changed_at = timezone.now() - timedelta(days=90)
    cast.clerk.save()

    assert clerk.get(reverse("home")).url == reverse("orgs:change_password")


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [("/nowhere/", 404, "没有找到"), ("/accounts/", 403, "权限")],
)
def test_pages_for_what_is_not_there_or_not_allowed_speak_chinese(clerk, url, status, words):
    answer = clerk.get(url)

    assert answer.status_code == status
    assert words in answer.content.decode()


def test_form_without_its_secret_is_told_what_to_do(cast):
    client = Client(enforce_csrf_checks=True)

    answer = client.post(reverse("orgs:sign_in"), {"username": "x", "password": "y"})

    assert answer.status_code == 403
    assert "刷新" in answer.content.decode() or "重新" in answer.content.decode()


def test_error_page_needs_nothing_that_may_be_broken(client, db, monkeypatch):
    client.raise_request_exception = False

    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr("config.health.database", broken)

    answer = client.get("/healthz")

    assert answer.status_code == 500
    assert "系统" in answer.content.decode()


def test_maintenance_page_answers_for_everything_but_health(client, db, settings):
    settings.MAINTENANCE = True
    Heartbeat.mark("beat")

    answer = client.get(reverse("services:guide"))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
    assert "维护" in answer.content.decode()
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "127.0.0.1"),
    ],
)
def test_forwarded_address_counts_only_as_far_as_our_proxies(
    rf, settings, proxies, forwarded, seen
):
    from orgs.middleware import client_ip

    settings.TRUSTED_PROXY_COUNT = proxies

    assert client_ip(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded)) == seen
