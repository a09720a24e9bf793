"""Categories: a tree of three levels that its keepers change, and files that bring it whole."""

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry
from services.default_categories import default_paths
from services.models import Category
from tests.sheets import workbook

TREE = reverse("services:categories")
IMPORT = reverse("services:category_import")
HEAD = "一级分类,二级分类,三级分类\n"


@pytest.fixture
def leaf(db):
    Category.objects.filter(level=3).delete()
    Category.objects.filter(level=2).delete()
    Category.objects.all().delete()
    return Category.ensure("民政救助", "养老服务", "高龄津贴")[0]


def upload(text, name="分类.csv"):
    return {"file": SimpleUploadedFile(name, text.encode("utf-8-sig"))}


def shown(page):
    return [
        f"{top['row']}/{middle['row']}/{leaf['row']}"
        for top in page.context["tree"]
        for middle in top["below"]
        for leaf in middle["below"]
    ]


def run(path):
    said = StringIO()
    call_command("import_categories", str(path), "--json", stdout=said)
    return json.loads(said.getvalue())


def test_new_portal_has_the_default_list(db):
    paths = default_paths()

    assert Category.objects.leaves().count() == len(paths) == len(set(paths))
    assert len({first for first, _, _ in paths}) >= 10
    assert Category.ensure(*paths[0])[0].full_name == " / ".join(paths[0])


def test_real_list_loads_whole_and_once(db, shared_data):
    before = Category.objects.leaves().count()
    file = shared_data / "request-categories.csv"

    first, second = run(file), run(file)

    nothing = {"error": 0, "errors": []}
    assert first == {"rows": 517, "new": 517, "unchanged": 0} | nothing
    assert second == {"rows": 517, "new": 0, "unchanged": 517} | nothing
    assert Category.objects.leaves().count() == before + 517


def test_merged_cells_mean_the_cell_above(leaf, tmp_path):
    path = workbook(
        tmp_path / "分类.xlsx",
        ["某县诉求分类表"],
        ["一级分类", "二级分类", "三级分类"],
        ["民政救助", "养老服务", "高龄津贴"],
        [None, None, "居家养老"],
        [None, "困难救助", "临时救助"],
    )

    report = run(path)

    assert (report["rows"], report["new"], report["unchanged"]) == (3, 2, 1)
    assert [row.full_name for row in Category.objects.leaves().with_full_name()] == [
        "民政救助 / 养老服务 / 高龄津贴",
        "民政救助 / 养老服务 / 居家养老",
        "民政救助 / 困难救助 / 临时救助",
    ]


def test_bad_rows_are_named_and_the_others_go_in(leaf, tmp_path):
    path = tmp_path / "分类.csv"
    long_name = "长" * 41
    path.write_text(f"{HEAD}水利,饮水,\n水利,饮水,{long_name}\n水利,饮水,停水\n", "utf-8")

    report = run(path)

    assert (report["new"], report["error"]) == (1, 2)
    assert [(e["row"], e["column"], e["message"]) for e in report["errors"]] == [
        (2, "三级分类", "三级分类不能为空。"),
        (3, "三级分类", "最多 40 个字，请缩短。"),
    ]


def test_file_without_the_headings_is_refused(db, tmp_path):
    path = tmp_path / "分类.csv"
    path.write_text("名称\n低保\n", "utf-8")

    with pytest.raises(CommandError, match="没有找到表头"):
        run(path)
    with pytest.raises(CommandError, match="打不开文件"):
        run(tmp_path / "没有.csv")


def test_keeper_previews_and_only_then_imports(cast, leaf, enter):
    client = enter(cast.system_admin)

    page = client.post(IMPORT, upload(f"{HEAD}民政救助,养老服务,高龄津贴\n水利,饮水,停水\n"))

    assert page.context["report"]["new"] == page.context["report"]["unchanged"] == 1
    assert page.context["made"] == [("水利", "饮水", "停水")]
    assert not Category.objects.filter(name="水利").exists()
    rows = page.context["confirm"].initial["rows"]
    answer = client.post(IMPORT, {"rows": rows}, follow=True)
    assert "水利/饮水/停水" in shown(answer)
    entry = AuditEntry.objects.get(action="category.imported")
    assert (entry.actor, entry.note) == (cast.system_admin, "新增 1 个三级分类")
    client.post(IMPORT, {"rows": rows})
    assert Category.objects.leaves().count() == 2


def test_preview_of_somebody_else_and_old_ones_are_refused(cast, leaf, enter, clock):
    client = enter(cast.system_admin)
    page = client.post(IMPORT, upload(f"{HEAD}水利,饮水,停水\n"))
    rows = page.context["confirm"].initial["rows"]

    enter(cast.centre_head).post(IMPORT, {"rows": rows})
    client = enter(cast.system_admin)
    client.post(IMPORT, {"rows": rows + "x"})
    clock.advance(hours=2)
    page = enter(cast.system_admin).post(IMPORT, {"rows": rows}, follow=True)

    assert "预览已过期，请重新上传文件。" in page.content.decode()
    assert Category.objects.leaves().count() == 1


