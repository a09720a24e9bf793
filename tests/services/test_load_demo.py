"""A developer loads the demo by one command: once, at any time of any day, never in production."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orgs.models import ImportBatch, Organization, User
from services.demo.people import ACCOUNTS
from services.models import ServiceRequest, Status
from tests.services.past import hangs_together

pytestmark = pytest.mark.django_db


def load(*flags):
    out = StringIO()
    call_command("load_demo", *flags, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    "moment",
    [
        "2027-01-01 00:20",  # New Year's night, in a year whose calendar is not out
        "2026-10-03 15:00",  # National Day
        "2026-02-14 18:40",  # a Saturday that is worked, after closing
    ],
)
def test_demo_loads_at_any_time_and_by_force_in_production(clock, moment):
    clock.set(moment)

    load("--force")

    hangs_together()
    states = set(ServiceRequest.objects.values_list("status", flat=True))
    assert states == set(Status.values) - {Status.DRAFT}


def test_first_run_loads_once(clock, settings):
    settings.DEBUG = True

    assert load("--first-run").startswith(
        "演示数据已载入：党组织 34 个，办件 153 件，考核表 29 份。"
    )
    assert load("--first-run") == ""
    with pytest.raises(CommandError, match="演示数据已经载入"):
        load()

    assert ServiceRequest.objects.count() == 153
    waiting = ImportBatch.objects.get()
    told = [waiting.counts[name] for name in ("rows", "new", "updated", "unchanged", "error")]
    assert (waiting.status, told) == ("PENDING", [10, 2, 2, 4, 2])


def test_production_is_refused(clock):
    with pytest.raises(CommandError) as refusal:
        load()

    assert str(refusal.value) == (
        "正式环境不载入演示数据：演示账号的密码是公开的。确需载入时请加 --force，"
        "用后立即停用这些账号。"
    )
    assert not Organization.objects.exists()


def test_accounts_are_listed_without_loading(settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"

    lines = load("--accounts").splitlines()

    assert lines[0] == "演示地址：http://127.0.0.1:8000    密码均为：Qingxi@2026"
    assert lines[3].split() == [
        "wangxiaoyun", "王小芸", "窗口人员", "柳河镇便民服务中心",
        "登记诉求、受理、当场办结、打印回执",
    ]  # fmt: skip
    assert len(lines) == 3 + len(ACCOUNTS)
    assert not User.objects.exists()
