"""A secretary reports before the superior's delegate; the superior decides the grade."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from assessments.models import Cycle, Debriefing, database_today
from assessments.sources import fill
from orgs.models import AuditEntry, NotAllowed, Notice, Sector
from tests.assessments.cycles import CycleCast


@pytest.fixture
def year(cast):
    found = CycleCast(cast)
    Cycle.objects.filter(pk=found.cycle.pk).update(since=database_today() - timedelta(300))
    return found


def told(**more):
    return {
        "held_on": database_today() - timedelta(1), "speaker": "张书记",
        "delegate": "县委组织部 李明", "attended": 40, "good": 20, "better": 10, "fair": 5,
        "poor": 3, "grade": "BETTER", "decided_by": "西岭镇党委", "note": "",
    } | more  # fmt: skip


def url(year, sector=Sector.RURAL):
    return reverse("assessments:debriefing", args=[year.assessment(sector).pk])


def test_superior_records_and_the_secretary_is_told(year, signed_in):
    page = signed_in(year.superior).post(url(year), told(), follow=True).content.decode()

    row = Debriefing.objects.get()
    assert row.distribution() == [("好", 20, 53), ("较好", 10, 26), ("一般", 5, 13), ("差", 3, 8)]
    assert "述职评议已登记。" in page
    assert "53%" in page
    notice = Notice.objects.get(kind="debriefing.recorded")
    assert notice.recipient == year.secretaries[Sector.RURAL]
    own = signed_in(year.secretaries[Sector.RURAL])
    assert "县委组织部 李明" in own.get(url(year)).content.decode()
    assert own.post(url(year), told(grade="GOOD")).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("delegate", "", "请填写这一项。"),
        ("good", 39, "四档票数合计不能超过到会人数。"),
        ("held_on", "2099-01-01", "述职日期在考核年度开始以后、今天以前。"),
    ],
)
def test_wrong_record_is_told_at_the_field(year, signed_in, field, value, words):
    page = signed_in(year.superior).post(url(year), told(**{field: value}))
    assert words in page.content.decode()
    assert not Debriefing.objects.exists()


def test_correction_is_on_record_and_ends_with_the_year(year):
    said = {"actor": year.superior, "assessment": year.assessment()}
    Debriefing.record(**said, **told())
    Debriefing.record(**said, **told(grade="GOOD"))
    assert Debriefing.objects.get().grade == "GOOD"
    entry = AuditEntry.objects.filter(action="debriefing.recorded").order_by("-pk").first()
    assert entry.changes == {"grade": ["BETTER", "GOOD"]}

    Cycle.objects.filter(pk=year.cycle.pk).update(status="PUBLISHED")
    with pytest.raises(NotAllowed):
        Debriefing.record(**said, **told())


@pytest.mark.parametrize(
    ("grade", "points"), [("GOOD", "4"), ("BETTER", "3"), ("FAIR", "1.5"), ("POOR", "0")]
)
def test_grade_counts_as_the_scheme_says(year, grade, points):
    Debriefing.record(actor=year.superior, assessment=year.assessment(), **told(grade=grade))
    fill(year.cycle)

    answer = year.assessment().answers.get(indicator__code="1.4")
    assert (answer.figure, answer.figure_points) == ("COMPUTED", D(points))
    other = year.assessment(Sector.UNIVERSITY).answers.get(indicator__code="1.4")
    assert other.figure == "FEW"


def test_list_counts_grades_and_no_more_queries(year, signed_in, queries):
    address = reverse("assessments:debriefings")
    Debriefing.record(actor=year.superior, assessment=year.assessment(), **told())
    page = signed_in(year.department).get(address)
    assert page.context["counters"] == [
        ("好", 0), ("较好", 1), ("一般", 0), ("差", 0), ("未述职", 2),
    ]  # fmt: skip
    one = queries(year.department, f"{address}?sector=RURAL")
    assert queries(year.department, address) == one
