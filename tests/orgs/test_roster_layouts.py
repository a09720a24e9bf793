"""Nobody fills in the same table twice: wherever the heading stands and whatever is written around
the people, the people are found and nothing else is taken for one."""

import csv
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from orgs.models import Level, Member, Organization
from orgs.rosters.aliases import match, nearest
from orgs.rosters.kinds import MEMBERS
from orgs.rosters.survey import survey
from tests.orgs.rosters import HEADINGS, branch, counts, id_number, load
from tests.orgs.tables import biff8, cell, compound
from tests.people import place
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
ID = id_number()
ZHANG = ("张伟国", ID, "男", "一村党支部", "2005-07-01")
LI = ("李雪梅", id_number("19900203", 2), "女", "二村党支部", "2015.06")


def people():
    return sorted(Member.objects.values_list("name", flat=True))


def test_titles_notes_labels_and_signatures_stand_around_the_table(found):
    assert found(
        ["中共青溪县柳河镇委员会党员花名册"],
        ["填报单位：中共柳河镇委员会", None, None, "填报时间：2026年3月"],
        ["姓名：", "身份证号码：", "性别：", "所在党支部：", "入党时间："],
        ["注意：身份证号码列请设为文本格式"],
        HEADINGS,
        ["（示例）张三", "110101199001011234", "男", "某某党支部", "1985.06"],
        ZHANG,
        [None, None, None, None, None],
        LI,
        ["合计", 2, None, None, None],
        ["填表人：王芳", None, "审核人：", "单位（盖章）", "2026年3月2日"],
        ["注：1.本表一式两份；2.出生年月填写到月。"],
    ) == [2, 2, 0, 5]
    assert people() == sorted(["张伟国", "李雪梅"])


def test_group_headings_stand_above_the_headings(found):
    assert found(
        ["基本信息", None, None, None, "入党", None],
        ["姓名", "身份证号码", "性别", "党支部", "时间", "转正时间"],
        ["张伟国", ID, "男", "一村党支部", "2005-07-01", "2006-07-01"],
    ) == [1, 1, 0, 0]
    member = Member.objects.get()
    assert (str(member.joined), str(member.confirmed)) == ("2005年7月1日", "2006年7月1日")


def test_heading_cells_reach_over_two_rows(found):
    assert found(
        ["序号", "姓名", "身份证号码", "所在党支部", "党内信息", None, "联系方式", None],
        [None, None, None, None, "入党时间", "转正时间", "手机", "固话"],
        [1, "张伟国", ID, "一村党支部", "2005-07-01", None, "13900000021", "0717-6222345"],
    ) == [1, 1, 0, 0]
    member = Member.objects.get()
    assert (member.phone, member.landline) == ("13900000021", "0717-6222345")


def test_headings_carry_hints_stars_spaces_and_line_breaks(found):
    assert found(
        [
            "* 姓 名",
            "身份证号码\n（18位，文本格式）",
            "性别*",
            "所在党支部【全称】",
            "入党时间（如1985.06）",
        ],
        ["必填", "必填，18位", "下拉选择", "必填", "格式：1985.06"],
        ZHANG,
    ) == [1, 1, 0, 1]


@pytest.mark.parametrize(
    "row",
    [
        ["导入前请删除此行", None, None, None, None],
        ["说明：以下为流动党员", None, None, None, None],
        ["例", ID, "男", "一村党支部", "1985.06"],
        ["张三", "123456", "男", "XX党支部", "1985.06"],
        ["XXX", None, "男", "XX党支部", "1985.06"],
        HEADINGS,
        ["-", "-", "-", "-", "-"],
        [" ", "　", None, None, None],
        ["共2人", None, None, None, None],
        ["一村党支部", None, None, None, None],
        [None, None, None, "二村党支部", None],
        ["负责人签字：", None, "联系人：李四", None, "13900000021"],
        [None, None, None, None, "2026年3月2日"],
        ["张三", "420000199001010000", None, "XX党支部", "1999.07"],
        ["党支部书记签字：", None, None, "联系电话：", "2026年3月2日"],
        ["说明：", "本表由支部填写", None, None, None],
    ],
)
def test_rows_that_are_nobody_are_skipped_and_counted(found, row):
    assert found(HEADINGS, row, ZHANG) == [1, 1, 0, 1]


