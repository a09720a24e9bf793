"""导入模板: an empty roster with its headings, how to fill them in, and lists to choose from.

The lists stand on a hidden sheet under names of their own, because Excel takes at most 255
characters of a list that is written into the cell's rule.
"""

import io
from collections import Counter

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from orgs.exports import TEXT
from orgs.rosters.guides import GUIDES

LAST_ROW = 5000
MOST_PLACES = 5000
MANUAL, LISTS = "填写说明", "选项"
HEADS = ("列名", "必填", "怎样填写", "示例", "可选的内容")
HEADING = PatternFill("solid", fgColor="FFF2E6D9")
LINE = Border(bottom=Side("thin", color="FFBFBFBF"))
ADVICE = (
    "请在第一张工作表的表头下面逐行填写，带 * 的列必填。",
    "不需要的列可以留空，也可以删除；请不要改动列名。",
    "空白单元格不会清除已登记的内容。",
    "日期、号码各列已设为文本，从别处复制时请选“粘贴为数值”。",
)


def template_workbook(kind, places) -> bytes:
    """`places`: the organizations that the person may fill, for the list of 所在党支部."""
    book = Workbook()
    sheet, manual = book.active, book.create_sheet(MANUAL)
    sheet.title = kind.label
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    guides = GUIDES[kind.code]
    explain(manual, kind, guides)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 24
    for column, name in enumerate(kind.template, 1):
        guide = guides[name]
        head(sheet, column, kind.words.label(name), guide)
        choices = names_of(places) if name == "organization" else guide.choices
        if choices:
            offer(sheet, lists, column, kind.words.label(name), choices, guide)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def head(sheet, column, label, guide):
    cell = sheet.cell(1, column, f"{label}*" if guide.is_required else label)
    cell.font = Font(bold=True, color="FFC00000" if guide.is_required else "FF000000")
    cell.fill, cell.border = HEADING, LINE
    cell.alignment = Alignment(horizontal="center", vertical="center")
    below = sheet.column_dimensions[get_column_letter(column)]
    # every column is text: numbers keep their digits, dates what was typed, and nothing computes
    below.number_format, below.width = TEXT, max(guide.width, 2 * len(label) + 4)


def offer(sheet, lists, column, label, choices, guide):
    """A list to choose from, for the whole column."""
    place = lists.max_column + 1 if lists["A1"].value else 1
    letter = get_column_letter(place)
    for row, text in enumerate((label, *choices), 1):
        cell = lists.cell(row, place, text)
        cell.data_type, cell.number_format = "s", TEXT
    where = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(choices) + 1}"
    name = f"选项_{label}"
    sheet.parent.defined_names[name] = DefinedName(name, attr_text=where)
    rule = DataValidation(
        type="list", formula1=f"={name}", allow_blank=True, showErrorMessage=True,
        errorStyle="warning" if guide.is_open else "stop", errorTitle="请从列表中选择",
        error=f"{label}不在列表中，请从下拉框中选择。",
    )  # fmt: skip
    rule.add(f"{get_column_letter(column)}2:{get_column_letter(column)}{LAST_ROW}")
    sheet.add_data_validation(rule)


def names_of(places) -> list[str]:
    """By name; those of one name by their codes, which alone tell them apart."""
    places = list(places.order_by("path").values_list("name", "code")[: MOST_PLACES + 1])
    if len(places) > MOST_PLACES:
        return []
    borne = Counter(name for name, _ in places)
    return [code if borne[name] > 1 else name for name, code in places]


def explain(sheet, kind, guides):
    for text in ADVICE:
        sheet.append([text])
    sheet.append([])
    sheet.append(HEADS)
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = Font(bold=True), HEADING
    for name in kind.template:
        guide = guides[name]
        required = "必填" if guide.is_required else ""
        choices = "、".join(guide.choices)
        sheet.append([kind.words.label(name), required, guide.how, guide.example, choices])
    for letter, width in zip("ABCDE", (20, 8, 60, 26, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(len(ADVICE) + 3):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = TEXT
