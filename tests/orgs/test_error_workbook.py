"""Whoever brought a roster gets it back with every fault written into it, mends it, and brings it
again: nothing of what the portal wrote is read as part of the roster."""

import csv
import io

import pytest
from django.core.files import File
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from orgs.models import ImportBatch, Member, Organization
from orgs.rosters import error_workbook as made
from orgs.rosters.commit import commit
from orgs.rosters.error_workbook import NoErrorWorkbook, error_workbook
from orgs.rosters.kinds import KINDS
from orgs.rosters.staging import open_batch, stage
from tests.orgs.rosters import HEADINGS, id_number
from tests.orgs.tables import altered, biff8, cell, compound, sheet_xml

pytestmark = pytest.mark.django_db
RED = "FFFF9999"
PHONE = 13900000021
ZHANG = ("张伟国", id_number(), "男", "一村党支部", "2005-07-01", PHONE)
LI = ("李雪梅", "429921198506", "女", "三村党支部", "13月", "=1+1")
WANG = ("王建", id_number(serial=3), "男", "二村党支部", "2005.06", None)
HEAD = (*HEADINGS, "联系电话")
ROWS = [
    ["柳河镇党员花名册"],
    HEAD,
    ["（示例）张三", "110101199001011234", "男", "某某党支部", "1985.06", None],
    ZHANG,
    [],
    LI,
    WANG,
    ZHANG,
    ["填表人：王芳"],
]


@pytest.fixture
def staged(town):
    """`staged(path)`: a batch of the file, kept as an upload keeps it."""

    def wait(path, kind="MEMBERS"):
        batch = open_batch(path, path.name, organization=town, actor=None, kind=KINDS[kind])
        with path.open("rb") as file:
            batch.file.save(path.name, File(file), save=True)
        return stage(batch, path)

    return wait


@pytest.fixture
def roster(tmp_path):
    """The rows as an .xlsx with a colour of its own."""
    book = Workbook()
    book.active.title = "花名册"
    for row in ROWS:
        book.active.append(row)
    book.active["A1"].font = Font(bold=True, color="FF0000FF")
    book.active["F6"].data_type = "s"
    book.active.merge_cells("A1:F1")
    book.create_sheet("字典").append(["民族"])
    book.save(tmp_path / "名册.xlsx")
    return tmp_path / "名册.xlsx"


def opened(batch):
    return load_workbook(io.BytesIO(error_workbook(batch)))


def results(sheet, column=7):
    return [sheet.cell(number, column).value for number in range(1, sheet.max_row + 1)]


OF_LI = (
    "错误：所在党支部：中共青溪县柳河镇委员会及下级中没有“三村党支部”；"
    "公民身份号码：身份证号码应为18位，现在是12位；加入党组织日期：日期无法识别。"
    "提醒：联系电话：号码只能包含数字和短横线。"
)
RESULTS = [
    None,
    "导入结果",
    "略过（示例）",
    "新增",
    None,
    OF_LI,
    "新增",
    "重复：与第 4 行是同一人，以第 4 行为准。",
    "略过（落款）",
]


def red(sheet):
    return [cell.coordinate for row in sheet for cell in row if cell.fill.fgColor.rgb == RED]


def test_file_comes_back_with_red_cells_comments_and_results(staged, roster):
    sheet = opened(staged(roster))["花名册"]

    assert results(sheet) == RESULTS
    assert red(sheet) == ["B6", "D6", "E6"]
    assert sheet["B6"].comment.text == "身份证号码应为18位，现在是12位。"
    assert sheet["E6"].comment.text == ("日期无法识别。\n请写成 1985-06-01、1985.06 或 1985年6月。")
    assert sheet["A1"].font.color.rgb == "FF0000FF"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:F1"]


def test_numbers_are_text_and_formulas_stay_text(staged, roster):
    sheet = opened(staged(roster))["花名册"]

    phone, formula = sheet["F4"], sheet["F6"]
    assert (phone.value, phone.data_type, phone.number_format) == (str(PHONE), "s", "@")
    assert (formula.value, formula.data_type, formula.number_format) == ("=1+1", "s", "@")
    assert sheet["B7"].number_format == "@"


def again(batch, path):
    """The error workbook, brought once more as it is."""
    path.write_bytes(error_workbook(batch))
    return path


def told(batch):
    kept = batch.rows.order_by("number").values_list("number", "verdict")
    return batch.counts, list(kept), batch.rows.get(number=6).faults


def test_error_workbook_brought_again_gives_the_same_rows(staged, roster, tmp_path):
    first = staged(roster)
    second = staged(again(first, tmp_path / "错误表.xlsx"))
    third = staged(again(second, tmp_path / "错误表二.xlsx"))

    assert told(second) == told(first) == told(third)
    assert [c["heading"] for c in third.columns] == list(HEAD)
    assert results(opened(third)["花名册"]) == RESULTS


def test_mended_cell_loses_its_mark(staged, roster, tmp_path):
    path = again(staged(roster), tmp_path / "错误表.xlsx")
    book = load_workbook(path)
    sheet = book["花名册"]
    sheet["B6"], sheet["D6"] = id_number("19900203", 2), "二村党支部"
    sheet["A7"].comment = Comment("请核对", "王芳")
    book.save(path)

    sheet = opened(staged(path))["花名册"]

    assert red(sheet) == ["E6"]
    assert [c.coordinate for row in sheet for c in row if c.comment] == ["E6", "A7"]


