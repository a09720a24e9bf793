"""A new portal gets its three administrators by one command, and never a second set."""

import re
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command

from orgs.models import Duty, User
from orgs.tasks import tidy


def run():
    out = StringIO()
    call_command("open_administrators", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_three_accounts_with_passwords_that_open_once():
    said = run()

    passwords = re.findall(r"账号 (\w+)，初始密码 (\S+?)，", said)
    assert [name for name, _ in passwords] == ["system", "security", "audit"]
    for name, password in passwords:
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.must_change_password
    assert "已有账号" in run()
    assert User.objects.exclude(duty=Duty.BUSINESS).count() == 3


@pytest.mark.django_db
def test_sessions_that_are_over_are_forgotten(clock, client):
    client.session.save()
    clock.advance(hours=1)

    tidy()

    assert not Session.objects.exists()
