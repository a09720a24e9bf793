"""While a clerk types a matter, item, category and unit are suggested: by their words, and by how
the town has filed what is similar. Staff teach it by filing and correcting, and it never binds.
"""

import json
import subprocess
from collections import defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgs.models import Department
from orgs.row_import import read_records
from services.models import Category, Mode, ServiceItem, ServiceRequest
from services.suggestion import Suggestions, suggest
from services.suggestion_model import Classifier, Memory, Vocabulary, joined, votes
from services.suggestion_words import words_of
from tests.servers import ROOT
from tests.sheets import workbook

BROKEN = "村口的路灯坏了三天，晚上走路看不见，请派人来修。"
HEADINGS = {"title": "留言主题", "body": "留言详情", "label": "一级分类"}


def names(suggestions):
    return [str(row.target) for row in suggestions]


def publish(cast, name, *, code, category=None, conditions="", unit=None):
    unit = unit or cast.home.unit
    item = ServiceItem.objects.create(organization=unit.organization, department=unit, code=code)
    item.publish(
        actor=cast.centre_head, name=name, mode=Mode.COMMITTED, promised_days=5,
        category=category, conditions=conditions, handler_name="李雪梅", handler_phone="1",
    )  # fmt: skip
    return item


def dispatched(cast, department, **fields):
    request = cast.register(accept=True, **fields)
    request.dispatch(actor=cast.dispatcher, department=department)
    return request


@pytest.fixture
def lamps(db):
    return Category.ensure("国土建设", "村庄环境", "路灯维修")[0]


@pytest.fixture
def home(cast):
    return cast.home.organization


# --- what the catalogue says


def test_two_words_bring_item_category_and_unit(cast, home):
    allowance = Category.ensure("民政救助", "养老服务", "高龄津贴")[0]
    item = publish(cast, "高龄津贴申领", code="MZ-01", category=allowance)
    publish(cast, "残疾人证申领", code="CL-01", unit=cast.home.other_unit)

    found = suggest("高龄 津贴", organization=home)

    assert [row.target for row in found.items] == [item]
    assert found.categories[0].target == allowance
    assert [row.target for row in found.departments] == [cast.home.unit]
    assert found.items[0].reason == "与事项名称、条件相符"
    assert 0 < found.items[0].score <= 1


def test_conditions_name_what_the_name_does_not(cast, home):
    item = publish(
        cast, "辅助器具申请", code="CL-02", conditions="需要轮椅、拐杖、助听器的残疾人。"
    )

    assert [row.target for row in suggest("想要一把轮椅", organization=home).items] == [item]


def test_categories_are_found_by_their_own_and_their_themes_words(cast, home, lamps):
    assert [row.target for row in suggest("路灯坏了", organization=home).categories] == [lamps]

    by_theme = suggest("工地半夜施工", organization=home).categories

    assert [(str(row.target), row.reason) for row in by_theme] == [("国土建设", "与分类用词相符")]


@pytest.mark.parametrize("text", ["", "   ", "今天来过", "139 0000 0021", "。，！"])
def test_what_says_nothing_brings_nothing(cast, home, lamps, text):
    publish(cast, "高龄津贴申领", code="MZ-01")
    cast.register(subject="路灯坏了", content=BROKEN, category=lamps)

    assert suggest(text, organization=home) == Suggestions()


# --- what the town has filed


def test_similar_past_requests_are_followed(cast, home, lamps):
    for _ in range(3):
        dispatched(cast, cast.home.other_unit, subject="路灯不亮", content=BROKEN, category=lamps)

    found = suggest("我们组的路灯不亮了，请来修", organization=home)

    assert [(row.target, row.reason) for row in found.categories] == [(lamps, "与近期 3 件相似")]
    assert [(row.target, row.reason) for row in found.departments] == [
        (cast.home.other_unit, "与近期 3 件相似")
    ]


def test_one_or_two_cases_are_not_counted_out(cast, home, lamps):
    cast.register(subject="路灯不亮", content=BROKEN, category=lamps)

    assert suggest("路灯不亮", organization=home).categories[0].reason == "与近期办件相似"


def test_corrections_count_at_once(cast, home, lamps):
    wrong, right = cast.home.unit, cast.home.other_unit
    row = dispatched(cast, wrong, subject="路灯不亮", content=BROKEN, category=lamps)
    assert [s.target for s in suggest("路灯不亮", organization=home).departments] == [wrong]

    row.transfer(actor=cast.centre_head, department=right, reason="属城建职责")
    other = Category.ensure("国土建设", "村庄环境", "公共设施")[0]
    ServiceRequest.objects.filter(pk=row.pk).update(category=other)

    found = suggest("灯不亮了", organization=home)
    assert [s.target for s in found.departments] == [right]
    assert [s.target for s in found.categories] == [other]


