"""班子届次: an organization elects, fills and vacates seats, puts a term off, elects again."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from orgs.models import AuditEntry, Committee, LeftReason, NotAllowed, OrganizationKind, SeatPost
from orgs.partial_date import PartialDate
from orgs.terms import due_day, months_after, years_of_term
from tests.orgs.leaders import day, elect, seat
from tests.people import place


@pytest.mark.parametrize(
    ("kind", "level", "years"),
    [
        ("BRANCH", "VILLAGE", 5),
        ("GENERAL_BRANCH", "VILLAGE", 5),
        ("BRANCH", "UNIT", 3),
        ("JOINT_BRANCH", "UNIT", 3),
        ("GENERAL_BRANCH", "UNIT", 3),
        ("COMMITTEE", "UNIT", 5),
        ("COMMITTEE", "TOWNSHIP", 5),
        ("LEADING_GROUP", "UNIT", None),
        ("WORKING_COMMITTEE", "TOWNSHIP", None),
        ("TEMPORARY_BRANCH", "UNIT", None),
    ],
)
def test_term_is_as_long_as_the_rules_say(kind, level, years):
    assert years_of_term(kind, level) == years


def test_due_day_is_the_last_on_which_the_successor_is_in_time():
    assert due_day(PartialDate(2024, 2, 29), "BRANCH", "UNIT") == date(2027, 2, 28)
    assert due_day(PartialDate(2021, 6), "BRANCH", "VILLAGE") == date(2026, 6, 30)
    assert due_day(None, "BRANCH", "UNIT") is None
    assert months_after(date(2026, 5, 31), -3) == date(2026, 2, 28)


def test_village_elects_its_committee(cast):
    committee = elect(
        cast.home.village,
        seat(source="ELECTED", heads_village=True),
        seat("田秀英", SeatPost.DISCIPLINE),
        actor=cast.secretary,
        term=7,
        document="柳组〔2024〕3号",
    )

    assert (str(committee), committee.due_on) == ("柳河镇一村第 7 届班子", date(2029, 3, 10))
    assert [str(s) for s in committee.seats.in_order()] == ["陈立国 书记", "田秀英 纪检委员"]
    assert {s.started for s in committee.seats.all()} == {PartialDate(2024, 3, 10)}
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.organization) == ("committee.elected", cast.home.village)
    assert entry.note == "2024年3月10日当选，应于2029年3月10日前换届，陈立国 书记、田秀英 纪检委员"


def test_organization_has_one_committee_at_a_time(cast):
    elect(cast.home.village)

    with pytest.raises(NotAllowed, match="已有在任班子"):
        elect(cast.home.village, elected="2025-01-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        Committee.objects.create(organization=cast.home.village)


def test_committee_has_one_secretary_at_a_time(cast):
    committee = elect(cast.home.village)

    with pytest.raises(ValidationError, match="已有在任书记"):
        committee.fill(actor=None, **seat("张大山", started=PartialDate(2025)))

    first = committee.seats.get()
    first.vacate(actor=None, ended_on=day("2025-05-31"), reason=LeftReason.TRANSFER)
    committee.fill(actor=None, **seat("张大山", started=PartialDate(2025, 6)))
    assert [s.name for s in committee.seats.open()] == ["张大山"]


def test_same_person_does_not_hold_the_same_seat_twice(cast):
    committee = elect(cast.home.village, seat("田秀英", SeatPost.MEMBER))

    with pytest.raises(ValidationError, match="此人已任同一职务"):
        committee.fill(actor=None, **seat("田秀英", SeatPost.MEMBER))


def test_seat_ends_after_it_began_and_only_once(cast):
    person = elect(cast.home.village).seats.get()

    with pytest.raises(ValidationError, match="离任日期不能早于任职时间"):
        person.vacate(actor=None, ended_on=day("2024-03-09"), reason="DIED")
    person.refresh_from_db()
    person.vacate(actor=cast.secretary, ended_on=day("2026-02-28"), reason="RESIGNED", note="因病")

    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.note) == ("seat.vacated", "陈立国 书记，辞职，到 2026-02-28。因病")
    with pytest.raises(NotAllowed, match="已于 2026-02-28 离任"):
        person.vacate(actor=None, ended_on=day("2026-03-01"), reason="DIED")


def test_renewal_closes_the_old_term_and_opens_the_new_one(cast):
    old = elect(cast.home.village, seat(), seat("田秀英", SeatPost.MEMBER), elected="2021-03")
    old.seats.get(name="田秀英").vacate(actor=None, ended_on=day("2022-01-01"), reason="DIED")
    old.revise(actor=None, term=7)

    new = old.renew(actor=cast.secretary, elected=PartialDate(2026, 2, 20), seats=[seat("张大山")])

    old.refresh_from_db()
    assert (old.status, old.renewed_on) == ("RENEWED", date(2026, 2, 20))
    assert [(s.name, s.ended_on, s.left_reason) for s in old.seats.order_by("pk")] == [
        ("陈立国", date(2026, 2, 19), "RENEWAL"),
        ("田秀英", date(2022, 1, 1), "DIED"),
    ]
    assert (new.term, new.due_on) == (8, date(2031, 2, 20))
    assert [s.name for s in new.seats.all()] == ["张大山"]
    with pytest.raises(NotAllowed, match="已经换届"):
        old.renew(actor=None, elected=PartialDate(2026, 3, 1))


def test_successor_is_elected_after_its_predecessor(cast):
    committee = elect(cast.home.village)

    with pytest.raises(NotAllowed, match="应晚于这一届的当选日期"):
        committee.renew(actor=None, elected=PartialDate(2024, 3, 10))


def test_extension_is_for_a_year_at_most(cast):
    committee = elect(cast.home.village, elected="2021-03-20")

    with pytest.raises(ValidationError, match="一般不超过一年"):
        committee.extend(actor=None, due_on=day("2027-03-21"), document="x")
    committee.extend(actor=cast.secretary, due_on=day("2026-09-20"), document="青组〔2026〕9号")
    committee.extend(actor=None, due_on=day("2027-03-20"), document="青组〔2026〕11号")

    assert committee.extended_from == date(2026, 3, 20)
    assert committee.due_on == date(2027, 3, 20)
    entry = AuditEntry.objects.filter(action="committee.extended").earliest("pk")
    assert entry.change_lines() == ["应换届日期：2026-03-20 → 2026-09-20"]


def test_figures_name_the_terms_behind_them(cast):
    """Today is 2 March 2026."""
    late = elect(cast.home.organization, elected="2021-03-01")
    soon = elect(cast.home.village, elected="2021-08-29")
    far = elect(cast.away.village, elected="2021-08-30")

    assert [*Committee.objects.overdue()] == [late]
    assert [*Committee.objects.due_within(180)] == [soon]
    assert [*Committee.objects.due_within(181)] == [soon, far]
    assert [*Committee.objects.due_within(181).within(cast.away.organization)] == [far]
    soon.seats.get().vacate(actor=None, ended_on=day("2026-03-01"), reason="DIED")
    assert [*Committee.objects.without_secretary()] == [soon]


def test_committee_without_term_says_so_and_is_never_late(cast):
    group = place("4299901", "县局党组", "UNIT", cast.county, OrganizationKind.LEADING_GROUP)
    committee = elect(group, seat(), elected="2010-01")

    assert (committee.due_on, committee.without_term_words) == (None, "不设任期")
    assert [*Committee.objects.overdue()] == []
    assert committee.said() == "2010年1月当选，不设任期，陈立国 书记"
