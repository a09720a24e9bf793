"""书记缺 and 班子健全: which organizations are led, since when not, and who is told of it."""

from datetime import date

import pytest

from orgs.models import LeadershipReminder, Notice, Organization, OrganizationKind, SeatPost
from orgs.partial_date import PartialDate
from orgs.tasks import remind_of_leadership
from tests.orgs.leaders import day, elect, seat
from tests.people import place

TODAY = date(2026, 3, 2)


def codes(rows):
    return [row.code for row in rows]


@pytest.fixture
def villages(cast):
    """Everything at or below 柳河镇."""
    return Organization.objects.within(cast.home.organization)


def test_vacancy_counts_from_the_last_secretary_or_the_election(cast, villages):
    place("4299101901", "柳河镇党小组", "UNIT", cast.home.organization, OrganizationKind.GROUP)
    never = place("4299101202", "二村", "VILLAGE", cast.home.organization)
    elect(never, seat("田秀英", SeatPost.MEMBER), elected="2025-12-02")
    committee = elect(cast.home.village)
    committee.seats.get().vacate(actor=None, ended_on=day("2025-12-01"), reason="DIED")

    rows = villages.without_secretary(TODAY)

    assert [(row.code, row.last_led_on) for row in rows] == [
        ("4299101", None),
        ("4299101201", date(2025, 12, 1)),
        ("4299101202", date(2025, 12, 2)),
    ]
    assert codes(villages.too_long_without_secretary(TODAY)) == ["4299101201"]
    assert codes(villages.with_secretary(TODAY)) == []
    assert codes(villages.with_secretary(day("2025-12-01"))) == ["4299101201"]


def test_seat_whose_beginning_nobody_wrote_down_counts_as_held(cast, villages):
    committee = elect(cast.home.village, seat("田秀英", SeatPost.MEMBER))
    committee.fill(actor=None, **seat("陈立国"))

    assert codes(villages.with_secretary(TODAY)) == ["4299101201"]


def test_large_branch_needs_a_committee_and_a_small_one_a_secretary(cast, villages):
    branch = place("4299101202", "二村", "VILLAGE", cast.home.organization, OrganizationKind.BRANCH)
    elect(branch)
    assert codes(villages.with_complete_committee(TODAY)) == ["4299101202"]

    for number in range(7):
        branch.members.create(name=f"党员{number}", stage="FULL")
    assert codes(villages.with_complete_committee(TODAY)) == []

    committee = branch.committees.get()
    for post in (SeatPost.ORGANIZATION, SeatPost.DISCIPLINE):
        committee.fill(actor=None, **seat(f"任{post.label}", post))
    assert codes(villages.with_complete_committee(TODAY)) == ["4299101202"]


def test_terms_in_time_and_overdue(cast, villages):
    elect(cast.home.organization, elected="2021-03-01")
    elect(cast.home.village, elected="2021-03-02")

    assert codes(villages.with_term_overdue(TODAY)) == ["4299101"]
    assert codes(villages.with_term_in_time(TODAY)) == ["4299101201"]


def told():
    return [(n.recipient.name, n.title) for n in Notice.objects.order_by("pk")]


def test_term_is_reminded_of_once_at_each_mark(cast, clock):
    committee = elect(cast.home.village, elected="2021-08-30")
    Notice.objects.all().delete()

    marks = ("03-02", "03-03", "03-10", "06-01", "07-31", "08-30", "08-31", "09-30")
    for moment in marks:
        clock.set(f"2026-{moment} 09:00")
        remind_of_leadership()
        remind_of_leadership()

    assert told() == [
        ("柳书记", "还有 180 天换届：柳河镇一村"),
        ("柳书记", "还有 90 天换届：柳河镇一村"),
        ("柳书记", "还有 30 天换届：柳河镇一村"),
        ("柳书记", "换届已逾期：柳河镇一村"),
    ]
    committee.extend(actor=None, due_on=day("2026-12-31"), document="青组〔2026〕9号")
    Notice.objects.all().delete()
    clock.set("2026-10-02 09:00")
    remind_of_leadership()
    assert told() == [("柳书记", "还有 90 天换届：柳河镇一村")]


def test_vacancy_is_reminded_of_after_one_two_and_three_months(cast, clock):
    committee = elect(cast.home.village)
    committee.seats.get().vacate(actor=None, ended_on=day("2026-03-02"), reason="DIED")
    Notice.objects.all().delete()

    for moment in ("03-31", "04-01", "04-02", "05-01", "05-31", "06-30"):
        clock.set(f"2026-{moment} 09:00")
        remind_of_leadership()

    assert told() == [
        ("柳书记", "书记空缺 30 天：柳河镇一村"),
        ("柳书记", "书记空缺 60 天：柳河镇一村"),
        ("柳书记", "书记空缺 90 天：柳河镇一村"),
    ]
    assert {row.counted_from for row in LeadershipReminder.objects.all()} == {date(2026, 3, 2)}


def test_new_vacancy_is_counted_anew(cast, clock):
    committee = elect(cast.home.village)
    committee.seats.get().vacate(actor=None, ended_on=day("2026-01-31"), reason="DIED")
    remind_of_leadership()
    committee.fill(actor=None, **seat("张大山", started=PartialDate(2026, 3, 3)))
    clock.set("2026-03-10 09:00")
    committee.seats.open().get().vacate(actor=None, ended_on=day("2026-03-10"), reason="DIED")
    Notice.objects.all().delete()

    clock.set("2026-04-09 09:00")
    remind_of_leadership()

    assert told() == [("柳书记", "书记空缺 30 天：柳河镇一村")]


def test_own_secretary_is_told_before_the_one_above(cast):
    cast.fellow.posts.create(
        organization=cast.home.village, role="SECRETARY", started_on=day("2020-01-01")
    )
    elect(cast.home.village, elected="2021-03-01")
    Notice.objects.all().delete()

    remind_of_leadership()

    assert told() == [("柳河无职", "换届已逾期：柳河镇一村")]


def test_where_no_secretary_has_an_account_the_department_is_told(cast):
    cast.home.people["SECRETARY"].posts.update(ended_on=day("2026-03-01"))
    elect(cast.home.village, elected="2021-03-01")
    Notice.objects.all().delete()

    remind_of_leadership()

    assert told() == [("柳组织部门", "换届已逾期：柳河镇一村")]
