"""Every way in which people type a date, a number or a word is read as they meant it, or the cell
is told to be wrong; nothing is made up."""

from datetime import date, datetime

import pytest

from orgs.masking import id_number_error
from orgs.rosters import cells
from orgs.rosters.dates import BadDate, read_date
from tests.orgs.rosters import id_number

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("198506", "1985-06"),
        (198506, "1985-06"),
        ("1985.06", "1985-06"),
        ("1985.6", "1985-06"),
        (1985.06, "1985-06"),
        (1985.12, "1985-12"),
        ("1985年6月", "1985-06"),
        ("1985 年 6 月", "1985-06"),
        ("１９８５年０６月", "1985-06"),
        ("1985-06", "1985-06"),
        ("1985/6", "1985-06"),
        ("一九八五年六月", "1985-06"),
        ("二〇〇一年十二月三十一日", "2001-12-31"),
        ("1985年6月1日", "1985-06-01"),
        ("19850601", "1985-06-01"),
        (19850601, "1985-06-01"),
        ("1985-6-1", "1985-06-01"),
        ("1985/06/01", "1985-06-01"),
        ("1985.6.1", "1985-06-01"),
        ("1985－06－01", "1985-06-01"),
        ("1985。06。01", "1985-06-01"),
        ("1985-06-01 00:00:00", "1985-06-01"),
        ("1985-06-01  08:30", "1985-06-01"),
        ("'1985-06-01", "1985-06-01"),
        (" 1985.06 　", "1985-06"),
        (datetime(1985, 6, 1), "1985-06-01"),
        (date(1985, 6, 1), "1985-06-01"),
        ("1985", "1985"),
        ("1985年", "1985"),
        (1985, "1985"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_date_keeps_the_precision_it_was_typed_with(typed, said):
    found, warning = read_date(typed, TODAY)

    assert (found.isoformat(), warning) == (said, "")


@pytest.mark.parametrize("typed", [31199, "31199", 31199.0, "31199.0"])
def test_day_number_of_excel_is_read_with_a_warning(typed):
    found, warning = read_date(typed, TODAY)

    assert found.isoformat() == "1985-06-01"
    assert warning == "Excel 日期序号 31199 已按 1985年6月1日 读取，请核对。"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("1985年13月", "没有 13 月。"),
        ("198513", "没有 13 月。"),
        ("9999.99", "没有 99 月。"),
        ("1985.00", "没有 0 月。"),
        ("1985-02-30", "1985年2月没有 30 日。"),
        ("2023-02-29", "2023年2月没有 29 日。"),
        ("1985-06-00", "没有 0 日。"),
        ("1985-06-31", "1985年6月没有 31 日。"),
        (1985.1, "无法分清是 1 月还是 10 月，请把单元格设为文本后重填。"),
        ("85.06", "年份须写四位。"),
        ("85年6月", "年份须写四位。"),
        ("9806", "日期无法识别。"),
        (9806, "日期无法识别。"),
        ("六月", "日期无法识别。"),
        ("待查", "日期无法识别。"),
        ("1985.06-1990.07", "这里有两个日期，请只填一个。"),
        ("2001-05-01至今2003", "这里有两个日期，请只填一个。"),
        ("2027-01", "日期晚于今天。"),
        ("1850-01-01", "年份 1850 不对。"),
        (True, "不是日期。"),
    ],
)
def test_date_that_cannot_be_is_told_and_not_mended(typed, reason):
    with pytest.raises(BadDate) as refused:
        read_date(typed, TODAY)
    assert str(refused.value) == reason


NUMBER = id_number("19850601", 3)


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        f" {NUMBER}　",
        f"'{NUMBER}",
        f"{NUMBER}\t",
        f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
        f"\u200b{NUMBER}\ufeff",
        NUMBER.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")),
    ],
)
def test_id_number_is_read_through_spaces_and_widths(typed):
    assert cells.clean_id(typed, TODAY) == NUMBER


