"""An organization department keeps the units of its place, sees with how many of them the Party
is, and which of them ought to have an organization of their own."""

from datetime import date

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, NotAllowed, Sector, Workplace
from tests.orgs.members import rows_of

LIST, NEW = reverse("orgs:workplaces"), reverse("orgs:workplace_new")
EXPORT, BLANKS = reverse("orgs:workplaces_export"), reverse("orgs:blanks")


def unit(cast, name="银针茶厂", **fields):
    fields = {"sector": Sector.PRIVATE, "place": cast.home.organization, "staff": 20} | fields
    return Workplace.register(actor=None, name=name, **fields)


def typed(**fields):
    return {
        "name": "银针茶厂", "code": "91429921mA4abcde3x", "sector": "PRIVATE", "place": "柳河镇",
        "organization": "", "staff": "20", "party_members": "3",
    } | fields  # fmt: skip


def names(response):
    return [row.record.name for row in response.context["table"].rows]


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


@pytest.fixture
def reviewer(cast, signed_in):
    return signed_in(cast.reviewer)


def test_unit_is_registered_and_is_a_blank_until_the_party_is_there(cast, reviewer):
    reviewer.post(NEW, typed(place="4299101"))

    row = Workplace.objects.get()
    assert (row.place, row.code, row.coverage_words) == (
        cast.home.organization, "91429921MA4ABCDE3X", "应建未建",
    )  # fmt: skip
    assert names(reviewer.get(BLANKS, {"tab": "unit"})) == ["银针茶厂"]

    reviewer.post(row.get_absolute_url(), typed(place="4299101", organization="柳河镇一村"))

    row.refresh_from_db()
    assert (row.organization, row.coverage_words) == (cast.home.village, "柳河镇一村")
    assert names(reviewer.get(BLANKS, {"tab": "unit"})) == []
    entry = AuditEntry.objects.get(action="workplace.revised")
    assert (entry.actor, entry.changes) == (cast.reviewer, {"organization": ["", "柳河镇一村"]})


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"party_members": "21"}, "__all__", "党员人数不能多于从业人员。"),
        ({"name": "一号店"}, "__all__", "这个党组织下已登记同名单位。"),
        ({"code": "9142"}, "__all__", "这个统一社会信用代码已登记。"),
        ({"place": "4299102"}, "place", "没有找到“4299102”，请核对代码或名称。"),
    ],
)
def test_what_is_wrong_is_told(cast, reviewer, fields, field, message):
    unit(cast, "一号店", code="9142")

    assert errors(reviewer.post(NEW, typed(place="4299101") | fields)) == {field: [message]}


def test_list_tells_the_coverage_of_what_it_shows(cast, reviewer):
    unit(cast, "甲", organization=cast.home.village)
    unit(cast, "乙", party_members=3)
    unit(cast, "丙", sector=Sector.SOCIAL)
    unit(cast, "丁", closed_on=date(2025, 12, 31))

    page = reviewer.get(LIST)

    assert (page.context["counts"], page.context["percent"]) == ({"total": 3, "covered": 1}, 33)
    for query, found in (
        ({}, {"甲", "乙", "丙"}), ({"state": "covered"}, {"甲"}), ({"state": "none"}, {"乙", "丙"}),
        ({"state": "due"}, {"乙"}), ({"state": "closed"}, {"丁"}), ({"sector": "SOCIAL"}, {"丙"}),
        ({"q": "甲"}, {"甲"}), ({"under": "柳河镇一村"}, set()),
    ):  # fmt: skip
        assert set(names(reviewer.get(LIST, query))) == found


def test_list_goes_home(cast, reviewer):
    unit(cast, party_members=1)

    headings, row = rows_of(reviewer.get(EXPORT).content)

    assert dict(zip(headings, row, strict=True)) == {
        "单位名称": "银针茶厂", "统一社会信用代码": "", "领域": "非公有制企业",
        "属地党组织": "柳河镇", "从业人员": 20, "其中党员": 1, "党组织": "没有党组织",
    }  # fmt: skip


def test_who_leads_elsewhere_changes_nothing(cast, signed_in):
    row = unit(cast)
    agent, outsider = signed_in(cast.agent), cast.away.people["REVIEWER"]

    assert signed_in(outsider).get(row.get_absolute_url()).status_code == 404
    assert names(agent.get(LIST)) == []
    Workplace.objects.update(place=cast.home.village)
    assert names(agent.get(LIST)) == ["银针茶厂"]
    assert agent.get(row.get_absolute_url()).status_code == 403
    with pytest.raises(NotAllowed):
        row.revise(actor=outsider, staff=1)
    with pytest.raises(NotAllowed):
        row.revise(actor=cast.reviewer, place=cast.away.village)


def test_list_takes_as_many_queries_for_many_as_for_one(cast, queries):
    unit(cast, "甲", organization=cast.home.village)
    one = queries(cast.reviewer, LIST)
    unit(cast, "乙", place=cast.home.village)
    unit(cast, "丙", organization=cast.home.organization)

    assert queries(cast.reviewer, LIST) == one
