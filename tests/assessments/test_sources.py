"""What the portal knows already is filled in: figures from cases, committees and members."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.default_scheme import INDICATORS
from assessments.models import Answer, Scheme
from assessments.opening import make_answers, make_forms, open_cycle, prepare
from assessments.sources import SOURCES, Ground, fill
from orgs.models import Organization
from services.models import ServiceRequest
from tests.assessments.cycles import windows
from tests.orgs.leaders import elect, seat
from tests.orgs.members import enrolled
from tests.people import place


@pytest.fixture
def cycle(cast):
    """Of the county: 柳河镇 with its village, and 东山乡 with its own."""
    cast.reviewer.posts.update(organization=cast.county)
    opened = open_cycle(
        scheme=Scheme.objects.first(), organization=cast.county, year=2026,
        actor=type(cast.reviewer).objects.get(pk=cast.reviewer.pk), **windows(),
    )  # fmt: skip
    prepare(opened)
    return opened


def answer(cycle, place, code) -> Answer:
    return Answer.objects.get(
        assessment__cycle=cycle, assessment__organization=place, indicator__code=code
    )


def figure(cycle, place, code):
    found = answer(cycle, place, code)
    return found.figure, found.numerator, found.denominator, found.figure_points


def answered(cast, place, *, in_time, late=0, actor=None):
    """So many cases at the place with an answer by their due time, and so many after it."""
    for number in range(in_time + late):
        told = {"subject": f"诉求{number}", "actor": actor}
        row = cast.register(organization=place, accept=True, **told)
        shift = timedelta(hours=-1) if number < in_time else timedelta(hours=1)
        ServiceRequest.objects.filter(pk=row.pk).update(
            status="REPLIED",
            first_replied_at=row.due_at + shift,
            replied_at=row.due_at + shift,
            first_due_at=row.due_at,
        )


def test_every_source_of_the_default_scheme_is_computed_or_known_to_have_no_ledger():
    named = {row[5] for row in INDICATORS} - {""}

    assert {*SOURCES} <= named
    assert named - {*SOURCES} == {
        "visits", "training", "commitments", "venue_checklist", "room_use",
        "consultations", "household_visits", "checkin", "contacts", "grassroots_days",
        "public_service", "service_projects", "links", "joint_meetings", "coverage", "mediation",
        "whistle",
    }  # fmt: skip


def test_answers_in_time_give_points_between_floor_and_target(cycle, cast, clock):
    answered(cast, cast.home.village, in_time=8, late=2)
    clock.advance(days=30)

    fill(cycle)

    # (0.8 - 0.6) / (0.95 - 0.6) of 8 points
    assert figure(cycle, cast.home.village, "6.1") == ("COMPUTED", 8, 10, Decimal("4.57"))


def test_a_township_counts_what_its_villages_did_and_not_its_sister(cycle, cast, clock):
    answered(cast, cast.home.village, in_time=3)
    answered(cast, cast.home.organization, in_time=2)
    answered(cast, cast.away.village, in_time=0, late=6, actor=cast.outsider)
    clock.advance(days=30)

    fill(cycle)

    assert figure(cycle, cast.home.organization, "6.1") == ("COMPUTED", 5, 5, Decimal("8"))
    assert figure(cycle, cast.home.village, "6.1") == ("FEW", 3, 3, None)
    assert figure(cycle, cast.away.organization, "6.1") == ("COMPUTED", 0, 6, Decimal("0"))


def test_what_has_no_ledger_says_so_and_asks_for_a_score(cycle, cast):
    found = answer(cycle, cast.home.village, "1.3")

    assert (found.figure, found.is_locked, found.wants_self_points) == ("NO_LEDGER", False, True)


def test_cases_are_answered_by_the_rows_behind_the_figure(cycle, cast, clock):
    answered(cast, cast.home.village, in_time=4, late=2)
    clock.advance(days=30)
    ground = Ground.of(cycle, cast.home.village)
    source = SOURCES["on_time"]

    counts = {part: source.rows(ground, part).count() for part in ("counted", "met", "missed")}

    assert counts == {"counted": 6, "met": 4, "missed": 2}
    assert source.tally(ground) == {cast.home.village.pk: (4, 6)}


def test_receipt_counts_acceptance_within_the_days_for_it(cycle, cast, clock):
    for _ in range(5):
        cast.register(organization=cast.home.village, accept=True)
    late = cast.register(organization=cast.home.village)
    waiting = cast.register(organization=cast.home.village)
    clock.advance(days=20)
    late = ServiceRequest.objects.get(pk=late.pk)
    late.accept(actor=cast.clerk)
    ground = Ground.of(cycle, cast.home.village)

    assert SOURCES["receipt"].tally(ground) == {cast.home.village.pk: (5, 7)}
    missed = SOURCES["receipt"].rows(ground, "missed")
    assert {row.pk for row in missed} == {late.pk, waiting.pk}


def test_online_and_errands_count_where_the_sector_says_so(cycle, cast):
    for source in ("ONLINE", "PHONE", "VISIT", "AGENT", "COUNTER"):
        row = cast.register(organization=cast.home.village)
        ServiceRequest.objects.filter(pk=row.pk).update(source=source)
    ground = Ground.of(cycle, cast.home.village)
    place = cast.home.village.pk

    assert SOURCES["online"].tally(ground) == {place: (3, 5)}
    assert SOURCES["online_delegated"].tally(ground) == {place: (4, 5)}


def test_repeats_are_better_the_fewer_they_are(cycle, cast):
    rows = [cast.register(organization=cast.home.village) for _ in range(10)]
    ServiceRequest.objects.filter(pk=rows[0].pk).update(round=2)

    fill(cycle)

    # (0.1 - 0.2) / (0.02 - 0.2) of 4 points
    assert figure(cycle, cast.home.village, "6.5") == ("COMPUTED", 1, 10, Decimal("2.22"))


def test_committee_is_judged_by_three_checks_of_each_organization(cycle, cast):
    others = [seat("王芳", "DEPUTY"), seat("李军", "DEPUTY")]
    elect(cast.home.village, seat(), *others, elected="2019-03-10")  # whose term is long over

    fill(cycle)

    # 2 of 3: (0.6667 - 0.5) / 0.5 of 4 points
    assert figure(cycle, cast.home.village, "1.1") == ("COMPUTED", 2, 3, Decimal("1.33"))
    assert figure(cycle, cast.home.organization, "1.1")[1:3] == (2, 6)
    ground = Ground.of(cycle, cast.home.organization)
    assert {row.pk for row in SOURCES["committee"].rows(ground, "missed")} == {
        cast.home.organization.pk,
        cast.home.village.pk,
    }


def test_workers_and_volunteers_come_from_the_roster(cycle, cast):
    for serial in range(1, 6):
        enrolled(
            cast.home.village, f"党员{serial}", serial,
            is_party_worker=serial == 1, is_volunteer=serial < 4,
        )  # fmt: skip

    fill(cycle)

    assert figure(cycle, cast.home.village, "2.2")[:3] == ("COMPUTED", 1, 1)
    assert figure(cycle, cast.home.village, "4.3")[:3] == ("COMPUTED", 3, 5)
    assert figure(cycle, cast.away.village, "2.2")[:3] == ("COMPUTED", 0, 1)
    assert figure(cycle, cast.away.village, "4.3")[:3] == ("FEW", 0, 0)


def test_openness_is_the_mean_over_the_items_in_use(cycle, cast):
    item = cast.item()
    row = type(item).objects.filter(pk=item.pk).with_openness().get()

    fill(cycle)

    found = figure(cycle, cast.home.organization, "5.2")
    assert found[:3] == ("COMPUTED", int(row.openness), 100)


def test_what_was_handed_in_keeps_its_figures(cycle, cast):
    cycle.assessments.filter(organization=cast.home.village).update(status="SUBMITTED")
    for _ in range(6):
        cast.register(organization=cast.home.village, accept=True)

    fill(cycle)

    assert figure(cycle, cast.home.village, "5.1")[0] == "NO_LEDGER"
    assert figure(cycle, cast.home.organization, "5.1")[:3] == ("COMPUTED", 6, 6)


def test_filling_twice_gives_the_same_and_keeps_what_was_typed(cycle, cast):
    Answer.objects.filter(assessment__organization=cast.home.village).update(text="已写说明")
    before = list(Answer.objects.order_by("pk").values_list("pk", "figure", "figure_points"))

    fill(cycle)

    after = list(Answer.objects.order_by("pk").values_list("pk", "figure", "figure_points"))
    assert after == before
    assert not Answer.objects.filter(assessment__organization=cast.home.village, text="").exists()


def test_number_of_queries_does_not_grow_with_organizations(cycle, cast):
    with CaptureQueriesContext(connection) as one:
        fill(cycle)
    parent = Organization.objects.get(pk=cast.home.organization.pk)
    for number in range(3):
        place(f"42991015{number}", f"新增{number}村", "VILLAGE", parent)
        parent = Organization.objects.get(pk=parent.pk)
    prepare_again(cycle)
    with CaptureQueriesContext(connection) as more:
        fill(cycle)

    assert reads(more) == reads(one)


def reads(captured) -> int:
    """Writing takes as many statements as the database wants."""
    return sum(query["sql"].startswith("SELECT") for query in captured)


def prepare_again(cycle):
    make_forms(cycle, lambda *_: None)
    make_answers(cycle, lambda *_: None)
