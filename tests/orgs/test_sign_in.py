"""A person signs in with name and password; who only tries is counted, warned and locked out."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from orgs.middleware import client_ip
from orgs.models import AuditEntry, Throttle, User
from orgs.models.sign_in import is_locked
from tests.people import PASSWORD

SIGN_IN = reverse("orgs:sign_in")
HOME = reverse("home")


def attempt(client, username, password="wrong", **extra):
    return client.post(SIGN_IN, {"username": username, "password": password}, **extra)


def said(response):
    """The reason the page gives, without markup."""
    form = response.context["form"]
    return form.non_field_errors()[0]


def actions(user=None):
    rows = AuditEntry.objects.order_by("pk")
    rows = rows.about(user) if user else rows
    return [row.action for row in rows if row.action.startswith("account.")]


def test_clerk_signs_in_and_is_on_record(cast, client):
    response = attempt(client, cast.clerk.username, PASSWORD, REMOTE_ADDR="10.2.3.4")

    assert response.status_code == 302 and response.url == HOME
    entry = AuditEntry.objects.get(action="account.signed_in")
    assert (entry.actor, entry.ip, entry.actor_post) == (
        cast.clerk,
        "10.2.3.4",
        "柳河镇 窗口人员",
    )
    assert client.get(HOME).status_code == 200


def test_session_begun_before_sign_in_gets_a_new_key(cast, client):
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key

    attempt(client, cast.clerk.username, PASSWORD)

    cast.clerk.refresh_from_db()
    assert client.session.session_key == cast.clerk.session_key != planted
    assert not client.session.__class__().exists(planted)


def test_second_sign_in_ends_the_first_session_and_says_why(cast, client):
    attempt(client, cast.clerk.username, PASSWORD)
    elsewhere = Client()
    attempt(elsewhere, cast.clerk.username, PASSWORD)

    response = client.get(HOME)

    assert response.status_code == 302 and response.url.startswith(f"{SIGN_IN}?ended=1")
    assert "账号在别处登录过" in client.get(response.url).content.decode()
    assert elsewhere.get(HOME).status_code == 200


def test_session_ends_after_a_working_day_even_in_use(cast, client, clock, settings):
    settings.SESSION_COOKIE_AGE = 24 * 3600
    attempt(client, cast.clerk.username, PASSWORD)

    clock.advance(hours=11, minutes=59)
    assert client.get(HOME).status_code == 200
    clock.advance(minutes=2)
    assert client.get(HOME).status_code == 302


def test_idle_session_ends_after_half_an_hour(cast, client, clock):
    attempt(client, cast.clerk.username, PASSWORD)

    clock.advance(minutes=29)
    assert client.get(HOME).status_code == 200
    clock.advance(minutes=31)
    assert client.get(HOME).url == f"{SIGN_IN}?next={HOME}"


def test_wrong_password_and_unknown_name_hear_the_same(cast):
    known = [said(attempt(Client(), cast.clerk.username)) for _ in range(6)]
    unknown = [said(attempt(Client(), "nobody-here")) for _ in range(6)]

    assert known == unknown
    assert known == [
        "用户名或密码不正确，请核对后重试。",
        "用户名或密码不正确，请核对后重试。",
        "用户名或密码不正确。再输错 2 次，账号将锁定 15 分钟。",
        "用户名或密码不正确。再输错 1 次，账号将锁定 15 分钟。",
        "密码连续输错，账号已锁定 15 分钟。请稍后再试，或请安全管理员解除锁定。",
        "密码连续输错，账号已锁定 15 分钟。请稍后再试，或请安全管理员解除锁定。",
    ]


def test_pages_for_known_and_unknown_names_are_identical(cast):
    def page(username):
        text = attempt(Client(), username).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).replace(username, "?")

    assert page(cast.clerk.username) == page("nobody-here")


class CountingHasher(MD5PasswordHasher):
    hashed = 0

    def encode(self, password, salt):
        CountingHasher.hashed += 1
        return super().encode(password, salt)


def test_every_attempt_costs_one_hash_whoever_is_named(cast, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]

    for name in [cast.clerk.username] * 7 + ["nobody-here"] * 7:
        before = CountingHasher.hashed
        attempt(Client(), name)
        assert CountingHasher.hashed - before == 1


def test_locked_account_refuses_the_right_password_until_the_time_is_over(cast, client, clock):
    for _ in range(5):
        attempt(client, cast.clerk.username)

    assert "锁定" in said(attempt(client, cast.clerk.username, PASSWORD))
    clock.advance(minutes=14, seconds=59)
    assert "锁定" in said(attempt(client, cast.clerk.username, PASSWORD))
    clock.advance(seconds=2)
    assert attempt(client, cast.clerk.username, PASSWORD).status_code == 302


def test_lock_counts_from_the_last_failure(cast, client, clock):
    for minute in range(5):
        clock.set(f"2026-03-02 09:{minute * 3:02}")
        attempt(client, cast.clerk.username)

    clock.set("2026-03-02 09:26")
    assert is_locked(cast.clerk.username)
    clock.set("2026-03-02 09:28")
    assert not is_locked(cast.clerk.username)


def test_success_forgives_earlier_failures(cast, client):
    for _ in range(4):
        attempt(client, cast.clerk.username)
    attempt(client, cast.clerk.username, PASSWORD)

    assert said(attempt(Client(), cast.clerk.username)) == "用户名或密码不正确，请核对后重试。"


def test_failures_are_on_record_without_what_was_typed(cast, client):
    attempt(client, cast.clerk.username)
    attempt(client, "Qingxi@2026", "oops", REMOTE_ADDR="10.9.9.9")

    assert actions(cast.clerk) == ["account.sign_in_failed"]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor_name, entry.target_label, entry.target_id, entry.ip) == (
        "未登录",
        "不存在的账号",
        "",
        "10.9.9.9",
    )
    assert not Throttle.objects.filter(key__contains="Qingxi").exists()


def test_lock_is_on_record(cast, client):
    for _ in range(5):
        attempt(client, cast.clerk.username)

    assert actions(cast.clerk) == ["account.sign_in_failed"] * 4 + ["account.locked"]


def test_network_with_too_many_failures_gets_429(cast, client, settings, clock):
    settings.SIGN_IN_FAILURES_PER_NETWORK = 8
    for number in range(8):
        assert attempt(client, f"name{number}", REMOTE_ADDR="10.1.1.1").status_code == 200

    refused = attempt(client, cast.clerk.username, PASSWORD, REMOTE_ADDR="10.1.1.1")
    assert refused.status_code == 429
    assert "请在 15 分钟后再试" in refused.content.decode()
    assert client.get(SIGN_IN, REMOTE_ADDR="10.1.1.1").status_code == 429
    assert attempt(client, cast.clerk.username, PASSWORD, REMOTE_ADDR="10.1.1.2").status_code == 302
    clock.advance(minutes=16)
    assert client.get(SIGN_IN, REMOTE_ADDR="10.1.1.1").status_code in (200, 302)


def test_one_ipv6_subscriber_is_one_network(cast, client, settings):
    settings.SIGN_IN_FAILURES_PER_NETWORK = 3
    for number in range(3):
        attempt(client, f"name{number}", REMOTE_ADDR=f"2001:db8:1:2::{number}")

    assert client.get(SIGN_IN, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert client.get(SIGN_IN, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_forged_forwarded_header_is_ignored_without_a_proxy(rf, settings):
    request = rf.get("/", HTTP_X_FORWARDED_FOR="1.2.3.4", REMOTE_ADDR="10.0.0.9")

    assert client_ip(request) == "10.0.0.9"
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_ip(request) == "1.2.3.4"


@pytest.mark.parametrize("forwarded", ["unknown", "1.2.3.4:55", "<script>", "", "１.2.3.4"])
def test_forwarded_nonsense_is_no_address(rf, settings, forwarded):
    settings.TRUSTED_PROXY_COUNT = 1
    request = rf.get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.9")

    assert client_ip(request) is None


def test_stopped_account_hears_what_everybody_hears(cast, client):
    cast.clerk.set_active(False, actor=cast.system_admin)

    response = attempt(client, cast.clerk.username, PASSWORD)

    assert said(response) == "用户名或密码不正确，请核对后重试。"


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/account/", "/account/"),
        ("https://evil.example/", HOME),
        ("//evil.example", HOME),
        ("javascript:alert(1)", HOME),
        ("", HOME),
    ],
)
def test_next_stays_on_this_site(cast, client, asked, led_to):
    data = {"username": cast.clerk.username, "password": PASSWORD, "next": asked}

    assert client.post(SIGN_IN, data).url == led_to


def test_next_survives_a_wrong_password(cast, client):
    page = client.post(f"{SIGN_IN}?next=/account/", {"username": "x", "password": "y"})

    assert 'name="next" value="/account/"' in page.content.decode()


def test_typed_name_stays_and_the_password_does_not(cast, client):
    page = attempt(client, "my-name", "my-secret").content.decode()

    assert 'value="my-name"' in page
    assert "my-secret" not in page


def test_signed_in_person_is_not_asked_again(cast, signed_in):
    assert signed_in(cast.clerk).get(SIGN_IN).url == HOME


def test_sign_out_ends_the_session_and_only_by_post(cast, client):
    attempt(client, cast.clerk.username, PASSWORD)

    assert client.get(reverse("orgs:sign_out")).url == HOME
    assert client.get(HOME).status_code == 200
    assert client.post(reverse("orgs:sign_out")).url == SIGN_IN
    assert client.get(HOME).status_code == 302
    assert actions(cast.clerk) == ["account.signed_in", "account.signed_out"]
    assert User.objects.get(pk=cast.clerk.pk).session_key == ""


def test_large_text_is_remembered_and_taken_back(db, client):
    url = reverse("orgs:large_text")

    response = client.post(url, {"next": SIGN_IN})
    assert response.url == SIGN_IN
    assert response.cookies["large_text"]["max-age"] == 365 * 86400
    assert '<html lang="zh-CN" class="large">' in client.get(SIGN_IN).content.decode()
    client.post(url, {"next": SIGN_IN})
    assert '<html lang="zh-CN">' in client.get(SIGN_IN).content.decode()
    assert client.get(url).status_code == 405
