"""Who may do what, from which state: the whole table, row by row."""

import pytest

from orgs.models import Role

#: state → how to get there
STATES = {
    "REGISTERED": lambda cast: cast.register(),
    "ACCEPTED": lambda cast: cast.register(accept=True),
    "DISPATCHED": lambda cast: dispatched(cast),
    "HANDLING": lambda cast: cast.handling(),
    "PENDING_REVIEW": lambda cast: cast.pending(),
    "APPROVED": lambda cast: approved(cast),
    "REPLIED": lambda cast: cast.replied(),
    "CLOSED": lambda cast: closed(cast),
    "SUPPLEMENTING": lambda cast: supplementing(cast),
    "NOT_ACCEPTED": lambda cast: refused(cast),
    "SUSPENDED": lambda cast: suspended(cast),
    "WITHDRAWN": lambda cast: withdrawn(cast),
    "MERGED": lambda cast: merged(cast),
}
#: What the window may always do, and who may press a unit.
OPEN_DESK = ["withdraw", "complain"]
ALLOWED = {
    ("REGISTERED", "CLERK"): ["accept", "ask_supplement", "propose_refusal", *OPEN_DESK],
    ("SUPPLEMENTING", "CLERK"): ["receive_supplement", *OPEN_DESK],
    ("NOT_ACCEPTED", "CLERK"): ["complain"],
    ("ACCEPTED", "CLERK"): OPEN_DESK,
    ("ACCEPTED", "DISPATCHER"): ["dispatch", "merge"],
    ("DISPATCHED", "CLERK"): OPEN_DESK,
    ("DISPATCHED", "DISPATCHER"): ["transfer", "assist", "propose_exclusion", "urge", "merge"],
    ("DISPATCHED", "HANDLER"): ["sign"],
    ("DISPATCHED", "UNIT_HEAD"): ["send_back", "assist", "propose_exclusion"],
    ("DISPATCHED", "CENTRE_HEAD"): ["transfer", "urge", "supervise"],
    ("DISPATCHED", "SECRETARY"): ["supervise"],
    ("HANDLING", "CLERK"): OPEN_DESK,
    ("HANDLING", "DISPATCHER"): ["transfer", "assist", "propose_exclusion", "urge", "merge"],
    ("HANDLING", "HANDLER"): ["submit", "propose_pause", "propose_extension"],
    ("HANDLING", "UNIT_HEAD"): ["reassign", "assist", "propose_exclusion"],
    ("HANDLING", "CENTRE_HEAD"): ["transfer", "urge", "supervise"],
    ("HANDLING", "SECRETARY"): ["supervise"],
    ("SUSPENDED", "CLERK"): OPEN_DESK,
    ("SUSPENDED", "DISPATCHER"): ["propose_exclusion", "urge"],
    ("SUSPENDED", "HANDLER"): ["resume"],
    ("SUSPENDED", "UNIT_HEAD"): ["propose_exclusion"],
    ("SUSPENDED", "CENTRE_HEAD"): ["urge", "supervise"],
    ("SUSPENDED", "SECRETARY"): ["supervise"],
    ("PENDING_REVIEW", "CLERK"): OPEN_DESK,
    ("PENDING_REVIEW", "DISPATCHER"): ["propose_exclusion", "urge", "merge"],
    ("PENDING_REVIEW", "UNIT_HEAD"): ["approve", "return_draft", "propose_exclusion"],
    ("PENDING_REVIEW", "CENTRE_HEAD"): ["approve", "return_draft", "urge", "supervise"],
    ("PENDING_REVIEW", "SECRETARY"): ["supervise"],
    ("APPROVED", "CLERK"): OPEN_DESK,
    ("APPROVED", "DISPATCHER"): ["propose_exclusion", "urge", "merge"],
    ("APPROVED", "HANDLER"): ["reply"],
    ("APPROVED", "UNIT_HEAD"): ["propose_exclusion"],
    ("APPROVED", "CENTRE_HEAD"): ["urge", "supervise"],
    ("APPROVED", "SECRETARY"): ["supervise"],
    ("REPLIED", "CLERK"): ["complain"],
    ("REPLIED", "DISPATCHER"): ["propose_exclusion"],
    ("REPLIED", "UNIT_HEAD"): ["propose_exclusion"],
    ("REPLIED", "CENTRE_HEAD"): ["redo"],
    ("REPLIED", "CALLBACK"): ["call_back", "redo"],
    ("CLOSED", "CLERK"): ["complain"],
    ("CLOSED", "DISPATCHER"): ["propose_exclusion"],
    ("CLOSED", "UNIT_HEAD"): ["propose_exclusion"],
    ("CLOSED", "CENTRE_HEAD"): ["redo"],
    ("CLOSED", "CALLBACK"): ["call_back", "redo"],
    ("WITHDRAWN", "CLERK"): ["complain"],
    ("MERGED", "CLERK"): ["complain"],
    ("MERGED", "DISPATCHER"): ["unmerge"],
}


def dispatched(cast):
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    return request


def approved(cast):
    request = cast.pending()
    request.approve(actor=cast.unit_head)
    return request


def closed(cast):
    request = cast.replied()
    request.close()
    return request


def supplementing(cast):
    request = cast.register()
    request.ask_supplement(actor=cast.clerk, missing="户口簿")
    return request


def refused(cast):
    request = cast.register()
    request.propose_refusal(actor=cast.clerk, reason="不属本级", alternative="县法院")
    request.endorse(actor=cast.centre_head)
    return request


def suspended(cast):
    request = cast.handling()
    request.propose_pause(
        actor=cast.handler, ground="HEARING", reason="听证", until="2026-03-20", proof="通知书"
    )
    request.endorse(actor=cast.unit_head)
    return request


def withdrawn(cast):
    request = cast.register()
    request.withdraw(actor=cast.clerk, reason="已自行解决", signed=True)
    return request


def merged(cast):
    request = cast.handling()
    request.merge(actor=cast.dispatcher, primary=cast.handling())
    return request


@pytest.mark.parametrize("state", STATES)
def test_each_role_may_what_the_table_says_and_nothing_else(cast, state):
    request = STATES[state](cast)
    assert request.status == state

    found = {role: request.verbs_for(cast.home.people[role]) for role in Role}

    # The agent works in the village below; this request is the township's own.
    assert found == {role: ALLOWED.get((state, role), []) for role in Role}


@pytest.mark.parametrize("state", STATES)
def test_same_roles_of_the_sister_township_may_nothing(cast, state):
    request = STATES[state](cast)

    assert {role: request.verbs_for(cast.away.people[role]) for role in Role} == {
        role: [] for role in Role
    }


def test_agent_takes_in_and_accepts_for_the_village_and_the_township_goes_on(cast):
    request = cast.register(actor=cast.agent, organization=cast.home.village)

    assert request.verbs_for(cast.agent)[0] == "accept"
    assert request.verbs_for(cast.clerk)[0] == "accept"
    request.accept(actor=cast.agent)
    assert request.verbs_for(cast.dispatcher) == ["dispatch", "merge"]


def test_administrators_may_nothing(cast):
    request = cast.register()

    for user in (cast.system_admin, cast.security_admin, cast.auditor, cast.fellow):
        assert request.verbs_for(user) == []


def test_clock_may_only_what_is_its_own(cast):
    assert cast.register().verbs_for(None) == ["deem_accepted"]
    assert cast.replied().verbs_for(None) == ["close"]
    assert cast.handling().verbs_for(None) == []
