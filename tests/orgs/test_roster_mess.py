"""What people have done to their rosters, one mess a test: the people are found, their cells are
read, and what is no person is counted as left out."""

import csv
from datetime import datetime

import pytest
from django.core.management import CommandError
from openpyxl import Workbook

from orgs.models import Member
from tests.orgs.rosters import HEADINGS, id_number, load
from tests.orgs.tables import biff8, cell, compound
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
ID = id_number()
ZHANG = ("张伟国", ID, "男", "一村党支部", "2005-07-01")
LI = ("李雪梅", id_number("19900203", 2), "女", "二村党支部", "2015.06")
WANG = ("王建", id_number("19700101", 5), "男", "一村党支部", "1999.07")


def people(*fields):
    return list(Member.objects.order_by("pk").values_list("name", *fields))


def test_notes_are_merged_into_the_middle_of_the_people(found):
    note = ["导入前请删除本行：1.身份证号码为文本；2.日期写到月。", None, None, None, None]
    rows = (["柳河镇党员信息表"], HEADINGS, note, ZHANG, note, LI)

    assert found(*rows, merge=["A1:E1", "A3:E3", "A5:E5"]) == [2, 2, 0, 2]


def test_group_headings_are_merged_over_their_columns(found):
    assert found(
        ["柳河镇党员花名册", None, None, None, None, None],
        ["序号", "基本情况", None, None, "党籍情况", None],
        [None, "姓名", "身份证号码", "所在党支部", "入党\n时间", "转正\n时间"],
        [1, "张伟国", ID, "一村党支部", "2005.07", "2006.07"],
        merge=["A1:F1", "A2:A3", "B2:D2", "E2:F2"],
    ) == [1, 1, 0, 0]
    assert str(Member.objects.get().confirmed) == "2006年7月"


def test_headings_say_how_to_fill_them_in_and_break_in_the_word(found):
    assert found(
        [
            "姓\n名",
            "公民身份\n号码（18位）",
            "性别\n（男/女）",
            "所在党\n支部",
            "入党\n时间（年.月）",
        ],
        ZHANG,
        LI,
    ) == [2, 2, 0, 0]


def test_names_are_spread_with_wide_spaces_and_dates_are_of_any_kind(found):
    assert found(
        ["姓　名", "身份证号", "性　别", "党　支　部", "入党时间"],
        ("张　三丰", ID, "　男", "一村党支部　", "1999-06"),
        ("李  雪  梅", LI[1], "女 ", "　二村 党支部", "1999-06-01"),
        ("王\u00a0建", WANG[1], "男", "一村党支部", datetime(1999, 6, 1)),
        ("田　文", id_number(serial=7), "男", "一村", "一九九九年六月"),
        ("覃\u3000勇", id_number(serial=9), "男", "一村支部", 199906),
    ) == [5, 5, 0, 0]
    assert [name for name, _ in people("sex")] == ["张三丰", "李雪梅", "王建", "田文", "覃勇"]
    assert [str(day) for _, day in people("joined")] == [
        "1999年6月", "1999年6月1日", "1999年6月1日", "1999年6月", "1999年6月",
    ]  # fmt: skip


def test_day_numbers_stand_among_text_dates_and_ranges(found):
    rows = [
        (*ZHANG[:4], 38534),
        (*LI[:4], "2015.06"),
        (*WANG[:4], "1999.07-2000.07"),
    ]

    assert found(HEADINGS, *rows) == [3, 2, 1, 0]
    assert str(Member.objects.get(name="张伟国").joined) == "2005年7月1日"


def test_every_village_ends_with_its_subtotal(found):
    assert found(
        HEADINGS,
        ZHANG,
        ["小计", None, "1人", None, None],
        LI,
        ["本页小计：1 人", None, None, None, None],
        WANG,
        [None, "小  计", 1, None, None],
        ["总 计", "3", None, None, None],
    ) == [3, 3, 0, 4]


def test_title_and_headings_are_repeated_on_every_printed_page(found):
    page = (["柳河镇党员花名册", None, None, None, None], HEADINGS)

    assert found(
        *page, ZHANG, ["第 1 页，共 3 页", None, None, None, None],
        *page, LI, ["第 2 页，共 3 页", None, None, None, None],
        *page, WANG,
    ) == [3, 3, 0, 6]  # fmt: skip


