"""The organization department brings a roster of organizations for its own branch of the tree:
it waits until the system administrator lets it in, and can be taken back."""

import pytest

from orgs.models import (
    AuditEntry,
    Duty,
    ImportBatch,
    NotAllowed,
    Organization,
    Role,
    ServiceCentre,
)
from orgs.rosters.kinds import ORGANIZATIONS
from orgs.rosters.staging import open_batch, report, stage
from tests.orgs.committee_rosters import counts, messages
from tests.people import person, post
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
HEADINGS = (
    "党组织代码",
    "党组织名称",
    "上级党组织代码",
    "组织类别",
    "所属领域",
    "组建方式",
    "行政区划代码",
)
TOWN = ("429921100", "中共青溪县柳河镇委员会", "429921", "党委", "农村", "", "")
ONE = ("429921100201", "一村党支部", "429921100", "党支部", "农村", "", "")
NEW = ("429921100203", "三村党支部", "429921100", "党支部", "农村", "单独组建", "429921100203")
GROUP = ("429921100203-1", "三村第一党小组", "429921100203", "党小组", "", "", "")


@pytest.fixture
def bring(town, tmp_path):
    """`bring(row, row…)` stages below 柳河镇 and commits; returns the batch and its report."""

    def run(*rows, organization=town, on_duplicate="UPDATE", commit=True, headings=HEADINGS):
        path = workbook(tmp_path / "党组织.xlsx", headings, *rows)
        batch = open_batch(
            path, "党组织.xlsx", organization=organization, actor=None,
            on_duplicate=on_duplicate, kind=ORGANIZATIONS,
        )  # fmt: skip
        stage(batch, path)
        if commit:
            ORGANIZATIONS.commit(batch, actor=None)
        return batch, report(batch)

    return run


def find(code):
    return Organization.objects.filter(code=code).first()


def test_nothing_happens_before_somebody_decides(bring):
    batch, told = bring(TOWN, GROUP, NEW, ONE, commit=False)

    assert counts(told) == [4, 2, 0, 2, 0, 0, 0]
    assert find("429921100203") is None
    assert [row.verdict for row in batch.rows.all()] == ["UNCHANGED", "NEW", "NEW", "UNCHANGED"]

    ORGANIZATIONS.commit(batch, actor=None)

    group = find("429921100203-1")
    assert Organization.objects.get_parent(group) == find("429921100203")
    assert Organization.objects.find_problems() == ([], [], [], [], [])
    assert find("429921100").numchild == 3
    assert [row.node_id for row in batch.rows.all()][1] == group.pk
    entry = AuditEntry.objects.get(action="roster.committed")
    assert entry.note.startswith("行数 4，新增 2，更新 0，不变 2，重复 0，错误 0。")


def test_notes_samples_and_totals_are_no_organizations(bring):
    _, told = bring(
        ("示例", "XX村党支部", "", "党支部", "", "", ""),
        NEW,
        ("", "合计 1 个", "", "", "", "", ""),
        ("", "填表人：王芳", "", "", "", "", ""),
    )

    assert counts(told) == [1, 1, 0, 0, 0, 0, 3]


def test_own_branch_only(bring):
    _, told = bring(
        ("429921", "中共青溪县委员会改", "", "党委", "", "", ""),
        ("429921101", "中共青溪县白石镇委员会", "429921", "党委", "农村", "", ""),
        ("429921100204", "四村党支部", "", "党支部", "农村", "", ""),
        (*TOWN[:2], "429921100201", *TOWN[3:]),
        NEW,
    )

    assert messages(told) == [
        (2, "党组织代码", "“429921”不在中共青溪县柳河镇委员会及下级，不能由这里导入。"),
        (3, "上级党组织代码", "“429921”不在中共青溪县柳河镇委员会及下级，不能由这里导入。"),
        (4, "上级党组织代码", "上级党组织代码不能为空。"),
        (5, "上级党组织代码", "中共青溪县柳河镇委员会的上级不能由这里调整。"),
    ]
    assert find("429921100203") is not None


def test_row_without_code_is_known_by_its_superior_and_name(bring):
    _, told = bring(("", *ONE[1:5], "单独组建", ""))

    assert counts(told) == [1, 0, 1, 0, 0, 0, 0]
    assert find("429921100201").formation == "SINGLE"


