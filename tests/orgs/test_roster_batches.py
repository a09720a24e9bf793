"""A roster waits until somebody lets it in, and goes in as a whole."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from orgs.models import AuditEntry, ImportBatch, ImportRow, Member, NotAllowed, Organization, Role
from orgs.rosters.commit import commit
from orgs.rosters.review import choose_on_duplicate
from orgs.rosters.staging import open_batch, report, stage
from tests.orgs.rosters import HEADINGS, branch, counts, id_number, load, loader, stager
from tests.people import person, post
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
ID, LI_ID = id_number(), id_number("19900203", 2)
MORE = (*HEADINGS, "联系电话", "学历")
ZHANG = ("张伟国", ID, "男", "一村党支部", "2005-07-01", "13900000021", "大专")
LI = ("李雪梅", LI_ID, "女", "二村党支部", "2015.06", None, None)


@pytest.fixture
def load_rows(town, tmp_path):
    rows = loader(tmp_path)
    return lambda *said, **options: rows(*said, headings=MORE, **options)


@pytest.fixture
def staged(town, tmp_path):
    return stager(town, tmp_path, MORE)


@pytest.fixture
def secretary(town):
    user = person("secretary", "柳河书记")
    post(user, town, Role.SECRETARY)
    return user


def member(name="张伟国"):
    return Member.objects.get(name=name)


def test_staged_rows_are_seen_by_nobody_until_they_are_let_in(staged, secretary):
    batch = staged(ZHANG, LI, ("王红", "123", "女", "一村党支部", "13月", None, None))

    assert batch.status == "PENDING"
    assert counts(batch.counts) == [3, 2, 0, 0, 0, 1]
    assert not Member.objects.exists()

    commit(batch, actor=secretary)

    assert (batch.status, batch.decided_by) == ("COMMITTED", secretary)
    assert Member.objects.count() == 2
    zhang = ImportRow.objects.get(batch=batch, number=2)
    assert (zhang.brought, zhang.values["name"]) == (member(), "张伟国")
    entry = AuditEntry.objects.get(action="roster.committed")
    assert entry.actor == secretary
    assert entry.note.startswith("行数 3，新增 2，更新 0，不变 0，重复 0，错误 1。文件校验值 ")


def test_all_faults_of_a_row_are_told_at_once_with_what_to_do(staged):
    batch = staged((None, 4.2992119850601e17, "男", "三村党支部", "1985年13月", None, None))

    row = batch.rows.get()
    assert [(f["column"], f["field"], f["value"], f["message"], f["hint"]) for f in row.faults] == [
        ("所在党支部", "organization", "三村党支部",
         "中共青溪县柳河镇委员会及下级中没有“三村党支部”。",
         "请核对名称，或改填党组织代码；整表都这样的，请核对是不是该导入到"
         "中共青溪县柳河镇委员会。"),
        ("公民身份号码", "id_number", "4.2992119850601e+17", "精度已丢失，请设为文本",
         "Excel 只保留 15 位数字：请先把该列单元格格式设为“文本”，再按证件重新填写。"),
        ("加入党组织日期", "joined", "1985年13月", "没有 13 月。", "请核对后重填。"),
        ("姓名", "name", "", "姓名不能为空。", ""),
    ]  # fmt: skip


def test_what_disagrees_with_the_id_number_is_a_warning(load_rows):
    told = load_rows((*ZHANG[:2], "女", *ZHANG[3:]))

    assert counts(told) == [1, 1, 0, 0, 0, 0]
    assert told["warnings"] == [
        {"row": 2, "column": "性别", "value": "女", "message": "与身份证号码不一致（号码为男）。"}
    ]
    assert member().sex == "2"


def test_sex_and_birth_come_from_the_number_where_they_are_blank(load_rows):
    load_rows((*ZHANG[:2], None, *ZHANG[3:]))

    assert (member().get_sex_display(), str(member().born)) == ("男", "1985年6月1日")


def test_changed_cells_update_and_blank_ones_erase_nothing(load_rows):
    load_rows(ZHANG, LI)

    told = load_rows((*ZHANG[:5], None, "大学本科"), LI)

    assert counts(told) == [2, 0, 1, 1, 0, 0]
    assert (member().phone, member().get_education_display()) == ("13900000021", "大学本科")
    assert member().version == 2
    assert ImportRow.objects.get(verdict="UPDATE").prior == {"education": "30"}


def test_month_does_not_overwrite_the_day_that_is_known(load_rows):
    load_rows(ZHANG)

    assert counts(load_rows((*ZHANG[:4], "2005.07", *ZHANG[5:]))) == [1, 0, 0, 1, 0, 0]
    assert counts(load_rows((*ZHANG[:4], "2005.08", *ZHANG[5:]))) == [1, 0, 1, 0, 0, 0]
    assert str(member().joined) == "2005年8月"


def test_skip_leaves_known_people_as_they_are(load_rows):
    load_rows(ZHANG)

    told = load_rows((*ZHANG[:6], "高中"), LI, options=["--on-duplicate", "skip"])

    assert counts(told) == [2, 1, 0, 0, 1, 0]
    assert member().get_education_display() == "大专"
    assert [warning["message"] for warning in told["warnings"]] == [
        "张伟国已在一村党支部登记，内容不同，未更新。"
    ]


def test_file_that_a_command_refuses_leaves_nothing_behind(load_rows, tmp_path):
    with pytest.raises(CommandError, match="没有找到表头"):
        loader(tmp_path)(("张伟国",), headings=("谁",))
    with pytest.raises(CommandError) as refused:
        load_rows(ZHANG, options=["--sheet", "不存在"])

    assert str(refused.value) == "文件里没有名为“不存在”的工作表，有：Sheet。"
    assert not ImportBatch.objects.exists()


def test_stop_lets_nobody_in_when_somebody_is_there_already(load_rows):
    load_rows(ZHANG)

    with pytest.raises(CommandError, match="有 1 行与表中其他行或已登记的党员重复，已停止"):
        load_rows((*ZHANG[:6], "高中"), LI, options=["--on-duplicate", "stop"])

    assert Member.objects.count() == 1
    stopped = ImportBatch.objects.first()
    assert (stopped.status, stopped.reason[:12]) == ("DROPPED", "有 1 行与表中其他行或")


def test_other_way_with_known_people_may_be_chosen_after_the_preview(load_rows, staged):
    load_rows(ZHANG)
    batch = staged((*ZHANG[:6], "高中"), LI, name="第二批.xlsx")
    assert counts(batch.counts) == [2, 1, 1, 0, 0, 0]

    choose_on_duplicate(batch, "SKIP")
    assert (counts(batch.counts), batch.counts["warned"]) == ([2, 1, 0, 0, 1, 0], 1)
    choose_on_duplicate(batch, "UPDATE")
    assert (counts(batch.counts), batch.counts["warned"]) == ([2, 1, 1, 0, 0, 0], 0)

    commit(batch, actor=None)
    assert member().get_education_display() == "高中"


def test_rows_whose_person_changed_since_are_judged_again(load_rows, staged):
    load_rows(ZHANG)
    batch = staged((*ZHANG[:6], "高中"), name="第二批.xlsx")
    member().revise(actor=None, education="60")

    commit(batch, actor=None)

    assert counts(batch.counts) == [1, 0, 0, 1, 0, 0]
    assert member().version == 2


def test_person_twice_in_the_sheet_counts_once_and_differences_are_told(load_rows):
    told = load_rows(ZHANG, (*ZHANG[:5], "13900000099", "大专"), ZHANG)

    assert counts(told) == [3, 1, 0, 0, 2, 0]
    assert [warning["message"] for warning in told["warnings"]] == [
        "与第 2 行是同一人，以第 2 行为准。两行的联系电话不同。",
        "与第 2 行是同一人，以第 2 行为准。",
    ]
    assert member().phone == "13900000021"


def test_faulty_row_does_not_make_the_good_one_a_duplicate(load_rows):
    told = load_rows((*ZHANG[:4], "13月", *ZHANG[5:]), ZHANG)

    assert counts(told) == [2, 1, 0, 0, 0, 1]


def test_member_of_a_branch_elsewhere_is_an_error(load_rows, town):
    county = Organization.objects.get(code="429921")
    elsewhere = branch("429921299", "外地党支部", county)
    Member.objects.create(organization=elsewhere, name="张伟国", id_number=ID)

    told = load_rows(ZHANG)

    assert counts(told) == [1, 0, 0, 0, 0, 1]
    assert told["errors"][0]["message"] == (
        "已在本组织范围以外的党组织登记为党员，请先办理组织关系转接。"
    )


def test_member_of_another_branch_of_the_importer_moves_with_a_warning(load_rows):
    load_rows(ZHANG)

    told = load_rows((*ZHANG[:3], "二村党支部", *ZHANG[4:]))

    assert counts(told) == [1, 0, 1, 0, 0, 0]
    assert [warning["message"] for warning in told["warnings"]] == ["将由一村党支部转来，请核对。"]
    assert member().organization.name == "二村党支部"


def test_people_without_numbers_are_known_by_name_birth_and_branch(town, tmp_path):
    headings = ("姓名", "出生年月", "党支部", "入党时间", "学历")
    rows = [("张伟国", "1985.06", "一村党支部", "2005.07", "大专"),
            ("张伟国", "1985.07", "一村党支部", "2005.07", "大专")]  # fmt: skip
    told = load(workbook(tmp_path / "1.xlsx", headings, *rows))
    assert counts(told) == [2, 2, 0, 0, 0, 0]
    assert {warning["message"] for warning in told["warnings"]} == {
        "没有身份证号码，按姓名、出生日期和党支部辨认，请人工核对。"
    }

    again = load(workbook(tmp_path / "2.xlsx", headings, rows[0][:4] + ("高中",), rows[1]))
    assert counts(again) == [2, 0, 1, 1, 0, 0]


def test_same_file_is_recognised_and_changes_nothing(staged, town, tmp_path):
    first = staged(ZHANG, LI)
    commit(first, actor=None)

    path = tmp_path / "名册.xlsx"
    second = stage(open_batch(path, path.name, organization=town, actor=None), path)

    assert second.earlier_twin() == first
    assert counts(second.counts) == [2, 0, 0, 2, 0, 0]
    assert staged(ZHANG, name="另一个.xlsx").earlier_twin() is None


def test_batch_left_unfinished_is_taken_up_again(staged, town, tmp_path):
    batch = staged(ZHANG, LI)
    path = tmp_path / "名册.xlsx"

    again = stage(open_batch(path, "名册.xlsx", organization=town, actor=None), path)

    assert again.pk == batch.pk
    assert ImportBatch.objects.count() == 1
    assert again.rows.count() == 2


def test_batch_is_decided_once(staged):
    batch = staged(ZHANG)
    commit(batch, actor=None)

    with pytest.raises(NotAllowed, match="这一批已入库，请刷新后查看。"):
        commit(batch, actor=None)


def test_batch_sent_back_brings_nobody_in(staged, secretary):
    batch = staged(ZHANG)

    batch.send_back(actor=secretary, reason="缺盖章")

    assert batch.status == "RETURNED"
    assert not Member.objects.exists()
    with pytest.raises(NotAllowed, match="这一批已退回"):
        commit(batch, actor=secretary)


def test_rows_are_judged_again_when_they_go_in(staged, town):
    batch = staged(ZHANG, LI)
    one = Organization.objects.get(name="一村党支部")
    Member.enrol(actor=None, organization=one, name="张伟国", id_number=ID, sex="1")

    commit(batch, actor=None)

    assert counts(batch.counts) == [2, 1, 1, 0, 0, 0]
    assert Member.objects.count() == 2
    assert counts(report(batch)) == [2, 1, 1, 0, 0, 0]
    assert batch.rows.get(number=2).prior == {
        "joined": None, "born": None, "phone": "", "education": "",
    }  # fmt: skip


def test_cadre_proposes_for_the_own_branch_and_the_secretary_decides(staged, town, tmp_path):
    village = Organization.objects.get(name="一村党支部")
    cadre = person("cadre", "一村干部")
    post(cadre, village, Role.AGENT)
    path = workbook(tmp_path / "名册.xlsx", MORE, ZHANG)

    batch = stage(open_batch(path, "名册.xlsx", organization=village, actor=cadre), path)

    with pytest.raises(NotAllowed, match="无权办理这一批名册"):
        commit(batch, actor=cadre)
    with pytest.raises(NotAllowed, match="无权为这个党组织导入名册"):
        open_batch(path, "名册.xlsx", organization=town, actor=cadre)
    assert not Member.objects.exists()
    assert list(ImportBatch.objects.visible_to(cadre)) == [batch]


def test_correspondence_somebody_chose_is_remembered(town, tmp_path):
    headings = ("姓名", "身份证号", "党支部", "入党时间", "原服役部队")
    path = workbook(tmp_path / "1.xlsx", headings, ("张伟国", ID, "一村党支部", "2005.07", "空军"))
    batch = open_batch(path, "1.xlsx", organization=town, actor=None)
    stage(batch, path, chosen={4: "note"})
    commit(batch, actor=None)
    assert member().note == "空军"

    load(
        workbook(tmp_path / "2.xlsx", headings, ("李雪梅", LI_ID, "一村党支部", "2015.06", "海军"))
    )

    assert member("李雪梅").note == "海军"


def test_dry_run_leaves_nothing_behind(load_rows):
    told = load_rows(ZHANG, LI, options=["--dry-run"])

    assert counts(told) == [2, 2, 0, 0, 0, 0]
    assert not Member.objects.exists()
    assert not ImportBatch.objects.exists()


def test_staged_rows_are_sealed_and_follow_a_new_key(staged, settings):
    batch = staged(ZHANG, ("王红", "123", "女", "一村党支部", "13月", None, None))

    def stored():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM orgs_importrow WHERE batch_id = %s", [batch.pk])
            rows = str(cursor.fetchall())
            cursor.execute("SELECT * FROM orgs_importblock WHERE batch_id = %s", [batch.pk])
            return rows + str(cursor.fetchall())

    assert not any(said in stored() for said in ("张伟国", ID, "13900000021", "13月"))
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, 2: b"n" * 32}
    call_command("reencrypt", stdout=StringIO())

    assert "v1:" not in stored()
    good, bad = batch.rows.order_by("number")
    assert (good.raw[:2], good.values["phone"]) == (["张伟国", ID], "13900000021")
    assert [fault["value"] for fault in bad.faults] == ["123", "13月"]