def test_unit_that_sent_a_case_back_is_not_suggested_for_it(cast, home):
    row = dispatched(cast, cast.home.unit, subject="路灯不亮", content=BROKEN)
    suggest("路灯不亮", organization=home)

    row.send_back(actor=cast.unit_head, reason="不属民政职责")

    assert suggest("路灯不亮", organization=home).departments == []


def test_new_requests_and_new_items_are_known_at_once(cast, home, lamps):
    assert suggest("路灯不亮", organization=home).items == []

    item = publish(cast, "路灯报修", code="CJ-01", category=lamps)
    assert [row.target for row in suggest("路灯不亮", organization=home).items] == [item]
    for _ in range(3):
        cast.register(subject="路灯报修", content=BROKEN, item_version=item.current)

    assert suggest("路灯不亮", organization=home).items[0].reason == "与近期 3 件相似"


def test_renamed_category_is_known_by_its_new_name_within_ten_minutes(cast, home, lamps, clock):
    assert suggest("界碑倒了", organization=home).categories == []
    lamps.revise(actor=cast.system_admin, name="界碑扶正", is_active=True)

    clock.advance(minutes=11)

    assert names(suggest("界碑倒了", organization=home).categories) == ["界碑扶正"]


def test_new_version_keeps_what_was_learned_of_the_item(cast, home):
    item = publish(cast, "公共设施报修", code="CJ-01")
    cast.register(subject="报修", content=BROKEN, item_version=item.current)
    item.publish(
        actor=cast.centre_head, name="镇区设施维护", mode=Mode.COMMITTED, promised_days=3,
        handler_name="李雪梅", handler_phone="1",
    )  # fmt: skip

    assert names(suggest("路灯坏了晚上看不见", organization=home).items) == ["镇区设施维护"]


# --- whose cases, whose items


def test_village_learns_from_its_town_and_town_from_its_villages(cast, home, lamps):
    cast.register(
        actor=cast.agent, organization=cast.home.village, subject="灯", content=BROKEN,
        category=lamps,
    )  # fmt: skip

    for place in (home, cast.home.village):
        assert [s.target for s in suggest("路灯坏了", organization=place).categories] == [lamps]


def test_sister_town_lends_neither_cases_nor_items_nor_units(cast, home):
    away, stone = cast.away, {"subject": "界碑倒了", "content": "石桥头的界碑倒了，请扶起来。"}
    item = publish(cast, "界碑维护", code="CJ-01", unit=away.other_unit)
    kind = Category.ensure("其他一级", "其他二级", "别处的分类")[0]
    row = cast.register(
        actor=cast.outsider, organization=away.organization, category=kind,
        item_version=item.current, accept=True, **stone,
    )  # fmt: skip
    row.dispatch(actor=away.people["DISPATCHER"], department=away.unit)

    assert suggest("界碑倒了", organization=home) == Suggestions()
    there = suggest("界碑倒了", organization=away.organization)
    assert (names(there.items), names(there.categories)) == (["界碑维护"], ["别处的分类"])
    assert away.unit in [s.target for s in there.departments]


def test_item_of_one_village_is_not_offered_in_the_town(cast, home):
    village = Department.objects.create(organization=cast.home.village, name="村委会")
    item = publish(cast, "路灯报修", code="CJ-01", unit=village)

    assert [s.target for s in suggest("路灯", organization=cast.home.village).items] == [item]
    assert suggest("路灯", organization=home).items == []


def test_what_is_switched_off_is_not_suggested(cast, home, lamps):
    item = publish(cast, "路灯报修", code="CJ-01", category=lamps)
    dispatched(cast, cast.home.unit, subject="路灯不亮", content=BROKEN, item_version=item.current)
    before = suggest("路灯不亮", organization=home)
    assert all((before.items, before.categories, before.departments))

    item.switch(False, actor=cast.centre_head)
    Category.objects.filter(name="国土建设").update(is_active=False)
    Department.objects.filter(pk=cast.home.unit.pk).update(is_active=False)

    assert suggest("路灯不亮", organization=home) == Suggestions()


# --- how much work it is


def test_number_of_queries_does_not_grow_with_the_cases(cast, home, lamps):
    item = publish(cast, "路灯报修", code="CJ-01", category=lamps)
    spent = []
    for more in (1, 3):
        for _ in range(more):
            dispatched(
                cast, cast.home.unit, subject="路灯不亮", content=BROKEN,
                category=lamps, item_version=item.current,
            )  # fmt: skip
        suggest("路灯不亮", organization=home)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = suggest("路灯不亮", organization=home, limit=1)
            [str(row.target) for row in (*found.items, *found.departments)]
            [row.target.full_name for row in found.categories]
        spent.append(len(queries))

    assert spent == [8, 8]


