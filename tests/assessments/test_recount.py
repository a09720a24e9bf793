"""While organizations still fill in, the department has their figures counted again."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.models import Answer, Assessment, Cycle
from assessments.sources.filling import fill_forms
from assessments.tasks import recount_all
from orgs.models import AuditEntry, NotAllowed, Role
from tests.assessments.cycles import CycleCast
from tests.people import person, post

RURAL, COMPANY = "RURAL", "STATE_OWNED"


@pytest.fixture
def people(cast):
    return CycleCast(cast)


def receipt(people, sector=RURAL) -> tuple:
    answer = Answer.objects.get(
        assessment__cycle=people.cycle, assessment__sector=sector, indicator__code="5.1"
    )
    return answer.figure, answer.numerator, answer.denominator


def registered(people, cast, sector=RURAL):
    clerk = person(f"clerk-{sector}", "窗口")
    post(clerk, people.places[sector], Role.CLERK)
    for _ in range(5):
        cast.register(organization=people.places[sector], actor=clerk, accept=True)


def ask(client, people, **more):
    return client.post(reverse("assessments:cycle_recount", args=[people.cycle.pk]), **more)


def test_department_asks_and_the_sweep_counts(people, cast, signed_in):
    registered(people, cast)
    client = signed_in(people.department)

    page = ask(client, people, follow=True)
    waiting = client.get(
        people.cycle.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "work"}
    )
    recount_all()

    assert "等待重新取数" in page.content.decode()
    assert waiting.status_code == 200 and "HX-Refresh" not in waiting
    assert receipt(people) == ("COMPUTED", 5, 5)
    done = client.get(people.cycle.get_absolute_url())
    assert "重新取数</button>" in done.content.decode()
    entry = AuditEntry.objects.about(people.cycle).last()
    assert (entry.actor, entry.label) == (people.department, "重新取数")


def test_what_was_handed_in_stays(people, cast):
    registered(people, cast)
    registered(people, cast, COMPANY)
    people.cycle.assessments.filter(sector=RURAL).update(status="SUBMITTED")

    people.cycle.recount(actor=people.department)
    recount_all()

    assert receipt(people) == ("NO_LEDGER", None, None)
    assert receipt(people, COMPANY) == ("COMPUTED", 5, 5)


def test_form_handed_in_while_others_are_counted_stays(people):
    """It was open when the task listed it, and no more when its turn came."""
    pks = list(people.cycle.assessments.values_list("pk", flat=True))
    Assessment.objects.filter(pk=people.assessment().pk).update(status="SUBMITTED")
    before = list(Answer.objects.filter(assessment__sector=RURAL).values_list("computed_at"))

    fill_forms(pks, {}, 5, None)

    assert (
        list(Answer.objects.filter(assessment__sector=RURAL).values_list("computed_at")) == before
    )
    others = Answer.objects.exclude(assessment__sector=RURAL).exclude(indicator__source="")
    assert set(others.values_list("computed_at", flat=True)) == {None}


def test_typed_points_survive_and_count_again_without_a_figure(people, cast):
    answer = people.assessment().answers.get(indicator__code="5.1")
    Answer.objects.filter(pk=answer.pk).update(self_points=Decimal("3"), text="有登记簿")

    people.cycle.recount(actor=people.department)
    recount_all()

    answer.refresh_from_db()
    assert (answer.self_points, answer.text) == (Decimal("3.00"), "有登记簿")


def test_asking_twice_is_refused_until_it_is_done(people):
    people.cycle.recount(actor=people.department)

    with pytest.raises(NotAllowed):
        people.cycle.recount(actor=people.second)

    recount_all()
    people.cycle.recount(actor=people.second)


def test_window_decides_by_the_clock_of_the_database(people):
    days = {"self_from": date(2020, 1, 1), "self_until": date(2020, 1, 9)}
    Cycle.objects.filter(pk=people.cycle.pk).update(**days)

    with pytest.raises(NotAllowed):
        people.cycle.recount(actor=people.department)

    people.cycle.assessments.filter(sector=RURAL).update(extended_until=date(2099, 1, 1))
    people.cycle.recount(actor=people.department)


def test_secretary_may_not_ask(people, signed_in):
    assert ask(signed_in(people.secretaries[RURAL]), people).status_code == 403
    assert ask(signed_in(people.superior), people).status_code == 403
    assert people.cycle.computed_at is not None
