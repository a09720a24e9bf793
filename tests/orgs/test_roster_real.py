"""Words that rosters in real offices use: whom they list beside members, and how they say it."""

import pytest

from orgs.models import CommitteeSeat, ImportBatch, Member
from tests.orgs.committee_rosters import CHEN, LONG, WIDE, bringer, counts, messages, seats
from tests.orgs.rosters import branch, id_number, load
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
QIN, XIANG = id_number("19580412", 3), id_number("19671103", 4)
HEAD = ("序号", "姓名", "性别", "身份证号码", "联系电话")
FIRST, SECOND = (1, "覃德清", "男", QIN, "13907170000"), (2, "向春桃", "女", XIANG, "13907170001")
ONE, TOWN = "429921100201", "429921100"


@pytest.fixture
def told(town, tmp_path):
    """`told(row, row…)` imports a sheet with these rows into 一村党支部."""

    def run(*rows, code=ONE, sheet="名册"):
        return load(workbook(tmp_path / "名册.xlsx", *rows, title=sheet), code)

    return run


@pytest.fixture
def bring(town, tmp_path):
    return bringer(town, tmp_path)


def people(told):
    return [told[name] for name in ("new", "error", "skipped")]


def column(heading, value):
    return ("姓名", "身份证号码", heading), ("覃德清", QIN, value)


@pytest.mark.parametrize(
    "said",
    [
        "民盟盟员",
        "民革党员",
        "无党派人士",
        "一般群众",
        "九三学社社员",
        "共青团员",
        "非党员",
        "发展对象及入党积极分子",
        "党员发展对象",
        "中共积极分子",
    ],
)
def test_who_is_no_member_is_refused_whatever_the_word(told, said):
    report = told(*column("政治面貌", said))

    assert people(report) == [0, 1, 0]
    assert report["errors"][0]["message"] == f"“{said}”不是党员，不能导入党员名册。"


@pytest.mark.parametrize(
    ("heading", "said", "stage"),
    [
        ("组织身份", "预备党员", "PROBATIONARY"), ("预/正", "预", "PROBATIONARY"),
        ("正式/预备", "正", "FULL"), ("人员类别", "224_预备党员", "PROBATIONARY"),
        ("政治面貌", "01 中共党员", "FULL"), ("政治面貌", "中共党员（预备）", "PROBATIONARY"),
        ("是否预备党员", "是", "PROBATIONARY"), ("是否预备党员", "否", "FULL"),
        ("人员类别", "预备（原发展对象）", "PROBATIONARY"),
        ("是否为正式党员", "否", "PROBATIONARY"), ("是否党员", "是", ""),
    ],
)  # fmt: skip
def test_stage_as_other_systems_write_it(told, heading, said, stage):
    assert people(told(*column(heading, said))) == [1, 0, 0]
    assert Member.objects.get().stage == stage


def test_column_that_asks_whether_somebody_is_a_member(told):
    report = told(*column("是否为党员", "否"))

    assert [error["message"] for error in report["errors"]] == ["不是党员，不能导入党员名册。"]


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ("已死亡", "DECEASED"),
        ("已出党", "REMOVED"),
        ("已停止党籍", "SUSPENDED"),
        ("转出", "MOVED_OUT"),
    ],
)
def test_who_is_gone_by_the_column_of_the_stage(told, said, standing):
    assert people(told(*column("党员类别", said))) == [1, 0, 0]
    assert (Member.objects.get().stage, Member.objects.get().standing) == ("", standing)


def test_day_of_leaving_is_a_doubt(told):
    report = told(*column("转出时间", "2020-02-01"))

    assert people(report) == [1, 0, 0]
    assert [note["message"] for note in report["warnings"]] == [
        "填了转出时间“2020-02-01”，可能已不在党支部，请核对党籍状态。"
    ]


