"""Settings come from whoever deploys the portal: what is wrong is told by name and in Chinese, and
what goes wrong later stands in the log."""

import base64
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KEY = base64.b64encode(b"1" * 32).decode()


@pytest.fixture
def python(tmp_path):
    """`python(code, NAME="value")` runs it as deployed, with these settings beside sound ones."""
    sound = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "off",
        "SECRET_KEY": "only-for-tests-" * 5,
        "ALLOWED_HOSTS": "portal.example.org",
        "PUBLIC_URL": "https://portal.example.org",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "EMAIL_URL": "dummymail://",
        "FIELD_KEYS": f"1:{KEY}",
        "INDEX_KEY": KEY,
        "REDIS_URL": "",
        "VAR_DIR": str(tmp_path),
        "PRIVATE_ROOT": str(tmp_path / "private"),
    }

    def run(code, **said):
        return subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"],
            cwd=ROOT, env=sound | said, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DEBUG", "maybe", "DEBUG 应为 on 或 off，现在是“maybe”。"),
        ("MAINTENANCE", "an", "MAINTENANCE 应为 on 或 off，现在是“an”。"),
        ("IMPORT_FILE_DAYS", "半年", "IMPORT_FILE_DAYS 应为整数，现在是“半年”。"),
        ("REDIS_URL", "foo", "REDIS_URL 应以 redis://、rediss://、unix:// 开头。"),
        ("DATABASE_URL", "mysql://a@b/c", "DATABASE_URL 应以 postgres://"),
        ("EMAIL_URL", "foo", "EMAIL_URL 应以 smtp"),
        ("PUBLIC_URL", "portal.example.org", "PUBLIC_URL 应以 http://、https:// 开头。"),
        ("ALLOWED_HOSTS", "https://a.org", "ALLOWED_HOSTS 只写主机名"),
        ("SECRET_KEY", "", "正式环境缺少以下环境变量：SECRET_KEY。"),
    ],
)
def test_wrong_setting_is_told_by_name(python, name, value, reason):
    done = python("", **{name: value})

    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {reason}")


def test_blank_and_spaced_settings_are_what_was_meant(python):
    code = (
        "from django.conf import settings as s\n"
        "print(s.TRUSTED_PROXY_COUNT, s.IMPORT_FILE_DAYS, s.MAINTENANCE, s.ALLOWED_HOSTS)"
    )
    said = {"TRUSTED_PROXY_COUNT": "", "IMPORT_FILE_DAYS": "", "MAINTENANCE": ""}

    done = python(code, ALLOWED_HOSTS="a.org, b.org", **said)

    assert done.stdout.strip() == "0 180 False ['a.org', 'b.org']", done.stderr


#: What collectstatic leaves, without its work.
MANIFEST = """
import json, os
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
found = [pair for finder in get_finders() for pair in finder.list([])]
names = [os.path.join(getattr(place, "prefix", None) or "", name) for name, place in found]
told = {"paths": dict(zip(names, names)), "version": "1.1"}
settings.STATIC_ROOT.mkdir(exist_ok=True)
(settings.STATIC_ROOT / "staticfiles.json").write_text(json.dumps(told))
"""


def ask(path, host="portal.example.org"):
    """Code that opens a page as the proxy would, and prints what came."""
    return MANIFEST + (
        "from django.test import Client\n"
        "client = Client(raise_request_exception=False)\n"
        f"answer = client.get({path!r}, secure=True, headers={{'host': {host!r}}})\n"
        "print(answer.status_code, answer.content.decode())"
    )


def test_what_breaks_stands_in_the_log_and_who_was_not_found_does_not(python):
    broken = python(ask("/sign-in/"))  # nothing is migrated
    wrong = python(ask("/", host="elsewhere.example"))
    missing = python(ask("/progress/FB2612-1-0001/SECRET/extra/"))

    assert broken.stdout.startswith("500")
    assert "Internal Server Error: /sign-in/" in broken.stderr
    assert "no such table" in broken.stderr
    assert wrong.stdout.startswith("400") and "这个请求无法处理" in wrong.stdout
    assert "elsewhere.example" in wrong.stderr
    assert missing.stdout.startswith("404")
    assert "SECRET" not in missing.stderr


def test_broker_that_is_away_is_asked_once(python):
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse():
            while True:
                try:
                    link, _ = server.accept()
                except OSError:
                    return
                asked.append(link.close())

        threading.Thread(target=refuse, daemon=True).start()
        port = server.getsockname()[1]
        code = "from orgs.nudge import send\nfrom orgs.tasks import work_on_import\n"
        done = python(f"{code}send(work_on_import, (1,))", REDIS_URL=f"redis://127.0.0.1:{port}/0")
        server.shutdown(socket.SHUT_RDWR)

    assert done.returncode == 0, done.stderr
    assert "waits for its sweep" in done.stderr
    assert len(asked) <= 2  # the pool looks once, and the sending once
