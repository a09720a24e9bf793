"""A result goes on file: a sheet of paper, a workbook, and the whole year in one table."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Cycle
from assessments.results import compute
from orgs.models import AuditEntry, Sector
from tests.assessments.cycles import CycleCast
from tests.assessments.resulting import VOICES, say, score_all


@pytest.fixture
def year(cast):
    found = CycleCast(cast)
    score_all(found)
    say(found, **VOICES)
    compute(found.cycle)
    return found


def rows_of(answer):
    book = load_workbook(io.BytesIO(answer.getvalue()))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_sheet_tells_every_term_and_indicator(year, signed_in):
    url = reverse("assessments:result_sheet", args=[year.assessment().pk])
    page = signed_in(year.department).get(url)

    text = page.content.decode()
    assert "5 星（先进），第 1 名，同组 1 个" in text
    assert len(page.context["indicators"]) == year.assessment().answers.count()


def test_workbook_of_one_result_by_hand(year, signed_in):
    url = reverse("assessments:result_export", args=[year.assessment(Sector.STATE_OWNED).pk])
    rows = rows_of(signed_in(year.department).get(url))

    assert [[cell or "" for cell in row] for row in rows[1:6]] == [
        ["自评", 80, "10%", 8],
        ["群众测评", 75.5, "50%", 37.75],
        ["组织考评", 80, "40%", 32],
        ["加分", "", "", ""],
        ["总分", "", "", 77.75],
    ]


def test_whole_year_is_one_row_an_organization_with_all_indicators(year, signed_in):
    url = reverse("assessments:results_all", args=[year.cycle.pk])
    headers, *rows = rows_of(signed_in(year.department).get(url))

    assert [row[1] for row in rows] == ["西岭村党支部", "西岭水务公司党支部", "西岭师专党总支"]
    at = headers.index("6.1 考评")
    points = year.assessment().answers.get(indicator__code="6.1").review_points
    assert rows[0][at] == float(points)
    assert AuditEntry.objects.filter(action="list.exported").count() == 1


def test_organization_gets_its_sheet_only_once_it_is_public(year, signed_in):
    client = signed_in(year.secretaries[Sector.RURAL])
    names = ("assessments:result_sheet", "assessments:result_export")
    urls = [reverse(name, args=[year.assessment().pk]) for name in names]
    assert [client.get(url).status_code for url in urls] == [404, 404]

    Cycle.objects.filter(pk=year.cycle.pk).update(status="PUBLISHED")
    assert [client.get(url).status_code for url in urls] == [200, 200]
    table = rows_of(client.get(reverse("assessments:results_all", args=[year.cycle.pk])))
    assert [row[1] for row in table[1:]] == ["西岭村党支部"]


def test_points_that_are_not_confirmed_stay_with_their_assessor(year, signed_in):
    """A second one may be scoring blind."""
    form = year.assessment()
    form.status = "SUBMITTED"
    form.save()
    compute(year.cycle)
    client = signed_in(year.department)

    sheet = client.get(reverse("assessments:result_sheet", args=[form.pk]))
    headers, *rows = rows_of(client.get(reverse("assessments:results_all", args=[year.cycle.pk])))

    assert {row[4] for row in sheet.context["indicators"]} == {None}
    row = next(row for row in rows if row[1] == "西岭村党支部")
    assert {row[at] for at, head in enumerate(headers) if head.endswith(" 考评")} == {None}
