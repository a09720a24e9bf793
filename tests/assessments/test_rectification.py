"""A low score becomes a task: planned, reported, re-checked from above, and only then closed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assessments.models import Answer, Rectification, database_today
from assessments.publication import publish
from assessments.rectifications import demand_all, remind
from orgs.models import NotAllowed, Notice, Sector
from tests.assessments.cycles import CycleCast
from tests.assessments.resulting import VOICES, say, score_all, shift


@pytest.fixture
def year(cast):
    found = CycleCast(cast)
    score_all(found)
    say(found, **VOICES | {Sector.STATE_OWNED: "59"})
    shift(found.cycle, publication=(0, 4), appeal=(0, 9))
    return found


@pytest.fixture
def task(year):
    return Rectification.demand(
        actor=year.department, assessment=year.assessment(), problem="值守不到位",
        due_on=database_today() + timedelta(30),
    )  # fmt: skip


def test_publication_makes_tasks_of_low_scores_once(year):
    low = Answer.objects.get(assessment=year.assessment(), indicator__code="2.3")
    low.review_points = low.indicator.points / 2
    low.save()
    publish(year.cycle, actor=year.department)
    demand_all(year.cycle)

    found = {
        (row.assessment.sector, row.cause): row.problem
        for row in Rectification.objects.select_related("assessment").exclude(
            assessment__sector=Sector.UNIVERSITY
        )
    }
    assert found == {
        ("RURAL", "INDICATOR"): f"{low.indicator}：得 2.00 分，满分 4.00 分",
        ("STATE_OWNED", "PUBLIC"): "群众测评 59.00 分，低于 60 分",
        ("STATE_OWNED", "STARS"): "评为 2 星",
    }
    # 50 % of every indicator: each is below 60 %, and 2 stars
    school = Rectification.objects.filter(assessment=year.assessment(Sector.UNIVERSITY))
    answers = year.assessment(Sector.UNIVERSITY).answers.count()
    assert school.filter(cause="INDICATOR").count() == answers
    assert school.count() == answers + 1


def test_organization_reports_and_the_superior_closes(year, task, signed_in):
    client = signed_in(year.secretaries[Sector.RURAL])

    def do(client, verb, **said):
        url = reverse("assessments:rectification_act", args=[task.pk, verb])
        return client.post(url, {f"{verb}-{name}": value for name, value in said.items()})

    early = do(client, "report", report="已整改")
    assert "请先填写责任人和整改措施" in early.content.decode()
    do(client, "plan", person="张书记", measure="排班上墙")
    do(client, "report", report="已排班，群众认可")
    assert do(client, "close", note="自己销").status_code == 403
    superior = signed_in(year.superior)
    do(superior, "give_back", note="照片不清")
    task.refresh_from_db()
    assert (task.status, task.check_note) == ("TODO", "照片不清")

    do(client, "report", report="重新上报")
    do(superior, "close", note="属实")
    task.refresh_from_db()
    assert (task.status, task.checked_by) == ("CLOSED", year.superior)
    told = Notice.objects.filter(recipient=year.secretaries[Sector.RURAL])
    kinds = set(told.values_list("kind", flat=True)) - {"cycle.opened"}
    assert kinds == {
        "rectification.demanded", "rectification.given_back", "rectification.closed",
    }  # fmt: skip


def test_nobody_checks_the_own_organization(year, task):
    task.plan(actor=year.secretaries[Sector.RURAL], person="张", measure="排班")
    task.submit(actor=year.secretaries[Sector.RURAL], report="好了")
    with pytest.raises(NotAllowed):
        task.close(actor=year.secretaries[Sector.RURAL], note="好")
    with pytest.raises(NotAllowed):
        Rectification.demand(
            actor=year.secretaries[Sector.RURAL], assessment=year.assessment(), problem="a",
            due_on=database_today(),
        )  # fmt: skip


def test_department_demands_on_a_page(year, signed_in):
    url = reverse("assessments:rectification_demand", args=[year.assessment().pk])
    client = signed_in(year.department)
    wrong = client.post(url, {"problem": "值守", "due_on": "2020-01-01"})
    assert "期限不能早于今天。" in wrong.content.decode()
    client.post(url, {"problem": "值守", "due_on": str(database_today())})
    assert Rectification.objects.get().created_by == year.department
    assert signed_in(year.secretaries[Sector.RURAL]).get(url).status_code == 403


def test_each_reminder_goes_out_once(year, task):
    today = database_today()
    counts = [remind(today + timedelta(days)) for days in (0, 23, 24, 31, 32)]
    assert counts == [0, 1, 0, 1, 0]
    late = Notice.objects.filter(kind="rectification.due2").values_list("recipient", flat=True)
    assert set(late) == {year.secretaries[Sector.RURAL].pk, year.superior.pk}


def test_workbench_tells_of_it(year, task, signed_in):
    secretary = signed_in(year.secretaries[Sector.RURAL])
    assert "考核整改待办" in secretary.get(reverse("home")).content.decode()
    assert "考核整改待办" not in signed_in(year.superior).get(reverse("home")).content.decode()


def test_list_shows_what_waits_and_counts_no_more_queries(year, task, queries, signed_in):
    url = reverse("assessments:rectifications")
    secretary = year.secretaries[Sector.RURAL]
    assert "值守不到位" in signed_in(secretary).get(url).content.decode()
    assert "值守不到位" not in signed_in(year.superior).get(url).content.decode()
    assert "值守不到位" in signed_in(year.superior).get(f"{url}?box=open").content.decode()
    one = queries(year.department, f"{url}?box=all")
    for sector in (Sector.STATE_OWNED, Sector.UNIVERSITY):
        Rectification.demand(
            actor=year.department, assessment=year.assessment(sector), problem="台账不全",
            due_on=database_today(),
        )  # fmt: skip
    assert queries(year.department, f"{url}?box=all") == one
