"""The same people come once with and once without their numbers: nobody is there twice."""

import pytest

from orgs.models import ImportBatch, Member
from orgs.rosters.lines import missing_from
from tests.orgs.rosters import id_number, load, township
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
PLAIN = ("姓名", "所在党支部", "出生年月", "入党时间")
FULL = ("姓名", "所在党支部", "身份证号码", "入党时间")
PEOPLE = [("张伟国", "19600512", 1), ("李雪梅", "19710203", 2), ("王建", "19850601", 3)]
WITHOUT = [(name, "一村党支部", f"{born[:4]}.{born[4:6]}", "2005.07") for name, born, _ in PEOPLE]
WITH = [(name, "一村党支部", id_number(born, n), "2005.07") for name, born, n in PEOPLE]
MET = "按姓名、出生日期和党支部认作已登记的同一人，请核对。"


@pytest.fixture
def bring(clock, tmp_path):
    township()
    return lambda *rows: load(workbook(tmp_path / "名册.xlsx", *rows))


def test_numbers_that_come_later_are_added_to_those_who_are_there(bring):
    assert bring(PLAIN, *WITHOUT)["new"] == 3

    told = bring(FULL, *WITH)

    assert (told["new"], told["updated"], told["error"]) == (0, 3, 0)
    assert [doubt["message"] for doubt in told["warnings"]] == [MET] * 3
    assert Member.objects.count() == 3
    assert Member.objects.with_id(WITH[0][2]).get().name == "张伟国"
    assert bring(FULL, *WITH)["unchanged"] == 3


def test_list_without_numbers_finds_those_who_have_them(bring):
    assert bring(FULL, *WITH)["new"] == 3

    told = bring(PLAIN, *WITHOUT)

    assert (told["new"], told["unchanged"]) == (0, 3)
    assert MET in [doubt["message"] for doubt in told["warnings"]]
    assert str(Member.objects.get(name="张伟国").born) == "1960年5月12日"


def test_somebody_else_of_that_name_is_new(bring):
    bring(PLAIN, *WITHOUT)

    told = bring(FULL, ("张伟国", "一村党支部", id_number("19991231", 5), None),
                 ("李雪梅", "二村党支部", id_number("19710203", 8), None))  # fmt: skip

    assert told["new"] == 2


def test_two_of_one_name_are_not_guessed_at(bring):
    bring(FULL, *WITH, ("张伟国", "一村党支部", id_number("19600530", 7), None))

    told = bring(PLAIN, WITHOUT[0])

    assert (told["new"], told["error"]) == (0, 1)
    assert "请补填身份证号码" in told["errors"][0]["message"]


def test_whose_number_is_corrected_is_not_missing_from_the_roster(bring):
    bring(FULL, *WITH)
    Member.objects.get(name="张伟国").revise(actor=None, id_number=id_number("19600513", 1))

    assert not missing_from(ImportBatch.objects.get()).exists()


def test_man_does_not_take_the_place_of_a_woman_of_his_name(bring):
    bring((*PLAIN, "性别"), ("刘芳", "一村党支部", None, "1990.07", "女"))

    told = bring(FULL, ("刘芳", "一村党支部", id_number("19990101", 1), "2020.07"),
                 ("刘芳", "一村党支部", id_number("19700101", 2), "1990.07"))  # fmt: skip

    assert (told["new"], told["updated"]) == (1, 1)
    assert Member.objects.with_id(id_number("19700101", 2)).get().sex == "2"


def test_of_two_rows_that_may_mean_one_person_neither_goes_in(bring):
    bring(PLAIN, ("刘芳", "一村党支部", None, None))

    told = bring(FULL, ("刘芳", "一村党支部", id_number("19990101", 2), "2020.07"),
                 ("刘芳", "一村党支部", id_number("19700101", 4), "1990.07"))  # fmt: skip

    assert (told["new"], told["updated"], told["error"]) == (0, 0, 2)
    assert "请先在党员页面给那个人补填身份证号码" in told["errors"][0]["message"]
