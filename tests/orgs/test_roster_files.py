"""The organization department imports the rosters that townships really send: every figure, every
bad row and its column come out exactly, and nothing is doubled by a second try."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from orgs.models import AuditEntry, ImportBatch, Member
from tests.orgs.rosters import counts, load

pytestmark = pytest.mark.django_db
FILES = ("01-standard.xlsx", "02-old-excel.xls", "03-double-heading.xlsx", "04-village-book.xlsx")


@pytest.fixture
def rosters(shared_data, clock):
    folder = shared_data / "rosters"
    call_command("import_organizations", folder / "organizations.xlsx", stdout=StringIO())
    return {
        name: (folder / name, json.loads((folder / f"{name}.expected.json").read_text()))
        for name in FILES
    }


def test_each_file_gives_its_figures_once_and_is_unchanged_the_second_time(rosters):
    for path, expected in rosters.values():
        told = load(path, expected["organization"])

        rows, new, duplicate, error = (
            expected[name] for name in ("rows", "new", "duplicate", "error")
        )
        assert counts(told) == [rows, new, 0, 0, duplicate, error]
        assert [(fault["row"], fault["column"]) for fault in told["errors"]] == [
            (fault["row"], fault["heading"]) for fault in expected["errors"]
        ]

        again = load(path, expected["organization"], "--dry-run")
        assert counts(again) == [rows, 0, 0, new, duplicate, error]
        assert again["errors"] == told["errors"]

    assert Member.objects.count() == sum(expected["new"] for _, expected in rosters.values())
    assert ImportBatch.objects.filter(kind="MEMBERS").count() == len(FILES)
    entries = AuditEntry.objects.filter(action="roster.committed", organization__isnull=False)
    assert entries.count() == len(FILES)


def test_summary_for_a_reader(rosters):
    path, _ = rosters["03-double-heading.xlsx"]
    out = StringIO()

    call_command("import_members", path, "--organization", "420526104", "--dry-run", stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[:4] == [
        "工作表“Sheet1”共 80 行：新增 63，更新 0，不变 0，重复 3，错误 14，略过 5。",
        "没有用到的列：入党志 愿书（填写“完成”“未完成”）。",
        "错误：第 5 行 确定为预备党员时间（支部大会讨论通过时间）“1985年13月”：没有 13 月。",
        "错误：第 6 行 身份证号码“4.205261962090124e+17”：精度已丢失，请设为文本",
    ]
    assert lines[-1] == "只核对，没有入库。"


def test_dates_of_the_village_book_keep_their_month(rosters):
    path, expected = rosters["04-village-book.xlsx"]
    load(path, expected["organization"])

    member = Member.objects.get(name="郭超")
    assert (str(member.born), str(member.joined)) == ("1948年3月", "1985年10月")
    assert member.organization.name == "十八湾村党支部"
    assert member.get_stage_display() == "正式党员"
    row = member.origin
    assert row.number == 5
    assert row.raw[:4] == [1, "十八湾村党支部", "郭超", "女"]
