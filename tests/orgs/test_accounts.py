"""The system administrator opens, changes and stops accounts; the security administrator ranks."""

import re
from io import BytesIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from orgs.models import AuditEntry, Duty, NotAllowed, Notice, Role, User
from orgs.models.sign_in import is_locked
from orgs.passwords import made_up_password
from tests.people import PASSWORD, person

LIST = reverse("orgs:accounts")


def url(name, user):
    return reverse(f"orgs:{name}", args=[user.pk])


def sign_in(client, user, password=PASSWORD):
    data = {"username": user.username, "password": password}
    return client.post(reverse("orgs:sign_in"), data)


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# The list


def names(response):
    return [row.record.name for row in response.context["table"].rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "承办副手"}, ["柳河承办副手"]),
        ({"q": "deputy"}, ["柳河承办副手"]),
        ({"duty": "AUDIT"}, ["审计员"]),
        ({"active": "no"}, ["柳河无职"]),
        ({"organization": "柳河镇一村"}, ["柳代办员"]),
        ({"organization": "4299101201"}, ["柳代办员"]),
        ({"organization": "无此组织"}, []),
    ],
)
def test_administrator_filters(cast, signed_in, query, expected):
    cast.fellow.set_active(False, actor=cast.system_admin)

    assert names(signed_in(cast.system_admin).get(LIST, query)) == expected


def test_list_names_the_posts_of_today(cast, signed_in):
    cast.handler.posts.update(ended_on="2026-03-01")

    page = signed_in(cast.security_admin).get(LIST, {"q": "4299101"})

    told = {row.record.name: row.get_cell("posts") for row in page.context["table"].rows}
    assert told["柳承办单位负责人"] == "柳河镇民政 承办单位负责人"
    assert told["柳承办人"] == "—"


def test_list_takes_as_many_queries_for_three_rows_as_for_one(cast, queries):
    def found(name):
        return queries(cast.system_admin, f"{LIST}?q={name}")

    assert names_count(cast, "4299101-clerk") == 1 and names_count(cast, "4299101-c") == 3
    assert found("4299101-clerk") == found("4299101-c")


def names_count(cast, part):
    return User.objects.filter(username__startswith=part).count()


def test_export_holds_what_the_filter_shows(cast, signed_in):
    response = signed_in(cast.system_admin).get(
        reverse("orgs:accounts_export"), {"q": "4299101-clerk"}
    )

    lines = [[c.value for c in line] for line in load_workbook(BytesIO(response.content)).active]
    row = ["柳窗口人员", "4299101-clerk", "业务人员", "柳河镇 窗口人员", "正常", "从未登录"]
    assert lines[1:] == [row]
    assert AuditEntry.objects.latest("pk").action == "list.exported"


def test_page_beyond_the_last_is_the_last(cast, signed_in):
    page = signed_in(cast.system_admin).get(LIST, {"page": "99", "per_page": "10"})

    assert page.context["table"].page.number == 3
    assert signed_in(cast.system_admin).get(LIST, {"page": "x"}).status_code == 200


def test_nobody_in_business_and_no_auditor_sees_the_list(cast, signed_in):
    for user in (cast.clerk, cast.centre_head, cast.reviewer, cast.auditor):
        client = signed_in(user)
        assert client.get(LIST).status_code == 403
        assert client.get(reverse("orgs:accounts_export")).status_code == 403
        assert client.get(url("account_detail", cast.handler)).status_code == 404
        assert client.get(url("account_edit", cast.handler)).status_code == 404


# Opening


def opened(client, **fields):
    data = {"username": "li.xm", "name": "李雪梅", "telephone": "", "email": "", "password": ""}
    return client.post(reverse("orgs:account_new"), data | fields)


def shown_password(response):
    return re.search(r'<code class="query-code">(.+?)</code>', response.content.decode())[1]


def test_administrator_opens_an_account_and_sees_its_password_once(cast, signed_in):
    response = opened(signed_in(cast.system_admin))

    user = User.objects.get(username="li.xm")
    assert user.check_password(shown_password(response))
    assert response["Cache-Control"] == "no-store"
    assert (user.name, user.duty, user.must_change_password) == ("李雪梅", Duty.BUSINESS, True)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.target_label) == (
        "account.opened",
        cast.system_admin,
        "李雪梅",
    )
    page = signed_in(cast.system_admin).get(url("account_detail", user)).content.decode()
    assert shown_password(response) not in page


def test_account_with_a_typed_password(cast, signed_in):
    opened(signed_in(cast.system_admin), password="Ludong-2077")

    assert User.objects.get(username="li.xm").check_password("Ludong-2077")


def test_typed_password_must_keep_the_rules(cast, signed_in):
    response = opened(signed_in(cast.system_admin), password="short")

    assert errors(response)["password"] == [
        "密码至少 10 位。",
        "密码须包含大写字母、小写字母、数字、符号中的至少 3 种。",
    ]
    assert not User.objects.filter(username="li.xm").exists()


def test_name_taken_is_refused_and_typed_text_stays(cast, signed_in):
    response = opened(signed_in(cast.system_admin), username="deputy")

    assert errors(response) == {"username": ["这个用户名已有人用，请换一个。"]}
    assert 'value="李雪梅"' in response.content.decode()


def test_only_the_system_administrator_opens(cast, signed_in):
    for user in (cast.security_admin, cast.auditor, cast.centre_head):
        assert opened(signed_in(user)).status_code == 403


def test_made_up_passwords_keep_the_rules_and_differ():
    made = {made_up_password() for _ in range(50)}

    assert len(made) == 50
    for password in made:
        validate_password(password, User(username="li.xm"))
        assert not set(password) & set("0OoIl1iL")


