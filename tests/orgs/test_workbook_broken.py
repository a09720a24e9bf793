"""#N/A, #REF!: a formula that finds nothing leaves a cell which readers take for a blank one.
Whoever brings the roster is told, instead of losing it unseen."""

import pytest
from openpyxl import Workbook

from orgs import workbook_parts
from orgs.rosters.reader import BROKEN
from orgs.workbook import opened_book, read_rows
from tests.orgs.rosters import HEADINGS, counts, id_number, load, township
from tests.orgs.tables import saved

pytestmark = pytest.mark.django_db
ERRORS = ["#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"]
ZHANG = ("张伟国", id_number(), "男", "一村党支部", "2005-07-01")


def book_of(*rows, title="花名册"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def broken(book):
    with opened_book(saved(book)) as opened:
        return opened.broken


@pytest.mark.parametrize("error", ERRORS)
def test_every_kind_of_error_is_told_with_its_place_and_read_as_blank(error):
    book = book_of(["甲", "乙"], ["一", error])

    assert broken(book) == [["花名册", 2, 1]]
    assert [row.values for row in read_rows(saved(book))] == [["甲", "乙"], ["一", None]]


def test_words_that_only_look_like_one_are_text():
    book = book_of(["甲"], ["#N/A 待查"], ['t="e"'])

    assert broken(book) == []
    assert [row.values for row in read_rows(saved(book))] == [["甲"], ["#N/A 待查"], ['t="e"']]


def test_sheets_are_told_apart():
    book = book_of(["甲"], ["一"])
    other = book.create_sheet("另一张")
    other.append(["甲"])
    other["C7"] = "#REF!"

    assert broken(book) == [["另一张", 7, 2]]


def test_wherever_they_lie_in_the_part_and_not_more_than_can_be_shown(monkeypatch):
    book = book_of(*(["一", "#N/A"] for _ in range(30)))
    everything = broken(book)
    assert everything == [["花名册", number, 1] for number in range(1, 31)]

    data = saved(book)
    monkeypatch.setattr(workbook_parts, "CHUNK", 300)
    found = workbook_parts.check_parts(data)
    assert found["xl/worksheets/sheet1.xml"] == {(number, 1) for number in range(1, 31)}
    monkeypatch.setattr(workbook_parts, "MOST_BROKEN", 7)
    assert len(workbook_parts.check_parts(data)["xl/worksheets/sheet1.xml"]) == 7


def test_roster_tells_what_it_did_not_take_and_takes_the_rest(tmp_path):
    township()
    path = tmp_path / "名册.xlsx"
    headings = (*HEADINGS, "学历")
    without_name = ("#N/A", id_number(serial=3), *ZHANG[2:], "大专")
    book_of(headings, (*ZHANG, "#N/A"), without_name).save(path)

    told = load(path)

    assert counts(told) == [2, 1, 0, 0, 0, 1]
    warnings = [(note["row"], note["column"], note["message"]) for note in told["warnings"]]
    assert warnings == [(2, "学历", BROKEN), (3, "姓名", BROKEN)]
    assert [note["message"] for note in told["errors"]] == ["姓名不能为空。"]


def test_columns_that_are_not_read_say_nothing(tmp_path):
    township()
    path = tmp_path / "名册.xlsx"
    book_of((*HEADINGS, "体检结果"), (*ZHANG, "#N/A")).save(path)

    assert load(path)["warnings"] == []
