"""A township brings its list of secretaries and committee members, one row a seat or one row a
branch: it is staged, judged, let in, and can be taken back."""

from datetime import date

import pytest
from django.core.management import call_command

from orgs.models import (
    AuditEntry,
    Committee,
    CommitteeSeat,
    Member,
    NotAllowed,
    Organization,
)
from orgs.partial_date import PartialDate
from orgs.rosters.kinds import COMMITTEES
from orgs.rosters.staging import open_batch, report, stage
from tests.orgs.committee_rosters import (
    CHEN,
    LONG,
    TIAN,
    WIDE,
    bringer,
    counts,
    messages,
    seats,
    village,
)
from tests.orgs.leaders import elect, seat
from tests.orgs.rosters import id_number
from tests.people import person, post
from tests.sheets import workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(town, tmp_path):
    return bringer(town, tmp_path)


def test_rows_become_a_committee_with_its_seats(bring):
    batch, told = bring(CHEN, TIAN)

    assert counts(told) == [2, 2, 0, 0, 0, 0, 0]
    committee = Committee.objects.get()
    assert (str(committee), committee.elected) == ("一村党支部第 7 届班子", PartialDate(2021, 3))
    assert committee.due_on == date(2026, 3, 31)
    assert seats() == [("陈立国", "书记"), ("田秀英", "副书记"), ("田秀英", "纪检委员")]
    chief = committee.seats.get(post="SECRETARY")
    assert (chief.started, chief.source, chief.phone) == (
        PartialDate(2018, 6), "ELECTED", "13900000021",
    )  # fmt: skip
    assert [row.seat_id for row in batch.rows.all()][0] == chief.pk
    entry = AuditEntry.objects.about(committee).get()
    assert (entry.label, entry.note) == ("由名册导入", "班子.xlsx")


def test_same_file_again_changes_nothing(bring):
    bring(CHEN, TIAN)

    _, told = bring(CHEN, TIAN)

    assert counts(told) == [2, 0, 0, 2, 0, 0, 0]
    assert CommitteeSeat.objects.count() == 3


def test_one_row_a_branch_with_several_names_in_a_cell(bring):
    _, told = bring(
        ("一村", "2021.03", "陈立国", "", "田 英", "张大山、向大海\n覃卫东"),
        ("二村", "2021.03", "", "李小兰", "", "王福 赵春生"),
        headings=WIDE,
    )

    assert counts(told) == [2, 2, 0, 0, 0, 0, 0]
    assert seats(committee__organization=village()) == [
        ("陈立国", "书记"), ("田英", "组织委员"), ("张大山", "委员"), ("向大海", "委员"),
        ("覃卫东", "委员"),
    ]  # fmt: skip
    assert seats(committee__organization=village("二村")) == [
        ("李小兰", "副书记"), ("王福", "委员"), ("赵春生", "委员"),
    ]  # fmt: skip
    assert {s.started for s in CommitteeSeat.objects.all()} == {PartialDate(2021, 3)}


def test_every_faulty_cell_is_named_and_the_others_go_in(bring):
    _, told = bring(
        CHEN,
        ("三村", "王五六", "书记", "", "", "", "", "", ""),
        ("二村", "李小兰", "会计", "2021.13", "", "", "", "", ""),
        ("二村", "", "书记", "", "", "", "", "", ""),
        ("二村", "向大海", "书记", "", "", "2021-03-10", "2021-03-01", "", ""),
    )

    assert counts(told) == [5, 1, 0, 0, 0, 4, 0]
    assert messages(told) == [
        (3, "党组织名称", "中共青溪县柳河镇委员会及下级中没有“三村”。"),
        (4, "职务", "职务“会计”不认识。"),
        (4, "任职时间", "没有 13 月。"),
        (5, "姓名", "姓名不能为空。"),
        (6, "应换届时间", "应换届时间应晚于当选日期。"),
    ]