def test_last_letter_may_be_small():
    number = next(n for n in (id_number(serial=s) for s in range(1, 99)) if n.endswith("X"))

    for letter in ("x", "Ｘ", "×", "Х"):
        assert cells.clean_id(number[:-1] + letter, TODAY) == number


@pytest.mark.parametrize("typed", [4.2992119850601e17, "4.29921E+17", "4.29921 e17", "4.3e+17"])
def test_id_number_that_excel_shortened_is_refused(typed):
    with pytest.raises(cells.BadCell, match="精度已丢失，请设为文本") as refused:
        cells.clean_id(typed, TODAY)
    assert "先把该列单元格格式设为“文本”" in refused.value.hint


@pytest.mark.parametrize("typed", [NUMBER[:-1] + "0", "429921850601003", NUMBER[:-2], "无证"])
def test_id_number_that_cannot_be_is_refused(typed):
    with pytest.raises(cells.BadCell) as refused:
        cells.clean_id(typed, TODAY)
    assert refused.value.message == id_number_error(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("罗　红怡", "罗红怡"),
        (" 张 伟 ", "张伟"),
        ("张三丰（预备）", "张三丰"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("欧阳\n震", "欧阳震"),
        ("John Smith", "John Smith"),
        ("㐱某", "㐱某"),
    ],
)
def test_name_loses_what_is_not_part_of_it(typed, name):
    assert cells.clean_name(cells.as_text(typed)) == name


@pytest.mark.parametrize("typed", ["张三2", "张三、李四", "——", "（空）", "……", "张" * 41])
def test_name_of_nobody_is_refused(typed):
    with pytest.raises(cells.BadCell):
        cells.clean_name(typed)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        (13900000021, "13900000021"),
        (13900000021.0, "13900000021"),
        ("139 0000 0021", "13900000021"),
        ("139-0000-0021", "13900000021"),
        ("+8613900000021", "13900000021"),
        ("１３９００００００２１", "13900000021"),
        ("0717-6222345", "0717-6222345"),
        ("13900000021/0717-6222345", "13900000021/0717-6222345"),
        ("13900000021、13900000022", "13900000021、13900000022"),
    ],
)
def test_phone_is_read_as_text(typed, phone):
    assert cells.clean_phone(typed) == phone


def test_phone_that_cannot_be_is_kept_with_a_warning():
    with pytest.raises(cells.Doubt, match="手机号码应为11位") as doubt:
        cells.clean_phone("1390000002")
    assert doubt.value.value == "1390000002"


@pytest.mark.parametrize(
    ("typed", "known", "code"),
    [
        ("男性", cells.SEXES, "1"),
        ("女 ", cells.SEXES, "2"),
        ("汉", cells.PEOPLES, "01"),
        ("土家族", cells.PEOPLES, "15"),
        ("土族", cells.PEOPLES, "30"),
        ("大学本科（在职）", cells.EDUCATIONS, "20"),
        ("中央党校大学", cells.EDUCATIONS, "20"),
        ("中 专", cells.EDUCATIONS, "41"),
        ("中共预备党员", cells.STAGES, "PROBATIONARY"),
        ("保留党籍", cells.STANDINGS, "KEPT"),
    ],
)
def test_words_of_lists_are_known_by_their_other_names(typed, known, code):
    assert cells.clean_choice(typed, known, "项目") == code


def test_word_that_no_list_knows_is_left_out_with_a_warning():
    with pytest.raises(cells.Doubt, match="民族“火星族”不认识，未导入。") as doubt:
        cells.clean_choice("火星族", cells.PEOPLES, "民族")
    assert doubt.value.value == ""


def test_people_who_are_no_members_are_refused():
    with pytest.raises(cells.BadCell, match="“发展对象”不是党员"):
        cells.clean_stage("发展对象")


@pytest.mark.parametrize(
    ("typed", "is_it"), [("是", True), ("√", True), ("困难党员", True), ("否", False), ("×", False)]
)
def test_flags_are_words_or_ticks(typed, is_it):
    assert cells.clean_flag(typed, "困难党员") is is_it
