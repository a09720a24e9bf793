"""Without a column for the branch, titles and rows between the people say who belongs where; a
label that is not understood never leaves people in the branch of those above."""

import pytest

from orgs.models import Member
from tests.orgs.rosters import branch, id_number, load
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
HEAD = ("姓名", "身份证号码", "入党时间")


@pytest.fixture
def told(town, tmp_path):
    """`told(row, row…)`: the report, and who is where."""

    def bring(*rows, code="429921100"):
        report = load(workbook(tmp_path / "名册.xlsx", *rows), code)
        return report, dict(Member.objects.values_list("name", "organization__short_name"))

    return bring


def person(name, serial):
    return [name, id_number(serial=serial), "2005.07"]


ZHANG, LI, WANG, ZHAO = (
    person(name, serial) for serial, name in enumerate(("张伟国", "李雪梅", "王建", "赵强"), 1)
)


@pytest.mark.parametrize(
    "label",
    [
        ["二村党支部党员花名册"],
        ["2026年二村党支部党员名单"],
        ["二村党支部党员基本信息采集表（截至6月30日）"],
        ["二、二村党支部（2人）"],
        ["柳河镇二村党支部：共2人"],
        ["二村支部　书记：李大海"],
        ["党支部名称：二村党支部"],
        ["党支部名称：", "二村党支部"],
        ["党支部名称：二村", None, "填表日期：2026年3月"],
    ],
)
def test_row_between_the_people_names_the_branch_of_those_below(told, label):
    report, places = told(["一村党支部党员花名册"], HEAD, ZHANG, label, HEAD, LI, WANG)

    assert (report["rows"], report["new"], report["skipped"]) == (3, 3, 2)
    assert places == {"张伟国": "一村党支部", "李雪梅": "二村党支部", "王建": "二村党支部"}


def test_people_below_a_label_that_names_nobody_are_errors(told):
    report, places = told(
        HEAD, ["一村党支部"], ZHANG, ["机关党支部"], LI, WANG, ["二村党支部"], ZHAO
    )

    assert places == {"张伟国": "一村党支部", "赵强": "二村党支部"}
    assert [(fault["row"], fault["message"]) for fault in report["errors"]] == [
        (row, "第 4 行写的“机关党支部”在中共青溪县柳河镇委员会及下级中没有找到，"
              "不知道下面的人在哪个党支部。")
        for row in (5, 6)
    ]  # fmt: skip


def test_notes_between_the_people_leave_the_branch_as_it_is(told):
    report, places = told(
        HEAD, ["一村党支部"], ZHANG, ["注：以上为第一党小组"], LI, ["以下空白"], ["合计：2人"]
    )

    assert set(places.values()) == {"一村党支部"}
    assert (report["rows"], report["skipped"]) == (2, 4)


def test_title_of_another_branch_is_doubted_where_there_is_only_one(told):
    report, places = told(["二村党支部党员花名册"], HEAD, ZHANG, code="429921100201")

    assert places == {"张伟国": "一村党支部"}
    assert [doubt["message"] for doubt in report["warnings"]] == [
        "第 1 行写的是“二村党支部”，按一村党支部导入，请核对名册有没有选错。"
    ]


def test_stage_stands_between_the_people_too(told):
    told(["一村党支部"], HEAD, ["一、正式党员"], ZHANG, ["二、预备党员（1名）"], LI)

    assert dict(Member.objects.values_list("name", "stage")) == {
        "张伟国": "FULL", "李雪梅": "PROBATIONARY",
    }  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "湖北省清江市青溪县柳河镇三合村党支部",
        "柳河镇党委三合村党支部",
        "青溪县委柳河镇党委三合村党支部",
        "柳河镇-三合村党支部",
        "（三合村）党支部",
        "三合村民委员会党支部",
        "三合村",
    ],
)
def test_branch_is_written_in_many_ways(told, town, written):
    branch("429921100203", "三合村党支部", town)

    _, places = told((*HEAD, "村别"), [*ZHANG, written])

    assert places == {"张伟国": "三合村党支部"}