def test_two_secretaries_or_two_election_days_contradict_each_other(bring):
    _, told = bring(
        CHEN,
        ("一村", "张大山", "书记", "", "", "2021.3", "", "", ""),
        ("一村", "向大海", "委员", "", "", "2022-01-05", "", "", ""),
        CHEN,
    )

    assert counts(told) == [4, 1, 0, 0, 1, 2, 0]
    assert messages(told) == [
        (3, "姓名", "第 2 行的书记是陈立国，一个班子只有一名书记。"),
        (4, "换届时间", "与第 2 行不同：同一党组织的当选日期应当一致。"),
    ]
    assert (5, "姓名", "与第 2 行是同一人同一职务，以第 2 行为准。") in messages(told, "warnings")


def test_person_is_found_among_the_members(bring):
    member = village().members.create(name="陈立国", id_number=id_number())
    bring(CHEN)
    assert CommitteeSeat.objects.get().member == member


def test_namesakes_are_listed_and_the_id_number_decides(bring):
    for serial in (1, 3):
        village().members.create(name="陈立国", id_number=id_number(serial=serial))
    headings = (*LONG, "身份证号")

    _, told = bring((*CHEN, ""), headings=headings)
    tails = [member.id_tail for member in Member.objects.order_by("pk")]
    assert messages(told) == [
        (2, "姓名", f"有 2 名党员叫“陈立国”：一村党支部 尾号 {tails[0]}、"
                    f"一村党支部 尾号 {tails[1]}，请填身份证号码。")
    ]  # fmt: skip
    bring((*CHEN, id_number(serial=3)), headings=headings)
    assert CommitteeSeat.objects.get().member.id_tail == tails[1]
    _, told = bring(("二村", "张大山", *CHEN[2:], id_number(serial=1)), headings=headings)
    assert messages(told) == [(2, "姓名", "身份证号码登记的党员是陈*国，不是“张大山”，请核对。")]


def test_changed_cells_update_and_can_be_held_back(bring):
    bring(CHEN, TIAN)
    changed = (*CHEN[:7], "上级选派", "13900000022")

    _, told = bring(changed, on_duplicate="SKIP")
    assert counts(told) == [1, 0, 0, 0, 1, 0, 0]
    with pytest.raises(NotAllowed, match="已停止"):
        bring(changed, on_duplicate="STOP")
    batch, told = bring(changed)
    assert counts(told) == [1, 0, 1, 0, 0, 0, 0]
    assert CommitteeSeat.objects.get(post="SECRETARY").source == "SENT"

    undone = COMMITTEES.undo(batch, actor=None)
    chief = CommitteeSeat.objects.get(post="SECRETARY")
    assert (undone.restored, chief.source, chief.phone, chief.version) == (
        1, "ELECTED", "13900000021", 1,
    )  # fmt: skip


def test_staged_rows_are_judged_again_when_they_go_in(bring):
    batch, told = bring(CHEN, commit=False)
    assert counts(told)[1] == 1
    elect(village(), seat("陈立国", source="ELECTED", phone="13900000021",
                          started=PartialDate(2018, 6)), elected="2021-03", term=7)  # fmt: skip

    COMMITTEES.commit(batch, actor=None)

    assert counts(report(batch)) == [1, 0, 0, 1, 0, 0, 0]


def test_importer_sees_only_the_own_subtree(bring, town):
    other = Organization.objects.get_root_nodes().first()
    assert other.pk != town.pk

    _, told = bring(("青溪县", *CHEN[1:]))

    assert counts(told)[5] == 1
    assert Committee.objects.count() == 0


def test_own_export_comes_back_unchanged(bring, town, tmp_path, signed_in):
    bring(CHEN)
    account = person("shuji", "书记")
    post(account, town, "SECRETARY")
    path = tmp_path / "导出.xlsx"
    path.write_bytes(signed_in(account).get("/secretaries/export/").content)

    batch = open_batch(path, "导出.xlsx", organization=town, actor=None, kind=COMMITTEES)
    stage(batch, path)

    assert counts(report(batch)) == [1, 0, 0, 1, 0, 0, 0]
    assert batch.rows.get().faults == []


