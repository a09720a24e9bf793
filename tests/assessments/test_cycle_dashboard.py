"""The department sees how a cycle stands; every number leads to the organizations behind it."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.cycle_dashboard import CycleDashboard
from assessments.cycle_lens import CycleLens
from assessments.models import Assessment
from assessments.radar import Radar
from assessments.results import compute
from orgs.models import Organization, Sector
from tests.assessments.cycles import CycleCast
from tests.assessments.resulting import say, score_all
from tests.people import place

ALL = {Sector.RURAL: "92", Sector.STATE_OWNED: "75.5", Sector.UNIVERSITY: None}


@pytest.fixture
def year(cast):
    found = CycleCast(cast)
    score_all(found)
    say(found, **ALL)
    compute(found.cycle)
    return found


def look(year, user=None, **more) -> CycleDashboard:
    user = user or year.department
    node = more.pop("node", None) or Organization.objects.get(pk=year.town.pk)
    return CycleDashboard(CycleLens(year.cycle, node, user, **more), user)


def rows(page, name) -> list[dict]:
    return list(page.panel(name).table.data)


def test_progress_counts_each_place_and_leads_there(year, signed_in):
    Assessment.objects.filter(sector="RURAL").update(status="RETURNED")

    panel = look(year).panel("progress")

    assert panel.finding == (
        "3 个党组织参加考核，完成 2 个（66.7%）；1 个自评未交，西岭村党支部最多（1 个）"
    )
    row = list(panel.table.data)[0]
    assert (row["name"], row["all"], row["RETURNED"], row["share"]) == (
        "西岭村党支部", 1, 1, "0.0%",
    )  # fmt: skip
    behind = signed_in(year.department).get(row["RETURNED_url"])
    assert [one.name for one in behind.context["filter"].qs] == ["西岭村党支部"]


def test_stars_are_told_by_sector_and_pending_is_no_star(year, signed_in):
    panel = look(year).panel("stars")

    assert panel.finding == "先进（4—5 星）1 个，占 50.0%；后进（1—2 星）0 个；待定 1 个"
    found = {row["name"]: row for row in panel.table.data}
    assert (found["农村"]["stars_5"], found["国有企业"]["stars_3"]) == (1, 1)
    assert found["高校"]["pending"] == 1
    behind = signed_in(year.department).get(found["高校"]["pending_url"])
    assert [str(one.assessment.name) for one in behind.context["filter"].qs] == ["西岭师专党总支"]


def test_goals_give_the_share_of_points_for_each_sector(year):
    panel = look(year).panel("goals")

    found = {row["name"]: row for row in panel.table.data}
    assert [round(found["农村"][f"goal_{n}"], 4) for n in range(1, 7)] == [90] * 6
    assert round(found["高校"]["goal_3"], 4) == 50
    assert [radar.title for radar in panel.radars] == ["农村", "国有企业", "高校"]
    assert panel.finding.startswith("“")


def test_turnout_stands_beside_the_scores(year):
    panel = look(year).panel("turnout")

    assert panel.finding == "应参评 18,000 人，有效票 12,000 张，参评率 66.7%；1 个单位待定"


def test_wide_gaps_are_listed_widest_first(year):
    say(year, **(ALL | {Sector.UNIVERSITY: "64.25"}))
    compute(year.cycle)

    panel = look(year).panel("gaps")

    assert panel.finding == (
        "1 个党组织自评与考评相差超过 15 分，最大的是西岭师专党总支，自评高 40.00 分"
    )
    assert [row["name"] for row in panel.table.data] == ["西岭师专党总支"]


def test_weakest_indicators_come_first(year):
    found = rows(look(year), "indicators")

    assert found[0]["rate"] == "50.0%"
    assert found == sorted(found, key=lambda row: float(row["rate"][:-1]))


def test_an_indicator_leads_to_who_got_how_much_of_it(year, signed_in):
    row = next(r for r in rows(look(year), "indicators") if r["code"] == "2.4")

    page = signed_in(year.department).get(row["name_url"])

    found = [(a.assessment.name, round(a.share, 4)) for a in page.context["filter"].qs]
    assert found == [("西岭师专党总支", 0.5), ("西岭水务公司党支部", 0.8), ("西岭村党支部", 0.9)]
    book = signed_in(year.department).get(
        row["name_url"].replace("/indicator/", "/indicator/export/")
    )
    sheet = load_workbook(io.BytesIO(b"".join(book))).active
    assert [cell.value for cell in sheet["H"]] == ["得分率", 50, 80, 90]
    assert (
        signed_in(year.secretaries["RURAL"]).get(row["name_url"]).context["filter"].qs.count() == 0
    )


def test_one_sector_alone(year):
    page = look(year, sector="STATE_OWNED")

    assert [row["all"] for row in rows(page, "progress")] == [1]
    assert [row["name"] for row in rows(page, "stars")] == ["国有企业"]


def test_a_secretary_sees_no_result_of_the_own_branch_before_it_is_public(year):
    page = look(
        year, year.secretaries["RURAL"],
        node=Organization.objects.get(pk=year.places["RURAL"].pk),
    )  # fmt: skip

    assert page.panel("stars") is None
    assert [row["all"] for row in rows(page, "progress")] == [1]


@pytest.mark.parametrize("status", ["OPEN", "PUBLISHED"])
def test_points_that_are_not_confirmed_are_in_no_panel(year, status):
    Assessment.objects.filter(sector="RURAL").update(status="SUBMITTED")
    year.cycle.status = status
    year.cycle.save()

    assert [row["name"] for row in rows(look(year), "goals")] == ["国有企业", "高校"]


def test_page_and_exports_open_for_the_department(year, signed_in):
    client = signed_in(year.department)
    url = reverse("assessments:cycle_dashboard", args=[year.cycle.pk])

    page = client.get(url)
    book = client.get(url + "export/?panel=stars")
    nothing = client.get(url + "export/?panel=nothing")

    assert page.status_code == 200
    assert page.content.decode().count('<svg class="radar"') == 3
    sheet = load_workbook(io.BytesIO(b"".join(book))).active
    assert [cell.value for cell in sheet[1]] == [
        "领域", "5 星", "4 星", "3 星", "2 星", "1 星", "待定",
    ]  # fmt: skip
    assert nothing.status_code == 404


@pytest.mark.parametrize("query", ["?organization=999999", "?organization=x", "?sector=NONE"])
def test_what_is_not_there_is_not_found(year, signed_in, query):
    url = reverse("assessments:cycle_dashboard", args=[year.cycle.pk])

    assert signed_in(year.department).get(url + query).status_code == 404


def test_queries_do_not_grow_with_organizations(year, queries):
    url = reverse("assessments:cycle_dashboard", args=[year.cycle.pk])
    few = queries(year.department, url)
    parent = Organization.objects.get(pk=year.town.pk)
    for number in range(3):
        more = place(f"42991034{number}", f"新增{number}支部", "UNIT", parent, "BRANCH")
        parent = Organization.objects.get(pk=parent.pk)
        Assessment.objects.create(
            cycle=year.cycle, organization=more, name=str(more), sector="RURAL", level="UNIT",
            status="REVIEWED",
        )  # fmt: skip
    compute(year.cycle)

    assert queries(year.department, url) == few


def test_radar_leaves_out_what_is_not_known():
    radar = Radar("农村", tuple("甲乙丙丁戊己"), (("main", (100, None, 50, 0, 0, 0)),))

    [(tone, corners)] = radar.shapes
    assert tone == "main"
    assert corners.split(" ")[0] == "100.0,30.0"
    assert len(corners.split(" ")) == 5