def write_csv(path, rows):
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_xls(path, rows):
    said = [(y, x, text) for y, row in enumerate(rows) for x, text in enumerate(row)]
    cells = [cell(y, x, str(text)) for y, x, text in said if text is not None]
    path.write_bytes(compound("Workbook", biff8(*cells)).read())
    return path


@pytest.mark.parametrize(("write", "ending"), [(write_csv, ".csv"), (write_xls, ".xls")])
def test_old_and_text_files_come_back_as_a_workbook(staged, tmp_path, write, ending):
    first = staged(write(tmp_path / f"名册{ending}", ROWS))
    book = opened(first)
    sheet = book.worksheets[0]

    assert results(sheet) == RESULTS
    assert red(sheet) == ["B6", "D6", "E6"]
    assert sheet["F6"].data_type == "s"
    assert told(staged(again(first, tmp_path / "错误表.xlsx"))) == told(first)


def test_large_file_is_written_row_by_row(staged, roster, tmp_path, monkeypatch):
    first = staged(roster)
    monkeypatch.setattr(made, "KEPT_CELLS", 1)
    book = opened(first)

    assert book.sheetnames == ["花名册", "字典"]
    assert results(book["花名册"]) == RESULTS
    assert red(book["花名册"]) == ["B6", "D6", "E6"]
    assert told(staged(again(first, tmp_path / "错误表.xlsx"))) == told(first)


def test_mark_in_a_cell_that_reaches_down_stands_in_its_first(staged, tmp_path):
    book = Workbook()
    for row in (HEADINGS, (*ZHANG[:3], "九村党支部", "2005.7"), (*WANG[:3], None, "2005.7")):
        book.active.append(row)
    book.active.merge_cells("D2:D3")
    book.save(tmp_path / "名册.xlsx")

    batch = staged(tmp_path / "名册.xlsx")

    assert batch.counts["error"] == 2
    sheet = opened(batch).worksheets[0]
    assert [c.coordinate for row in sheet for c in row if c.comment] == ["D2"]


def test_fault_without_a_column_stands_in_the_column_of_results(staged, tmp_path):
    book = Workbook()
    for row in (("姓名", "公民身份号码", "性别", "联系电话"), ("张伟国", id_number(), "男", None)):
        book.active.append(row)
    book.save(tmp_path / "名册.xlsx")

    sheet = opened(staged(tmp_path / "名册.xlsx")).worksheets[0]

    assert red(sheet) == ["E2"]
    assert sheet["E2"].comment.text.startswith("表中没有党支部一列")


def test_computed_cells_come_back_as_what_they_said(staged, tmp_path):
    """A file that Excel saved has both; one of openpyxl only the formula."""
    heads = "".join(
        f'<c r="{letter}1" t="str"><v>{head}</v></c>'
        for letter, head in zip("ABCDE", HEADINGS, strict=True)
    )
    values = "".join(
        f'<c r="{letter}2" t="str"><f>HYPERLINK("http://x","y")</f><v>{text}</v></c>'
        for letter, text in zip("ABCDE", ZHANG, strict=False)
    )
    xml = sheet_xml(f'<row r="1">{heads}</row><row r="2">{values}</row>')
    path = tmp_path / "名册.xlsx"
    path.write_bytes(altered(sheet=xml).getvalue())

    sheet = opened(staged(path)).worksheets[0]

    assert [c.value for c in sheet[2]] == [*ZHANG[:5], "新增"]
    assert {c.data_type for c in sheet[2]} == {"s"}


def test_once_it_is_in_the_results_stay(staged, roster):
    batch = staged(roster)
    commit(batch, actor=None)

    assert results(opened(batch)["花名册"]) == RESULTS
    assert Member.objects.count() == 2


def test_purged_or_lost_file_is_told(staged, roster):
    batch = staged(roster)
    batch.file.storage.delete(batch.file.name)
    with pytest.raises(NoErrorWorkbook, match="原文件已丢失"):
        error_workbook(batch)

    ImportBatch.objects.update(file="")
    with pytest.raises(NoErrorWorkbook, match="按保存期限清除"):
        error_workbook(ImportBatch.objects.get())


def test_organizations_come_back_too(staged, tmp_path, town):
    book = Workbook()
    head = [
        "党组织代码",
        "党组织名称",
        "上级党组织代码",
        "组织类别",
        "所属领域",
        "组建方式",
        "行政区划代码",
    ]
    for row in (
        head,
        ["429921100203", "三村党支部", "429921100", "党支部", "农村", "单独组建", "429921100203"],
        ["429921100204", "四村党支部", "429921999", "党支部", "农村", "单独组建", "429921100204"],
    ):
        book.active.append(row)
    book.save(tmp_path / "党组织.xlsx")

    first = staged(tmp_path / "党组织.xlsx", "ORGANIZATIONS")
    sheet = opened(first).worksheets[0]

    assert red(sheet) == ["C3"]
    second = staged(again(first, tmp_path / "错误表.xlsx"), "ORGANIZATIONS")
    assert second.counts == first.counts
    assert Organization.objects.filter(code__startswith="429921100").count() == 3
