"""A secretary objects to a public result; the department answers in time and may correct it."""

from decimal import Decimal as D

import pytest
from django.urls import reverse

from assessments.models import Appeal, Bonus, Publication, Result, database_today
from assessments.publication import lock, publish, settle
from assessments.results import ask
from assessments.tasks import compute_all_results
from orgs.models import NotAllowed, Notice, Sector
from orgs.models.calendar import workdays
from tests.assessments.cycles import CycleCast
from tests.assessments.resulting import VOICES, say, score_all, shift


@pytest.fixture
def year(cast):
    found = CycleCast(cast)
    score_all(found)
    say(found, **VOICES)
    shift(found.cycle, publication=(0, 4), appeal=(0, 9))
    publish(found.cycle, actor=found.department)
    return found


@pytest.fixture
def appeal(year):
    return Appeal.file(
        actor=year.secretaries[Sector.RURAL], assessment=year.assessment(), text="少计一项表彰"
    )


def test_secretary_files_and_the_department_is_told(year, signed_in):
    client, pk = signed_in(year.secretaries[Sector.RURAL]), year.assessment().pk
    assert "提出申诉" in client.get(reverse("assessments:result", args=[pk])).content.decode()
    url = reverse("assessments:appeal_file", args=[pk])
    assert "请填写这一项" in client.post(url).content.decode()

    client.post(url, {"file-text": "少计一项表彰"})

    row = Appeal.objects.get()
    assert row.due_on == workdays().add(database_today(), 5)
    told = Notice.objects.filter(kind="appeal.filed").values_list("recipient", flat=True)
    assert set(told) == {year.department.pk, year.second.pk}
    assert client.post(url, {"file-text": "再提一次"}).status_code == 403


def test_nobody_else_files_and_not_out_of_time(year):
    for actor in (year.superior, year.department, year.secretaries[Sector.UNIVERSITY]):
        with pytest.raises(NotAllowed):
            Appeal.file(actor=actor, assessment=year.assessment(), text="a")
    shift(year.cycle, appeal=(-9, -1))
    with pytest.raises(NotAllowed):
        Appeal.file(
            actor=year.secretaries[Sector.RURAL], assessment=year.assessment(), text="过期了"
        )
    assert not Appeal.objects.exists()


def test_department_keeps_the_result(year, appeal, signed_in):
    url = reverse("assessments:appeal_answer", args=[appeal.assessment_id, appeal.pk])
    said = {"answer-outcome": "REJECTED", "answer-answer": "表彰不在本年度"}
    assert signed_in(year.superior).post(url, said).status_code == 403
    signed_in(year.department).post(url, said)

    row = Appeal.objects.get()
    assert (row.status, row.answered_by, row.answer) == (
        "REJECTED", year.department, "表彰不在本年度",
    )  # fmt: skip
    assert Notice.objects.get(kind="appeal.answered").recipient == row.filed_by
    with pytest.raises(NotAllowed):
        Bonus.grant(
            actor=year.department, assessment=year.assessment(), points=D(1), reason="a",
            evidence="b",
        )  # fmt: skip


def test_upheld_appeal_corrects_the_publication(year, appeal):
    appeal.reply(actor=year.department, outcome="UPHELD", answer="补记表彰")
    Bonus.grant(
        actor=year.department, assessment=year.assessment(), points=D(1), reason="表彰",
        evidence="通报",
    )  # fmt: skip
    ask(year.cycle, actor=year.department)
    compute_all_results()
    settle(year.cycle)  # by a second worker, who waited at the lock

    assert Result.objects.get(assessment=year.assessment()).total == D(93)
    now, before = Publication.objects.order_by("-pk")
    place = year.assessment().organization_id
    assert [row[2] for row in now.rows if row[0] == place] == ["93.00"]
    assert [row[2] for row in before.rows if row[0] == place] == ["92.00"]
    assert before.withdrawn_reason == "申诉成立，更正后重新公示"


def test_answered_appeal_is_not_answered_twice(year, appeal):
    appeal.reply(actor=year.department, outcome="REJECTED", answer="维持")
    with pytest.raises(NotAllowed):
        appeal.reply(actor=year.second, outcome="UPHELD", answer="成立")


def test_open_appeal_keeps_the_year_from_being_locked(year, appeal):
    shift(year.cycle, appeal=(-9, -1))
    with pytest.raises(NotAllowed, match="还有 1 件申诉没有答复"):
        lock(year.cycle, actor=year.department)


def test_correction_under_way_keeps_the_year_from_being_locked(year, appeal):
    appeal.reply(actor=year.department, outcome="UPHELD", answer="补记表彰")
    ask(year.cycle, actor=year.department)
    shift(year.cycle, appeal=(-9, -1))

    with pytest.raises(NotAllowed, match="正在重新计算"):
        lock(year.cycle, actor=year.department)

    compute_all_results()
    lock(year.cycle, actor=year.department)


def test_list_takes_as_many_queries_for_three_as_for_one(year, appeal, queries):
    url = reverse("assessments:appeals")
    one = queries(year.department, url)
    for sector in (Sector.STATE_OWNED, Sector.UNIVERSITY):
        Appeal.file(
            actor=year.secretaries[sector], assessment=year.assessment(sector), text="有异议"
        )
    assert queries(year.department, url) == one
