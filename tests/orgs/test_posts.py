"""The security administrator gives people posts and takes them back."""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, Department, Post, Role
from tests.people import place, post


def new(user):
    return reverse("orgs:post_new", args=[user.pk])


def end(post):
    return reverse("orgs:post_end", args=[post.user_id, post.pk])


def appoint(client, user, organization="4299101", role=Role.CLERK, **more):
    data = {"organization": organization, "role": role, "started_on": "2026-03-02"} | more
    return client.post(new(user), data)


@pytest.fixture
def security(cast, signed_in):
    return signed_in(cast.security_admin)


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def test_security_administrator_gives_a_post(cast, security):
    response = appoint(security, cast.fellow, ended_on="2026-12-31")

    assert response.url == cast.fellow.get_absolute_url()
    given = cast.fellow.posts.get()
    assert str(given) == "柳河镇 窗口人员"
    assert (str(given.started_on), str(given.ended_on)) == ("2026-03-02", "2026-12-31")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.organization, entry.note) == (
        "post.granted",
        cast.home.organization,
        "柳河镇 窗口人员",
    )


@pytest.mark.parametrize(
    "typed", ["4299101201", "柳河镇一村", " 柳河镇一村 ", "4299101201 柳河镇一村", "河镇一"]
)
def test_organization_is_found_by_code_name_or_part_of_it(cast, security, typed):
    appoint(security, cast.fellow, typed)

    assert cast.fellow.posts.get().organization == cast.home.village


def test_ambiguous_name_lists_the_candidates(cast, security):
    response = appoint(security, cast.fellow, "一村")

    assert errors(response) == {
        "organization": [
            "符合“一村”的不止一个，请改填代码：4299101201 柳河镇一村；4299102201 东山乡一村。"
        ]
    }
    assert 'value="一村"' in response.content.decode()


def test_unknown_and_abolished_organizations_are_refused(cast, security):
    cast.home.village.revise(actor=cast.system_admin, abolished_on="2026-01-01")

    assert errors(appoint(security, cast.fellow, "无此组织")) == {
        "organization": ["没有找到“无此组织”，请核对代码或名称。"]
    }
    assert "organization" in errors(appoint(security, cast.fellow, "4299101201"))


def test_many_candidates_are_cut_short(cast, security):
    for number in range(10):
        place(f"42991{number:03}9", f"长坪{number}村", "VILLAGE", cast.home.organization)

    words = errors(appoint(security, cast.fellow, "长坪"))["organization"][0]

    assert words.count("长坪") == 9  # what was typed, and eight of them
    assert words.endswith("等。")


def test_handler_needs_a_unit_of_that_organization(cast, security):
    missing = appoint(security, cast.fellow, role=Role.HANDLER)
    assert errors(missing) == {"department": ["请选择承办单位。"]}
    # The page that came back now offers the units, without any script.
    assert "柳河镇民政" in missing.content.decode()

    foreign = appoint(security, cast.fellow, role=Role.HANDLER, department=cast.away.unit.pk)
    assert "department" in errors(foreign)

    appoint(security, cast.fellow, role=Role.HANDLER, department=cast.home.unit.pk)
    assert str(cast.fellow.posts.get()) == "柳河镇民政 承办人"


def test_other_roles_take_no_unit(cast, security):
    response = appoint(security, cast.fellow, department=cast.home.unit.pk)

    assert errors(response) == {"department": ["这个角色不选承办单位。"]}


def test_organization_without_units_says_what_to_do(cast, security):
    response = appoint(security, cast.fellow, "4299", role=Role.HANDLER)

    assert errors(response) == {"department": ["该党组织还没有承办单位，请先在服务中心设立。"]}


def test_units_are_offered_as_soon_as_the_organization_is_known(cast, security):
    Department.objects.filter(pk=cast.home.other_unit.pk).update(is_active=False)

    page = security.get(new(cast.fellow), {"organization": "柳河镇"}).content.decode()

    assert "柳河镇民政" in page
    assert "柳河镇城建" not in page and "东山乡民政" not in page


def test_same_post_twice_is_refused(cast, security):
    assert errors(appoint(security, cast.clerk)) == {"__all__": ["该人员已担任同一职务。"]}
    assert cast.clerk.posts.count() == 1


def test_post_cannot_end_before_it_begins(cast, security):
    response = appoint(security, cast.fellow, ended_on="2026-03-01")

    assert errors(response) == {"__all__": ["离任日期不能早于任职日期。"]}


def test_administrators_get_no_post(cast, security):
    assert appoint(security, cast.auditor).status_code == 403
    assert appoint(security, cast.system_admin).status_code == 403
    assert not Post.objects.filter(user__in=[cast.auditor, cast.system_admin]).exists()


def test_only_the_security_administrator_gives_and_takes(cast, signed_in):
    held = cast.clerk.posts.get()

    assert appoint(signed_in(cast.system_admin), cast.fellow).status_code == 403
    assert signed_in(cast.system_admin).post(end(held)).status_code == 403
    for user in (cast.auditor, cast.centre_head, cast.reviewer):
        assert appoint(signed_in(user), cast.fellow).status_code == 404
        assert signed_in(user).post(end(held)).status_code == 404


def test_post_is_held_through_its_last_day(cast, security, clock):
    held = cast.clerk.posts.get()

    response = security.post(end(held), {"ended_on": "2026-03-03"})

    assert response.url == cast.clerk.get_absolute_url()
    assert AuditEntry.objects.latest("pk").action == "post.ended"
    clock.set("2026-03-03 23:59")
    assert cast.clerk.posts.current().exists()
    clock.set("2026-03-04 00:00")
    assert not cast.clerk.posts.current().exists()


def test_end_before_the_beginning_is_refused(cast, security):
    response = security.post(end(cast.clerk.posts.get()), {"ended_on": "2019-12-31"})

    assert errors(response) == {"ended_on": ["离任日期不能早于任职日期。"]}


def test_post_of_another_person_is_not_found(cast, security):
    held = cast.clerk.posts.get()

    assert security.get(reverse("orgs:post_end", args=[cast.fellow.pk, held.pk])).status_code == 404


def test_former_posts_stay_readable(cast, security):
    post(cast.clerk, cast.county, Role.SECRETARY)
    cast.clerk.posts.filter(role=Role.SECRETARY).update(ended_on="2025-12-31")

    page = security.get(cast.clerk.get_absolute_url())

    assert [str(row) for row in page.context["former"]] == ["青溪县委 书记"]
    assert "以前的任职（1）" in page.content.decode()
