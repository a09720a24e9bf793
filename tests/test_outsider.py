"""Nobody reaches a page that is not his or hers: every address, as every role.

A new route must take its place in the tables of tests/reach, or this file fails.
"""

import re

import pytest
from django.urls import URLResolver, get_resolver, reverse

from orgs.models import Duty, Role
from tests import reach
from tests.people import Cast
from tests.reach import FOR_ALL, OBJECTS, OWN, PAGES, POST_ONLY, PUBLIC


def routes(resolver=None, space=""):
    """Every route's full name, and whether it needs a sign-in."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{entry.namespace}:" if entry.namespace else space)
        else:
            yield space + entry.name, getattr(entry.callback, "login_required", True)


def test_every_route_has_its_place():
    assert {name for name, _ in routes()} == PUBLIC | {*PAGES} | OWN | {*OBJECTS}


def test_only_the_reviewed_pages_are_public():
    assert {name for name, needs_login in routes() if not needs_login} == PUBLIC


@pytest.fixture
def cast(db, clock):
    return Cast()


@pytest.fixture
def strangers(cast):
    """Everybody who has no business in the home township, by role or duty."""
    return {
        **cast.away.people,
        Duty.SYSTEM: cast.system_admin,
        Duty.SECURITY: cast.security_admin,
        Duty.AUDIT: cast.auditor,
        "nobody": cast.fellow,
    }


@pytest.fixture
def things(cast):
    """One of each thing in the home township, as it stands in an address."""
    return reach.things(cast)


def enter(client, user):
    client.force_login(user)
    session = client.session
    session["started"] = 4_000_000_000
    session.save()
    user.session_key = session.session_key
    user.save(update_fields=["session_key"])


def call(client, name, args):
    url = reverse(name, args=args)
    return client.post(url) if name in POST_ONLY else client.get(url)


def without_path(answer, name, args) -> str:
    """The page but for its own address, which the reader typed, and the form's secret."""
    text = answer.content.decode().replace(reverse(name, args=args), "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("name", OBJECTS)
def test_what_is_out_of_reach_looks_like_what_does_not_exist(cast, client, strangers, things, name):
    parts, allowed = OBJECTS[name]
    there = [things[part] for part in parts]
    nowhere = [987654321, *there[1:]]

    for who, user in strangers.items():
        if who in allowed:
            continue
        enter(client, user)
        answer, missing = call(client, name, there), call(client, name, nowhere)
        assert (who, answer.status_code) == (who, 404)
        assert without_path(answer, name, there) == without_path(missing, name, nowhere)


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_for_their_roles_and_for_nobody_else(cast, client, strangers, things, name):
    for who, user in strangers.items():
        enter(client, user)
        expected = 200 if who in PAGES[name] or (who == "nobody" and name in FOR_ALL) else 403
        assert (who, call(client, name, []).status_code) == (who, expected)


@pytest.mark.parametrize("name", sorted({*PAGES, *OBJECTS}))
def test_without_sign_in_every_page_leads_to_the_sign_in(client, db, name):
    arguments = {"services:act": [1, "accept"]}
    parts = OBJECTS.get(name, ([],))[0]
    args = arguments.get(name, list(range(1, len(parts) + 1)))

    answer = call(client, name, args)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("orgs:sign_in"))


def test_lists_counts_and_search_know_nothing_of_another_branch(cast, client):
    cast.register(subject="宅基地审批", accept=True)

    for user in cast.away.people.values():
        enter(client, user)
        for query in ({"box": "all"}, {"q": "宅基地"}, {"q": "13900000021"}):
            page = client.get(reverse("services:requests"), query)
            assert page.context["page"].rows == []
            assert page.context["page"].count == 0


def test_post_that_ends_closes_the_door_with_the_next_request(cast, client):
    request = cast.register()
    enter(client, cast.clerk)
    assert client.get(request.get_absolute_url()).status_code == 200

    cast.clerk.posts.update(ended_on="2026-03-01")

    assert client.get(request.get_absolute_url()).status_code == 404


def test_disabled_account_is_out_with_the_next_request(cast, client):
    enter(client, cast.clerk)

    cast.clerk.set_active(False, actor=cast.system_admin)

    assert client.get(reverse("home")).status_code == 302


def test_moved_village_changes_hands_at_once(cast, client):
    request = cast.register(actor=cast.agent, organization=cast.home.village)
    enter(client, cast.secretary)
    assert client.get(request.get_absolute_url()).status_code == 200

    cast.home.village.relocate(actor=cast.system_admin, parent=cast.away.organization)

    assert client.get(request.get_absolute_url()).status_code == 404
    enter(client, cast.away.people[Role.SECRETARY])
    assert client.get(request.get_absolute_url()).status_code == 200
