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
}
ALLOWED = {
    ("REGISTERED", "CLERK"): ["accept"],
    ("ACCEPTED", "DISPATCHER"): ["dispatch"],
    ("DISPATCHED", "HANDLER"): ["sign"],
    ("DISPATCHED", "UNIT_HEAD"): ["send_back"],
    ("HANDLING", "HANDLER"): ["submit"],
    ("PENDING_REVIEW", "UNIT_HEAD"): ["approve", "return_draft"],
    ("PENDING_REVIEW", "CENTRE_HEAD"): ["approve", "return_draft"],
    ("APPROVED", "HANDLER"): ["reply"],
    ("REPLIED", "CALLBACK"): ["close", "redo"],
    ("REPLIED", "CENTRE_HEAD"): ["redo"],
    ("CLOSED", "CALLBACK"): ["redo"],
    ("CLOSED", "CENTRE_HEAD"): ["redo"],
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

    assert request.verbs_for(cast.agent) == ["accept"]
    assert request.verbs_for(cast.clerk) == ["accept"]
    request.accept(actor=cast.agent)
    assert request.verbs_for(cast.dispatcher) == ["dispatch"]


def test_administrators_may_nothing(cast):
    request = cast.register()

    for user in (cast.system_admin, cast.security_admin, cast.auditor, cast.fellow):
        assert request.verbs_for(user) == []


def test_clock_may_only_what_is_its_own(cast):
    assert cast.register().verbs_for(None) == ["deem_accepted"]
    assert cast.replied().verbs_for(None) == ["close"]
    assert cast.handling().verbs_for(None) == []
