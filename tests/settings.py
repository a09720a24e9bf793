"""Settings for the tests: nothing is read from or written to var/."""

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

# Made by the first process of a run; its test workers and Celery workers inherit the name.
if "PORTAL_TEST_DIR" not in os.environ:
    os.environ["PORTAL_TEST_DIR"] = tempfile.mkdtemp(prefix="portal-test-")
    atexit.register(shutil.rmtree, os.environ["PORTAL_TEST_DIR"], ignore_errors=True)
worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
var = Path(os.environ["PORTAL_TEST_DIR"]) / worker
var.mkdir(exist_ok=True)

os.environ.update(
    DEBUG="on",
    SECRET_KEY="only-for-tests-" * 5,
    ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
    FIELD_KEYS="1:" + base64.b64encode(b"1" * 32).decode(),
    INDEX_KEY=base64.b64encode(b"2" * 32).decode(),
    PUBLIC_URL="http://testserver",
    TRUSTED_PROXY_COUNT="0",
    MAINTENANCE="off",
    VAR_DIR=str(var),
    PRIVATE_ROOT=str(var / "private"),
)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{var / 'portal.sqlite3'}")
os.environ.setdefault("EMAIL_URL", "memorymail://")
os.environ.setdefault("REDIS_URL", "")
if os.environ["REDIS_URL"] and "PORTAL_TEST_DATABASE" not in os.environ:
    # Each test worker has a Redis database of its own, as it has an SQL database; a Celery
    # worker that a test has started uses the one that it was told.
    server = os.environ["REDIS_URL"].rsplit("/", 1)[0]
    os.environ["REDIS_URL"] = f"{server}/{worker.removeprefix('gw')}"

from config.settings import *  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because the live server and Celery workers open it from outside.
    DATABASES["default"]["TEST"] = {"NAME": str(var / "test.sqlite3")}
if "PORTAL_TEST_DATABASE" in os.environ:
    DATABASES["default"]["NAME"] = os.environ["PORTAL_TEST_DATABASE"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
