"""What tests of committees share: a branch with a committee, elected and manned."""

from datetime import date

from orgs.models import Committee, SeatPost
from orgs.partial_date import PartialDate


def seat(name="陈立国", post=SeatPost.SECRETARY, **fields):
    return {"name": name, "post": post, **fields}


def elect(organization, *seats, elected="2024-03-10", actor=None, **fields):
    """The committee as the portal registers it: 陈立国 is its secretary unless told otherwise."""
    return Committee.establish(
        actor=actor,
        organization=organization,
        elected=PartialDate.parse(elected),
        seats=seats or [seat()],
        **fields,
    )


def day(text):
    return date.fromisoformat(text)
