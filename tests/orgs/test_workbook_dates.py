"""A month that was typed: Excel keeps 1985-6 as the first of June, although nobody said a day."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from orgs import workbook_dates
from orgs.models import Member
from orgs.partial_date import PartialDate
from orgs.workbook import read_rows
from orgs.workbook_dates import MONTH, short_dates, shown_by
from tests.orgs.rosters import load
from tests.orgs.tables import biff8, cell, compound, date_cell, formats, saved

JUNE = date(1985, 6, 1)
MONTHS = ["yyyy-mm", 'yyyy"年"m"月";@', '[$-804]yyyy"年"m"月"', "mmm-yy", r"yyyy\.mm", "YYYY/M"]
#: Formats that Excel knows by number only, as a Chinese one shows them.
NUMBERED = [27, 36, 50, 52, 57]


def shown(*formats, day=JUNE):
    """A workbook with the day in column B, a row for each format."""
    book = Workbook()
    for number, code in enumerate(formats, 1):
        book.active[f"B{number}"] = day
        book.active[f"B{number}"].number_format = code
    return saved(book)


def read(source):
    return [row.values[1] for row in read_rows(source)]


def renumbered(source, number):
    """The same in one of Excel's own formats, which have a number only."""
    changed = BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(changed, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename == "xl/styles.xml":
                part = part.replace(b'<xf numFmtId="165"', b'<xf numFmtId="%d"' % number)
            new.writestr(info.filename, part)
    changed.seek(0)
    return changed


@pytest.mark.parametrize("code", MONTHS)
def test_month_stays_a_month(code):
    assert read(shown(code)) == ["1985-06"]


@pytest.mark.parametrize("number", NUMBERED)
def test_months_that_excel_knows_by_number_too(number):
    assert read(renumbered(shown("yyyy-mm"), number)) == ["1985-06"]
    assert read(renumbered(shown("yyyy-mm"), 31)) == [JUNE]


@pytest.mark.parametrize(
    "code", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "m/d/yyyy", "yyyy-mm-dd h:mm", "mmmdd"]
)
def test_day_that_is_shown_is_kept(code):
    assert read(shown(code)) == [JUNE]


@pytest.mark.parametrize("code", ["yyyy", 'yyyy"年"', "yyyy年"])
def test_year_stays_a_year(code):
    assert read(shown(code, day=date(1985, 1, 1))) == ["1985"]
    assert read(shown(code)) == [JUNE]


def test_day_that_cannot_come_of_a_month_is_kept():
    assert read(shown("yyyy-mm", day=date(1985, 6, 17))) == [date(1985, 6, 17)]


@pytest.mark.parametrize(
    ("code", "found"), [("yyyy-mm", "1985-06"), ('yyyy"年"m"月"', "1985-06"), ("yyyy/m/d", JUNE)]
)
def test_old_excel_says_it_too(code, found):
    stream = biff8(cell(0, 0, "王大山"), date_cell(0, 1, JUNE), globals_=formats(code))

    assert read(compound("Workbook", stream)) == [found]


def test_old_excel_with_gaps_between_its_cells_is_read():
    cells = cell(0, 0, "王大山"), date_cell(0, 2, JUNE), cell(1, 0, "刘小河")

    rows = read_rows(compound("Workbook", biff8(*cells, globals_=formats("yyyy-mm"))))

    assert [row.values for row in rows] == [["王大山", None, "1985-06"], ["刘小河", None, None]]


def test_old_excel_without_formats_is_read():
    assert short_dates(compound("Workbook", biff8(cell(0, 0, "王大山"))), "xls") == {"名册": {}}


@pytest.mark.parametrize("code", ["General", "@", "h:mm", '"y"0"m"', "[Red]0.00", ""])
def test_other_formats_show_no_month(code):
    assert shown_by(code) is None


def test_cells_are_found_on_the_sheet_and_at_the_place_where_they_are(monkeypatch):
    monkeypatch.setattr(workbook_dates, "CHUNK", 50)
    book = Workbook()
    book.active.title = "说明"
    book.active["AA3"] = "1985-06"
    roster = book.create_sheet("名册", 0)
    for address in ("AA3", "D700", "C5"):
        roster[address] = JUNE
        roster[address].number_format = "yyyy-mm-dd" if address == "C5" else "yyyy-mm"

    found = short_dates(saved(book), "xlsx")

    assert {name: set(rows) for name, rows in found.items()} == {"名册": {3, 700}, "说明": set()}
    assert (set(found["名册"][3]), set(found["名册"][700])) == ({(26, MONTH)}, {(3, MONTH)})


def test_workbook_that_is_not_sound_is_for_others_to_refuse():
    assert short_dates(BytesIO(b"PK\x03\x04 nothing"), "xlsx") == {}
    assert short_dates(BytesIO(b"\xd0\xcf nothing"), "xls") == {}


@pytest.mark.django_db
def test_member_joined_in_a_month_and_another_on_its_first_day(tmp_path, town):
    book = Workbook()
    book.active.append(["姓名", "性别", "出生日期", "所在党支部", "入党时间"])
    for name, code in (("王大山", "yyyy-mm"), ("刘小河", "yyyy-mm-dd")):
        book.active.append([name, "男", "1960-01-01", "一村党支部", JUNE])
        book.active.cell(book.active.max_row, 5).number_format = code
    book.save(tmp_path / "名册.xlsx")

    told = load(tmp_path / "名册.xlsx")

    assert (told["new"], told["error"]) == (2, 0)
    assert dict(Member.objects.values_list("name", "joined")) == {
        "王大山": PartialDate.of(1985, 6),
        "刘小河": PartialDate.of(1985, 6, 1),
    }