# Changing and stopping


def test_administrator_changes_an_account(cast, signed_in):
    data = {"username": "deputy", "name": "李雪梅", "telephone": "0717-1", "email": ""}

    response = signed_in(cast.system_admin).post(url("account_edit", cast.deputy), data)

    assert response.url == url("account_detail", cast.deputy)
    entry = AuditEntry.objects.latest("pk")
    assert entry.changes == {"name": ["柳河承办副手", "李雪梅"], "telephone": ["", "0717-1"]}


def test_system_administrator_cannot_make_administrators(cast, signed_in):
    data = {"username": "deputy", "name": "李雪梅", "duty": "SYSTEM"}

    signed_in(cast.system_admin).post(url("account_edit", cast.deputy), data)

    assert User.objects.get(pk=cast.deputy.pk).duty == Duty.BUSINESS


def test_security_administrator_makes_an_auditor(cast, signed_in):
    client = signed_in(cast.security_admin)

    client.post(url("account_edit", cast.fellow), {"duty": "AUDIT"})
    assert User.objects.get(pk=cast.fellow.pk).duty == Duty.AUDIT

    refused = client.post(url("account_edit", cast.clerk), {"duty": "AUDIT"})
    assert refused.context["form"].non_field_errors() == [
        "该账号仍有业务任职，请先结束任职再设为管理员。"
    ]


def test_post_that_begins_later_also_keeps_from_becoming_administrator(cast):
    post_later = {"organization": cast.home.organization, "role": Role.CLERK}
    cast.fellow.appoint(actor=cast.security_admin, started_on="2026-04-01", **post_later)

    with pytest.raises(NotAllowed):
        cast.fellow.revise(actor=cast.security_admin, duty=Duty.AUDIT)


def test_nobody_changes_the_own_duty_or_stops_the_own_account(cast, signed_in):
    security = signed_in(cast.security_admin)
    assert security.get(url("account_edit", cast.security_admin)).status_code == 403
    system = signed_in(cast.system_admin)
    assert system.get(url("account_switch", cast.system_admin)).status_code == 403
    assert system.post(url("account_password", cast.system_admin)).status_code == 403


def test_last_administrator_of_a_kind_stays(cast, signed_in):
    client = signed_in(cast.system_admin)

    page = client.post(url("account_switch", cast.auditor), {"active": "False"})

    assert page.context["form"].non_field_errors() == ["至少保留一名审计管理员，请先指定另一名。"]
    assert User.objects.get(pk=cast.auditor.pk).is_active
    person("auditor2", "审计员乙", Duty.AUDIT)
    client.post(url("account_switch", cast.auditor), {"active": "False"})
    assert not User.objects.get(pk=cast.auditor.pk).is_active


def test_stopped_account_is_out_with_the_next_request_and_can_come_back(cast, signed_in):
    clerk, system = signed_in(cast.clerk), signed_in(cast.system_admin)
    page = system.get(url("account_switch", cast.clerk)).content.decode()
    assert "停用“柳窗口人员”的账号？" in page

    system.post(url("account_switch", cast.clerk), {"active": "False"})
    assert clerk.get(reverse("home")).status_code == 302
    system.post(url("account_switch", cast.clerk), {"active": "True"})
    assert sign_in(Client(), cast.clerk).status_code == 302


def test_stop_sent_twice_stays_stopped(cast, signed_in):
    system = signed_in(cast.system_admin)

    for _ in range(2):
        system.post(url("account_switch", cast.clerk), {"active": "False"})

    assert not User.objects.get(pk=cast.clerk.pk).is_active


def test_reset_password_ends_the_session_and_tells_the_owner(cast, signed_in):
    clerk = signed_in(cast.clerk)

    response = signed_in(cast.system_admin).post(url("account_password", cast.clerk), {})

    user = User.objects.get(pk=cast.clerk.pk)
    assert user.check_password(shown_password(response)) and user.must_change_password
    assert clerk.get(reverse("home")).status_code == 302
    notice = Notice.objects.get(recipient=cast.clerk)
    assert (notice.title, notice.urgent) == ("您的密码已由管理员重置", True)


def test_security_administrator_unlocks(cast, signed_in):
    for _ in range(5):
        sign_in(Client(), cast.clerk, "wrong")
    security = signed_in(cast.security_admin)
    assert "登录锁定中" in security.get(url("account_detail", cast.clerk)).content.decode()

    assert signed_in(cast.system_admin).post(url("account_unlock", cast.clerk)).status_code == 403
    security.post(url("account_unlock", cast.clerk))

    assert not is_locked(cast.clerk.username)
    assert AuditEntry.objects.latest("pk").action == "account.unlocked"


def test_buttons_follow_the_duty(cast, signed_in):
    def rights(user, about):
        return signed_in(user).get(url("account_detail", about)).context["rights"]

    assert rights(cast.system_admin, cast.clerk) == ["edit", "reset", "switch"]
    assert rights(cast.security_admin, cast.clerk) == ["appoint", "dismiss", "classify"]
    assert rights(cast.security_admin, cast.auditor) == ["dismiss", "classify"]
    assert rights(cast.system_admin, cast.system_admin) == ["edit"]
    assert rights(cast.clerk, cast.clerk) == []


def test_page_of_roles_tells_every_role_and_duty(cast, signed_in):
    page = signed_in(cast.security_admin).get(reverse("orgs:roles")).content.decode()

    for label in [*Role.labels, *Duty.labels, "本级及下级", "本单位承办", "本级及所属村（社区）"]:
        assert label in page
