"""A list shows enough to recognise a person by, and not enough to find or call them.

And a number that cannot be right is refused at the counter, with the reason in plain words.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs.masking import (
    id_number_error,
    is_id_number,
    mask_address,
    mask_id,
    mask_name,
    mask_phone,
    mask_text,
    phone_error,
)

ID_NUMBER = "11010519491231002X"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check_digit(first_17):
    total = sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True))
    return first_17 + "10X98765432"[total % 11]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("谭建军", "谭*军"),
        ("田野", "田*"),
        ("欧阳修", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("阿卜杜拉·买买提", "阿******提"),
        ("张", "张*"),
        (" 李四 ", "李*"),
        ("", ""),
        (None, ""),
    ],
)
def test_name_keeps_the_surname(name, shown):
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13900010021", "139****0021"),
        ("139 0001 0021", "139****0021"),
        ("+86-139-0001-0021", "139****0021"),
        ("１３９０００１００２１", "139****0021"),
        ("0717-6222345", "0717-****345"),
        ("01012345678", "010-****5678"),
        ("0717-6222345-801", "0717-****345"),
        ("6222345", "****345"),
        ("400-123-4567", "**********67"),
        ("12345", "***45"),
        ("110", "***"),
        ("", ""),
        (None, ""),
    ],
)
def test_phone_hides_its_middle(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (ID_NUMBER, "110105********002X"),
        ("11010519491231002x", "110105********002X"),
        ("110105491231002", "110105*****1002"),
        ("E12345678", "E******78"),
        ("123456", "******"),
        ("", ""),
        (None, ""),
    ],
)
def test_id_number_keeps_the_first_six_and_the_last_four(number, shown):
    assert mask_id(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("宜昌市伍家岗区伍家岗街道宝塔河社区胜利四路57号", "宜昌市伍家岗区伍家岗街道宝塔河社区***"),
        ("宜昌市夷陵区樟村坪镇殷家坪村二组", "宜昌市夷陵区樟村坪镇殷家坪村***"),
        ("夷陵区分乡镇街上3号", "夷陵区分乡镇***"),
        ("镇江市京口区正东路街道办事处3号", "镇江市京口区正东路街道办事处***"),
        ("伍家岗区桥河村三组12号", "伍家岗区桥河村***"),
        ("宝塔新村社区5栋", "宝塔新村社区***"),
        ("大公桥街道五里村路8号", "大公桥街道***"),
        ("西坝街道新村小区3号", "西坝街道***"),
        ("新乡市红旗区平原路9号", "新乡市红旗区***"),
        ("广西壮族自治区南宁市青秀区民族大道1号", "广西壮族自治区南宁市青秀区***"),
        ("宜昌市胜利路5号", "宜昌市***"),
        ("阳光小区3栋2单元", "***"),
        ("分乡镇棠垭村", "分乡镇棠垭村"),
        ("", ""),
        (None, ""),
    ],
)
def test_address_ends_at_the_village_or_the_next_larger_place(address, shown):
    assert mask_address(address) == shown


def test_free_text_hides_the_numbers_in_it_and_nothing_else():
    text = (
        f"请联系13900010021或139-0001-0022，身份证{ID_NUMBER}，旧证110105491231002。"
        "2026年3月2日，共3户，卡号6222021234567890123。"
    )

    assert mask_text(text) == (
        "请联系139****0021或139****0022，身份证110105********002X，旧证110105*****1002。"
        "2026年3月2日，共3户，卡号6222021234567890123。"
    )


@pytest.mark.parametrize("text", ["", None])
def test_no_text_stays_empty(text):
    assert mask_text(text) == ""


@given(st.text(alphabet="0123456789", min_size=11, max_size=11))
def test_no_mobile_number_survives_in_free_text(digits):
    number = "13" + digits[2:]

    assert number not in mask_text(f"电话{number}。")


@pytest.mark.parametrize("region", ["429006", "330326", "440524", "810000", "830000", "420502"])
def test_holder_from_any_region_is_accepted(region):
    number = with_check_digit(f"{region}19490101001")

    assert is_id_number(number)
    assert id_number_error(f" {number.lower()} ") == ""


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("", "请填写身份证号码。"),
        (None, "请填写身份证号码。"),
        ("110105491231002", "这是15位旧号码，请填写18位身份证号码。"),
        (ID_NUMBER[:17], "身份证号码应为18位，现在是17位。"),
        ("1101051949123100AX", "身份证号码前17位应为数字，末位应为数字或X。"),
        ("99010519491231002X", "身份证号码校验不通过，请逐位核对，可能有一位录错。"),
        ("00010519491231002X", "身份证号码开头的地区代码不对，请核对。"),
        ("11010519490231002X", "身份证号码中的出生日期不对，请核对第7至14位。"),
        ("11010520270101002X", "身份证号码中的出生日期不对，请核对第7至14位。"),
        ("11010518991231002X", "身份证号码中的出生日期不对，请核对第7至14位。"),
        ("110105194912310021", "身份证号码校验不通过，请逐位核对，可能有一位录错。"),
    ],
)
def test_wrong_id_number_is_refused_with_its_own_reason(number, error):
    assert id_number_error(number, today=date(2026, 11, 24)) == error
    assert not is_id_number(number)


@given(
    st.integers(0, 16),
    st.integers(1, 9),
    st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    st.integers(0, 999),
)
def test_one_wrong_digit_is_always_noticed(place, step, born, serial):
    number = with_check_digit(f"420502{born:%Y%m%d}{serial:03}")
    wrong = str((int(number[place]) + step) % 10)

    assert is_id_number(number)
    assert not is_id_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    "phone",
    [
        "13900010021",
        "139 0001 0021",
        "+8613900010021",
        "0717-6222345",
        "(0717)6222345",
        "010-12345678-801",
        "6222345",
        "4001234567",
        "１３９０００１００２１",
    ],
)
def test_number_that_can_be_called_is_accepted(phone):
    assert phone_error(phone) == ""


@pytest.mark.parametrize(
    ("phone", "error"),
    [
        ("", "请填写联系电话。"),
        ("1390001002", "手机号码应为11位，现在是10位。"),
        ("139000100211", "手机号码应为11位，现在是12位。"),
        ("12900010021", "手机号码第二位应为3至9。"),
        ("139000l0021", "号码只能包含数字和短横线。"),
        ("0717-622", "号码不对：手机号码11位，固定电话请带区号，如0717-6222345。"),
    ],
)
def test_number_that_cannot_be_called_is_refused_with_its_own_reason(phone, error):
    assert phone_error(phone) == error
