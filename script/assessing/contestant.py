"""The steps that `script/bench assessment` times, each in a process of its own."""

import json
import sys
from datetime import date, timedelta
from time import perf_counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from assessments.ballots.codes import Secret  # noqa: E402
from assessments.models import (  # noqa: E402
    Answer,
    Assessment,
    Ballot,
    Code,
    Cycle,
    Pending,
    Result,
    Scheme,
    Stratum,
    Vote,
    database_today,
)
from assessments.models.ballot_preparing import prepare_ballots  # noqa: E402
from assessments.opening import make_answers, make_forms, open_cycle  # noqa: E402
from assessments.results import compute  # noqa: E402
from assessments.sources import fill  # noqa: E402
from orgs.models import (  # noqa: E402
    CalendarYear,
    Level,
    Organization,
    OrganizationKind,
    Role,
    Sector,
    User,
)
from services.models import Citizen, ServiceRequest  # noqa: E402

DAY = timedelta(days=1)


def migrate():
    call_command("migrate", verbosity=0)
    for year in (2025, 2026, 2027):
        CalendarYear.seed(year)
    return {}


def county(number):
    """So many branches below towns of 25, of all sectors, and somebody of the department."""
    code = f"{100000 + number}"
    root = node(code, f"测试县委{number}", Level.COUNTY)
    sectors = list(Sector)
    for n in range(number):
        if n % 25 == 0:
            kind = OrganizationKind.COMMITTEE
            town = node(f"{code}{n // 25 + 100}", f"第{n // 25}镇", Level.TOWNSHIP, root, kind)
        node(
            f"{town.code}{n % 25 + 201}", f"第{n}党支部", Level.VILLAGE, town,
            OrganizationKind.BRANCH, sectors[n % 8],
        )  # fmt: skip
    actor = User.objects.create(username=f"bench{number}", name="组织部门")
    actor.posts.create(organization=root, role=Role.REVIEWER, started_on=date(2020, 1, 1))
    return Organization.objects.get(pk=root.pk), actor


def node(code, name, level, parent=None, kind=OrganizationKind.COMMITTEE, sector=""):
    row = Organization(
        code=code, name=name, short_name=name, level=level, kind=kind, sector=sector or "RURAL"
    )
    if parent is None:
        return Organization.objects.add_root(instance=row)
    Organization.objects.add_child(Organization.objects.get(pk=parent.pk), instance=row)
    return row


def cases(root, each):
    """Answered requests at every organization, most of them in time."""
    citizen = Citizen.objects.create(organization=root, name="测试", phone="13900000021")
    now = timezone.now()
    ServiceRequest.objects.bulk_create(
        (
            ServiceRequest(
                number=f"B{place.pk}-{n}", organization=place, citizen=citizen, subject="测试",
                content="测试", status="REPLIED", received_at=now - 20 * DAY,
                registered_at=now - 20 * DAY, accepted_at=now - 20 * DAY,
                due_at=now - 10 * DAY, first_due_at=now - 10 * DAY,
                first_replied_at=now - (11 if n % 10 else 9) * DAY,
                replied_at=now - (11 if n % 10 else 9) * DAY,
            )
            for place in Organization.objects.within(root)
            for n in range(each)
        ),
        batch_size=2000,
    )  # fmt: skip


def windows():
    today = database_today()
    found = {"since": date(today.year, 1, 1), "until": date(today.year, 12, 31)}
    for name in ("self", "vote", "review"):
        found |= {f"{name}_from": today - DAY, f"{name}_until": today + DAY}
    for name in ("publication", "appeal"):
        found |= {f"{name}_from": today + 3 * DAY, f"{name}_until": today + 9 * DAY}
    return found


def timed(step) -> float:
    since = perf_counter()
    step()
    return perf_counter() - since


def year(number, each, votes):
    """Open a year for so many organizations, fill in the figures, compute the results."""
    root, actor = county(int(number))
    cases(root, int(each))
    cycle = open_cycle(
        scheme=Scheme.objects.first(), organization=root, year=database_today().year, actor=actor,
        **windows(),
    )  # fmt: skip
    quiet = lambda *_: None  # noqa: E731
    parts = {
        "forms": timed(lambda: (make_forms(cycle, quiet), make_answers(cycle, quiet))),
        "figures": timed(lambda: fill(cycle)),
        "figures_again": timed(lambda: fill(cycle)),
    }
    Cycle.objects.filter(pk=cycle.pk).update(status="OPEN")
    Answer.objects.filter(assessment__cycle=cycle).update(self_points=1, review_points=1)
    Assessment.objects.filter(cycle=cycle).update(status="REVIEWED")
    cycle = Cycle.objects.get(pk=cycle.pk)
    vote(cycle, actor, int(votes))
    parts["count"] = timed(lambda: recount(cycle))
    parts["results"] = timed(lambda: compute(cycle))
    count = cycle.assessments.count()
    answers = Answer.objects.filter(assessment__cycle=cycle).count()
    pending = Result.objects.filter(assessment__cycle=cycle, is_pending=True).count()
    return {
        "what": "year", "organizations": count, "answers": answers, "pending": pending,
        "seconds": {name: round(value, 2) for name, value in parts.items()},
        "ms_each": {name: round(value * 1000 / count, 2) for name, value in parts.items()},
    }  # fmt: skip


def vote(cycle, actor, votes):
    """Counted ballots in every group, as the shuffle leaves them."""
    prepare_ballots(cycle=cycle, actor=actor)
    strata = Stratum.objects.filter(ballot__assessment__cycle=cycle)
    strata.update(eligible=votes + 10, issued=votes)
    Vote.objects.bulk_create(
        (
            Vote(stratum=row, answers="AABBABA" if n % 5 else "BBCBBCB")
            for row in strata
            for n in range(votes)
        ),
        batch_size=5000,
    )
    Ballot.objects.filter(assessment__cycle=cycle).update(status="CLOSED")


def recount(cycle):
    for ballot in Ballot.objects.filter(assessment__cycle=cycle):
        ballot.recount()


def codes(number):
    """So many fresh codes of one open ballot."""
    ballot = Ballot.objects.order_by("pk").first()
    Vote.objects.filter(stratum__ballot=ballot).delete()
    now = timezone.now()
    Ballot.objects.filter(pk=ballot.pk).update(
        status="OPEN", opens_at=now - DAY, closes_at=now + DAY
    )
    stratum = ballot.strata.first()
    drawn = [Secret.new() for _ in range(int(number))]
    Code.objects.bulk_create(Code(stratum=stratum, **one.stored()) for one in drawn)
    return {"codes": [one.fragment for one in drawn]}


def count():
    used, cast = Code.objects.filter(is_used=True).count(), Pending.objects.count()
    ballot = Ballot.objects.get(status="OPEN")
    ballot.close(actor=None, reason="测量结束")
    counted = Vote.objects.filter(stratum__ballot=ballot).count()
    return {"used": used, "cast": cast, "counted": counted, "is_exact": used == cast == counted}


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    step = {"migrate": migrate, "year": year, "codes": codes, "count": count}[name]
    sys.stdout.write(json.dumps(step(*arguments)) + "\n")
