"""The catalogue comes in as a file: seen first, then taken, and only what is different."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry, Role
from services.item_resource import import_items
from services.models import Category, ItemVersion, ServiceItem
from tests.sheets import workbook

IMPORT, EXPORT = reverse("services:item_import"), reverse("services:items_export")
ROW = {
    "编码": "MZ-01", "所属党组织": "柳河镇", "承办单位": "民政", "事项": "高龄津贴申领", "分类": "",
    "办理方式": "承诺办理", "法定时限": "20", "承诺时限": "5", "办理条件": "",
    "所需材料": "身份证\n户口簿", "办理流程": "", "收费": "不收费", "办理结果": "",
    "承办人": "李雪梅", "联系电话": "0717-6222310",
}  # fmt: skip


@pytest.fixture
def item(cast):
    made = cast.item()
    made.publish(
        actor=cast.centre_head, name="高龄津贴申领", mode="COMMITTED", statutory_days=20,
        promised_days=5, materials="身份证\n户口簿", handler_name="李雪梅",
        handler_phone="0717-6222310",
    )  # fmt: skip
    return made


@pytest.fixture
def upload(tmp_path):
    def upload(client, *rows, without=()):
        heads = [head for head in ROW if head not in without]
        cells = [[(ROW | row)[head] for head in heads] for row in rows]
        path = workbook(tmp_path / "items.xlsx", heads, *cells)
        return client.post(IMPORT, {"file": SimpleUploadedFile("事项.xlsx", path.read_bytes())})

    return upload


def confirmed(client, page):
    rows = page.context["confirm"]["rows"].value()
    return client.post(IMPORT, {"rows": rows}, follow=True)


def counts(page):
    report = page.context["report"]
    return tuple(report[name] for name in ("new", "changed", "unchanged", "error"))


def faults(page):
    return [(e["row"], e["column"], e["message"]) for e in page.context["report"]["errors"]]


def test_nothing_is_written_before_the_confirmation(cast, item, enter, upload):
    client = enter(cast.centre_head)

    page = upload(client, {"承诺时限": "3"}, {"编码": "MZ-02", "事项": "低保申请"})

    assert counts(page) == (1, 1, 0, 0)
    assert "承诺时限（工作日）：" in page.content.decode()
    assert (ServiceItem.objects.count(), item.versions.count()) == (1, 2)

    page = confirmed(client, page)

    assert "共 2 行：新增 1，修改 1，不变 0，错误 0。" in page.content.decode()
    item.refresh_from_db()
    assert (item.current.number, item.current.promised_days) == (3, 3)
    made = ServiceItem.objects.get(code="MZ-02")
    assert (made.department, made.current.number) == (cast.home.unit, 1)
    assert made.current.materials == "身份证\n户口簿"
    entry = AuditEntry.objects.get(action="item.imported")
    assert (entry.actor, entry.note) == (
        cast.centre_head,
        "共 2 行：新增 1，修改 1，不变 0，错误 0。",
    )


def test_unchanged_rows_publish_nothing(cast, item, enter, upload):
    client = enter(cast.centre_head)

    page = upload(client, {})

    assert counts(page) == (0, 0, 1, 0)
    assert "确认导入" not in page.content.decode()
    confirmed(client, page)
    assert item.versions.count() == 2
    assert not AuditEntry.objects.filter(action="item.imported").exists()


def test_export_comes_back_as_it_went(cast, item, enter):
    leaf, _ = Category.ensure("民政救助", "养老服务", "高龄津贴")
    client = enter(cast.centre_head)
    for code, mode, days in (("A", "DIRECT", 0), ("B", "EXPLAIN", 3), ("C", "COMMITTED", 9)):
        fields = {"name": f"事项{code}", "handler_name": "李雪梅", "handler_phone": "0717-6222310"}
        ServiceItem.introduce(
            actor=cast.centre_head, department=cast.home.other_unit, code=code, mode=mode,
            promised_days=days, category=leaf, steps="一\n二", fee="工本费 5 元", **fields,
        )  # fmt: skip
    file = client.get(EXPORT).content

    page = client.post(IMPORT, {"file": SimpleUploadedFile("事项清单.xlsx", file)})

    assert faults(page) == []
    assert counts(page) == (0, 0, 4, 0)


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"承办单位": "交通"}, "承办单位", "在您管理的范围内没有“柳河镇”的这个承办单位。"),
        ({"所属党组织": "东山乡"}, "承办单位", "在您管理的范围内没有“东山乡”的这个承办单位。"),
        ({"分类": "没有的类"}, "分类", "没有这个三级分类，或已停用，请对照诉求分类填写。"),
        ({"办理方式": "马上办"}, "办理方式", "只能填直接办理、承诺办理、明确答复。"),
        ({"承诺时限": "尽快"}, "承诺时限", "请填工作日数，如 5；当场办结填 0。"),
        ({"承诺时限": "21"}, "承诺时限", "不能超过法定时限 20 个工作日。"),
        ({"承诺时限": "0"}, "承诺时限", "承诺办理的事项请填写 1 个工作日以上。"),
        ({"事项": ""}, "事项", "事项不能为空。"),
        ({"编码": "长" * 41}, "编码", "最多 40 个字，请缩短。"),
        ({"联系电话": "12345"}, "联系电话", None),
    ],
)
def test_bad_row_is_named_in_plain_words_and_others_go_on(
    cast, item, enter, upload, change, column, words
):
    client = enter(cast.centre_head)

    page = upload(client, change, {"编码": "MZ-02", "事项": "低保申请"})

    assert counts(page) == (1, 0, 0, 1)
    [(row, named, message)] = faults(page)
    assert (row, named) == (2, column)
    assert words is None or message == words
    confirmed(client, page)
    assert ServiceItem.objects.count() == 2
    assert item.versions.count() == 2


def test_same_code_twice_in_a_file_counts_once(cast, enter, upload):
    page = upload(enter(cast.centre_head), {}, {"事项": "又一个"})

    assert counts(page) == (1, 0, 0, 1)
    assert faults(page) == [(3, "编码", "与第 2 行是同一个事项。")]


def test_columns_that_are_missing_leave_what_there_is(cast, item, enter, upload):
    client = enter(cast.centre_head)

    page = upload(
        client, {"事项": "高龄津贴"}, without=("所需材料", "收费", "法定时限", "所属党组织")
    )
    confirmed(client, page)

    item.refresh_from_db()
    assert (item.current.name, item.current.materials) == ("高龄津贴", "身份证\n户口簿")
    assert (item.current.statutory_days, item.current.fee) == (20, "不收费")


def test_file_without_its_headings_is_refused(cast, enter, upload):
    page = upload(enter(cast.centre_head), {}, without=("编码",))

    assert page.context["form"].errors["file"] == [
        "没有找到表头，缺少这些列：编码。请核对后再导入。"
    ]


def test_category_is_found_by_its_leaf_unless_there_are_two(cast, item, enter, upload):
    Category.ensure("民政救助", "养老服务", "高龄津贴")
    Category.ensure("社会保障", "养老保险", "补缴")
    Category.ensure("社会保障", "医疗保险", "补缴")
    client = enter(cast.centre_head)

    several = {"编码": "B", "分类": "补缴"}, {"编码": "C", "分类": "医疗保险/补缴"}

    page = upload(client, {"分类": "高龄津贴"}, *several)

    assert counts(page) == (1, 1, 0, 1)
    assert faults(page)[0][2].startswith("有几个同名的三级分类")


def test_category_that_closed_stays_where_it_is(cast, item, enter, upload):
    leaf, _ = Category.ensure("民政救助", "养老服务", "高龄津贴")
    ItemVersion.objects.filter(pk=item.current_id).update(category=leaf)
    leaf.revise(actor=cast.system_admin, name=leaf.name, is_active=False)
    said = {"分类": "民政救助 / 养老服务 / 高龄津贴"}

    page = upload(enter(cast.centre_head), said, {"编码": "MZ-02", **said})

    assert counts(page) == (0, 0, 1, 1)
    assert faults(page) == [(3, "分类", "没有这个三级分类，或已停用，请对照诉求分类填写。")]


def test_row_may_entrust_the_item_to_another_unit(cast, item, enter, upload):
    client = enter(cast.centre_head)

    page = upload(client, {"承办单位": "城建"})

    assert "承办单位：" in page.content.decode()
    confirmed(client, page)
    item.refresh_from_db()
    assert (item.department, item.current.number) == (cast.home.other_unit, 2)


def test_version_published_after_the_preview_is_not_overwritten(cast, item, enter, upload):
    client = enter(cast.centre_head)
    page = upload(client, {"承诺时限": "3"})
    fields = {"handler_name": "李雪梅", "handler_phone": "0717-6222310"}
    item.publish(actor=cast.centre_head, name="新名", mode="COMMITTED", promised_days=4, **fields)

    page = confirmed(client, page)

    assert "预览之后已发布第 3 版" in page.content.decode()
    item.refresh_from_db()
    assert item.current.name == "新名"


def test_unit_that_closed_keeps_its_items_and_gets_no_new_ones(cast, item, enter, upload):
    cast.home.unit.is_active = False
    cast.home.unit.save()

    page = upload(enter(cast.centre_head), {"承诺时限": "3"}, {"编码": "MZ-02"})

    assert counts(page) == (0, 1, 0, 1)
    assert faults(page) == [(3, "承办单位", "这个承办单位已停用，请换一个。")]


def test_preview_of_one_head_is_no_use_to_another(cast, item, enter, upload):
    page = upload(enter(cast.centre_head), {"承诺时限": "3"})

    answer = confirmed(enter(cast.away.people[Role.CENTRE_HEAD]), page)

    assert "预览已过期，请重新上传文件。" in answer.content.decode()
    assert item.versions.count() == 2


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CENTRE_HEAD])
def test_only_the_head_of_the_centre_imports(cast, enter, upload, role):
    client = enter(cast.home.people[role])

    assert client.get(IMPORT).status_code == 403
    assert upload(client, {}).status_code == 403


def test_template_is_an_empty_sheet_that_imports(cast, enter):
    file = enter(cast.centre_head).get(IMPORT, {"template": 1}).content
    heads = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(file)).active[1]]

    assert heads[:3] == ["编码（必填）", "所属党组织", "承办单位（必填）"]
    assert {head.removesuffix("（必填）") for head in heads} == {*ROW}


def asked(queries) -> int:
    """How many, but for the savepoints in which the library wraps each row."""
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_preview_asks_as_often_for_many_rows_as_for_one(cast, enter, upload):
    Category.ensure("民政救助", "养老服务", "高龄津贴")
    same = {
        "category": "高龄津贴", "unit": "民政", "mode": "承诺办理", "promised_days": "5",
        "handler_name": "李", "handler_phone": "0717-6222310",
    }  # fmt: skip
    rows = [(n, {"code": f"A{n}", "name": f"事项{n}", **same}) for n in range(1, 30)]
    with CaptureQueriesContext(connection) as one:
        import_items(rows[:1], actor=cast.centre_head, dry_run=True)
    with CaptureQueriesContext(connection) as many:
        report, _ = import_items(rows, actor=cast.centre_head, dry_run=True)

    assert (asked(many), report.counts["new"]) == (asked(one), 29)
    assert not ItemVersion.objects.exists()
