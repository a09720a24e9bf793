"""A person changes the initial password first, and keeps the own account in order."""

import pytest
from django.test import Client
from django.urls import reverse

from orgs.models import Duty, Role, User
from tests.people import PASSWORD, post

NEW = "Zhongqiu-8-15"


def sign_in(client, user, password=PASSWORD):
    data = {"username": user.username, "password": password}
    return client.post(reverse("orgs:sign_in"), data)


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# The first sign-in


def test_new_person_can_do_nothing_before_changing_the_password(cast, client, signed_in):
    user = User.objects.open_account(
        actor=cast.system_admin, password="Chushi-2026", username="li.xm", name="李雪梅"
    )
    post(user, cast.home.organization, Role.CLERK)
    sign_in(client, user, "Chushi-2026")
    change = reverse("orgs:change_password")

    for page in (reverse("home"), reverse("orgs:account"), reverse("services:requests")):
        assert client.get(page).url == change
    data = {"old": "Chushi-2026", "password": NEW, "again": NEW}
    assert client.post(change, data).url == reverse("home")
    assert client.get(reverse("home")).status_code == 200
    user.refresh_from_db()
    assert user.check_password(NEW) and not user.must_change_password


def test_change_keeps_this_session_and_ends_the_other(cast, signed_in):
    here, there = signed_in(cast.clerk), Client()
    key = here.session.session_key
    there.cookies = here.cookies.copy()

    data = {"old": PASSWORD, "password": NEW, "again": NEW}
    here.post(reverse("orgs:change_password"), data)

    assert here.session.session_key != key
    assert here.get(reverse("home")).status_code == 200
    assert there.get(reverse("home")).status_code == 302


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"old": "wrong"}, "old", "现在的密码不正确。"),
        ({"again": "Another-1-1"}, "again", "两次输入的新密码不一样。"),
        ({"password": PASSWORD, "again": PASSWORD}, "password", "不能与最近 5 次用过的密码相同。"),
        (
            {"password": "onlyletters", "again": "onlyletters"},
            "password",
            "密码须包含大写字母、小写字母、数字、符号中的至少 3 种。",
        ),
    ],
)
def test_password_is_refused(cast, signed_in, data, field, words):
    given = {"old": PASSWORD, "password": NEW, "again": NEW} | data

    response = signed_in(cast.clerk).post(reverse("orgs:change_password"), given)

    assert words in errors(response)[field]
    cast.clerk.refresh_from_db()
    assert cast.clerk.check_password(PASSWORD)


def test_former_passwords_are_not_used_again(cast, signed_in):
    client = signed_in(cast.clerk)
    before = [PASSWORD, *(f"Mima-2026-{n}" for n in range(5))]
    for old, new in zip(before, before[1:], strict=False):
        data = {"old": old, "password": new, "again": new}
        assert client.post(reverse("orgs:change_password"), data).status_code == 302

    data = {"old": before[-1], "password": before[1], "again": before[1]}
    assert "password" in errors(client.post(reverse("orgs:change_password"), data))


def test_expired_password_must_be_changed(cast, signed_in, clock):
    cast.clerk.change_password(NEW, actor=cast.clerk)

    clock.advance(days=89)
    assert signed_in(cast.clerk).get(reverse("home")).status_code == 200
    clock.advance(days=1)
    assert signed_in(cast.clerk).get(reverse("home")).url == reverse("orgs:change_password")


# One's own account


def test_person_sees_posts_reach_and_sign_ins(cast, client):
    sign_in(Client(), cast.secretary, "wrong")
    sign_in(client, cast.secretary)

    page = client.get(reverse("orgs:account")).content.decode()

    assert "数据权限：本级及下级" in page
    assert "登录失败" in page


def test_person_sees_whose_place_is_taken(cast, signed_in):
    away = {"started_on": "2026-03-01", "ended_on": "2026-03-05"}
    cast.handler.hand_over(actor=cast.handler, deputy=cast.fellow, **away)

    page = signed_in(cast.fellow).get(reverse("orgs:account")).content.decode()
    assert "代 柳承办人 办理 柳河镇民政 承办人" in page


def test_administrator_works_with_nobody_s_posts(cast, signed_in):
    away = {"started_on": "2026-03-01", "ended_on": "2026-03-05"}
    cast.handler.hand_over(actor=cast.handler, deputy=cast.fellow, **away)

    cast.fellow.revise(actor=cast.security_admin, duty=Duty.AUDIT)

    assert User.objects.get(pk=cast.fellow.pk).acting_posts() == []


def test_person_sets_where_notices_go(cast, signed_in):
    client = signed_in(cast.clerk)

    client.post(reverse("orgs:account"), {"telephone": "0717-2", "email": "clerk@example.org"})

    cast.clerk.refresh_from_db()
    assert (cast.clerk.telephone, cast.clerk.email) == ("0717-2", "clerk@example.org")


def test_person_changes_nothing_else_of_the_own_account(cast, signed_in):
    data = {"telephone": "", "email": "", "name": "别人", "duty": "SYSTEM", "username": "root"}

    signed_in(cast.clerk).post(reverse("orgs:account"), data)

    user = User.objects.get(pk=cast.clerk.pk)
    assert (user.name, user.duty, user.username) == ("柳窗口人员", "BUSINESS", "4299101-clerk")


def test_switch_leads_only_to_where_a_post_is_held(cast, signed_in):
    post(cast.clerk, cast.away.organization, Role.CLERK)
    client = signed_in(cast.clerk)
    switch = reverse("orgs:switch")

    def now():
        return client.get(reverse("home")).wsgi_request.user.acting_organization

    assert now() == cast.home.organization
    asked = {"organization": cast.away.organization.pk, "next": reverse("services:requests")}
    assert client.post(switch, asked).url == reverse("services:requests")
    assert now() == cast.away.organization
    for wrong in (cast.county.pk, 0, "x", ""):
        assert client.post(switch, {"organization": wrong}).status_code == 404
    assert now() == cast.away.organization


def test_switch_leaves_the_page_of_a_record(cast, signed_in):
    post(cast.clerk, cast.away.organization, Role.CLERK)
    asked = {"organization": cast.away.organization.pk, "next": "/requests/7/"}

    assert signed_in(cast.clerk).post(reverse("orgs:switch"), asked).url == reverse("home")
