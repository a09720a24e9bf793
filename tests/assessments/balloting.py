"""A ballot of a small year, open by the clock of the database, with codes in hand."""

from datetime import timedelta
from types import SimpleNamespace

from assessments.ballots.codes import Secret
from assessments.models import Ballot, Code, CodeIssue, database_now, database_today
from assessments.models.ballot_preparing import prepare_ballots
from orgs.models import Role
from tests.assessments.reviewing import open_year, submitted
from tests.people import person, post

GOOD = "AAAAAAA"


def departments(cast):
    """Two of the county's organization department."""
    people = [person(f"dept-{n}", f"县委组织部{n}号") for n in (1, 2)]
    for user in people:
        post(user, cast.county, Role.REVIEWER)
    return people


def prepared(cast, *, eligible=20, over=None, **fields):
    """`ballot` of the home village with its groups numbered, and who may do what."""
    cycle = open_year(cast, **fields)
    cycle.organization = over or cycle.organization
    today = database_today()
    cycle.vote_from, cycle.vote_until = today - timedelta(days=1), today + timedelta(days=5)
    cycle.save()
    assessment = submitted(cycle, cast.home.village)
    first, second = departments(cast)
    prepare_ballots(cycle=cycle, actor=first)
    ballot = Ballot.objects.get(assessment=assessment)
    ballot.set_numbers(
        actor=first, numbers={row.pk: {"eligible": eligible} for row in ballot.strata.all()}
    )
    return SimpleNamespace(
        ballot=ballot, cycle=cycle, assessment=assessment, first=first, second=second
    )


def opened(cast, **numbers):
    found = prepared(cast, **numbers)
    found.ballot.open(actor=found.first)
    return found


def codes(found, group="PUBLIC", number=1) -> list[Secret]:
    """Codes as printed for one group; how they are issued has its own tests."""
    stratum = found.ballot.strata.get(group__code=group)
    drawn = [Secret.new() for _ in range(number)]
    Code.objects.bulk_create(Code(stratum=stratum, **one.stored()) for one in drawn)
    return drawn


def printed(found):
    """{group: secrets} by the whole way: asked, allowed by another, printed."""
    issue = CodeIssue.ask(ballot=found.ballot, actor=found.first)
    issue.allow(actor=found.second)
    return {row.group.code: drawn for row, drawn in issue.print(actor=found.first)}


def cast_votes(found, group, words):
    for word, secret in zip(words, codes(found, group, len(words)), strict=True):
        Code.find(secret.fragment).cast(word)


def end(found):
    """The last day is over by the clock of the database."""
    found.ballot.refresh_from_db()
    found.ballot.closes_at = database_now()
    found.ballot.save()


def closed(found):
    end(found)
    found.ballot.close(actor=None)
    return found.ballot