def test_stage_in_the_column_of_the_standing_fills_a_blank_and_is_compared(told):
    report = told(
        ("姓名", "身份证号码", "人员类别", "党籍状态"),
        ("覃德清", QIN, None, "预备党员"),
        ("向春桃", XIANG, "正式党员", "预备党员"),
    )

    assert dict(Member.objects.values_list("name", "stage")) == {
        "覃德清": "PROBATIONARY", "向春桃": "FULL",
    }  # fmt: skip
    assert [(note["row"], note["message"]) for note in report["warnings"]] == [
        (3, "与人员类别不一致（人员类别为正式党员）。")
    ]


@pytest.mark.parametrize(
    "label",
    ["三、入党积极分子名单", "发展对象及入党积极分子（2人）", "流动入党积极分子", "发展对象"],
)
def test_people_below_a_label_who_are_no_members(told, label):
    assert people(told(HEAD, FIRST, (label,), SECOND)) == [1, 1, 1]


@pytest.mark.parametrize(
    ("label", "field", "value"),
    [
        ("预备党员名单", "stage", "PROBATIONARY"), ("二、中共预备党员", "stage", "PROBATIONARY"),
        ("二、预备期党员（1名）", "stage", "PROBATIONARY"), ("现有正式党员", "stage", "FULL"),
        ("已去世党员", "standing", "DECEASED"), ("三、转出党员", "standing", "MOVED_OUT"),
    ],
)  # fmt: skip
def test_what_a_label_says_holds_for_those_below(told, label, field, value):
    report = told(HEAD, FIRST, (label,), SECOND)

    assert people(report) == [2, 0, 1]
    below, other = Member.objects.get(name="向春桃"), Member.objects.get(name="覃德清")
    assert getattr(below, field) == value != getattr(other, field)
    assert len(report["warnings"]) == (field == "standing")


@pytest.mark.parametrize("part", ["第一党小组", "续表", "一村党支部"])
def test_part_of_a_branch_is_no_end_of_what_the_label_above_says(told, part):
    report = told(("一村党支部花名册",), HEAD, ("入党积极分子",), FIRST, (part,), SECOND)

    assert people(report)[:2] == [0, 2]


def test_branches_below_a_label_and_labels_below_a_branch(told):
    above = told(
        HEAD, ("二、预备党员",), ("一村党支部",), FIRST, ("二村党支部",), SECOND, code=TOWN
    )
    assert people(above)[0] == 2
    assert set(Member.objects.values_list("stage", "organization__name")) == {
        ("PROBATIONARY", "一村党支部"), ("PROBATIONARY", "二村党支部"),
    }  # fmt: skip


def test_label_of_one_branch_is_none_of_the_next(told):
    told(HEAD, ("一村党支部",), ("预备党员",), FIRST, ("二村党支部",), SECOND, code=TOWN)

    assert dict(Member.objects.values_list("name", "stage")) == {
        "覃德清": "PROBATIONARY", "向春桃": "",
    }  # fmt: skip


def test_roster_of_people_who_are_no_members(told):
    titled = told(("柳河镇2026年入党积极分子名册",), HEAD, FIRST, SECOND)
    assert people(titled) == [0, 2, 0]
    assert "列在“柳河镇2026年入党积极分子名册”下面" in titled["errors"][0]["message"]
    assert people(told(HEAD, FIRST, SECOND, sheet="发展对象")) == [0, 2, 0]
    mixed = told(("一村党员及入党积极分子花名册",), HEAD, FIRST)
    assert people(mixed) == [1, 0, 0]


def test_notes_below_the_id_number_are_nobody(told):
    report = told(
        ("姓名", "性别", "身份证号码", "入党时间"),
        ("（填写本人姓名）", None, "（文本格式）", None),
        ("覃德清", "男", QIN, "1985.07"),
        (None, None, "1、红色字段为必填，其他可以不填"),
        ("向春桃", "女", "不知道身份证号码", None),
    )

    assert people(report) == [1, 1, 2]


def test_code_of_the_branch_counts_where_its_name_is_no_help(told):
    report = told(
        ("姓名", "身份证号码", "所在党支部编码", "所在党支部"),
        ("覃德清", QIN, ONE, None), ("向春桃", XIANG, "429921100202", "第一党支部"), code=TOWN,
    )  # fmt: skip

    assert people(report) == [2, 0, 0]


