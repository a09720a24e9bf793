"""What people write into the cells of a roster: remarks, stars, 同上; nothing of it is lost, and
nothing of it overwrites what is known."""

from datetime import datetime

import pytest

from orgs.models import Member
from tests.orgs.rosters import HEADINGS, id_number, load
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
ZHANG = ("张伟国", id_number(), "男", "一村党支部", "2005-07-01")
LI = ("李雪梅", id_number("19900203", 2), "女", "二村党支部", "2015.06")
WANG = ("王建", id_number("19700101", 5), "男", "一村党支部", "1999.07")


def people(*fields):
    return list(Member.objects.order_by("pk").values_list("name", *fields))


def test_list_that_was_pinned_up_with_stars_overwrites_nobody(town, tmp_path):
    heads = (*HEADINGS, "联系电话", "家庭住址")
    whole = (*ZHANG, "13900000021", "柳河镇一村三组 5 号")
    load(workbook(tmp_path / "名册.xlsx", heads, whole, (*LI, "13900000022", None)))

    told = load(workbook(
        tmp_path / "公示.xlsx", heads,
        (*ZHANG, "139****0021", "柳河镇一村***"),
        ("李*梅", *LI[1:], "139****0022", None),
        ("王*", "429921********0051", "男", "一村党支部", "1999.07", None, None),
        ("欧阳＊＊", id_number(serial=7), None, "一村党支部", None, None, None),
        ("赵强*", id_number(serial=9), None, "一村党支部", None, None, None),
    ))  # fmt: skip

    assert [told[name] for name in ("new", "updated", "unchanged", "error")] == [1, 0, 1, 3]
    assert people("phone", "address") == [
        ("张伟国", "13900000021", "柳河镇一村三组 5 号"), ("李雪梅", "13900000022", ""),
        ("赵强", "", ""),
    ]  # fmt: skip
    assert [(fault["row"], fault["message"]) for fault in told["errors"]] == [
        (3, "姓名是打码的，看不出是谁。"),
        (4, "姓名是打码的，看不出是谁。"),
        (4, "身份证号码是打码的，无法核对。"),
        (5, "姓名是打码的，看不出是谁。"),
    ]
    assert [doubt["message"] for doubt in told["warnings"]] == [
        "联系电话是打码的，未导入。", "家庭住址是打码的，未导入。", "联系电话是打码的，未导入。",
    ]  # fmt: skip


def test_what_is_said_behind_a_name_is_not_lost(town, tmp_path):
    told = load(workbook(
        tmp_path / "名册.xlsx", HEADINGS,
        ("张伟国（预备）", *ZHANG[1:]), ("李雪梅(已故)", *LI[1:]), ("△王建（组织委员）", *WANG[1:]),
        ("赵强（男）★", id_number(serial=9), None, "一村党支部", None),
    ))  # fmt: skip

    assert people("stage", "standing") == [
        ("张伟国", "PROBATIONARY", "NORMAL"), ("李雪梅", "", "DECEASED"),
        ("王建", "", "NORMAL"), ("赵强", "", "NORMAL"),
    ]  # fmt: skip
    assert [doubt["message"] for doubt in told["warnings"]] == [
        "按姓名后面的“(预备)”登记，请核对。",
        "按姓名后面的“(已故)”登记，请核对。",
        "姓名后面的“(组织委员)”未导入，请填在相应的列里。",
    ]


def test_ditto_stands_for_the_cell_above_but_not_for_a_number(town, tmp_path):
    told = load(workbook(
        tmp_path / "名册.xlsx", (*HEADINGS, "家庭住址", "联系电话", "工作岗位"),
        (*ZHANG, "一村三组", "13900000021", "务农"), (*LI[:3], "同上", LI[4], "〃", "同上", "……"),
        (*WANG[:3], "〃", WANG[4], "″", None, None),
        ("同上", id_number(serial=7), None, "一村党支部", None, None, None, None),
    ))  # fmt: skip

    assert people("organization__short_name", "address", "phone", "job") == [
        ("张伟国", "一村党支部", "一村三组", "13900000021", "务农"),
        ("李雪梅", "一村党支部", "一村三组", "", ""),
        ("王建", "一村党支部", "一村三组", "", ""),
    ]
    assert [fault["message"] for fault in told["errors"]] == ["姓名写的是“同上”。"]
    assert [doubt["message"] for doubt in told["warnings"]] == ["联系电话写的是“同上”，未导入。"]


def test_jobs_and_remarks_make_nobody_vanish(found):
    heads = ("姓名", "所在党支部", "入党时间", "工作岗位", "备注")
    rows = [
        ("张伟国", "一村党支部", "2005.07", "合作社负责人", None),
        ("李雪梅", "一村党支部", "2005.07", "村财务审核人员", "联系人：其子王某"),
        ("王建", "一村党支部", "2005.07", None, "共3人在外"),
        ("赵强", "一村党支部", "2005.07", None, "累计外出务工5年"),
    ]
    around = [
        ("支部书记：", None, "王大海", "组织委员：", "李小丽"),
        ("党员总数：4人", None, None, "男：3人", None),
        ("以下空白", None, None, None, None),
        ("党小组长签名", None, None, None, None),
    ]

    assert found(heads, *rows, *around) == [4, 4, 0, 4]


def test_person_without_a_number_is_told_whatever_the_job(found):
    heads = (*HEADINGS, "工作岗位")

    assert found(heads, (*ZHANG, "务农"), (LI[0], None, *LI[2:], "养殖专业户负责人")) == [
        2,
        1,
        1,
        0,
    ]


def test_months_that_excel_keeps_as_the_first_day_stay_months(found):
    heads = ("姓名", "身份证号", "所在党支部", "出生年月", "入党时间")
    day = datetime(1985, 6, 1)

    assert found(heads, ("张伟国", id_number("19850612"), "一村党支部", day, day)) == [1, 1, 0, 0]
    assert [str(said) for said in people("born", "joined")[0][1:]] == ["1985年6月", "1985年6月1日"]


def test_day_that_has_not_come_yet_refuses_nobody(found):
    heads = (*HEADINGS, "转正时间")
    said = ("未转正", "预备期", "预备党员", 0)
    rows = [
        (name, id_number(serial=n), None, "一村党支部", "2025.07", day)
        for n, (name, day) in enumerate(zip(("张伟", "李梅", "王建", "赵强"), said, strict=True), 1)
    ]

    assert found(heads, *rows) == [4, 4, 0, 0]
    assert not Member.objects.exclude(confirmed=None).exists()
