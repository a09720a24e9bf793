"""The organization department brings its roster of organizations in by one command, again and
again: every row goes in or is named with its fault."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orgs.models import AuditChain, AuditEntry, Organization
from orgs.models.audit import first_fault
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
HEADINGS = (
    "党组织代码",
    "党组织名称",
    "上级党组织代码",
    "组织类别",
    "所属领域",
    "组建方式",
    "行政区划代码",
)
COUNTY = ("4299", "中共青溪市委员会", None, "党委", None, None, "4299")
TOWN = ("4299101", "中共青溪市柳河镇委员会", "4299", "党委", "农村", None, None)
VILLAGE = ("429910101", "石桥村党支部", "4299101", "党支部", "农村", "单独组建", None)


def run(path):
    out = StringIO()
    call_command("import_organizations", str(path), "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def load(tmp_path):
    """`load(row, row…)` imports the rows under the usual headings."""

    def load(*rows, headings=HEADINGS):
        return run(workbook(tmp_path / "名册.xlsx", headings, *rows))

    return load


def line(node):
    """The codes of all organizations above, from the root down."""
    return [row.code for row in Organization.objects.get_ancestors(node)]


def above(node):
    return line(node)[-1]


def counts(report):
    return [report[name] for name in ("rows", "new", "updated", "unchanged", "error")]


def test_whole_city_loads_and_loads_again_unchanged(shared_data):
    path = shared_data / "rosters" / "organizations.xlsx"

    assert run(path) == {
        "rows": 2167, "new": 2167, "updated": 0, "unchanged": 0, "error": 0, "errors": [],
    }  # fmt: skip
    assert run(path) == {
        "rows": 2167, "new": 0, "updated": 0, "unchanged": 2167, "error": 0, "errors": [],
    }  # fmt: skip

    assert Organization.objects.find_problems() == ([], [], [], [], [])
    levels = {
        level: Organization.objects.filter(level=level).count()
        for level in ("CITY", "COUNTY", "TOWNSHIP", "VILLAGE", "UNIT")
    }
    assert levels == {"CITY": 1, "COUNTY": 13, "TOWNSHIP": 113, "VILLAGE": 1650, "UNIT": 390}
    names = dict(Organization.objects.values_list("code", "short_name"))
    assert names["420526"] == "兴山县委"
    assert names["420502001"] == "西陵街道"
    assert names["420582106"] == "半月镇"
    assert names["420506402202"] == "下坪村"
    town = Organization.objects.get(code="420502001")
    assert above(town) == "420502"
    assert AuditEntry.objects.filter(action="organization.established").count() == 2167
    assert first_fault(AuditChain.objects.get()) == ""


def test_values_of_a_row(load):
    report = load(
        (*COUNTY, None, None, None),
        ("429921", "中共青溪县委员会", "4299", "党委", None, None, "429921", None, None, None),
        ("429921100", "中共青溪县柳河镇委员会", "429921", "党委", "农村", None, "429921100",
         "柳河", "1956-05-01", None),
        ("YC-7", "青溪县烟草专卖局党组", "4299", "党组", "机关", "行业统建", "429921",
         None, date(1984, 1, 1), "429921"),
        headings=(*HEADINGS, "简称", "成立日期", "所在地党组织代码"),
    )  # fmt: skip

    assert counts(report) == [4, 4, 0, 0, 0]
    town = Organization.objects.get(code="429921100")
    assert (town.kind, town.sector, town.formation) == ("COMMITTEE", "RURAL", "")
    assert (town.level, town.short_name, town.founded_on) == ("TOWNSHIP", "柳河", date(1956, 5, 1))
    unit = Organization.objects.get(code="YC-7")
    assert (unit.kind, unit.formation, unit.level) == ("LEADING_GROUP", "INDUSTRY", "UNIT")
    assert (unit.short_name, unit.founded_on) == ("青溪县烟草专卖局", date(1984, 1, 1))
    assert unit.local_supervisor.code == "429921"
    assert above(unit) == "4299"


def test_superior_may_stand_below_its_branches(load):
    report = load(VILLAGE, TOWN, COUNTY)

    assert counts(report) == [3, 3, 0, 0, 0]
    village = Organization.objects.get(code="429910101")
    assert line(village) == ["4299", "4299101"]


def test_headings_are_found_under_a_title_with_spaces_and_other_columns(tmp_path):
    path = workbook(
        tmp_path / "名册.xlsx",
        ["青溪市党组织名册"],
        [],
        ["序号", "党组织 代码", " 党组织名称\n（全称）", "上级党组织代码", "组织类别*", "所属领域",
         "组建方式", "行政区划代码", "备注"],
        [1, 4299, " 中共青溪市 委员会", "-", "党委", " ", None, 4299, "市本级"],
        [],
        [None, None, None, None, None, None, None, None, "合计 1 个"],
    )  # fmt: skip

    assert run(path) == {
        "rows": 1, "new": 1, "updated": 0, "unchanged": 0, "error": 0, "errors": [],
    }  # fmt: skip
    assert Organization.objects.get().name == "中共青溪市委员会"


def test_changed_cells_are_updated_and_empty_ones_erase_nothing(load):
    load(COUNTY, TOWN, VILLAGE)

    report = load(
        COUNTY,
        ("4299101", "中共青溪市柳河街道工作委员会", None, "党工委", "街道社区", None, None),
        ("429910101", "石桥村党支部", "4299101", "党支部", None, None, None),
    )

    assert counts(report) == [3, 0, 1, 2, 0]
    town = Organization.objects.get(code="4299101")
    assert (town.kind, town.sector) == ("WORKING_COMMITTEE", "COMMUNITY")
    assert above(town) == "4299"
    village = Organization.objects.get(code="429910101")
    assert (village.sector, village.formation) == ("RURAL", "SINGLE")
    entry = AuditEntry.objects.get(action="organization.revised")
    assert entry.actor_name == "系统"
    assert entry.changes["kind"] == ["COMMITTEE", "WORKING_COMMITTEE"]


def test_short_name_follows_the_name_unless_somebody_chose_it(load):
    load(COUNTY, VILLAGE[:2] + ("4299",) + VILLAGE[3:])
    renamed = ("429910101", "新石桥村党支部", "4299", "党支部", "农村", "单独组建", None)
    load(renamed)
    village = Organization.objects.get(code="429910101")
    assert village.short_name == "新石桥村"

    village.revise(actor=None, short_name="石桥")
    assert counts(load(renamed)) == [1, 0, 0, 1, 0]
    load(("429910101", "石桥中心村党支部", "4299", "党支部", "农村", "单独组建", None))

    assert Organization.objects.get(code="429910101").short_name == "石桥"


def test_new_superior_moves_the_whole_branch(load):
    load(COUNTY, TOWN, VILLAGE)
    other = ("4299102", "中共青溪市东山乡委员会", "4299", "党委", "农村", None, None)

    report = load(COUNTY, (*TOWN[:2], "4299102", *TOWN[3:]), VILLAGE, other)

    assert counts(report) == [4, 1, 1, 2, 0]
    village = Organization.objects.get(code="429910101")
    assert line(village) == ["4299", "4299102", "4299101"]
    assert Organization.objects.find_problems() == ([], [], [], [], [])
    moved = AuditEntry.objects.get(action="organization.relocated")
    assert moved.changes == {"parent": ["青溪市委", "青溪市东山乡"]}


def test_superior_and_branch_may_change_places(load):
    load(COUNTY, TOWN, VILLAGE)

    report = load((*VILLAGE[:2], "4299", *VILLAGE[3:]), (*TOWN[:2], "429910101", *TOWN[3:]))

    assert counts(report) == [2, 0, 2, 0, 0]
    town = Organization.objects.get(code="4299101")
    assert line(town) == ["4299", "429910101"]


def test_bad_rows_are_named_and_good_ones_go_in(load):
    report = load(
        COUNTY,
        (None, "无代码党支部", "4299", "党支部", None, None, None),
        ("A1", None, "4299", "支部", "乡村", "合建", "42992"),
        ("A2", "甲村党支部", "A1", "党支部", None, None, None),
        ("A3", "乙村党支部", "4288", "党支部", None, None, None),
        ("A4", "丙村党支部", "4299", "党支部", "农村", "单独组建", None),
        ("A4", "丁村党支部", "4299", "党支部", "农村", "单独组建", None),
        ("A5", "戊" * 121, "4299", "党支部", None, None, None),
    )

    assert report == {
        "rows": 8,
        "new": 2,
        "updated": 0,
        "unchanged": 0,
        "error": 6,
        "errors": [
            {"row": 3, "column": "党组织代码", "value": "", "message": "党组织代码不能为空。"},
            {"row": 4, "column": "党组织名称", "value": "", "message": "党组织名称不能为空。"},
            {
                "row": 4,
                "column": "行政区划代码",
                "value": "42992",
                "message": "行政区划代码应为 4、6、9 或 12 位数字。",
            },
            {
                "row": 4,
                "column": "组织类别",
                "value": "支部",
                "message": "不认识，可填：党委、党工委、党组、党总支、党支部、联合党支部、"
                "临时党支部、流动党员党支部、党小组。",
            },
            {
                "row": 4,
                "column": "所属领域",
                "value": "乡村",
                "message": "不认识，可填：农村、国有企业、街道社区、机关、高校、事业单位、"
                "非公有制企业、社会组织。",
            },
            {
                "row": 4,
                "column": "组建方式",
                "value": "合建",
                "message": "不认识，可填：单独组建、区域联建、行业统建。",
            },
            {
                "row": 5,
                "column": "上级党组织代码",
                "value": "A1",
                "message": "“A1”在第 4 行，该行有误未导入，请先改正。",
            },
            {
                "row": 6,
                "column": "上级党组织代码",
                "value": "4288",
                "message": "表中和系统中都没有代码为“4288”的党组织。",
            },
            {
                "row": 8,
                "column": "党组织代码",
                "value": "A4",
                "message": "与第 7 行的党组织代码重复，以第 7 行为准。",
            },
            {
                "row": 9,
                "column": "党组织名称",
                "value": "戊" * 121,
                "message": "最多 120 个字，请缩短。",
            },
        ],
    }
    assert set(Organization.objects.values_list("code", flat=True)) == {"4299", "A4"}


def test_rows_that_are_their_own_superiors_are_refused_with_all_below(load):
    report = load(
        COUNTY,
        ("A1", "甲党总支", "A3", "党总支", None, None, None),
        ("A2", "乙党总支", "A1", "党总支", None, None, None),
        ("A3", "丙党总支", "A2", "党总支", None, None, None),
        ("A4", "丁党支部", "A3", "党支部", None, None, None),
        ("A5", "戊党支部", "A5", "党支部", None, None, None),
    )

    assert counts(report) == [6, 1, 0, 0, 5]
    said = {error["row"]: error["message"] for error in report["errors"]}
    rings = {"A1 → A3 → A2 → A1", "A3 → A2 → A1 → A3", "A2 → A1 → A3 → A2"}
    assert {said[3], said[4], said[5]} <= {f"上级关系成环：{ring}。" for ring in rings}
    assert said[6] == "“A3”在第 5 行，该行有误未导入，请先改正。"
    assert said[7] == "上级关系成环：A5 → A5。"


def test_organization_does_not_move_below_itself(load):
    load(COUNTY, TOWN, VILLAGE)

    report = load((*TOWN[:2], "429910101", *TOWN[3:]))

    assert report["errors"] == [
        {
            "row": 2,
            "column": "上级党组织代码",
            "value": "429910101",
            "message": "不能调整到本组织或其下级之下。",
        }
    ]
    assert above(Organization.objects.get(code="4299101")) == "4299"


def test_codes_that_lost_their_digits_are_refused(load):
    report = load(COUNTY, ("4.20502001001E+17", "甲村党支部", "4299", "党支部", None, None, None))

    assert [error["message"] for error in report["errors"]] == [
        "精度已丢失，请把该列设为文本后重新填写。"
    ]


@pytest.mark.parametrize("said", ["1985年6月", "1985-02-30", "六月"])
def test_days_are_never_invented(load, said):
    report = load((*COUNTY, said), headings=(*HEADINGS, "成立日期"))

    assert report["errors"] == [
        {
            "row": 2,
            "column": "成立日期",
            "value": said,
            "message": "日期不对，请写成 2019-07-01 这样的年月日。",
        }
    ]


def test_summary_for_a_reader(tmp_path):
    path = workbook(tmp_path / "名册.xlsx", HEADINGS, COUNTY, (*TOWN[:2], "7", *TOWN[3:]))
    out = StringIO()

    call_command("import_organizations", str(path), stdout=out)

    assert out.getvalue().splitlines() == [
        "共 2 行：新增 1，更新 0，不变 0，错误 1。",
        "第 3 行 上级党组织代码“7”：表中和系统中都没有代码为“7”的党组织。",
    ]


def test_file_without_the_columns_is_refused(tmp_path):
    path = workbook(
        tmp_path / "名册.xlsx", ["党组织代码", "党组织名称", "组织类别"], ["1", "甲", "党委"]
    )

    with pytest.raises(CommandError) as refusal:
        run(path)

    assert str(refusal.value) == (
        "没有找到表头，缺少这些列：上级党组织代码、所属领域、组建方式、行政区划代码。"
        "请核对后再导入。"
    )


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="打不开文件"):
        run(tmp_path / "没有.xlsx")
