"""Whoever opens an exported list sees what the portal shows, and nothing in it acts.

A citizen may call herself `=HYPERLINK(…)`: in the secretary's Excel that stays text, and text it
is again when the file is imported.
"""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from orgs.exports import sheet_title, workbook_bytes
from orgs.workbook import read_rows
from tests.orgs.tables import SHEET

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'", "''=", "\x00="]
FORMULAS = [f'{start}HYPERLINK("http://x","点我")' for start in STARTS]
SHOWN = [text.replace("\x00", "") for text in FORMULAS]


def opened(content):
    return load_workbook(io.BytesIO(content)).active


def read_again(content):
    return [row.values for row in read_rows(io.BytesIO(content))]


def test_no_cell_of_an_exported_workbook_is_a_formula():
    content = workbook_bytes("名册", FORMULAS, [FORMULAS])

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f" not in archive.read(SHEET)
    heading, row = opened(content).iter_rows()
    assert {cell.data_type for cell in (*heading, *row)} == {"s"}
    assert {cell.number_format for cell in row} == {"@"}


def test_workbook_restores_every_text_when_it_is_imported_again():
    # XML knows only one kind of line break.
    texts = [text.replace("\r", "\n") for text in SHOWN]

    assert read_again(workbook_bytes("名册", ["姓名"], [[text] for text in FORMULAS])) == [
        ["姓名"],
        *[[text] for text in texts],
    ]


def test_values_keep_their_kind_and_moments_the_clock_in_china():
    row = [
        3,
        2.5,
        Decimal("1.25"),
        True,
        None,
        date(2026, 2, 13),
        datetime(2026, 2, 13, 16, 30, tzinfo=UTC),
        420502199001011234,
        float("nan"),
    ]
    cells = opened(workbook_bytes("名册", list("abcdefghi"), [row]))[2]

    assert [cell.value for cell in cells] == [
        3,
        2.5,
        1.25,
        True,
        None,
        datetime(2026, 2, 13),
        datetime(2026, 2, 14, 0, 30),
        "420502199001011234",
        "nan",
    ]
    assert (cells[5].number_format, cells[6].number_format) == ("yyyy-mm-dd", "yyyy-mm-dd hh:mm")


def test_list_can_be_read_at_once_on_paper_and_screen():
    rows = [["张三", "宜昌市伍家岗区宝塔河社区"], ["李四", "x" * 500]]
    sheet = opened(workbook_bytes("名册", ["姓名", "住址"], rows))

    assert sheet.freeze_panes == "A2"
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [8, 60]


def test_signs_that_a_file_cannot_hold_are_left_out():
    content = workbook_bytes("名\x07册", ["姓\x01名"], [["张\x0b三\ud800\uffff", "长" * 40_000]])
    sheet = opened(content)

    assert (sheet.title, sheet["A1"].value, sheet["A2"].value) == ("名册", "姓名", "张三")
    assert len(sheet["B2"].value) == 32_767


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("超期/未办 [2026]", "超期 未办  2026"),
        ("一" * 40, "一" * 31),
        ("'引'", "引"),
        ("//", "数据"),
        ("", "数据"),
    ],
)
def test_sheet_has_a_name_that_excel_accepts(title, name):
    assert sheet_title(title) == name
    assert opened(workbook_bytes(title, ["a"], [])).title == name


def test_rows_may_come_one_by_one():
    sheet = opened(workbook_bytes("名册", ["号"], ([n] for n in range(250))))

    assert [cell.value for cell in sheet["A"]] == ["号", *range(250)]
