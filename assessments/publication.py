"""公示, 更正, 归档, 重新开放 of a cycle. Who scored does not publish (security.md: O ≠ scorer)."""

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.models import (
    Appeal,
    Assessment,
    Bonus,
    Cycle,
    Publication,
    Result,
    ResultRun,
    Review,
    Veto,
    database_now,
    database_today,
)
from assessments.models.clock import day
from assessments.opening import may_open
from assessments.rectifications import demand_all
from assessments.results import compute
from orgs.models import AuditEntry, NotAllowed, Notice, Post, Role, User

Status = Cycle.Status


def scorers(cycle) -> set[int]:
    """Everybody who gave points in the cycle, first or second, or ruled on 加分 and 否决."""
    reviews = Review.objects.filter(assessment__cycle=cycle).order_by()
    found = set(reviews.values_list("scorers", flat=True))
    found |= set(reviews.values_list("second", flat=True))
    for model in (Bonus, Veto):
        rows = model.objects.filter(assessment__cycle=cycle).order_by()
        found |= set(rows.values_list("given_by", flat=True))
    return found - {None}


def unreviewed(cycle):
    return cycle.assessments.exclude(status=Assessment.Status.REVIEWED)


def may_publish(user, cycle) -> bool:
    return (
        cycle.status == Status.OPEN
        and may_open(user, cycle.organization)
        and user.pk not in scorers(cycle)
    )


def may_lock(user, cycle) -> bool:
    return (
        cycle.status == Status.PUBLISHED
        and may_open(user, cycle.organization)
        and cycle.appeal_until < database_today()
    )


def may_reopen(user, cycle) -> bool:
    """The department of a superior organization; at the top of the tree, who did not publish."""
    if cycle.status not in (Status.PUBLISHED, Status.LOCKED):
        return False
    place = cycle.organization
    posts = [p for p in user.acting_posts() if p.role == Role.REVIEWER and p.covers(place)]
    if place.depth > 1:
        return any(post.organization_id != place.pk for post in posts)
    return bool(posts) and not cycle.publications.filter(published_by=user).exists()


def begin(cycle) -> Cycle:
    rows = Cycle.objects.select_for_update(of=("self",)).select_related("scheme", "organization")
    return rows.get(pk=cycle.pk)


@transaction.atomic
def publish(cycle, *, actor, pending_reason=""):
    """公示: everything is computed once more, then the organizations see it, and the public."""
    cycle = begin(cycle)
    if not may_publish(actor, cycle):
        raise NotAllowed("由没有打过分、加过分的组织部门同志公示；已经公示的请刷新后查看。")
    if not cycle.is_within(Cycle.Window.PUBLICATION):
        raise NotAllowed(
            f"公示期是 {day(cycle.publication_from)}至{day(cycle.publication_until)}，"
            "不在公示期不能公示，请先调整日程。"
        )
    compute(cycle)
    # of an earlier publication
    Result.objects.filter(assessment__cycle=cycle).update(held_reason="")
    if lacking := unreviewed(cycle).count():
        if not pending_reason:
            raise ValidationError(
                {"pending_reason": f"还有 {lacking} 个没有定稿，记为待定请写明原因。"}
            )
        rows = Result.objects.filter(assessment__in=unreviewed(cycle).order_by())
        rows.update(held_reason=pending_reason)
    cycle.status = Status.PUBLISHED
    cycle.save(update_fields=["status"])
    announce(cycle, actor, pending_reason)
    demand_all(cycle)
    places = cycle.assessments.order_by().values("organization")
    posts = Post.objects.current().filter(role=Role.SECRETARY, organization__in=places)
    tell(cycle, User.objects.filter(pk__in=posts.values("user")), "published",
         f"{cycle.year} 年度考核结果公示，申诉截至 {day(cycle.appeal_until)}")  # fmt: skip
    record(actor, "published", "公示考核结果", cycle, pending_reason)


def announce(cycle, actor, pending_reason=""):
    """Keep what is public now; an earlier publication must have been withdrawn."""
    rows = Result.objects.filter(assessment__cycle=cycle).select_related("assessment").ranked()
    Publication.objects.create(
        cycle=cycle, published_at=database_now(), published_by=actor,
        pending_reason=pending_reason,
        rows=[
            [r.assessment.organization_id, r.assessment.name, r.total and str(r.total), r.stars,
             r.rank]
            for r in rows
        ],
    )  # fmt: skip


def withdraw(cycle, actor, reason):
    cycle.publications.filter(withdrawn_at__isnull=True).update(
        withdrawn_at=database_now(), withdrawn_by=actor, withdrawn_reason=reason
    )


@transaction.atomic
def settle(cycle, tell=None):
    """What the task does when somebody asked: compute, and what was public is corrected.

    Once for each asking: a second worker waits at the lock and finds it done.
    """
    cycle = begin(cycle)
    if not ResultRun.objects.waiting().filter(cycle=cycle).exists():
        return
    compute(cycle, tell)
    if cycle.status == Status.PUBLISHED:
        publisher = cycle.publications.first().published_by
        withdraw(cycle, None, "申诉成立，更正后重新公示")
        announce(cycle, publisher)
        record(None, "corrected", "更正公示", cycle)


@transaction.atomic
def lock(cycle, *, actor):
    """归档: the window of appeals is over and all are answered; nothing changes any more."""
    cycle = begin(cycle)
    if not may_lock(actor, cycle):
        raise NotAllowed(f"申诉截止（{day(cycle.appeal_until)}）以后由组织部门归档。")
    if waiting := Appeal.objects.filter(assessment__cycle=cycle).unanswered().count():
        raise NotAllowed(f"还有 {waiting} 件申诉没有答复，答复后再归档。")
    if ResultRun.objects.waiting().filter(cycle=cycle).exists():
        raise NotAllowed("申诉成立后的结果正在重新计算，算完再归档。")
    cycle.status = Status.LOCKED
    cycle.save(update_fields=["status"])
    record(actor, "locked", "归档年度考核", cycle)


@transaction.atomic
def reopen(cycle, *, actor, reason):
    """重新开放, from above: reviews can be opened again; what was published stays on record."""
    cycle = begin(cycle)
    if not may_reopen(actor, cycle):
        raise NotAllowed("已公示的考核由上级组织部门重新开放；没有上级的由公示人以外的同志开放。")
    withdraw(cycle, actor, reason)
    cycle.status = Status.OPEN
    cycle.save(update_fields=["status"])
    people = User.objects.covering(Role.REVIEWER, cycle.organization)
    tell(cycle, people, "reopened", f"{cycle.year} 年度考核重新开放", body=reason)
    record(actor, "reopened", "重新开放年度考核", cycle, reason)


def tell(cycle, people, kind, title, body=""):
    Notice.post(
        people, title, kind=f"results.{kind}", about=cycle, organization=cycle.organization,
        body=body,
    )  # fmt: skip


def record(actor, action, label, cycle, note=""):
    AuditEntry.record(
        actor, f"cycle.{action}", cycle, label=label, organization=cycle.organization, note=note
    )
