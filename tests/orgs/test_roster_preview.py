"""What the preview of a roster says of each row, before anybody decides."""

import pytest

from orgs.masking import mask_id
from orgs.models import Role
from orgs.rosters.commit import commit
from orgs.rosters.kinds import MEMBERS
from orgs.rosters.lines import lines_of
from tests.orgs.rosters import HEADINGS, id_number, stager
from tests.people import person, post

pytestmark = pytest.mark.django_db
ID, LI_ID = id_number(), id_number("19900203", 2)
ZHANG = ("张伟国", ID, "男", "一村党支部", "2005-07-01", "13900000021", "大专")
LI = ("李雪梅", LI_ID, "女", "二村党支部", "2015.06", None, None)


@pytest.fixture
def staged(town, tmp_path):
    return stager(town, tmp_path, (*HEADINGS, "联系电话", "学历"))


@pytest.fixture
def clerk():
    return person("clerk", "代办员")


def test_preview_tells_what_is_new_of_somebody_masked(staged, clerk):
    batch = staged(LI)
    (line,) = lines_of(batch, batch.rows.with_content(), clerk)

    assert line.subject == "李*梅（二村党支部）"
    assert line.facts == [
        ("公民身份号码", mask_id(LI_ID)), ("出生日期", "1990年2月3日"),
        ("加入党组织日期", "2015年6月"), ("性别", "女"),
    ]  # fmt: skip


def test_who_leads_the_people_of_a_roster_sees_their_names_and_no_numbers(staged, clerk, town):
    commit(staged(ZHANG), actor=None)
    post(clerk, town, Role.SECRETARY)
    batch = staged((None, ID, "女", *ZHANG[3:]), (*ZHANG[:6], "高中"), LI, name="新.xlsx")

    wrong, changed, new = lines_of(batch, batch.rows.with_content().order_by("number"), clerk)

    assert (changed.subject, new.subject) == ("张伟国（一村党支部）", "李雪梅（二村党支部）")
    assert ("公民身份号码", mask_id(LI_ID)) in new.facts
    assert [fault["message"] for fault in wrong.faults] == ["姓名不能为空。"]


def test_preview_masks_numbers_in_remarks(town, tmp_path, clerk):
    staged = stager(town, tmp_path, (*HEADINGS, "备注"))
    batch = staged((*LI[:5], f"电话13812345678，身份证{LI_ID}"))
    (line,) = lines_of(batch, batch.rows.all(), clerk)

    assert ("备注", f"电话138****5678，身份证{mask_id(LI_ID)}") in line.facts


def test_preview_masks_whom_a_row_is_about_and_what_it_changes(staged):
    commit(staged(ZHANG), actor=None)
    moved = ("张伟国", ID, "男", "二村党支部", "2005-07-01", "13900000022", "大学本科")
    rows = list(staged(moved, name="新.xlsx").rows.all())
    presenter = MEMBERS.presenter(rows)

    assert presenter.subject(rows[0]) == "张*国（二村党支部）"
    assert presenter.differences(rows[0]) == [
        ("所在党支部", "一村党支部", "二村党支部"),
        ("学历", "大专", "大学本科"),
        ("联系电话", "139****0021", "139****0022"),
    ]