@pytest.mark.parametrize(
    "row",
    [
        (None, ID, "男", "一村党支部", "2005.07"),
        ("张伟国", None, "男", "一村党支部", "2005.07"),
        ("张伟国", ID, None, None, None),
        ("张伟国", "4.29921198506E+17", None, None, None),
        ("张三", None, None, None, "13月"),
        (None, None, "男", "一村党支部", "2005.07"),
    ],
)
def test_person_with_missing_cells_is_an_error_and_not_skipped(found, row):
    filler = ("王建", id_number("19700101", 5), "男", "一村党支部", "1999.07")
    others = [(*filler[:1], id_number("19700101", n), *filler[2:]) for n in (5, 7, 9)]
    assert found(HEADINGS, *others, row)[:3] == [4, 3, 1]


def test_sheet_with_the_people_is_chosen(town, tmp_path):
    book = Workbook()
    book.active.title = "填写说明"
    for line in (["党员信息采集表填写说明"], [], HEADINGS, ["张三", "", "男", "", ""]):
        book.active.append(line)
    for title, rows in (("花名册", [HEADINGS, ZHANG, LI]), ("字典", [["民族"], ["汉族"]])):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.create_sheet("空表")
    book.save(tmp_path / "名册.xlsx")

    assert counts(load(tmp_path / "名册.xlsx")) == [2, 2, 0, 0, 0, 0]


def test_other_rosters_of_the_workbook_are_named_and_may_be_chosen(town, tmp_path):
    book = Workbook()
    book.active.title = "一村"
    sheets = [book.active, book.create_sheet("二村")]
    for sheet, row in zip(sheets, (ZHANG, LI), strict=True):
        sheet.append(HEADINGS)
        sheet.append(row)
    path = tmp_path / "名册.xlsx"
    book.save(path)
    out = StringIO()

    call_command("import_members", path, "--organization", "429921100", stdout=out)

    assert out.getvalue().splitlines()[1] == ("还有工作表“二村”没有导入，可用 --sheet 逐个导入。")
    assert people() == ["张伟国"]
    assert counts(load(path, "429921100", "--sheet", "二村")) == [1, 1, 0, 0, 0, 0]
    found = survey(path, MEMBERS)
    assert [(sheet.name, sheet.heading_rows) for sheet in found.sheets] == [
        ("一村", [1]),
        ("二村", [1]),
    ]
    assert (found.table.sheet, found.rows[0].values[0]) == ("一村", "张伟国")


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("gb18030", ","), ("utf-8-sig", "\t"), ("utf-8", ";")]
)
def test_csv_of_any_program(town, tmp_path, encoding, delimiter):
    path = tmp_path / "名册.csv"
    with open(path, "w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(
            [["柳河镇党员名册"], HEADINGS, ZHANG, (*LI[:1], f"{LI[1]}\t", *LI[2:])]
        )

    assert counts(load(path)) == [2, 2, 0, 0, 0, 0]


