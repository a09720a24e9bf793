"""启动年度考核: a calendar and a scheme for a part of the tree, then a form for each organization.

`open_cycle` is what a person does; `prepare` is the long work that follows. It may be stopped at
any row and begun again: every step makes only what is not there yet.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import Answer, Assessment, Cycle, Scheme
from assessments.models.clock import day
from assessments.sources import fill
from orgs.models import AuditEntry, NotAllowed, Notice, Organization, Post, Role
from orgs.models.calendar import workdays

CHUNK = 500
#: What has no members to assess: a 党组 leads through others, a 党小组 belongs to its branch.
WITHOUT_FORM = ("LEADING_GROUP", "GROUP")


def proposed_windows(year, scheme) -> dict:
    """A calendar to start from: the portal counts the year, the steps follow in the new one."""
    review_until = timezone.datetime(year + 1, 2, 20).date()
    publication_from = review_until + timedelta(days=1)
    publication_until = publication_from + timedelta(days=scheme.publication_days - 1)
    days = {"since": (year, 1, 1), "until": (year, 12, 31)}
    days |= {"self_from": (year, 12, 1), "self_until": (year, 12, 31)}
    days |= {"vote_from": (year + 1, 1, 4), "vote_until": (year + 1, 1, 24)}
    days |= {"review_from": (year + 1, 1, 25)}
    found = {name: timezone.datetime(*day).date() for name, day in days.items()}
    return found | {
        "review_until": review_until,
        "publication_from": publication_from,
        "publication_until": publication_until,
        "appeal_from": publication_from,
        "appeal_until": workdays().add(publication_until, scheme.appeal_days),
    }


def participants(organization):
    """Who is assessed: below the organization, active, of one of the eight sectors."""
    below = Organization.objects.within(organization).exclude(pk=organization.pk)
    return below.active().exclude(sector="").exclude(kind__in=WITHOUT_FORM)


def may_open(user, organization) -> bool:
    return Organization.objects.in_reach_of(user, Role.REVIEWER).filter(pk=organization.pk).exists()


def overlapping(organization, year):
    """A cycle of the year that already takes in some of the same organizations."""
    line = Organization.objects.with_parents(organization).order_by().values("pk")
    cycles = Cycle.objects.filter(year=year)
    below = cycles.filter(organization__path__startswith=organization.path)
    return (below | cycles.filter(organization__in=line)).first()


@transaction.atomic
def open_cycle(*, scheme, organization, year, actor, **windows) -> Cycle:
    """启动: the scheme is frozen and the forms are being made; `windows` are the days of Cycle.

    Raises NotAllowed where the actor may not, ValidationError where something does not fit.
    """
    if not may_open(actor, organization):
        raise NotAllowed("只有组织部门可以为本级和下级启动年度考核。")
    Organization.objects.select_for_update().get(pk=organization.pk)
    scheme.refresh_from_db(from_queryset=Scheme.objects.select_for_update())
    if scheme.withdrawn_at:
        raise ValidationError({"scheme": "这一版方案已经停用，请另选一版。"})
    if twin := overlapping(organization, year):
        raise ValidationError({"organization": f"“{twin}”已经启动，同一组织一年只考核一次。"})
    if not participants(organization).exists():
        raise ValidationError({"organization": "下级没有已划分领域的党组织，请先补全所属领域。"})
    scheme.freeze()
    cycle = Cycle(scheme=scheme, organization=organization, year=year, opened_by=actor, **windows)
    cycle.full_clean(exclude=["computed_at"])
    cycle.save(force_insert=True)
    AuditEntry.record(
        actor, "cycle.opened", cycle, label="启动年度考核", organization=organization,
        note=str(scheme),
    )  # fmt: skip
    return cycle


def prepare(cycle, tell=None) -> int:
    """Make a form for each participant and open the cycle; returns how many forms there are.

    `tell(done, total, words)` hears how far it is. Safe to run again, and by two at once: the
    second waits and finds nothing left to do.
    """
    tell = tell or (lambda *_: None)
    with transaction.atomic():
        locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
        if locked.status == Cycle.Status.PREPARING:
            make_forms(cycle, tell)
            make_answers(cycle, tell)
            fill(cycle, tell)
    begin(cycle)
    return cycle.assessments.count()


def make_forms(cycle, tell):
    """名称, 领域, 层级 as they are today: ranking and the form keep to them."""
    there = cycle.assessments.values("organization")
    rows = list(participants(cycle.organization).exclude(pk__in=there))
    for first in range(0, len(rows), CHUNK):
        tell(first, len(rows), "生成考核表")
        Assessment.objects.bulk_create(
            [
                Assessment(
                    cycle=cycle, organization=row, name=str(row), sector=row.sector,
                    level=row.level, is_vertical=row.local_supervisor_id is not None,
                )
                for row in rows[first : first + CHUNK]
            ]
        )  # fmt: skip


def make_answers(cycle, tell):
    """One answer an indicator of the sector, empty."""
    indicators = {sector: cycle.scheme.indicators_for(sector) for sector in sectors(cycle)}
    rows = list(cycle.assessments.filter(answers__isnull=True).values_list("pk", "sector"))
    for first in range(0, len(rows), CHUNK):
        tell(first, len(rows), "生成指标")
        Answer.objects.bulk_create(
            [
                Answer(assessment_id=pk, indicator=indicator)
                for pk, sector in rows[first : first + CHUNK]
                for indicator in indicators[sector]
            ],
            batch_size=2000,
        )


def sectors(cycle):
    return cycle.assessments.order_by().values_list("sector", flat=True).distinct()


@transaction.atomic
def begin(cycle):
    """生成中 → 进行中: the secretaries are told, once."""
    cycle.refresh_from_db(from_queryset=Cycle.objects.select_for_update())
    if cycle.status != Cycle.Status.PREPARING:
        return
    cycle.status = Cycle.Status.OPEN
    cycle.save(update_fields=["status"])
    places = cycle.assessments.order_by().values("organization")
    posts = Post.objects.current().filter(role=Role.SECRETARY, organization__in=places)
    Notice.post(
        {post.user for post in posts.select_related("user")},
        f"{cycle.year} 年度考核已启动，自评 {day(cycle.self_from)} 至 {day(cycle.self_until)}",
        kind="cycle.opened",
        about=cycle,
        organization=cycle.organization,
    )
    AuditEntry.record(
        None, "cycle.prepared", cycle, label="生成考核表", organization=cycle.organization,
        note=f"{cycle.assessments.count()} 份",
    )  # fmt: skip
