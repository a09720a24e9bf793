"""A town keeps a sheet for each branch in one file: it is uploaded once, its columns are gone
through once, and all its sheets go in by one press; each may still be taken back alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from orgs.models import AuditEntry, ImportBatch, Member, Notice, Organization, Role
from tests.orgs.imports import (
    BROKEN,
    LI,
    MORE,
    ZHANG,
    act,
    confirm_columns,
    staged,
    upload,
    work,
)
from tests.orgs.rosters import branch, id_number
from tests.people import person, post

ZHOU = ("周桂兰", id_number("19770705", 4), "女", "柳河镇二村", "2001.07", None, None)
BRANCHES = {"一村": [ZHANG, LI], "二村": [ZHOU], "有错的": [BROKEN]}


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


@pytest.fixture
def home(cast):
    town = cast.home.organization
    branch(f"{town.code}299", "柳河镇二村", town)
    town.refresh_from_db()
    return town


@pytest.fixture
def book(tmp_path):
    """`book({sheet: rows})` as an upload; rows stand below the usual headings, unless they are
    given as (headings, rows)."""

    def make(sheets=BRANCHES):
        made = Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            headings, rows = rows if type(rows) is tuple else (MORE, rows)
            page = made.create_sheet(name)
            for row in (headings, *rows):
                page.append(row)
        made.save(tmp_path / "名册.xlsx")
        return SimpleUploadedFile("名册.xlsx", (tmp_path / "名册.xlsx").read_bytes())

    return make


def columns_page(client, batch):
    return client.get(reverse("orgs:import_columns", args=[batch.pk]))


def together(client, batch, verb):
    """What the page of the batch would post, and the answer."""
    said = client.get(batch.get_absolute_url()).context["together"][verb]["form"]
    return post_together(client, batch, verb, said["batches"].value())


def post_together(client, batch, verb, batches):
    url = reverse("orgs:import_together", args=[batch.pk, verb])
    return client.post(url, {"batches": batches}, follow=True)


def by_sheet():
    return {batch.sheet: batch for batch in ImportBatch.objects.all()}


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def test_sheets_under_the_same_headings_are_read_in_one_go(secretary, home, book, cast):
    first = staged(secretary, book(), home)

    batches = by_sheet()
    assert batches.keys() == BRANCHES.keys()
    assert {(b.status, b.organization, b.created_by) for b in batches.values()} == {
        ("PENDING", home, cast.secretary)
    }
    assert [batches[name].counts["new"] for name in BRANCHES] == [2, 1, 0]
    assert len({batch.file.name for batch in batches.values()}) == 3
    assert AuditEntry.objects.filter(action="roster.uploaded").count() == 3
    # one notice tells of the whole file
    assert list(Notice.objects.values_list("kind", flat=True)) == ["roster.staged"]
    page = secretary.get(first.get_absolute_url())
    assert page.context["sheets"] == [first, batches["二村"], batches["有错的"]]
    assert "没有错误的 2 张一起入库：新增 3，更新 0" in page.content.decode()


def test_all_sheets_without_errors_go_in_by_one_press(secretary, home, book):
    first = staged(secretary, book(), home)

    answer = together(secretary, first, "approve")
    work()

    assert told(answer) == ["已交给系统依次入库：2 张工作表。"]
    statuses = {name: batch.status for name, batch in by_sheet().items()}
    assert statuses == {"一村": "COMMITTED", "二村": "COMMITTED", "有错的": "PENDING"}
    names = {member.name: member.organization.short_name for member in Member.objects.all()}
    assert names == {"张伟国": "柳河镇一村", "李雪梅": "柳河镇一村", "周桂兰": "柳河镇二村"}
    assert AuditEntry.objects.filter(action="roster.approved").count() == 2


def test_nobody_is_missing_who_stands_on_another_sheet(secretary, home, book):
    first = staged(secretary, book(), home)
    together(secretary, first, "approve")
    work()

    page = secretary.get(first.get_absolute_url(), {"tab": "MISSING"})

    assert not list(page.context["table"].rows)


def test_pressed_twice_the_second_press_changes_nothing(secretary, home, book):
    first = staged(secretary, book(), home)
    form = secretary.get(first.get_absolute_url()).context["together"]["approve"]["form"]
    keys = form["batches"].value()

    post_together(secretary, first, "approve", keys)
    again = post_together(secretary, first, "approve", keys)
    work()

    assert told(again) == ["有的工作表已经在办理，或者刚刚重新核对过，请看过再办理。"]
    assert Member.objects.count() == 3


def test_sheet_that_was_judged_anew_meanwhile_is_looked_at_first(secretary, home, book):
    first = staged(secretary, book(), home)
    form = secretary.get(first.get_absolute_url()).context["together"]["approve"]["form"]
    act(secretary, by_sheet()["二村"], "choose", on_duplicate="SKIP")
    work()

    answer = post_together(secretary, first, "approve", form["batches"].value())
    work()

    assert told(answer) == ["有的工作表已经在办理，或者刚刚重新核对过，请看过再办理。"]
    assert not Member.objects.exists()


def test_columns_gone_through_again_take_up_the_same_batches(secretary, home, book):
    first = staged(secretary, book(), home)
    before = set(ImportBatch.objects.values_list("pk", flat=True))

    confirm_columns(secretary, first, column_5="-")
    work()

    assert set(ImportBatch.objects.values_list("pk", flat=True)) == before
    assert all("联系电话" in batch.unused_columns for batch in by_sheet().values())


def test_sheets_that_are_not_wanted_are_left_alone(secretary, home, book):
    upload(secretary, book(), home)
    batch = ImportBatch.objects.get()

    confirm_columns(secretary, batch, also=["二村"])
    work()

    assert by_sheet().keys() == {"一村", "二村"}


@pytest.mark.parametrize("name", ["2025年3月", "三季度 2025", "一村（副本）", "汇总", "积极分子"])
def test_sheet_that_may_tell_of_the_same_people_again_is_offered_and_not_ticked(
    secretary, home, book, name
):
    upload(secretary, book({"一村": [ZHANG, LI], name: [ZHANG]}), home)

    also = columns_page(secretary, ImportBatch.objects.get()).context["form"]["also"]

    assert [key for key, _ in also.field.choices] == [name]
    assert also.initial == []


def test_sheet_under_other_headings_or_without_people_is_not_offered(secretary, home, book):
    other = (("姓名", "身份证号", "所在党支部", "入党时间"), [ZHANG[:2] + ZHANG[3:5]])
    upload(secretary, book({"一村": [ZHANG, LI], "别样": other, "空的": []}), home)

    page = columns_page(secretary, ImportBatch.objects.get())

    assert "also" not in page.context["form"].fields
    assert "文件里还有工作表：别样。表头不一样" in page.content.decode()


def test_sheets_that_are_in_already_are_not_offered_again(secretary, home, book):
    first = staged(secretary, book(), home)
    together(secretary, first, "approve")
    work()
    wrong = by_sheet()["有错的"]

    page = columns_page(secretary, wrong)

    assert "also" not in page.context["form"].fields


def test_all_sheets_are_given_up_by_one_press(secretary, home, book):
    first = staged(secretary, book(), home)

    answer = together(secretary, first, "drop")

    assert told(answer) == ["已放弃：3 张工作表。"]
    assert {batch.status for batch in by_sheet().values()} == {"DROPPED"}


def test_who_only_proposes_lets_nothing_in(cast, home, book, signed_in):
    cadre = person("village_cadre", "柳河村代办员")
    village = Organization.objects.get(short_name="柳河镇一村")
    post(cadre, village, Role.AGENT)
    client = signed_in(cadre)
    first = staged(client, book({"一组": [ZHANG], "二组": [LI]}), village)

    page = client.get(first.get_absolute_url())
    keys = [f"{batch.pk}-{batch.edition}" for batch in by_sheet().values()]
    answer = post_together(client, first, "approve", keys)

    assert page.context["together"].keys() == {"drop"}
    assert told(answer) == ["有的工作表已经在办理，或者刚刚重新核对过，请看过再办理。"]
    assert {batch.status for batch in by_sheet().values()} == {"PENDING"}


def test_strangers_find_nothing_and_other_verbs_do_not_exist(secretary, home, book, signed_in):
    first = staged(secretary, book(), home)
    url = reverse("orgs:import_together", args=[first.pk, "approve"])

    assert secretary.get(url).status_code == 405
    missing = reverse("orgs:import_together", args=[first.pk, "take_back"])
    assert secretary.post(missing).status_code == 404
    stranger = signed_in(person("stranger", "外人"))
    assert stranger.post(url, {"batches": []}).status_code in (403, 404)
    assert Member.objects.count() == 0


def test_list_tells_the_sheets_of_a_file_apart(secretary, home, book):
    staged(secretary, book({"一组": [ZHANG], "Sheet2": [LI]}), home)

    table = secretary.get(reverse("orgs:imports")).context["table"]

    assert {row[0] for row in list(table.as_values())[1:]} == {"名册.xlsx 一组", "名册.xlsx"}


def test_page_asks_the_database_no_more_for_more_sheets(
    secretary, home, book, django_assert_max_num_queries
):
    few = staged(secretary, book({"一组": [ZHANG], "二组": [LI]}), home)
    with django_assert_max_num_queries(60) as of_few:
        secretary.get(few.get_absolute_url())
    asked = of_few.final_queries - of_few.initial_queries
    sheets = {f"{letter}组": [ZHANG] for letter in "甲乙丙丁戊己庚辛"}
    many = staged(secretary, book(sheets), home)

    with django_assert_max_num_queries(asked):
        secretary.get(many.get_absolute_url())
