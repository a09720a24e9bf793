"""The file that the village really has: broken ones are refused with what to do, of the others the
sheet, the heading and the columns are shown as understood, and somebody sets them right."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from orgs.models import Duty, ImportBatch, Member, Organization
from tests.orgs.imports import LI, MORE, ZHANG, act, confirm_columns, sheet, staged, upload, work
from tests.orgs.test_hostile_workbooks import HOSTILE
from tests.people import person


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


@pytest.fixture
def home(cast):
    return cast.home.organization


def page_of(batch):
    return reverse("orgs:import_columns", args=[batch.pk])


def uploaded(client, file, home, **more):
    assert upload(client, file, home, **more).status_code == 302
    return ImportBatch.objects.first()


def as_upload(book, tmp_path, name="名册.xlsx"):
    book.save(tmp_path / name)
    return SimpleUploadedFile(name, (tmp_path / name).read_bytes())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_or_broken_file_is_refused_at_the_field_and_not_kept(secretary, home, name):
    build, reason = HOSTILE[name]

    page = upload(secretary, SimpleUploadedFile("名册.xlsx", build().getvalue()), home)

    assert page.status_code == 200
    assert page.context["form"].errors == {"file": [reason]}
    assert not ImportBatch.objects.exists()


def test_upload_without_file_or_organization_says_what_is_missing(secretary):
    page = secretary.post(reverse("orgs:import_new"), {"kind": "MEMBERS"})

    assert set(page.context["form"].errors) == {"organization", "file"}


def test_all_sheets_are_offered_and_another_one_may_be_taken(secretary, home, tmp_path):
    book = Workbook()
    book.active.title = "说明"
    book.active.append(["填表说明：请逐项填写"])
    for title, row in (("一组", ZHANG), ("二组", LI)):
        page = book.create_sheet(title)
        page.append(["柳河镇党员名册"])
        page.append(MORE)
        page.append(row)
    batch = uploaded(secretary, as_upload(book, tmp_path), home)

    first = secretary.get(page_of(batch)).context
    other = secretary.get(page_of(batch), {"sheet": "二组", "was": "一组", "first": 9}).context

    assert [(s.name, s.height, s.heading_rows) for s in first["found"].sheets] == [
        ("说明", 1, []), ("一组", 3, [2]), ("二组", 3, [2]),
    ]  # fmt: skip
    assert first["place"] == {"sheet": "一组", "first": 2, "last": 2}
    assert other["place"] == {"sheet": "二组", "first": 2, "last": 2}
    assert other["lines"][0].samples == ["李*梅"]
    confirm_columns(secretary, batch, sheet="二组", also=[])
    work()
    batch.refresh_from_db()
    assert (batch.sheet, batch.heading_rows, batch.counts["new"]) == ("二组", [2], 1)


def test_file_comes_again_for_its_other_sheet_and_then_no_more(secretary, home, tmp_path):
    book = Workbook()
    book.active.title = "一组"
    for page, row in ((book.active, ZHANG), (book.create_sheet("二组"), LI)):
        page.append(MORE)
        page.append(row)
    book.save(tmp_path / "名册.xlsx")

    def come():
        return SimpleUploadedFile("名册.xlsx", (tmp_path / "名册.xlsx").read_bytes())

    first = staged(secretary, come(), home)
    act(secretary, first, "approve")
    work()
    second = uploaded(secretary, come(), home)

    page = secretary.get(page_of(second))
    assert page.context["place"]["sheet"] == "二组"
    assert "文件里还有工作表：一组。" in page.content.decode()
    refused = confirm_columns(secretary, second, sheet="一组")
    assert refused.context["form"].non_field_errors() == [
        "这个文件的工作表“一组”已经导入过，请换一个工作表，或先撤销那一次。"
    ]
    confirm_columns(secretary, second)
    work()
    act(secretary, second, "approve")
    work()
    assert Member.objects.count() == 2
    assert "file" in upload(secretary, come(), home).context["form"].errors


def test_heading_that_was_not_recognised_is_pointed_at_and_its_columns_chosen(
    secretary, home, tmp_path
):
    book = Workbook()
    book.active.append(["我镇同志一览"])
    book.active.append(["哪位", "证件", "在哪"])
    book.active.append(ZHANG[:2] + ZHANG[3:4])
    batch = uploaded(secretary, as_upload(book, tmp_path), home)
    page = secretary.get(page_of(batch))
    assert page.context["found"].is_guess
    assert page.context["place"] == {"sheet": "Sheet", "first": 2, "last": 2}
    assert "没有认出表头，暂时把第 2 行当作表头" in page.content.decode()

    refused = confirm_columns(secretary, batch)
    assert refused.context["form"].non_field_errors() == [
        "还没有选出这些列：姓名。请在下面对应的列后选上。"
    ]
    columns = {"column_0": "name", "column_1": "id_number", "column_2": "organization"}
    assert confirm_columns(secretary, batch, **columns).status_code == 302
    work()
    act(secretary, batch, "approve")
    work()

    member = Member.objects.get()
    assert (member.name, member.id_number) == ZHANG[:2]


def test_row_that_is_empty_is_no_heading(secretary, home):
    batch = uploaded(secretary, sheet(ZHANG), home)

    page = secretary.get(page_of(batch), {"sheet": "Sheet", "first": 40, "last": 41})

    assert "“Sheet”第 40、41 行没有内容" in page.content.decode()
    assert page.context["place"]["first"] == 1


def test_similar_name_is_a_question_and_never_taken_silently(secretary, home):
    headings = (*MORE[:4], "入党组织日期", "联系电话", "什么文凭")
    batch = uploaded(secretary, sheet(ZHANG, headings=headings), home)
    page = secretary.get(page_of(batch))
    asked = [line.heading for line in page.context["lines"] if line.how == "待确认"]
    assert asked == ["入党组织日期"]
    assert page.context["unused"] == ["什么文凭"]

    refused = confirm_columns(secretary, batch)

    assert refused.context["form"].errors == {"column_4": ["请确认这一列是什么。"]}
    assert confirm_columns(secretary, batch, column_4="joined").status_code == 302
    work()
    act(secretary, batch, "approve")
    work()
    assert str(Member.objects.get().joined) == "2005年7月1日"


def test_two_columns_for_one_thing_are_refused_at_the_second(secretary, home):
    batch = uploaded(secretary, sheet(ZHANG), home)

    page = confirm_columns(secretary, batch, column_6="phone")

    assert page.context["form"].errors == {
        "column_6": ["“联系电话”已经选给了“联系电话”列，请只留一列。"]
    }


def test_what_was_chosen_is_proposed_the_next_time(secretary, home, cast):
    headings = (*MORE[:5], "号码", "学历")
    first = uploaded(secretary, sheet(ZHANG, headings=headings), home)
    confirm_columns(secretary, first, column_5="phone")
    work()
    act(secretary, first, "approve")
    work()

    second = uploaded(secretary, sheet(LI, headings=headings), home)

    line = secretary.get(page_of(second)).context["lines"][5]
    assert (line.how, line.field.initial) == ("上次", "phone")
    village = Organization.objects.get(pk=cast.home.village.pk)
    elsewhere = uploaded(secretary, sheet(LI, headings=headings, name="别.xlsx"), village)
    assert secretary.get(page_of(elsewhere)).context["lines"][5].how == ""


def test_samples_show_no_number_in_full(secretary, home):
    batch = uploaded(secretary, sheet(ZHANG, headings=(*MORE[:1], "代号", *MORE[2:])), home)

    text = secretary.get(page_of(batch)).content.decode()

    assert "429921********" in text
    assert "139****0021" in text
    assert ZHANG[1] not in text


def test_columns_may_be_gone_through_again_before_it_is_let_in(secretary, home):
    batch = staged(secretary, sheet((*ZHANG[:5], "13900000021", "大专")), home)
    page = secretary.get(page_of(batch))
    assert page.context["form"].fields["column_5"].initial == "phone"

    assert confirm_columns(secretary, batch, column_5="-").status_code == 302
    work()
    act(secretary, batch, "approve")
    work()

    assert Member.objects.get().phone == ""
    assert secretary.get(page_of(batch)).url == batch.get_absolute_url()


def test_system_administrator_brings_organizations_for_the_whole_tree(cast, signed_in):
    admin = signed_in(cast.system_admin)
    headings = ("党组织代码", "党组织名称", "上级党组织代码", "组织类别", "所属领域", "组建方式",
                "行政区划代码")  # fmt: skip
    row = (
        "4299101301",
        "柳河镇三村党支部",
        "4299101",
        "党支部",
        "农村",
        "单独组建",
        "429910130100",
    )
    page = admin.get(reverse("orgs:import_new"))
    assert [kind.code for kind in page.context["kinds"]] == ["ORGANIZATIONS"]

    batch = staged(admin, sheet(row, headings=headings), None, kind="ORGANIZATIONS")
    assert batch.organization is None
    assert (batch.counts["new"], batch.counts["error"]) == (1, 0)
    assert admin.get(batch.get_absolute_url()).status_code == 200
    act(admin, batch, "approve")
    work()

    new = Organization.objects.get(code="4299101301")
    assert new.path.startswith(cast.home.organization.path)


def test_roster_of_another_kind_is_named_and_not_kept(cast, signed_in):
    system = signed_in(person("keeper", "系统管理员", Duty.SYSTEM))

    page = upload(system, sheet(ZHANG, LI), None, "ORGANIZATIONS")

    assert page.context["form"].errors == {
        "kind": ["这像是党员花名册，不是党组织名册，没有上传。请核对名册类型，或换一个文件。"]
    }
    assert not ImportBatch.objects.exists()


def test_who_keeps_the_tree_sees_nothing_of_people(cast, signed_in):
    system = signed_in(person("keeper", "系统管理员", Duty.SYSTEM))
    headings = ("党组织名称", "党组织代码", "组织类别", "上级党组织代码", "姓名", "身份证号码")
    row = ("柳河镇三村党支部", "429921100203", "党支部", "429921100", *ZHANG[:2])
    batch = uploaded(system, sheet(row, headings=headings), None, kind="ORGANIZATIONS")

    text = system.get(page_of(batch)).content.decode()

    assert "柳河镇三村党支部" in text
    assert "个人信息，不显示" in text
    assert ZHANG[0] not in text and ZHANG[1] not in text and "张*国" not in text