def test_vacant_post_is_nobody(bring):
    bring(CHEN)

    batch, told = bring(("一村", "空缺", "书记", *[""] * 6), headings=LONG)
    assert (counts(told)[:2], counts(told)[5:]) == ([0, 0], [0, 1])
    batch, told = bring(("一村", "2021.3", "暂缺", "田秀英", "缺", "待定"), headings=WIDE)

    assert counts(told)[5] == 0
    assert "写的是“暂缺”，没有登记人。" in [text for *_, text in messages(told, "warnings")]
    assert seats() == [("陈立国", "书记"), ("田秀英", "副书记")]
    assert CommitteeSeat.objects.open().count() == 2


def test_row_with_vacancies_only_says_so(bring):
    _, told = bring(("一村", "2021.3", "空缺", "—", None, None), headings=WIDE)

    assert [text for *_, text in messages(told)] == ["这一行没有班子成员的姓名。"]


def test_blank_post_where_the_heading_says_what_it_means(bring):
    _, told = bring(
        ("一村", "陈立国", "书记"), ("一村", "田秀英", None),
        headings=("所属党支部", "姓名", "职务（留空默认为委员）"),
    )  # fmt: skip

    assert counts(told)[5] == 0
    assert seats() == [("陈立国", "书记"), ("田秀英", "委员")]


def test_day_of_coming_is_no_day_of_leaving(told):
    report = told((*HEAD, "组织关系转入时间"), (*FIRST, "2020-02-01"))

    assert (people(report), report["warnings"]) == ([1, 0, 0], [])


@pytest.mark.parametrize(
    ("written", "hint"),
    [("石桥湾支部", "名称相近的有：石桥湾村党支部。"), ("十八湾村党支部", "请核对名称")],
)
def test_only_names_that_are_alike_without_their_endings_are_offered(told, town, written, hint):
    branch("429921100203", "石桥湾村党支部", town)

    report = told(("姓名", "身份证号码", "所在党支部"), ("覃德清", QIN, written), code=TOWN)

    row = ImportBatch.objects.get().rows.get()
    assert (people(report), row.faults[0]["hint"].startswith(hint)) == ([0, 1, 0], True)


@pytest.mark.parametrize("name", ["民建村党支部", "民进村党总支"])
def test_villages_that_are_called_like_a_party_are_none(told, town, name):
    branch("429921100203", name, town)

    report = told((f"{name}花名册",), HEAD, FIRST, (name,), SECOND, code=TOWN, sheet=name[:3])

    assert people(report)[:2] == [2, 0]


@pytest.mark.parametrize("label", ["一村党支部", "二、2024年新增"])
def test_title_of_people_who_are_no_members_outlives_every_label(told, label):
    report = told(("入党积极分子花名册",), HEAD, (label,), FIRST, code=ONE)

    assert people(report)[:2] == [0, 1]


def test_sentence_about_people_who_are_no_members_is_no_label(told):
    report = told(HEAD, ("本表不含积极分子、发展对象和入党申请人",), FIRST)

    assert people(report)[:2] == [1, 0]


def test_person_of_whom_little_is_filled_in_is_a_person(told):
    heads = ("姓名", "性别", "入党时间", "学历", "家庭住址")
    report = told(heads, ("陈建国", "男", "未填写", "未填写", "未填写"))

    assert people(report) == [1, 0, 0]


@pytest.mark.parametrize(
    ("rows", "standing", "warned"),
    [
        ([("姓名", "身份证号码", "人员类别", "党籍状态"), ("覃德清", QIN, "去世", "正常")],
         "DECEASED", "与人员类别不一致，按去世登记，请核对。"),
        ([("姓名", "身份证号码", "党籍状态", "性别"), ("已去世党员",),
          ("覃德清", QIN, "正常", "男")],
         "NORMAL", "列在“已去世党员”下面，党籍状态却是正常，请核对。"),
    ],
)  # fmt: skip
def test_contradictions_about_who_is_gone_are_told(told, rows, standing, warned):
    report = told(*rows)

    assert [note["message"] for note in report["warnings"]] == [warned]
    assert Member.objects.get().standing == standing