def test_unreadable_file_is_an_error_at_the_field(cast, leaf, enter):
    client = enter(cast.centre_head)

    page = client.post(IMPORT, upload("名称\n低保\n"))

    assert "没有找到表头" in page.context["form"].errors["file"][0]
    page = client.post(IMPORT, upload("x", name="分类.exe"))
    assert "file" in page.context["form"].errors


def test_list_comes_down_as_a_file_that_goes_up_again(cast, leaf, enter, tmp_path):
    answer = enter(cast.system_admin).get(IMPORT, {"template": 1})
    path = tmp_path / "诉求分类.xlsx"
    path.write_bytes(answer.content)

    report = run(path)

    assert (report["rows"], report["unchanged"], report["error"]) == (1, 1, 0)


def test_keeper_adds_at_every_level(cast, leaf, enter):
    client = enter(cast.centre_head)
    url = reverse("services:category_new")

    client.post(url, {"parent": "", "name": "水利"})
    client.post(url, {"parent": leaf.parent_id, "name": "居家养老"})

    assert Category.objects.get(name="水利").level == 1
    made = Category.objects.get(name="居家养老")
    assert (made.level, made.full_name) == (3, "民政救助 / 养老服务 / 居家养老")
    assert AuditEntry.objects.filter(action="category.established").count() == 2


@pytest.mark.parametrize("top", [True, False])
def test_same_name_twice_in_one_place_is_refused(cast, leaf, enter, top):
    name, parent = ("民政救助", "") if top else ("高龄津贴", leaf.parent_id)

    page = enter(cast.centre_head).post(
        reverse("services:category_new"), {"parent": parent, "name": name}
    )

    assert page.context["form"].non_field_errors() == ["同一上级下已有同名分类。"]


def test_leaf_carries_nothing_below_it(cast, leaf, enter):
    page = enter(cast.centre_head).post(
        reverse("services:category_new"), {"parent": leaf.pk, "name": "第四级"}
    )

    assert "parent" in page.context["form"].errors


def test_renaming_and_switching_off_are_on_record(cast, leaf, enter):
    client = enter(cast.system_admin)

    client.post(
        reverse("services:category_edit", args=[leaf.pk]), {"name": "高龄补贴", "parent": ""}
    )

    leaf.refresh_from_db()
    assert (leaf.name, leaf.is_active, leaf.level) == ("高龄补贴", False, 3)
    assert AuditEntry.objects.get(action="category.revised").changes == {
        "name": ["高龄津贴", "高龄补贴"],
        "is_active": ["True", "False"],
    }


def test_name_of_a_sister_is_refused_on_renaming(cast, leaf, enter):
    Category.ensure("民政救助", "养老服务", "居家养老")

    page = enter(cast.system_admin).post(
        reverse("services:category_edit", args=[leaf.pk]), {"name": "居家养老", "is_active": "on"}
    )

    assert page.context["form"].non_field_errors() == ["同一上级下已有同名分类。"]


def test_branch_that_is_switched_off_takes_its_leaves_along(leaf):
    top = leaf.parent.parent
    Category.objects.filter(pk=top.pk).update(is_active=False)

    assert not Category.objects.active().exists()
    assert Category.objects.get(pk=leaf.pk).is_active


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["民政救助/养老服务/高龄津贴", "民政救助/养老服务/居家养老", "水利/饮水/停水"]),
        ({"q": "津贴"}, ["民政救助/养老服务/高龄津贴"]),
        ({"q": "水利"}, ["水利/饮水/停水"]),
        ({"active": "no"}, ["民政救助/养老服务/居家养老"]),
        ({"active": "yes", "q": "养老"}, ["民政救助/养老服务/高龄津贴"]),
        ({"q": "没有"}, []),
    ],
)
def test_tree_is_narrowed_and_keeps_what_is_above(cast, leaf, enter, query, found):
    off, _ = Category.ensure("民政救助", "养老服务", "居家养老")
    off.revise(actor=cast.system_admin, name=off.name, is_active=False)
    Category.ensure("水利", "饮水", "停水")

    assert shown(enter(cast.centre_head).get(TREE, query)) == found


@pytest.mark.parametrize("who", ["clerk", "secretary", "auditor", "security_admin"])
def test_others_keep_no_categories(cast, leaf, enter, who):
    client = enter(getattr(cast, who))

    for url in (TREE, IMPORT, reverse("services:category_new")):
        assert client.get(url).status_code == 403
    assert client.post(reverse("services:category_edit", args=[leaf.pk])).status_code == 403


def test_tree_asks_the_same_number_of_queries_for_one_row_and_for_three(cast, leaf, enter):
    client = enter(cast.centre_head)
    client.get(TREE)
    with CaptureQueriesContext(connection) as one:
        client.get(TREE)
    Category.ensure("民政救助", "养老服务", "居家养老")
    Category.ensure("水利", "饮水", "停水")

    with CaptureQueriesContext(connection) as three:
        client.get(TREE)

    assert len(three) == len(one)
