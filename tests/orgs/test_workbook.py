"""A clerk uploads the table that lies on her desk, as Excel, WPS or an old system wrote it.

The portal reads .xlsx, .xls and .csv by their content, whatever the name says, and gives every
value back with its row number as Excel shows it.
"""

import json
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from orgs.workbook import BadWorkbook, Row, Sheet, read_rows, read_sheets
from tests.orgs.tables import biff8, cell, compound, csv, saved, xlsx


def values(source, **limits):
    return [row.values for row in read_rows(source, **limits)]


def test_every_kind_of_value_keeps_its_kind():
    book = xlsx(
        ["张三", 1, 2.5, True, date(2026, 2, 13), datetime(2026, 2, 13, 8, 30), None, "末"],
        [time(8, 30), timedelta(hours=30), 13900010021, " ", "　x", 0, -1.0],
    )

    assert values(book) == [
        ["张三", 1, 2.5, True, date(2026, 2, 13), datetime(2026, 2, 13, 8, 30), None, "末"],
        ["08:30:00", "30:00:00", 13900010021, None, "　x", 0, -1, None],
    ]


def test_number_too_long_for_excel_comes_as_float_so_that_it_can_be_refused():
    (row,) = values(xlsx([420502199001011234, 999999999999999]))

    assert [type(value) for value in row] == [float, int]


def test_rows_keep_the_number_and_columns_the_place_that_excel_shows():
    book = Workbook()
    book.active["B3"] = "标题"
    book.active["D7"] = "末"

    assert list(read_rows(saved(book))) == [
        Row("Sheet", 3, [None, "标题", None, None]),
        Row("Sheet", 7, [None, None, None, "末"]),
    ]


def test_visible_sheets_come_in_order_and_hidden_ones_not():
    book = Workbook()
    book.active.title = "名册"
    book.active.append(["张三"])
    book.create_sheet("空表")
    book.create_sheet("字典").append(["男"])
    book["字典"].sheet_state = "hidden"
    book.create_sheet("说明").append(["请勿改动表头"])

    assert read_sheets(saved(book)) == [
        Sheet("名册", [Row("名册", 1, ["张三"])]),
        Sheet("空表", []),
        Sheet("说明", [Row("说明", 1, ["请勿改动表头"])]),
    ]


@pytest.mark.parametrize("corner", ["XFD90", "AZ1048576"])
def test_formatted_but_empty_cells_far_away_are_not_content(corner):
    book = Workbook()
    book.active["A1"] = "张三"
    book.active[corner].number_format = "@"

    assert values(saved(book)) == [["张三"]]


def test_old_excel_is_read_whatever_its_name_says(tmp_path):
    stream = biff8(cell(0, 0, "姓名"), cell(2, 1, "张三"))
    path = tmp_path / "名册.xlsx"
    path.write_bytes(compound("Workbook", stream).getvalue())

    assert list(read_rows(path)) == [Row("名册", 1, ["姓名", None]), Row("名册", 3, [None, "张三"])]


def test_real_old_roster_is_read_to_its_last_row(shared_data):
    path = shared_data / "rosters" / "02-old-excel.xls"
    expected = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))

    heading, *people = read_rows(path)

    assert heading.values[:3] == ["所属党支部", "姓名", "性别"]
    assert len(people) == expected["rows"]


def test_real_messages_of_citizens_are_all_read(shared_data):
    heading, *messages = read_rows(shared_data / "citizen-messages.xlsx")

    assert heading.values[0] == "留言编号"
    assert len(messages) == 939


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("comma", [",", "\t", ";"])
def test_text_table_is_read_in_either_encoding_and_with_any_separator(encoding, comma):
    text = f"姓名{comma}电话\r\n\r\n张三{comma}13900010021\r\n"

    assert list(read_rows(csv(text, encoding))) == [
        Row("", 1, ["姓名", "电话"]),
        Row("", 3, ["张三", "13900010021"]),
    ]


def test_text_table_keeps_line_breaks_and_commas_in_a_cell():
    assert values(csv('姓名,备注\n张三,"一,\n二"\n')) == [["姓名", "备注"], ["张三", "一,\n二"]]


def test_guard_of_our_own_export_is_taken_off_again():
    text = "值\n'=1+1\n'-5\n''引\n'普通\n普'通\n"

    assert values(csv(text)) == [["值"], ["=1+1"], ["-5"], ["'引"], ["'普通"], ["普'通"]]


def test_limits_of_rows_and_columns_are_the_callers():
    book = xlsx(*[[n, n, n] for n in range(4)])

    assert len(values(book, max_rows=4, max_cols=3)) == 4
    with pytest.raises(BadWorkbook, match="^表格超过 3 行，请分成几个文件后再上传。$"):
        read_rows(book, max_rows=3)
    with pytest.raises(BadWorkbook, match="^第 1 行超过 2 列，请删除多余的列后再上传。$"):
        read_rows(book, max_cols=2)


def test_refusal_comes_before_the_first_row():
    with pytest.raises(BadWorkbook):
        read_rows(xlsx())


def test_rows_may_be_left_unread():
    rows = read_rows(xlsx(["张三"], ["李四"]))

    assert next(rows).values == ["张三"]
    rows.close()
