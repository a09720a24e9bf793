"""Conditions beside role and state under which a verb may be used.

Each takes the request, freshly read under its lock, and the user.
"""

from django.utils.timezone import localdate, now

from orgs.models import Role
from services.models.status import Status


def anyone(request, user) -> bool:
    return True


def accepted_today(request, user) -> bool:
    """当场办结 is for matters handled directly on the day they were accepted."""
    return request.mode == "DIRECT" and request.accepted_on == localdate()


def not_yet_supplemented(request, user) -> bool:
    """一次性告知: what is missing is said once."""
    return not hasattr(request, "supplement")


def no_proposal(request, user) -> bool:
    return request.open_proposal() is None


def leads(request, user) -> bool:
    """The user works in the unit in charge, or dispatches; assisting units do not."""
    return request.department_id in user.departments() or Role.DISPATCHER in request.roles_of(user)


def is_handler(request, user) -> bool:
    """The handler, or who stands in for him or her (AB岗)."""
    return request.handler_id in {user.pk, *user.stands_in_for()}


def is_handler_or_agent(request, user) -> bool:
    """The answer is brought by the handler, or by the agent who took the matter in."""
    return is_handler(request, user) or Role.AGENT in request.roles_of(user)


def may_review(request, user) -> bool:
    """Four eyes: neither the handler nor who wrote the draft in his or her place (AB岗); and a
    refusal (否定报备) is countersigned by the head of the centre."""
    draft = request.current_reply()
    if user.pk in (request.handler_id, draft and draft.submitted_by_id):
        return False
    roles = request.roles_of(user)
    if draft and draft.outcome == "REFUSED":
        return Role.CENTRE_HEAD in roles
    return Role.CENTRE_HEAD in roles or request.department_id in user.departments(Role.UNIT_HEAD)


def can_be_returned(request, user) -> bool:
    return leads(request, user) and request.can_be_returned


def returned_before(request, user) -> bool:
    """A second 退单 is the head of the centre's to rule; what was ruled stays."""
    ruled = request.proposals.filter(kind="RETURN", decided_at__isnull=False)
    return (
        leads(request, user)
        and no_proposal(request, user)
        and request.was_returned
        and not ruled.exists()
    )


def handles_freely(request, user) -> bool:
    return is_handler(request, user) and no_proposal(request, user)


def may_extend(request, user) -> bool:
    """延期: before the due time, once a round."""
    return (
        handles_freely(request, user)
        and request.extension_days == 0
        and request.due_at is not None
        and now() <= request.due_at
    )


def may_decide(request, user) -> bool:
    """The open proposal waits for one of the user's roles, and is not the user's own."""
    row = request.open_proposal()
    if row is None or row.proposed_by_id == user.pk:
        return False
    return bool(request.roles_of(user) & set(row.deciders))


def may_endorse(request, user) -> bool:
    """As `may_decide`; what no longer fits the state of the case can only be declined."""
    return may_decide(request, user) and request.open_proposal().fits


def may_exclude(request, user) -> bool:
    return no_proposal(request, user) and not request.is_excluded


def has_assist(request, user) -> bool:
    return request.assisting(user) is not None


def redo_in_time(request, user) -> bool:
    return request.redo_until is not None and localdate() <= request.redo_until


def outside_chain(request, user) -> bool:
    """回访 by somebody who has had no hand in the case; again after a 整改."""
    return user.pk not in request.chain() and (
        request.status == Status.REPLIED or redo_in_time(request, user)
    )


def has_rectification(request, user) -> bool:
    return request.open_rectification() is not None


def has_complaint(request, user) -> bool:
    return request.open_complaint() is not None


def can_complain(request, user) -> bool:
    return request.open_complaint() is None
