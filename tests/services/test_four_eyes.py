"""Nobody reviews an answer of their own, nor one to a case of their own, whoever is away."""

from datetime import date

import pytest

from orgs.models import NotAllowed, Role
from tests.people import post
from tests.services.errand import told


def test_who_wrote_the_answer_in_another_s_place_reviews_it_not(cast, clock):
    cast.handler.hand_over(
        actor=cast.handler, deputy=cast.unit_head, started_on=date(2026, 3, 2),
        ended_on=date(2026, 3, 3),
    )  # fmt: skip
    request = cast.handling()
    rows = type(request).objects

    request.submit(actor=cast.unit_head, outcome="SOLVED", text="已办好。")

    assert request not in rows.awaiting(cast.unit_head)
    assert request in rows.awaiting(cast.centre_head)
    assert told(cast.centre_head) == ["待审核：高龄津贴"]
    for verb, said in (("approve", {}), ("return_draft", {"reason": "补日期"})):
        with pytest.raises(NotAllowed):
            getattr(request, verb)(actor=cast.unit_head, **said)

    request.return_draft(actor=cast.centre_head, reason="补日期")
    request.submit(actor=cast.handler, outcome="SOLVED", text="已办好，3月2日到账。")
    assert request in rows.awaiting(cast.unit_head)
    request.approve(actor=cast.unit_head)
    assert request.status == "APPROVED"


def test_deputy_of_the_head_waits_for_the_centre_head_where_the_head_handles(cast, clock):
    """The head of the unit handles the case, a colleague answers in her place."""
    post(cast.unit_head, cast.home.organization, Role.HANDLER, cast.home.unit)
    request = cast.register(accept=True)
    request.dispatch(actor=cast.dispatcher, department=cast.home.unit)
    request.sign(actor=cast.unit_head)
    cast.unit_head.hand_over(
        actor=cast.unit_head, deputy=cast.deputy, started_on=date(2026, 3, 2),
        ended_on=date(2026, 3, 3),
    )  # fmt: skip

    request.submit(actor=cast.deputy, outcome="SOLVED", text="已办好。")

    rows = type(request).objects
    assert told(cast.centre_head) == ["待审核：高龄津贴"]
    assert request in rows.awaiting(cast.centre_head)
    assert request not in rows.awaiting(cast.deputy)
    assert request.verbs_for(cast.deputy) == ["propose_exclusion"]


def test_refusal_waits_for_the_head_of_the_centre_and_nobody_else(cast, clock):
    request = cast.handling()
    rows = type(request).objects

    request.submit(actor=cast.handler, outcome="REFUSED", text="不符合条件，可向民政局申请复核。")

    assert (told(cast.centre_head), told(cast.unit_head)) == (["待审核：高龄津贴"], [])
    assert request in rows.awaiting(cast.centre_head)
    assert request not in rows.awaiting(cast.unit_head)

    request.return_draft(actor=cast.centre_head, reason="可以受理")
    request.submit(actor=cast.handler, outcome="SOLVED", text="已办好。")
    assert request in rows.awaiting(cast.unit_head)
    assert request not in rows.awaiting(cast.centre_head)
