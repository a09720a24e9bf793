"""The work list of assessors: what waits, what is ready, what is remarkable, and its export."""

from decimal import Decimal as D

import pytest
from django.urls import reverse

from assessments.models import LocalOpinion, SpotCheck
from orgs.models import Level
from tests.assessments.reviewing import open_year, scored, second_person, submitted
from tests.people import place

LIST = reverse("assessments:reviews")


@pytest.fixture
def cycle(cast):
    return open_year(cast)


@pytest.fixture
def county(cast):
    return second_person(cast, "县组工", where=cast.county)


def names(client, **query):
    table = client.get(LIST, query).context["table"]
    return [row.record.name for row in table.rows]


def test_assessor_sees_what_waits_and_what_is_ready(cast, cycle, county, signed_in):
    home = submitted(cycle, cast.home.village)
    submitted(cycle, cast.away.village)
    submitted(cycle, cast.home.organization, status="FILLING")
    scored(home, cast.secretary)

    client = signed_in(county)
    assert names(client) == ["东山乡一村"]
    assert names(client, box="ready") == ["柳河镇一村"]
    assert names(client, box="all") == ["柳河镇", "柳河镇一村", "东山乡一村"]
    assert names(signed_in(cast.secretary), box="ready") == []  # scored by him

    scored(home, cast.secretary).look(actor=cast.reviewer)
    home.review.confirm(actor=cast.reviewer)
    assert names(client, box="done") == ["柳河镇一村"]


def test_own_organization_is_not_on_the_list(cast, cycle, signed_in):
    submitted(cycle, cast.home.organization)
    submitted(cycle, cast.home.village)

    assert names(signed_in(cast.secretary), box="all") == ["柳河镇一村"]


def test_flags_narrow_the_list(cast, cycle, county, signed_in):
    claims = submitted(cycle, cast.home.village, self_points=8)
    plain = submitted(cycle, cast.away.village)
    unit = place("4299301", "青溪税务所党支部", Level.UNIT, cast.county)
    vertical = submitted(cycle, unit, is_vertical=True)
    for one in (claims, plain, vertical):
        scored(one, county)
    claims.review.take_second(actor=cast.reviewer)
    claims.review.score_second(
        actor=cast.reviewer, version=0, is_done=True,
        points={a.pk: a.indicator.points for a in claims.review.answers() if not a.is_locked},
    )  # fmt: skip
    SpotCheck.draw(actor=county, cycle=cycle, seed=1, count=1)
    drawn = SpotCheck.objects.get().items.values_list("assessment__name", flat=True)

    client = signed_in(county)
    found = {
        flag: names(client, box="all", flag=flag) for flag in ("gap", "disputed", "no_opinion")
    }
    assert found == {
        "gap": ["柳河镇一村"], "disputed": ["柳河镇一村"], "no_opinion": ["青溪税务所党支部"],
    }  # fmt: skip
    assert sorted(names(client, box="all", flag="checked")) == sorted(drawn)
    unit.local_supervisor = cast.home.organization
    unit.save()
    vertical.refresh_from_db()
    LocalOpinion.give(actor=cast.secretary, assessment=vertical, score=D(80), text="好")
    assert names(client, box="all", flag="no_opinion") == []


def test_place_finds_the_units_it_has_a_say_on(cast, cycle, county, signed_in):
    unit = place("4299301", "青溪税务所党支部", Level.UNIT, cast.county)
    unit.local_supervisor = cast.home.organization
    unit.save()
    row = submitted(cycle, unit, is_vertical=True)

    client = signed_in(cast.secretary)
    assert (names(client, box="todo"), names(client, box="advise")) == ([], ["青溪税务所党支部"])
    assert names(signed_in(county), box="advise") == []
    LocalOpinion.give(actor=cast.secretary, assessment=row, score=D(80), text="好")
    assert (names(client, box="advise"), names(client, box="all")) == ([], ["青溪税务所党支部"])


def test_points_stand_on_the_list_only_once_confirmed(cast, cycle, county, signed_in):
    row = submitted(cycle, cast.home.village)
    total = scored(row, cast.secretary).total

    def cell(user):
        table = signed_in(user).get(LIST, {"box": "all"}).context["table"]
        return [line.get_cell_value("total") for line in table.rows]

    assert (cell(cast.secretary), cell(county)) == ([total], ["未定稿"])


def test_export_says_what_the_list_says(cast, cycle, county, signed_in):
    row = submitted(cycle, cast.home.village)
    scored(row, cast.secretary)

    answer = signed_in(county).get(reverse("assessments:reviews_export"), {"box": "all"})

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")


def test_workbench_tells_what_waits(cast, cycle, county, signed_in):
    def lines(user):
        waiting = signed_in(user).get("/").context["waiting"]
        return [(w["label"], w["value"]) for w in waiting if "考评" in w["label"]]

    row = submitted(cycle, cast.home.village)
    assert (lines(cast.secretary), lines(cast.clerk)) == ([("组织考评待打分", 1)], [])

    scored(row, cast.secretary)
    assert (lines(cast.secretary), lines(county)) == ([], [("组织考评待定稿", 1)])


def test_list_takes_as_many_queries_with_three_rows(cast, cycle, county, queries):
    url = f"{LIST}?box=all"
    scored(submitted(cycle, cast.home.village), cast.secretary)
    one = queries(county, url)

    scored(submitted(cycle, cast.away.village), county)
    submitted(cycle, cast.home.organization)

    assert queries(county, url) == one
