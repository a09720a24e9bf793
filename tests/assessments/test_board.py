"""进度: how many stand where, by part of the tree, narrowed and taken home."""

import io

import openpyxl
import pytest
from django.urls import reverse

from assessments.models import Cycle
from assessments.opening import open_cycle, prepare
from orgs.models import Level, Organization, OrganizationKind, Sector
from tests.assessments.cycles import CycleCast
from tests.people import place


@pytest.fixture
def people(cast):
    people = CycleCast(cast, prepared=False)
    school = Organization.objects.get(pk=people.places[Sector.UNIVERSITY].pk)
    place("42991033031", "学生党支部", Level.UNIT, school, OrganizationKind.BRANCH,
          Sector.UNIVERSITY)  # fmt: skip
    prepare(people.cycle)
    people.cycle.refresh_from_db()
    people.cycle.assessments.filter(sector=Sector.RURAL).update(status="SUBMITTED")
    return people


def board(client, people, **query):
    return client.get(people.cycle.get_absolute_url(), query)


def names(page):
    return [row.record.name for row in page.context["table"].rows]


def cells(page):
    columns = ("name", "total", "not_started", "submitted")
    rows = page.context["branches"].rows
    return [tuple(row.get_cell_value(name) for name in columns) for row in rows]


def test_department_sees_counts_and_every_organization(people, signed_in):
    page = board(signed_in(people.department), people)

    assert [(c["label"], c["value"]) for c in page.context["counters"]] == [
        ("未开始", 3), ("填报中", 0), ("已提交", 1), ("退回", 0), ("完成", 0), ("逾期未交", 0),
    ]  # fmt: skip
    assert names(page) == ["西岭村党支部", "西岭水务公司党支部", "西岭师专党总支", "学生党支部"]
    assert cells(page) == [("西岭师专党总支", 2, 2, 0), ("西岭镇本级和直属单位", 2, 1, 1)]


def test_branch_leads_down_and_back_up(people, signed_in):
    client = signed_in(people.department)
    school = people.places[Sector.UNIVERSITY]

    page = board(client, people, organization=school.pk, status="NOT_STARTED")

    assert names(page) == ["西岭师专党总支", "学生党支部"]
    assert page.context["counters"][0]["value"] == 2
    assert page.context["counters"][0]["url"].endswith(f"&organization={school.pk}")
    assert [str(where) for where, _ in page.context["above"]] == ["西岭镇"]
    assert page.context["branches"] is None
    assert f'name="organization" value="{school.pk}"' in page.content.decode()


@pytest.mark.parametrize(
    "query, found",
    [
        ({"status": "SUBMITTED"}, ["西岭村党支部"]),
        ({"sector": "STATE_OWNED"}, ["西岭水务公司党支部"]),
        ({"q": "师专"}, ["西岭师专党总支"]),
        ({"late": "yes"}, []),
        ({"organization": "987654321"}, None),
    ],
)
def test_board_is_narrowed(people, signed_in, query, found):
    page = board(signed_in(people.department), people, **query)

    everything = ["西岭村党支部", "西岭水务公司党支部", "西岭师专党总支", "学生党支部"]
    assert names(page) == (everything if found is None else found)


def test_secretary_sees_the_own_organization_only(people, signed_in):
    page = board(signed_in(people.secretaries[Sector.STATE_OWNED]), people)

    assert names(page) == ["西岭水务公司党支部"]
    assert page.context["counters"][0]["value"] == 1
    assert page.context["branches"] is None


def test_export_holds_what_the_filters_show(people, signed_in):
    url = reverse("assessments:board_export", args=[people.cycle.pk])
    answer = signed_in(people.department).get(url, {"status": "SUBMITTED"})

    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[:4] for row in rows[1:]] == [("西岭村党支部", "农村", "村（社区）", "已提交")]


def test_year_in_the_making_shows_how_far_it_is(cast, signed_in):
    people = CycleCast(cast, prepared=False)

    page = board(signed_in(people.department), people)

    assert page.templates[0].name == "assessments/cycle_preparing.html"
    assert "正在生成考核表" in page.content.decode()


def test_board_takes_as_many_queries_for_three_branches_as_for_one(people, queries):
    address = people.cycle.get_absolute_url()
    before = queries(people.department, address)

    for number in (4, 5):
        town = Organization.objects.get(pk=people.town.pk)
        school = place(f"429910330{number}", f"分校{number}", Level.UNIT, town,
                       OrganizationKind.GENERAL_BRANCH, Sector.UNIVERSITY)  # fmt: skip
        place(f"429910330{number}1", f"分校{number}支部", Level.UNIT, school,
              OrganizationKind.BRANCH, Sector.UNIVERSITY)  # fmt: skip
    Cycle.objects.update(status="PREPARING")
    prepare(people.cycle)

    assert queries(people.department, address) == before
    assert people.cycle.assessments.count() == 8


def test_list_takes_as_many_queries_for_three_years_as_for_one(people, queries):
    address = reverse("assessments:cycles")
    before = queries(people.department, address)

    days = {name: getattr(people.cycle, name) for name in people.cycle.day_names()}
    for year in (2025, 2027):
        open_cycle(
            scheme=people.scheme, organization=people.town, year=year, actor=people.department,
            **days,
        )  # fmt: skip

    assert queries(people.department, address) == before