def test_differing_rows_are_held_back_or_stop_everything(bring):
    changed = (*ONE[:5], "单独组建", "")

    _, told = bring(changed, NEW, on_duplicate="SKIP")
    assert counts(told) == [2, 1, 0, 0, 1, 0, 0]
    assert messages(told, "warnings") == [(2, "党组织代码", "一村党支部已登记，内容不同，未更新。")]
    with pytest.raises(NotAllowed, match="已停止"):
        bring(changed, on_duplicate="STOP")
    batch, _ = bring(changed, commit=False)
    ORGANIZATIONS.choose_on_duplicate(batch, "SKIP")
    assert batch.counts["duplicate"] == 1


def test_undo_removes_the_new_and_restores_the_changed(bring):
    moved = ("429921100202", "二村联合党支部", "429921100203", "联合党支部", "农村", "", "")
    batch, told = bring(NEW, GROUP, moved)
    assert counts(told) == [3, 2, 1, 0, 0, 0, 0]
    assert Organization.objects.get_parent(find("429921100202")).code == "429921100203"

    undone = ORGANIZATIONS.undo(batch, actor=None)

    assert (undone.removed, undone.restored, undone.kept) == (2, 1, [])
    branch = find("429921100202")
    assert (branch.name, branch.kind) == ("二村党支部", "BRANCH")
    assert Organization.objects.get_parent(branch).code == "429921100"
    assert Organization.objects.find_problems() == ([], [], [], [], [])
    assert ImportBatch.objects.get(pk=batch.pk).status == "UNDONE"


def test_undo_keeps_what_has_been_used_since(bring):
    batch, _ = bring(NEW, GROUP, (*ONE[:5], "区域联建", ""))
    ServiceCentre.objects.create(organization=find("429921100203"), kind="ROOM", name="三村室")
    find("429921100201").revise(actor=None, formation="INDUSTRY")

    undone = ORGANIZATIONS.undo(batch, actor=None)

    assert undone.removed == 1
    assert undone.kept == [
        (4, "导入后又有变更"),
        (2, "三村：下面已有党组织或其他记录"),
    ]
    assert find("429921100203-1") is None
    assert find("429921100201").formation == "INDUSTRY"


def test_department_proposes_and_the_system_administrator_decides(bring, town, tmp_path):
    reviewer, system = person("zz", "组织员"), person("sys", "管理员", Duty.SYSTEM)
    post(reviewer, town, Role.REVIEWER)
    secretary = person("sj", "书记")
    post(secretary, town, Role.SECRETARY)
    path = workbook(tmp_path / "党组织.xlsx", HEADINGS, NEW)
    place = {"organization": town, "kind": ORGANIZATIONS}

    with pytest.raises(NotAllowed, match="无权为这个党组织导入名册"):
        open_batch(path, "党组织.xlsx", actor=secretary, **place)
    with pytest.raises(NotAllowed):
        open_batch(path, "党组织.xlsx", actor=reviewer, organization=None, kind=ORGANIZATIONS)
    batch = open_batch(path, "党组织.xlsx", actor=reviewer, **place)
    stage(batch, path)
    with pytest.raises(NotAllowed, match="无权办理这一批名册"):
        ORGANIZATIONS.commit(batch, actor=reviewer)
    assert [*ImportBatch.objects.visible_to(system)] == [batch]
    ORGANIZATIONS.commit(batch, actor=system)

    assert find("429921100203") is not None
    assert AuditEntry.objects.get(action="organization.established").actor == system


def test_staged_rows_are_judged_again_when_they_go_in(bring, town):
    batch, _ = bring(NEW, commit=False)
    Organization.establish(
        actor=None, parent=town, code="429921100203", name="三村党支部", kind="BRANCH",
        sector="RURAL", formation="SINGLE", level="VILLAGE", division_code="429921100203",
        short_name="三村",
    )  # fmt: skip

    ORGANIZATIONS.commit(batch, actor=None)

    assert counts(report(batch)) == [1, 0, 0, 1, 0, 0, 0]


def test_preview_says_which_row_changes_what(bring):
    batch, _ = bring((*ONE[:2], "429921100202", "联合党支部", "", "", ""), commit=False)
    rows = list(batch.rows.all())
    presenter = ORGANIZATIONS.presenter(rows)

    assert presenter.subject(rows[0]) == "一村党支部（429921100201）"
    assert presenter.differences(rows[0]) == [
        ("组织类别", "党支部", "联合党支部"),
        ("上级党组织代码", "429921100", "429921100202"),
    ]
