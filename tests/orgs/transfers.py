"""What tests of transfers share: the letter, who leads where, and who was told."""

from datetime import date

from django.urls import reverse

from orgs.models import Notice, Role, Transfer

TODAY = date(2026, 3, 2)
ELSEWHERE = "中共武汉市洪山区关山街道工作委员会"


def letter(member, *, actor=None, to_organization=None, to_place="", **fields):
    """A transfer that waits to be received; `actor` None is the system."""
    return Transfer.propose(
        actor=actor, member=member, to_organization=to_organization, to_place=to_place, **fields
    )


def leaders_of(town):
    """Organization department and secretary, as they are told."""
    return [town.people[Role.REVIEWER], town.people[Role.SECRETARY]]


def told(title):
    """Who has a notice that begins like this."""
    rows = Notice.objects.filter(title__startswith=title).order_by("recipient")
    return [notice.recipient for notice in rows]


def url(row, name="transfer", *more):
    return reverse(f"orgs:{name}", args=[row.pk, *more])