# --- the comparison itself


def test_nearest_first_and_single_characters_are_no_likeness():
    memory = Memory(
        [("lamp", "路灯不亮", BROKEN), ("road", "路面坑洼", "村道路面破损"), ("x", "灯谜", "")]
    )

    assert [key for key, _ in memory.nearest("路灯 坏了")] == ["lamp"]
    assert [key for key, _ in memory.nearest("村口的路面")] == ["road", "lamp"]
    assert memory.nearest("路 灯 亮") == []


def test_figures_are_never_compared():
    memory = Memory([("a", "电话13900000021", "身份证 420527194403070011")])

    assert memory.nearest("13900000021 420527194403070011") == []
    assert [key for key, _ in memory.nearest("电话")] == ["a"]


def test_shares_add_up_and_order_is_fixed():
    assert votes([("a", 0.6), ("b", 0.8)]) == {"a": pytest.approx(0.36), "b": pytest.approx(0.64)}
    assert votes([]) == {}
    assert list(joined({"a": 0.2, "b": 0.4}, {"a": 0.4, "c": 0.1})) == ["a", "b", "c"]


def test_word_of_several_labels_speaks_less_for_each_and_hints_at_none():
    vocabulary = Vocabulary({"乡": ["安置", "拆迁"], "民": ["安置"]})

    assert vocabulary.hints() == [("乡", "拆迁")]
    shares = vocabulary.shares("", "安置")
    assert shares["乡"] == shares["民"]
    assert vocabulary.shares("", "拆迁")["乡"] > shares["乡"]


# --- script/bench suggest


def bench(*arguments):
    return subprocess.run(
        [ROOT / "script" / "bench", *arguments], capture_output=True, text=True, timeout=120
    )


def test_bench_measures_workbooks_with_columns_in_any_order(tmp_path):
    train = workbook(
        tmp_path / "a.xlsx",
        ["一级分类", "留言详情", "编号", "留言主题"],
        ["教育文体", "学校补课收费", 1, "学校补课"],
        ["交通运输", "出租车不打表", 2, "出租车乱收费"],
        [None, "没有分类的行", 3, "路灯"],
    )
    test = workbook(
        tmp_path / "b.xlsx",
        ["留言编号", "留言主题", "留言时间", "留言详情", "一级分类"],
        [7, "中学周末补课", "2020/1/6", "老师要求补课", "教育文体"],
        [8, "打车被绕路", "2020/1/6", "出租车司机绕路", "交通运输"],
        [9, "河水发臭", "2020/1/6", "工厂偷排", "环境保护"],
    )

    done = bench("suggest", str(train), str(test))

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told.pop("ms") >= 0
    assert told.pop("train_s") >= 0
    assert told == {"train": 2, "test": 3, "classes": 2, "top1": 0.6667, "top3": 0.6667}


def test_bench_says_what_it_misses(tmp_path):
    sheet = workbook(tmp_path / "a.xlsx", ["留言主题", "留言详情"], ["a", "b"])

    lacking = bench("suggest", str(sheet), str(sheet))
    unknown = bench("nothing")

    assert (lacking.returncode, lacking.stdout) == (1, "")
    assert "一级分类" in lacking.stderr
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "suggest" in unknown.stderr


def labelled_messages(shared_data):
    rows = read_records(shared_data / "labelled-messages.xlsx", HEADINGS)
    return [tuple(str(row[name]) for name in HEADINGS) for _, row in rows]


def test_real_messages_are_told_apart(shared_data):
    """Five-fold: every class spread over the folds, the same message never on both sides."""
    rows, folds = labelled_messages(shared_data), defaultdict(list)
    for number, row in enumerate(sorted(rows, key=lambda row: (row[2], row[0]))):
        folds[number % 5].append(row)
    first = third = 0
    for fold, unseen in folds.items():
        titles = {title for title, *_ in unseen}
        seen = [row for other in folds.values() if other is not folds[fold] for row in other]
        seen = [row for row in seen if row[0] not in titles]
        classifier = Classifier(seen, {label: words_of(label) for *_, label in seen})
        for title, body, label in unseen:
            ranking = list(classifier.shares(title, body))
            first += ranking[:1] == [label]
            third += label in ranking[:3]

    assert len(rows) == 248
    assert first / len(rows) > 0.9
    assert third / len(rows) > 0.98
