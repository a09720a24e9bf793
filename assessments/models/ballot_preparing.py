"""准备群众测评: ballots for a whole year in one go, and the one re-run of a failed one."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models.ballot import Ballot, Stratum
from assessments.models.clock import database_today
from assessments.models.cycle import Cycle
from assessments.models.scheme import VoterGroup
from orgs.models import AuditEntry, NotAllowed, Organization, Role


def may_prepare(user, cycle) -> bool:
    """The department whose post covers the whole of the cycle."""
    reach = Organization.objects.in_reach_of(user, Role.REVIEWER)
    return reach.filter(pk=cycle.organization_id).exists()


@transaction.atomic
def prepare_ballots(*, cycle, actor) -> int:
    """准备测评: a ballot for every organization of the year that has none yet; returns how many."""
    cycle.refresh_from_db(from_queryset=Cycle.objects.select_for_update())
    if not may_prepare(actor, cycle):
        raise NotAllowed("群众测评由组织部门对整个考核范围准备，您无权办理。")
    if cycle.status != Cycle.Status.OPEN:
        raise NotAllowed(f"这一年度的考核{cycle.get_status_display()}，不能再准备测评。")
    forms = list(cycle.assessments.filter(ballots__isnull=True))
    opens_at, closes_at = span(cycle.vote_from, cycle.vote_until)
    fields = {"opens_at": opens_at, "closes_at": closes_at, "prepared_by": actor}
    Ballot.objects.bulk_create(
        [Ballot(assessment=form, **fields) for form in forms], batch_size=500
    )
    make_strata(Ballot.objects.filter(assessment__in=[form.pk for form in forms]))
    AuditEntry.record(
        actor, "ballot.prepared", cycle, label="准备群众测评", organization=cycle.organization,
        note=f"{len(forms)} 个党组织",
    )  # fmt: skip
    return len(forms)


def make_strata(ballots):
    groups: dict[tuple, list] = {}
    for group in VoterGroup.objects.order_by("pk"):
        groups.setdefault((group.scheme_id, group.is_vertical), []).append(group)
    rows = ballots.select_related("assessment__cycle")
    Stratum.objects.bulk_create(
        [
            Stratum(ballot=row, group=group)
            for row in rows
            for group in groups[(row.assessment.cycle.scheme_id, row.assessment.is_vertical)]
        ],
        batch_size=500,
    )


def span(first, last):
    """From 00:00 of the first day to 23:59:59 of the last one, in China."""
    zone = timezone.get_default_timezone()
    start = timezone.datetime(first.year, first.month, first.day, tzinfo=zone)
    end = timezone.datetime(last.year, last.month, last.day, tzinfo=zone)
    return start, end + timezone.timedelta(days=1, seconds=-1)


def move_ballots(cycle):
    """Ballots that are not closed keep to the days of the year; a re-run, which has days of its
    own, only gets more of them."""
    opens_at, closes_at = span(cycle.vote_from, cycle.vote_until)
    rows = Ballot.objects.filter(assessment__cycle=cycle)
    first = rows.filter(round=1)
    first.filter(status="PREPARED").update(opens_at=opens_at, closes_at=closes_at)
    first.filter(status="OPEN").update(closes_at=closes_at)
    rows.filter(round=2, closes_at__lt=closes_at).exclude(status="CLOSED").update(
        closes_at=closes_at
    )


@transaction.atomic
def rerun(*, ballot, actor, first, last):
    """重新测评, once, where the first ballot was not valid; returns the ballot of round 2."""
    ballot.begin("rerun", actor)
    if ballot.assessment.ballots.filter(round=2).exists():
        raise NotAllowed("已经重新测评过一次，不能再测。结果待定，由组织部门研究处理。")
    if not (faults := ballot.faults()):
        raise NotAllowed("这次测评有效，不用重新测评。")
    if last < database_today():
        raise ValidationError({"last": "重测最后一天不能是过去的日子。"})
    opens_at, closes_at = span(first, last)
    row = Ballot.objects.create(
        assessment=ballot.assessment, round=2, opens_at=opens_at, closes_at=closes_at,
        prepared_by=actor,
    )  # fmt: skip
    make_strata(Ballot.objects.filter(pk=row.pk))
    row.record(actor, "rerun", "重新测评", note="；".join(faults))
    return row


def open_due(rows, *, actor) -> int:
    """Open each that can be opened; returns how many were."""
    opened = 0
    for row in rows.exclude(strata__eligible__isnull=True).filter(status="PREPARED"):
        row.open(actor=actor)
        opened += 1
    return opened


def open_all(*, cycle, actor) -> int:
    """开始测评 of every organization whose numbers are all there."""
    if not may_prepare(actor, cycle):
        raise NotAllowed("您无权对整个考核范围开始测评。")
    rows = Ballot.objects.filter(assessment__cycle=cycle)
    if not (opened := open_due(rows, actor=actor)):
        raise NotAllowed("没有可以开始的测评：请先准备测评，并登记各组应到人数。")
    return opened
