"""The organization department opens a year: calendar, scheme, and a form for each organization."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from assessments import opening
from assessments.models import Answer, Assessment, Cycle
from assessments.opening import open_cycle, prepare, proposed_windows
from orgs.models import AuditEntry, NotAllowed, Notice, Organization, OrganizationKind, Sector
from tests.assessments.cycles import YEAR, CycleCast, windows
from tests.people import place


@pytest.fixture
def people(cast):
    return CycleCast(cast)


def reopened(people, **more):
    told = {
        "scheme": people.scheme, "organization": people.town, "year": YEAR + 1,
        "actor": people.department,
    }  # fmt: skip
    return open_cycle(**(told | windows() | more))


def test_department_gives_each_organization_the_form_of_its_sector(people):
    assert people.cycle.status == Cycle.Status.OPEN
    assert people.scheme.is_frozen
    assert {row.name: row.sector for row in people.cycle.assessments.all()} == {
        "西岭村党支部": "RURAL",
        "西岭水务公司党支部": "STATE_OWNED",
        "西岭师专党总支": "UNIVERSITY",
    }
    for row in people.cycle.assessments.all():
        answers = row.answers.select_related("indicator")
        assert sum(answer.indicator.points for answer in answers) == 100
        assert {a.indicator_id for a in answers} == {
            indicator.pk for indicator in people.scheme.indicators_for(row.sector)
        }


def test_secretaries_are_told_and_the_trail_says_who_opened(people):
    told = Notice.objects.filter(kind="cycle.opened")
    assert {notice.recipient for notice in told} == set(people.secretaries.values())
    days = [f"{d.month}月{d.day}日" for d in (people.cycle.self_from, people.cycle.self_until)]
    assert told.first().title == f"2026 年度考核已启动，自评 {days[0]} 至 {days[1]}"
    entries = AuditEntry.objects.about(people.cycle)
    assert [(e.actor_name, e.label) for e in entries] == [
        ("组织部王敏", "启动年度考核"),
        ("系统", "生成考核表"),
    ]


def test_prepare_twice_makes_nothing_twice(people):
    Answer.objects.update(figure_points=1)  # would be computed afresh
    before = Assessment.objects.count(), Answer.objects.count(), Notice.objects.count()

    prepare(people.cycle)

    assert (Assessment.objects.count(), Answer.objects.count(), Notice.objects.count()) == before
    assert set(Answer.objects.values_list("figure_points", flat=True)) == {1}


def test_preparing_that_stopped_half_way_goes_on(cast, monkeypatch):
    monkeypatch.setattr(opening, "CHUNK", 1)
    people = CycleCast(cast, prepared=False)
    calls = []

    def die(done, total, words):
        calls.append((done, total, words))
        if len(calls) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(people.cycle, die)
    assert (Assessment.objects.count(), Cycle.objects.get().status) == (0, "PREPARING")
    prepare(people.cycle)

    assert calls[:3] == [(0, 3, "生成考核表"), (1, 3, "生成考核表"), (2, 3, "生成考核表")]
    assert (Assessment.objects.count(), Cycle.objects.get().status) == (3, "OPEN")


def test_who_takes_part_has_a_sector_and_is_active(people):
    town = Organization.objects.get(pk=people.town.pk)
    place("429910390", "西岭镇党组", "UNIT", town, OrganizationKind.LEADING_GROUP)
    gone = place("429910391", "撤销的支部", "UNIT", town, OrganizationKind.BRANCH)
    gone.abolished_on = date(2026, 1, 1)
    gone.save()
    place("429910392", "没有领域的支部", "UNIT", town, OrganizationKind.BRANCH, "")

    names = [str(row) for row in opening.participants(town)]

    assert names == ["西岭村党支部", "西岭水务公司党支部", "西岭师专党总支"]


@pytest.mark.parametrize("above", [True, False])
def test_one_organization_is_assessed_once_a_year(people, cast, above):
    where = cast.county if above else people.places[Sector.UNIVERSITY]
    place("42991033031", "学生支部", "UNIT", people.places[Sector.UNIVERSITY], "BRANCH")
    cast.reviewer.posts.update(organization=cast.county)

    with pytest.raises(ValidationError) as refusal:
        reopened(people, organization=where, year=YEAR, actor=cast.reviewer)

    assert refusal.value.message_dict == {
        "organization": ["“西岭镇 2026 年度考核”已经启动，同一组织一年只考核一次。"]
    }


def test_secretary_does_not_open_a_cycle(people):
    with pytest.raises(NotAllowed):
        reopened(people, actor=people.superior)


def test_department_of_another_town_does_not_open_one_here(people, cast):
    with pytest.raises(NotAllowed):
        reopened(people, actor=cast.reviewer)


def test_scheme_out_of_use_opens_nothing(people, clock):
    people.scheme.withdrawn_at = people.cycle.opened_at
    people.scheme.save()

    with pytest.raises(ValidationError) as refusal:
        reopened(people)

    assert refusal.value.message_dict == {"scheme": ["这一版方案已经停用，请另选一版。"]}


def test_a_window_that_ends_before_it_begins_is_refused(people):
    with pytest.raises(ValidationError):
        reopened(people, self_until=date(2020, 2, 1))


def test_proposed_calendar_follows_the_thresholds_of_the_scheme(people):
    days = proposed_windows(2026, people.scheme)

    assert days["since"] == date(2026, 1, 1) and days["until"] == date(2026, 12, 31)
    assert (days["publication_until"] - days["publication_from"]).days == 4
    assert days["appeal_until"] > days["publication_until"]
