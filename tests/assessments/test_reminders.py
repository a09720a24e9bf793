"""Before a last day whoever has yet to act is told, after it those above; each once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assessments.models import Assessment, database_today
from assessments.reminders import remind
from assessments.tasks import remind_of_deadlines
from orgs.models import Notice, Sector
from tests.assessments.cycles import CycleCast

DAY = timedelta(days=1)


@pytest.fixture
def today(db, clock):
    return database_today()


@pytest.fixture
def people(cast, today):
    """自评 ends in twelve days, 测评 has not begun, 考评 comes last."""
    days = {"self_from": -5, "self_until": 12, "vote_from": 20, "vote_until": 30}
    days |= {"review_from": 20, "review_until": 40}
    days |= {"publication_from": 41, "publication_until": 45, "appeal_from": 41}
    days |= {"appeal_until": 50}
    return CycleCast(cast, **{name: today + number * DAY for name, number in days.items()})


def told(kind):
    rows = Notice.objects.filter(kind__startswith=f"cycle.{kind}").select_related("recipient")
    return sorted((row.recipient.name, row.title) for row in rows)


def words(date):
    return f"{date.month}月{date.day}日"


def test_secretary_hears_seven_three_and_one_day_before(people):
    last = people.cycle.self_until
    Assessment.objects.filter(sector=Sector.RURAL).update(status="SUBMITTED")

    assert remind(last - 8 * DAY) == 0
    assert remind(last - 7 * DAY) == 2
    assert remind(last - 5 * DAY) == 0
    assert remind(last - 3 * DAY) == 2
    assert remind(last - DAY) == 2
    assert remind(last) == 0

    assert told("self_7") == [
        (name, f"2026 年度考核自评还有 7 天截止（{words(last)}）")
        for name in ("西岭书记2", "西岭书记3")
    ]


def test_two_beats_on_one_day_say_it_once(people):
    day = people.cycle.self_until - 3 * DAY

    assert [remind(day), remind(day)] == [3, 0]
    assert len(told("self_3")) == 3


def test_beat_that_slept_over_the_day_says_it_later(people):
    assert remind(people.cycle.self_until - 2 * DAY) == 3
    assert told("self_3")[0][1].startswith("2026 年度考核自评还有 2 天截止")


def test_late_form_is_escalated_to_the_secretary_above(people):
    last = people.cycle.self_until
    Assessment.objects.filter(sector=Sector.RURAL).update(status="SUBMITTED")

    assert remind(last + DAY) == 3

    assert [name for name, _ in told("late")] == ["西岭书记2", "西岭书记3"]
    assert told("escalated") == [("西岭书记", "下级有 2 个党组织逾期未交 2026 年度自评")]
    assert remind(last + 2 * DAY) == 0


def test_extension_is_reminded_of_by_its_own_last_day(people):
    later = people.cycle.self_until + 5 * DAY
    Assessment.objects.filter(sector=Sector.RURAL).update(extended_until=later)

    remind(later - DAY)

    assert told("self_1") == [("西岭书记1", f"2026 年度考核自评还有 1 天截止（{words(later)}）")]
    assert len(told("late")) == 2


def test_vote_is_announced_and_its_end_too(people):
    first, last = people.cycle.vote_from, people.cycle.vote_until
    Assessment.objects.update(status="SUBMITTED")

    assert [remind(first), remind(first + DAY), remind(last - 3 * DAY)] == [3, 0, 3]
    assert told("vote_3")[0][1] == f"2026 年度群众测评还有 3 天截止（{words(last)}）"


def test_department_hears_of_what_is_not_confirmed(people):
    Assessment.objects.update(status="SUBMITTED")
    Assessment.objects.filter(sector=Sector.RURAL).update(status="REVIEWED")

    remind(people.cycle.review_until - 7 * DAY)

    title = "2026 年度组织考评还有 7 天截止，还有 2 个未定稿"
    assert told("review_7") == [("组织部李强", title), ("组织部王敏", title)]


def test_task_goes_by_the_clock_of_the_database(people, clock):
    people.cycle.reschedule(
        actor=people.department, reason="换届", self_until=database_today() + 7 * DAY
    )
    clock.set("2031-01-01 09:00")  # the portal's own clock is wrong by years

    remind_of_deadlines()

    assert len(told("self_7")) == 3
    assert told("late") == []


def test_reminding_takes_as_many_queries_for_three_as_for_one(
    people, django_assert_max_num_queries
):
    late = people.cycle.self_until + DAY
    counts = []
    for sectors in ([Sector.RURAL], Sector.values):
        Notice.objects.all().delete()
        Assessment.objects.update(status="SUBMITTED")
        Assessment.objects.filter(sector__in=sectors).update(status="FILLING")
        with django_assert_max_num_queries(40) as captured:
            remind(late)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_workbench_says_how_many_days_are_left(people, signed_in):
    page = signed_in(people.secretaries[Sector.RURAL]).get(reverse("home"))

    assert {
        "label": "自评待提交（还有 12 天）", "value": 1,
        "url": people.assessment().get_absolute_url(),
    } in page.context["waiting"]  # fmt: skip


def test_workbench_of_the_department_names_what_is_late(people, signed_in):
    people.cycle.self_until = database_today() - DAY
    people.cycle.save()

    waiting = signed_in(people.department).get(reverse("home")).context["waiting"]

    assert waiting[0] == {
        "label": "下级 2026 年度自评逾期未交", "value": 3,
        "url": people.cycle.get_absolute_url() + "?late=yes",
    }  # fmt: skip