def test_one_of_six_sheets_holds_the_members(town, tmp_path):
    book = Workbook()
    book.active.title = "统计表"
    sheets = {
        "统计表": [["支部", "党员数", "女党员"], ["一村", 1, 0]],
        "入党积极分子": [["姓名", "性别", "申请时间"], ["田文", "男", "2024.01"]],
        "党员": [["柳河镇党员"], HEADINGS, ZHANG, LI],
        "民主人士": [["姓名", "党派", "职务"], ["覃勇", "民盟", "教师"]],
        "下拉选项": [["性别", "民族"], ["男", "汉族"]],
        "Sheet6": [],
    }
    for title, rows in sheets.items():
        sheet = book[title] if title in book else book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "名册.xlsx")

    told = load(tmp_path / "名册.xlsx")

    assert (told["rows"], told["new"], told["errors"]) == (2, 2, [])


def test_forty_blank_rows_stand_between_two_people(found):
    assert found(HEADINGS, ZHANG, *[[None] * 5] * 40, LI) == [2, 2, 0, 40]


def test_blank_rows_hold_spaces_and_a_running_number(found):
    blank = [[number, " ", "　", "", "-", " "] for number in range(2, 20)]

    assert found(["序号", *HEADINGS], [1, *ZHANG], *blank) == [1, 1, 0, 18]


def test_numbers_carry_apostrophes_spaces_and_wide_digits(found):
    wide = LI[1].translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    assert found(
        HEADINGS,
        ("张伟国", f"'{ID}", "男", "一村党支部", "'2005.07"),
        ("李雪梅", wide, "女", "二村党支部", "2015.06"),
        ("王建", f" {WANG[1][:6]} {WANG[1][6:14]} {WANG[1][14:]} ", "男", "一村党支部", "1999.07"),
        ("田文", f"{id_number(serial=7)}\t", "男", "一村党支部", "1999.07"),
    ) == [4, 4, 0, 0]


def test_numbers_that_excel_has_shortened_are_refused_one_by_one(found, tmp_path):
    rows = [
        ("张伟国", 4.29921198506010e17, "男", "一村党支部", "2005.07"),
        ("李雪梅", "4.29921E+17", "女", "二村党支部", "2015.06"),
        ("王建", "429921197001010000", "男", "一村党支部", "1999.07"),
        ("田文", id_number(serial=7), "男", "一村党支部", "1999.07"),
    ]

    assert found(HEADINGS, *rows) == [4, 1, 3, 0]
    told = load(workbook(tmp_path / "名册.xlsx", HEADINGS, *rows))
    assert [(fault["row"], fault["message"]) for fault in told["errors"][:2]] == [
        (2, "精度已丢失，请设为文本"),
        (3, "精度已丢失，请设为文本"),
    ]


def test_old_workbook_tells_the_format_in_its_headings(town, tmp_path):
    heads = [
        "姓名（必填）",
        "身份证号（18位文本）",
        "性别(男或女)",
        "党支部全称",
        "入党日期(YYYY-MM-DD)",
    ]
    rows = [["党员信息表"], [], heads, ZHANG, LI, [" ", " "]]
    cells = [cell(y, x, text) for y, row in enumerate(rows) for x, text in enumerate(row)]
    path = tmp_path / "党员信息表.xls"
    path.write_bytes(compound("Workbook", biff8(*cells)).read())

    told = load(path)

    assert (told["rows"], told["new"], told["error"]) == (2, 2, 0)


def test_text_table_of_another_system(town, tmp_path):
    path = tmp_path / "导出.csv"
    heads = ["姓名 ", " 身份证号码", "性别", "所属党支部", "入党时间", "学历", "备注"]
    rows = [
        [
            "张伟国 ",
            f"{ID}\t",
            "男",
            " 429921100201",
            "2005-07-01  00:00:00",
            "-",
            '党小组长，"老书记"',
        ],
        ["李雪梅", LI[1], "女", "二村党支部", "2015/6/1", "—", "第一行\n第二行"],
    ]
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([heads, *rows, [""] * 7])

    told = load(path)

    assert (told["rows"], told["new"], told["errors"]) == (2, 2, [])
    assert people("note") == [("张伟国", '党小组长，"老书记"'), ("李雪梅", "第一行 第二行")]