def test_csv_that_kept_a_number_only_in_part_is_told(town, tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text(f"{','.join(HEADINGS)}\n张伟国,4.29921E+17,男,一村党支部,2005-7-1\n", "gb18030")

    told = load(path)

    assert [(fault["column"], fault["message"]) for fault in told["errors"]] == [
        ("公民身份号码", "精度已丢失，请设为文本")
    ]


def test_old_excel_file(town, tmp_path):
    rows = [HEADINGS, ZHANG]
    cells = [cell(y, x, text) for y, row in enumerate(rows) for x, text in enumerate(row)]
    path = tmp_path / "名册.xls"
    path.write_bytes(compound("Workbook", biff8(*cells)).read())

    assert counts(load(path)) == [1, 1, 0, 0, 0, 0]


def test_branch_stands_in_the_title_or_above_its_people(found):
    headings = [head for head in HEADINGS if head != "所在党支部"]
    zhang, li = (row[:3] + row[4:] for row in (ZHANG, LI))
    assert found(["党支部：一村党支部"], headings, zhang, ["二村党支部"], li) == [2, 2, 0, 1]
    named = dict(Member.objects.values_list("name", "organization__name"))
    assert named == {"张伟国": "一村党支部", "李雪梅": "二村党支部"}


def test_people_without_any_branch_are_refused(found):
    headings = [head for head in HEADINGS if head != "所在党支部"]
    assert found(headings, ZHANG[:3] + ZHANG[4:])[:3] == [1, 0, 1]


def test_only_the_branch_itself_needs_no_column(town, tmp_path):
    headings = [head for head in HEADINGS if head != "所在党支部"]
    path = workbook(tmp_path / "名册.xlsx", headings, ZHANG[:3] + ZHANG[4:])

    assert counts(load(path, "429921100201")) == [1, 1, 0, 0, 0, 0]
    assert Member.objects.get().organization.code == "429921100201"


@pytest.mark.parametrize(
    "written",
    [
        "一村党支部",
        " 一村 党支部　",
        "一村支部",
        "一村",
        "中共一村党支部委员会",
        "中共柳河镇一村支部委员会",
        "青溪县柳河镇一村党支部",
        "中共青溪县柳河镇一村党支部",
        "429921100201",
        429921100201,
    ],
)
def test_branch_is_known_by_every_name_it_bears(found, written):
    assert found(HEADINGS, (*ZHANG[:3], written, ZHANG[4]))[:3] == [1, 1, 0]
    assert Member.objects.get().organization.code == "429921100201"


@pytest.mark.parametrize("written", ["十一村党支部", "东山乡一村党支部", "三村党支部", "党支部"])
def test_branch_that_is_not_below_the_importer_is_refused(found, town, written):
    assert found(HEADINGS, (*ZHANG[:3], written, ZHANG[4]))[:3] == [1, 0, 1]


def test_name_that_several_bear_is_an_error_that_lists_them(town, tmp_path):
    for code in ("429921100301", "429921100302"):
        branch(code, "龙潭村党支部", town)
    path = workbook(tmp_path / "名册.xlsx", HEADINGS, (*ZHANG[:3], "龙潭村党支部", ZHANG[4]))

    assert load(path)["errors"] == [
        {
            "row": 2,
            "column": "所在党支部",
            "value": "龙潭村党支部",
            "message": "有 2 个党组织叫“龙潭村党支部”："
            "中共青溪县柳河镇委员会 龙潭村党支部（429921100301）、"
            "中共青溪县柳河镇委员会 龙潭村党支部（429921100302），无法确定是哪一个。",
        }
    ]


def test_superior_or_code_tells_branches_of_one_name_apart(town, tmp_path):
    county = Organization.objects.get(code="429921")
    east = place("429921200", "中共青溪县东山乡委员会", Level.TOWNSHIP, county)
    branch("429921200201", "一村党支部", east)
    headings = (*HEADINGS, "所属党委", "党支部代码")
    path = workbook(
        tmp_path / "名册.xlsx",
        headings,
        (*ZHANG, "东山乡党委", None),
        (*LI[:3], "一村党支部", LI[4], None, "429921100201"),
        ("王建", id_number("19700101", 5), "男", "一村党支部", "1999.07", None, None),
    )

    assert counts(load(path, "429921")) == [3, 2, 0, 0, 0, 1]
    named = dict(Member.objects.values_list("name", "organization__code"))
    assert named == {"张伟国": "429921200201", "李雪梅": "429921100201"}


def test_similar_heading_is_suggested_and_never_taken():
    assert (match("公民身份号码证").field, nearest("公民身份号码证")) == (None, "id_number")
    assert (match("原服役部队").field, nearest("原服役部队")) == (None, None)


def test_table_without_a_heading_is_refused_with_what_is_missing(town, tmp_path):
    path = workbook(tmp_path / "名册.xlsx", ["甲", "乙"], ["张伟国", ID])

    with pytest.raises(CommandError, match="没有找到表头：前 15 行里应有姓名"):
        load(path)


def test_cells_that_reach_down_hold_for_every_row(town, tmp_path):
    book = Workbook()
    for row in (
        ["党支部", "姓名", "身份证号码", "入党时间"],
        ["一村党支部", "张伟国", ID, "2005.07"],
        [None, "王建", id_number("19700101", 5), "1999.07"],
        [],
        [None, "王红", id_number("19700101", 6), "1999.07"],
        ["二村党支部", "李雪梅", LI[1], "2015.06"],
        [None, None, None, None],
    ):
        book.active.append(row)
    book.active.merge_cells("A2:A5")
    book.active.merge_cells("A6:A7")
    book.save(tmp_path / "名册.xlsx")

    told = load(tmp_path / "名册.xlsx")

    assert (counts(told), told["skipped"]) == ([4, 4, 0, 0, 0, 0], 1)
    assert Member.objects.filter(organization__name="一村党支部").count() == 3


def test_true_dates_and_serial_numbers_are_read(found):
    assert found(
        (*HEADINGS, "转正时间"),
        (*ZHANG[:4], datetime(2005, 7, 1), 38899),
    )[:3] == [1, 1, 0]
    member = Member.objects.get()
    assert (str(member.joined), str(member.confirmed)) == ("2005年7月1日", "2006年7月1日")