def test_command_imports_and_dry_run_does_not(town, tmp_path, capsys):
    path = workbook(tmp_path / "班子.xlsx", LONG, CHEN)
    options = [str(path), "--organization", "429921100"]

    call_command("import_committees", *options, "--dry-run")
    assert "只核对，没有入库" in capsys.readouterr().out
    assert Committee.objects.count() == 0
    call_command("import_committees", *options)
    assert "共 1 行：新增 1，更新 0，不变 0" in capsys.readouterr().out
    assert Committee.objects.count() == 1


def test_preview_says_whom_a_row_is_about_and_what_it_changes(bring):
    bring(CHEN)
    changed = (*CHEN[:4], "8", CHEN[5], "", "上级选派", "13900000022")
    batch, _ = bring(changed, TIAN, commit=False)
    rows = list(batch.rows.all())
    presenter = COMMITTEES.presenter(rows)

    assert [presenter.subject(row) for row in rows] == [
        "一村党支部：陈立国 书记",
        "一村党支部：田秀英 副书记、田秀英 纪检委员",
    ]
    assert presenter.differences(rows[0]) == [
        ("届次", "7", "8"),
        ("来源", "群众推荐（选举）", "上级选派"),
        ("联系电话", "139****0021", "139****0022"),
    ]


def test_list_as_a_township_keeps_it(bring, town, tmp_path):
    """Title, unit and date above a heading in two rows, merged branches, notes, a signature."""
    path = workbook(
        tmp_path / "班子.xlsx",
        ["柳河镇村（社区）党组织班子成员花名册"],
        ["填报单位：", "柳河镇", "填报日期：", "2026年3月"],
        ["序号", "党组织\n名称", "姓 名", "党内职务（必填）", "任职", None, "应换届\n时间", "手机"],
        [None, None, None, None, "时间", "届次"],
        [1, "一村党支部", "陈 立国", "党支部书记（一肩挑）", 2018.06, "第7届", 202603, 13900000021],
        [2, "一村党支部", "田秀英", "副书记", "2021年3月", "第7届", "2026.03", "-"],
        [],
        [3, "中共青溪县柳河镇二村党支部", "李小兰", "支部书记", "2021.3", 7, "2026年3月", "无"],
        ["合计", None, "3人"],
        ["注：本表一式两份。"],
        ["填表人：王芳", None, None, "审核人："],
    )  # fmt: skip

    batch = open_batch(path, "班子.xlsx", organization=town, actor=None, kind=COMMITTEES)
    stage(batch, path)
    COMMITTEES.commit(batch, actor=None)

    told = report(batch)
    assert told["errors"] == []
    assert counts(told) == [3, 3, 0, 0, 0, 0, 4]
    assert seats(committee__organization=village()) == [("陈立国", "书记"), ("田秀英", "副书记")]
    chief = CommitteeSeat.objects.get(name="陈立国")
    assert (chief.heads_village, chief.started, chief.phone) == (
        True, PartialDate(2018, 6), "13900000021",
    )  # fmt: skip
    assert {c.due_on for c in Committee.objects.all()} == {date(2026, 3, 31)}
    assert {c.term for c in Committee.objects.all()} == {7}


def test_columns_that_somebody_chose_are_remembered_for_the_next_file(town, tmp_path):
    headings, row = ("党组织", "姓名", "职务", "到岗"), ("一村", "陈立国", "书记", "2021.3")
    path = workbook(tmp_path / "甲.xlsx", headings, row)
    batch = open_batch(path, "甲.xlsx", organization=town, actor=None, kind=COMMITTEES)
    stage(batch, path, chosen={3: "started"})
    COMMITTEES.commit(batch, actor=None)

    path = workbook(tmp_path / "乙.xlsx", headings, ("二村", "李小兰", "书记", "2022.5"))
    batch = open_batch(path, "乙.xlsx", organization=town, actor=None, kind=COMMITTEES)
    stage(batch, path)
    COMMITTEES.commit(batch, actor=None)

    assert CommitteeSeat.objects.get(name="李小兰").started == PartialDate(2022, 5)
