"""Nobody reaches a page that is not his or hers: every address, as every role.

A new route must take its place in one of the three tables, or this file fails.
"""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLResolver, get_resolver, reverse

from orgs.models import Duty, Notice, Role
from services.batch_forms import nonce_of
from services.models import Announcement, Category, Draft, ItemAttachment, ReplyTemplate
from tests.people import Cast
from tests.services.errand import entrusted

EVERYBODY = {*Role, *Duty} - {Duty.BUSINESS}
BUSINESS = set(Role)
REVIEW = {Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER}
LEDGER = {Role.AGENT, Role.CENTRE_HEAD, Role.SECRETARY, Role.REVIEWER}

#: Pages without a sign-in; reviewed one by one.
PUBLIC = {
    "healthz",
    "orgs:sign_in",
    "orgs:large_text",
    "services:guide",
    "services:guide_item",
    "services:guide_poster",
    "services:guide_paper",
    "services:guide_centres",
    "services:guide_centre",
    "services:board",
    "services:organization_board",
    "services:board_notice",
    "services:query",
    "services:progress",
    "services:evaluate",
    "services:offline_worker",
    "services:evaluation_add",
    "services:complain",
}
#: Pages without an object → who may open them; everybody else is refused with 403.
PAGES = {
    "home": EVERYBODY,
    "orgs:account": EVERYBODY,
    "orgs:change_password": EVERYBODY,
    "orgs:notices": EVERYBODY,
    "orgs:accounts": {Duty.SYSTEM, Duty.SECURITY},
    "orgs:accounts_export": {Duty.SYSTEM, Duty.SECURITY},
    "orgs:account_new": {Duty.SYSTEM},
    "orgs:stand_ins": BUSINESS,
    "orgs:roles": {Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT},
    "orgs:organizations": EVERYBODY - {Duty.AUDIT},
    "orgs:organizations_export": EVERYBODY - {Duty.AUDIT},
    "orgs:organization_new": {Duty.SYSTEM},
    "orgs:centres": BUSINESS | {Duty.SYSTEM},
    "orgs:centre_new": {Duty.SYSTEM},
    "orgs:calendars": BUSINESS | {Duty.SYSTEM},
    "orgs:calendar_import": {Duty.SYSTEM},
    "orgs:audit": {Duty.AUDIT},
    "orgs:audit_export": {Duty.AUDIT},
    "services:search": EVERYBODY,
    "services:requests": BUSINESS,
    "services:export": BUSINESS,
    "services:register": {Role.CLERK, Role.AGENT},
    "services:citizen_hint": {Role.CLERK, Role.AGENT},
    "services:item_hint": {Role.CLERK, Role.AGENT},
    "services:matter_hint": {Role.CLERK, Role.AGENT},
    "services:drafts": {Role.CLERK, Role.AGENT},
    "services:batch": {Role.CLERK, Role.AGENT},
    "services:offline": {Role.CLERK, Role.AGENT},
    "services:offline_desk": {Role.CLERK, Role.AGENT},
    "services:errands": {Role.AGENT, Role.CLERK, Role.CENTRE_HEAD},
    "services:errand_ledger": LEDGER,
    "services:errand_ledger_export": LEDGER,
    "services:items": BUSINESS,
    "services:items_export": BUSINESS,
    "services:item_new": {Role.CENTRE_HEAD},
    "services:item_import": {Role.CENTRE_HEAD},
    "services:reply_templates": {Role.HANDLER, Role.UNIT_HEAD, Role.CENTRE_HEAD},
    "services:reply_templates_export": {Role.HANDLER, Role.UNIT_HEAD, Role.CENTRE_HEAD},
    "services:reply_template_new": {Role.UNIT_HEAD, Role.CENTRE_HEAD},
    "services:announcements": BUSINESS,
    "services:announcement_new": {Role.CENTRE_HEAD, Role.SECRETARY},
    "services:categories": {Duty.SYSTEM, Role.CENTRE_HEAD},
    "services:category_new": {Duty.SYSTEM, Role.CENTRE_HEAD},
    "services:category_import": {Duty.SYSTEM, Role.CENTRE_HEAD},
    "assessments:dashboard": REVIEW,
    "assessments:dashboard_export": REVIEW,
    "assessments:workload": REVIEW | {Role.DISPATCHER},
    "assessments:workload_export": REVIEW | {Role.DISPATCHER},
}
#: Pages of the user's own session, POST only; there is nothing in them to reach.
OWN = {"orgs:sign_out", "orgs:switch", "orgs:notices_read_all"}
#: Pages about one thing → which thing, and who of another branch may see it all the same.
OBJECTS = {
    "orgs:notice": (["notice"], set()),
    "orgs:account_detail": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:account_edit": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:account_password": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:account_switch": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:account_unlock": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:post_new": (["account"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:post_end": (["account", "post"], {Duty.SYSTEM, Duty.SECURITY}),
    "orgs:stand_in_end": (["stand_in"], set()),
    "orgs:organization": (["organization"], {*Duty}),
    "orgs:organization_edit": (["organization"], {*Duty}),
    "orgs:organization_move": (["organization"], {*Duty}),
    "orgs:centre": (["centre"], {*Duty}),
    "orgs:centre_edit": (["centre"], {*Duty}),
    "orgs:centre_windows": (["centre"], {*Duty}),
    "orgs:unit_new": (["centre"], {*Duty}),
    "orgs:unit_edit": (["centre", "unit"], {*Duty}),
    "orgs:calendar": (["year"], {*EVERYBODY, "nobody"}),
    "orgs:calendar_day": (["year"], {*EVERYBODY, "nobody"}),
    "orgs:calendar_confirm": (["year"], {*EVERYBODY, "nobody"}),
    "orgs:audit_entry": (["entry"], {Duty.AUDIT}),
    "services:request": (["request"], set()),
    "services:unmask": (["request"], set()),
    "services:receipt": (["request"], set()),
    "services:attach": (["request"], set()),
    "services:attachment": (["request", "attachment"], set()),
    "services:act": (["request", "verb"], set()),
    "services:reply_edit": (["request"], set()),
    "services:reply_template_edit": (["reply_template"], set()),
    "services:entrust": (["request"], set()),
    "services:delegation": (["delegation"], set()),
    "services:delegation_act": (["delegation", "errand_verb"], set()),
    "services:delegation_paper": (["delegation", "paper"], set()),
    "services:errand_ledger_of": (["agent"], set()),
    "services:errand_ledger_of_export": (["agent"], set()),
    "services:draft": (["draft"], set()),
    "services:draft_discard": (["draft"], set()),
    "services:batch_result": (["page"], set()),
    "services:item": (["item"], {*Duty}),
    "services:item_edit": (["item"], {*Duty}),
    "services:item_switch": (["item"], {*Duty}),
    "services:item_paper_new": (["item"], {*Duty}),
    "services:item_paper": (["item", "paper_of_item"], {*Duty}),
    "services:item_paper_remove": (["item", "paper_of_item"], {*Duty}),
    "services:announcement": (["announcement"], {*Duty}),
    "services:announcement_edit": (["announcement"], {*Duty}),
    "services:announcement_withdraw": (["announcement"], {*Duty}),
    "services:category_edit": (["category"], EVERYBODY),
}
POST_ONLY = {"services:act", "services:delegation_act", "orgs:stand_in_end"}


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
    """One of each thing in the home township, and a number that none of them has."""
    request = cast.register(accept=True)
    request.attach([SimpleUploadedFile("a.pdf", b"%PDF-1.4")], actor=cast.clerk)
    item = cast.item()
    blank = SimpleUploadedFile("申请表.pdf", b"%PDF-1.4")
    [form] = ItemAttachment.offer([blank], item=item, actor=cast.centre_head)
    page = uuid.uuid4()
    cast.register(nonce=nonce_of(page, 0))
    draft = Draft.keep(
        actor=cast.clerk, organization=cast.home.organization, nonce=page, typed={"name": "覃德明"}
    )
    return {
        "draft": draft.pk,
        "page": str(page),
        "request": request.pk,
        "attachment": request.attachments.get().pk,
        "verb": "dispatch",
        "delegation": entrusted(cast).pk,
        "errand_verb": "submit",
        "paper": "authorisation",
        "agent": cast.agent.pk,
        "item": item.pk,
        "paper_of_item": form.pk,
        "announcement": Announcement.publish(
            actor=cast.secretary, organization=cast.home.organization, title="公示", text="内容"
        ).pk,
        "organization": cast.home.organization.pk,
        "centre": cast.home.centre.pk,
        "unit": cast.home.unit.pk,
        "account": cast.clerk.pk,
        "post": cast.clerk.posts.get().pk,
        "notice": Notice.objects.filter(recipient=cast.dispatcher).first().pk,
        "stand_in": cast.handler.hand_over(
            actor=cast.handler,
            deputy=cast.deputy,
            started_on="2026-03-01",
            ended_on="2026-03-09",
        ).pk,
        "year": 2026,
        "entry": cast.clerk.audit_entries.first().pk,
        "category": Category.objects.first().pk,
        "reply_template": ReplyTemplate.establish(
            actor=cast.centre_head,
            organization=cast.home.organization,
            name="不予办理",
            text="依据【规定】不予办理。",
        ).pk,
    }


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
        assert (who, client.get(reverse(name)).status_code) == (who, expected)


#: What an account without any post may still open.
FOR_ALL = {"services:search", "home", "orgs:account", "orgs:change_password", "orgs:notices"}


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
