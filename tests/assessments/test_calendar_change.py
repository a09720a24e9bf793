"""日程 is in order when a year opens; later only days to come are moved, with a reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assessments.models import Ballot, Cycle, database_today
from assessments.models.ballot_preparing import prepare_ballots
from orgs.models import AuditEntry, NotAllowed, Notice
from tests.assessments.cycles import CycleCast

DAY = timedelta(days=1)


@pytest.fixture
def people(cast):
    today = database_today()
    days = {"self_from": -9, "self_until": 9, "vote_from": -9, "vote_until": 9}
    days |= {"review_from": -9, "review_until": 9, "publication_from": 20}
    days |= {"publication_until": 25, "appeal_from": 20, "appeal_until": 30}
    return CycleCast(cast, **{name: today + number * DAY for name, number in days.items()})


def test_department_moves_a_last_day_and_secretaries_hear_why(people):
    later = people.cycle.self_until + 3 * DAY

    people.cycle.reschedule(actor=people.department, reason="防汛", self_until=later)

    assert Cycle.objects.get().self_until == later
    entry = AuditEntry.objects.about(people.cycle).last()
    assert (entry.action, entry.note) == ("cycle.rescheduled", "防汛")
    assert entry.changes == {"self_until": [str(later - 3 * DAY), str(later)]}
    told = Notice.objects.filter(kind="cycle.rescheduled")
    assert {row.recipient for row in told} == set(people.secretaries.values())
    assert told[0].body == f"自评截止改为 {later:%Y年%-m月%-d日}。原因：防汛"


@pytest.mark.parametrize("name, to", [("self_from", 2), ("self_until", -1)])
def test_what_is_past_stays(people, name, to):
    with pytest.raises(ValidationError) as refusal:
        people.cycle.reschedule(
            actor=people.department, reason="改", **{name: database_today() + to * DAY}
        )

    assert refusal.value.message_dict == {name: ["已经过去的日子不能改，也不能改成过去的日子。"]}


@pytest.mark.parametrize(
    "name, to, fault",
    [
        ("review_until", 21, {"publication_from": ["公示应在自评、测评、考评都截止以后开始。"]}),
        ("publication_until", 22, {"publication_until": ["公示只有 3 天，方案规定不少于 5 天。"]}),
        ("appeal_from", 12, {"appeal_from": ["申诉不能早于公示开始。"]}),
        ("appeal_until", 1500, None),
    ],
)
def test_calendar_stays_in_order(people, name, to, fault):
    with pytest.raises(ValidationError) as refusal:
        people.cycle.reschedule(
            actor=people.department, reason="改", **{name: database_today() + to * DAY}
        )

    assert refusal.value.message_dict == (
        fault or {"appeal_until": ["与自评开始相差一年以上，请核对年份。"]}
    )


def test_ballots_that_are_not_closed_follow_the_days_of_the_vote(people):
    prepare_ballots(cycle=people.cycle, actor=people.department)
    waiting, running, over = Ballot.objects.order_by("pk")
    Ballot.objects.filter(pk=running.pk).update(status="OPEN")
    Ballot.objects.filter(pk=over.pk).update(status="CLOSED")
    later = people.cycle.vote_until + 3 * DAY

    people.cycle.reschedule(actor=people.department, reason="防汛", vote_until=later)

    ends = [timezone.localdate(row.closes_at) for row in Ballot.objects.order_by("pk")]
    assert ends == [later, later, later - 3 * DAY]


def test_missed_publication_is_held_later(people):
    today = database_today()
    past = dict.fromkeys(("publication_from", "publication_until"), today - 2 * DAY)
    past |= {"appeal_from": today - 2 * DAY, "appeal_until": today - DAY}
    Cycle.objects.update(
        **past, vote_until=today - 4 * DAY, review_until=today - 4 * DAY,
        self_until=today - 4 * DAY,
    )  # fmt: skip
    days = {"publication_from": today, "publication_until": today + 6 * DAY}
    days |= {"appeal_from": today, "appeal_until": today + 9 * DAY}

    people.cycle.reschedule(actor=people.department, reason="补公示", **days)

    assert Cycle.objects.get().is_within(Cycle.Window.PUBLICATION)
    Cycle.objects.update(status="LOCKED")
    with pytest.raises(NotAllowed):
        people.cycle.reschedule(actor=people.department, reason="再改", **days)


def test_secretary_does_not_move_the_calendar(people, signed_in):
    with pytest.raises(NotAllowed):
        people.cycle.reschedule(
            actor=people.superior, reason="改", self_until=database_today() + 12 * DAY
        )
    address = reverse("assessments:cycle_calendar", args=[people.cycle.pk])
    assert signed_in(people.superior).get(address).status_code == 403


def test_form_shows_days_to_come_and_says_what_is_wrong(people, signed_in):
    client = signed_in(people.department)
    address = reverse("assessments:cycle_calendar", args=[people.cycle.pk])
    names = list(client.get(address).context["form"].fields)
    assert names == [
        "self_until", "vote_until", "review_until", "publication_from", "publication_until",
        "appeal_from", "appeal_until", "reason",
    ]  # fmt: skip
    said = {name: getattr(people.cycle, name) for name in names[:-1]} | {"reason": "防汛"}

    said["review_until"] += 30 * DAY
    page = client.post(address, said)
    assert page.context["form"].errors == {
        "publication_from": ["公示应在自评、测评、考评都截止以后开始。"]
    }

    said["review_until"] -= 28 * DAY
    assert client.post(address, said).url == people.cycle.get_absolute_url()
    assert Cycle.objects.get().review_until == database_today() + 11 * DAY
