"""Fixtures every test may use: real servers, Chromium, the clock, the shared data."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection
from hypothesis import settings as hypothesis_settings
from kombu import pools

from orgs.models import calendar, triggers
from tests.servers import ROOT, Mailbox, PostgreSQL, Redis, Worker

# Playwright keeps an event loop in the test's thread, where Django then refuses its ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A machine that is busy with something else must not fail a property.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    must_run = os.environ.get("PORTAL_REQUIRE_BROWSER") == "1"
    no_browser = not must_run and chromium_path() is None
    no_postgres = "postgresql" not in django_settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            if no_browser:
                item.add_marker(pytest.mark.skip("no Chromium on this machine"))
        if no_postgres and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip("runs on PostgreSQL only"))


@pytest.fixture(scope="session")
def base_url():
    """Tests name `live_server.url`; pytest 9 deprecates the way Playwright's plugin says None."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = chromium_path()
    if path is None:
        pytest.fail("PORTAL_REQUIRE_BROWSER is set, but no Chromium was found.", pytrace=False)
    return {**browser_type_launch_args, "executable_path": path, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(autouse=True)
def _empty_cache():
    for cache in caches.all(initialized_only=True):
        cache.clear()
    calendar._cache.clear()  # keyed by versions, which a rolled-back test gives out again


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Emptying a SQLite database deletes rows, audit entries too; PostgreSQL truncates.

    The test of that guard puts it back for itself.
    """
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            triggers.remove(connection, [triggers.AUDIT_DELETE])


@pytest.fixture(scope="session")
def postgres_url():
    """A PostgreSQL server: the one the suite runs on, or else a new one."""
    if "postgresql" in django_settings.DATABASES["default"]["ENGINE"]:
        yield os.environ["DATABASE_URL"]
        return
    server = PostgreSQL()
    server.start()
    yield server.url
    server.remove()


@pytest.fixture(scope="session")
def _redis():
    server = Redis()
    yield server
    server.remove()


@pytest.fixture
def redis_server(_redis):
    """An empty Redis of this test's own: `.url`, `.stop()`, `.start()`."""
    _redis.stop()
    _redis.start()
    return _redis


@pytest.fixture
def redis_url(redis_server):
    return redis_server.url


@pytest.fixture(scope="session")
def _mailbox():
    mailbox = Mailbox()
    mailbox.start()
    yield mailbox
    mailbox.stop()


@pytest.fixture
def smtp_server(_mailbox, settings):
    """Mail leaves by real SMTP: `.messages`, `.clear()`, `.hold()`, `.release()`, `.url`."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = _mailbox.host, _mailbox.port
    _mailbox.clear()
    yield _mailbox
    _mailbox.clear()


@pytest.fixture
def redis_broker(redis_server, settings):
    """The portal in this process uses `redis_server` as broker and for progress."""
    from config.celery import app

    before = app.conf.broker_url, app.conf.broker_transport_options
    settings.CACHES = settings.CACHES | {
        "progress": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_server.url,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }
    _use_broker(app, redis_server.url, {"socket_connect_timeout": 1, "socket_timeout": 5})
    yield redis_server
    _use_broker(app, *before)


def _use_broker(app, url, options):
    pools.reset()
    app.conf.broker_url, app.conf.broker_transport_options = url, options
    app._after_fork()  # forgets its pool of the broker before


@pytest.fixture
def celery_worker_process(transactional_db):
    """Start a Celery worker on this test's database: `celery_worker_process(env, *flags)`.

    The environment decides its broker and mail server; `.kill()` and `.stop()` end it.
    """
    workers = []

    def start(env=None, *flags):
        database = str(django_settings.DATABASES["default"]["NAME"])
        workers.append(Worker({"PORTAL_TEST_DATABASE": database, **(env or {})}, *flags))
        workers[-1].start()
        return workers[-1]

    yield start
    for worker in workers:
        worker.remove()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real files that lie beside the checkout, in ../shared/data."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the real data files (../shared/data) are not beside this checkout")
    return path


class Clock:
    """Frozen time, told in local terms: `clock.set("2026-03-02 09:00")`."""

    def __init__(self, traveller):
        self._traveller = traveller

    def set(self, moment: str | datetime) -> None:
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        self._traveller.move_to(moment)

    def advance(self, **interval) -> None:
        self._traveller.shift(timedelta(**interval))


@pytest.fixture
def clock():
    """Monday 2 March 2026, 09:00; moves only by `clock.set()` and `clock.advance(days=1)`."""
    start = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    with time_machine.travel(start, tick=False) as traveller:
        yield Clock(traveller)