def test_table_stands_in_the_middle_of_the_sheet(town, tmp_path):
    book = Workbook()
    for number, row in enumerate((["党员花名册"], HEADINGS, ZHANG, LI, ["填表人：王芳"])):
        for column, value in enumerate(row):
            book.active.cell(8 + number, 4 + column, value)
    book.save(tmp_path / "名册.xlsx")

    told = load(tmp_path / "名册.xlsx")

    assert [told[name] for name in ("rows", "new", "error", "skipped")] == [2, 2, 0, 1]


def test_columns_of_labels_and_boxes_stand_beside_the_table(found):
    assert found(
        [*HEADINGS, None, "填表说明："],
        [*ZHANG, None, "1.请逐项填写；"],
        [*LI, None, "2.日期写到月。"],
        [*WANG, None, None],
    )[:3] == [3, 3, 0]


def test_signatures_of_several_people_stand_in_one_row(found):
    assert found(
        HEADINGS,
        ZHANG,
        ["支部书记（签字）：", None, "经办人：王芳", None, "填报日期：2026年3月2日"],
        ["中共柳河镇委员会（盖章）", None, None, None, None],
        ["二〇二六年三月二日", None, None, None, None],
    ) == [1, 1, 0, 3]


def test_one_person_takes_two_rows_for_a_second_telephone(found):
    heads = [*HEADINGS, "联系电话"]

    assert found(
        heads,
        [*ZHANG, "13900000021"],
        [None, None, None, None, None, "0717-6222345"],
        [*LI, "13900000022、0717-6222346"],
    )[:3] == [2, 2, 0]


def test_headings_without_anybody_below_are_refused(town, tmp_path):
    path = workbook(tmp_path / "名册.xlsx", ["柳河镇党员花名册"], HEADINGS)

    with pytest.raises(CommandError, match="第 2 行的表头下面没有内容，请填好后再上传。"):
        load(path)


def test_headings_are_divided_without_reaching_down(found):
    assert found(
        ["姓名", "所在支部", "身份证号", "入党时间", None, "手机"],
        [None, None, None, "预备", "正式", None],
        ["张伟国", "一村党支部", ID, "1990.6", "1991.6", "13900000021"],
        merge=["D1:E1"],
    ) == [1, 1, 0, 0]
    member = Member.objects.get()
    assert (str(member.joined), str(member.confirmed)) == ("1990年6月", "1991年6月")


def test_year_month_and_day_stand_in_columns_of_their_own(found):
    assert found(
        ["姓名", "所在支部", "身份证号", "入党时间", None, None, "备注"],
        [None, None, None, "年", "月", "日", None],
        ["张伟国", "一村党支部", ID, 1990, 6, 1, None],
        ["李雪梅", "二村党支部", LI[1], 1991, 7, None, None],
        ["王建", "二村党支部", WANG[1], 1992, None, 3, None],
        merge=["D1:F1", "A1:A2"],
    ) == [3, 3, 0, 0]
    assert [str(day) for _, day in people("joined")] == ["1990年6月1日", "1991年7月", "1992年"]


def test_branch_is_merged_over_rows_and_columns(found):
    rows = [(None, *person[:2], person[4]) for person in (ZHANG, LI, WANG)]
    rows = [("一村党支部" if n == 0 else None, None, *row[1:]) for n, row in enumerate(rows)]

    heads = ("所在党支部", None, "姓名", "身份证号", "入党时间")
    assert found(heads, *rows, merge=["A1:B1", "A2:B4"]) == [3, 3, 0, 0]


def test_two_tables_beside_each_other_are_refused(town, tmp_path):
    heads, row = ("姓名", "身份证号", "所在党支部"), (*ZHANG[:2], ZHANG[3])
    path = workbook(tmp_path / "名册.xlsx", (*heads, None, *heads), (*row, None, *LI[:2], LI[3]))

    with pytest.raises(CommandError, match="并排放着两张名册"):
        load(path)


def test_of_several_years_the_last_is_meant(town, tmp_path):
    book = Workbook()
    book.active.title = "2024年"
    book.active.append((*HEADINGS, "民族", "学历", "手机"))
    book.active.append((*ZHANG, "汉族", "大专", "13900000021"))
    book.create_sheet("2026年").append(HEADINGS)
    for person in (LI, WANG):
        book["2026年"].append(person)
    book.save(tmp_path / "名册.xlsx")

    assert load(tmp_path / "名册.xlsx")["new"] == 2
    assert people() == [("李雪梅",), ("王建",)]