@pytest.mark.parametrize(
    "written", ["三合村流动党员党支部", "三合村临时党支部", "高山镇三合村党支部"]
)
def test_branch_that_is_another_one_is_not_taken_for_it(told, town, written):
    branch("429921100203", "三合村党支部", town)

    report, places = told((*HEAD, "所在党支部"), [*ZHANG, written])

    assert (places, len(report["errors"])) == ({}, 1)


def test_code_and_name_of_two_branches_contradict_each_other(told):
    report, places = told(
        (*HEAD, "党组织代码", "党组织名称"),
        [*ZHANG, "429921100201", "一村党支部"], [*LI, "429921100202", "一村党支部"],
        [*WANG, "429921100202", None], [*ZHAO, "429921100202", "第二支部"],
    )  # fmt: skip

    assert places == {"张伟国": "一村党支部", "王建": "二村党支部", "赵强": "二村党支部"}
    assert [fault["message"] for fault in report["errors"]] == [
        "代码429921100202是“二村党支部”，名称却写的是“一村党支部”，不知道以哪个为准。"
    ]


def test_branch_stands_beside_any_label_above_the_heading(told):
    _, places = told(["填报单位：", "二村党支部", "2026年3月"], HEAD, ZHANG)

    assert places == {"张伟国": "二村党支部"}


def test_who_fills_the_list_in_is_not_where_its_people_are(told, town):
    report, places = told(
        ["二村党支部党员花名册"], ["填报单位：中共柳河镇委员会"],
        ["党支部书记：王光明", None, "填报日期：2026年3月"], HEAD, ZHANG, code="429921",
    )  # fmt: skip

    assert (places, report["warnings"]) == ({"张伟国": "二村党支部"}, [])


@pytest.mark.parametrize(
    "line",
    [
        ["一、支部委员会成员（2人）"],
        ["党支部书记（签字）："],
        ["以下为新转入支部党员"],
        ["小计：支部党员1人"],
        ["四、流动党员"],
    ],
)
def test_line_about_a_branch_is_not_its_name(told, line):
    report, places = told(["一村党支部党员花名册"], HEAD, ZHANG, line, LI)

    assert set(places.values()) == {"一村党支部"}
    assert (report["new"], report["skipped"]) == (2, 1)


def test_stage_of_a_section_ends_with_it(told):
    report, _ = told(
        ["一村党支部"], HEAD, ["一、预备党员"], ZHANG, ["二、流动党员"], LI,
        ["三、入党积极分子（1名）"], WANG,
    )  # fmt: skip

    assert dict(Member.objects.values_list("name", "stage")) == {
        "张伟国": "PROBATIONARY", "李雪梅": "",
    }  # fmt: skip
    assert [fault["message"] for fault in report["errors"]] == [
        "列在“入党积极分子”下面，不是党员，不能导入党员名册。"
    ]


@pytest.mark.parametrize(
    "title", ["一村党支部党员花名册", "党支部党员花名册", "党支部书记：王光明"]
)
def test_own_branch_in_the_title_is_no_reason_to_doubt(told, title):
    report, places = told([title], HEAD, ZHANG, code="429921100201")

    assert (places, report["warnings"]) == ({"张伟国": "一村党支部"}, [])


def test_unknown_branch_with_a_year_in_its_name_is_told_too(told):
    report, places = told(HEAD, ["一村党支部"], ZHANG, ["老年协会党支部"], LI)

    assert (places, len(report["errors"])) == ({"张伟国": "一村党支部"}, 1)


def test_name_of_the_village_agrees_with_the_code_of_one_of_its_branches(told, town):
    branch("429921100204", "一村第二党支部", town)

    _, places = told((*HEAD, "村名", "党组织代码"), [*ZHANG, "一村", "429921100204"])

    assert places == {"张伟国": "一村第二党支部"}
