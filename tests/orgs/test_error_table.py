"""错误表 as it is fetched: who gets it, on record; of a long roster a worker makes it first."""

import io

import pytest
from django.core.files import File
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from orgs.models import AuditEntry, ImportBatch, Notice, roster_course
from orgs.rosters.purge import purge_files
from orgs.rosters.staging import open_batch, stage
from orgs.rosters.work import work_on
from tests.orgs.rosters import HEADINGS, id_number
from tests.people import Cast

pytestmark = pytest.mark.django_db
ZHANG = ("张伟国", id_number(), "男", "柳河镇一村", "2005.7")
LI = ("李雪梅", "123", "女", "柳河镇一村", "2015.06")


@pytest.fixture
def cast(clock):
    return Cast()


@pytest.fixture
def brought(cast, tmp_path):
    """The village's own roster, as its cadre proposes it."""
    book = Workbook()
    for row in (HEADINGS, ZHANG, LI):
        book.active.append(row)
    path = tmp_path / "名册.xlsx"
    book.save(path)
    batch = open_batch(path, path.name, organization=cast.home.village, actor=cast.agent)
    with path.open("rb") as file:
        batch.file.save(path.name, File(file), save=True)
    return stage(batch, path)


@pytest.mark.parametrize("who", ["agent", "secretary"])
def test_download_is_on_record(cast, brought, signed_in, who):
    user = getattr(cast, who)
    client = signed_in(user)

    answer = client.get(reverse("orgs:import_errors", args=[brought.pk]))

    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet["F2"].value == "新增"
    entry = AuditEntry.objects.get(action="roster.errors_downloaded")
    assert (entry.actor, entry.target_id) == (user, str(brought.pk))


@pytest.mark.parametrize("who", ["handler", "outsider", "system_admin"])
def test_nobody_else_gets_it(cast, brought, signed_in, who):
    client = signed_in(getattr(cast, who))

    assert client.get(reverse("orgs:import_errors", args=[brought.pk])).status_code == 404
    assert not AuditEntry.objects.filter(action="roster.errors_downloaded").exists()


def test_purged_file_is_told_where_the_link_was(cast, brought, signed_in):
    ImportBatch.objects.update(file="")
    client = signed_in(cast.secretary)

    url = reverse("orgs:import_errors", args=[brought.pk])
    answer = client.get(f"{url}?next=/members/", follow=True)

    assert answer.redirect_chain == [("/members/", 302)]
    assert "原文件已按保存期限清除" in answer.content.decode()


@pytest.fixture
def long(brought, monkeypatch):
    """The same, as if it had thousands of rows."""
    monkeypatch.setattr(roster_course, "LONG", 1)
    return brought


def act(client, batch, verb):
    return client.post(reverse("orgs:import_act", args=[batch.pk, verb]), follow=True)


def test_of_a_long_roster_a_worker_makes_it_when_asked(cast, long, signed_in):
    client, url = signed_in(cast.secretary), reverse("orgs:import_errors", args=[long.pk])
    page = client.get(long.get_absolute_url()).content.decode()
    assert "生成错误表" in page
    assert "下载错误表</a>" not in page
    assert "错误表还没有生成" in client.get(url, follow=True).content.decode()

    answer = act(client, long, "mark_errors")
    assert "正在生成错误表" in answer.content.decode()
    work_on(long.pk)

    notice = Notice.objects.get(kind="roster.marked")
    assert notice.recipient == cast.secretary
    assert notice.title == "名册“名册.xlsx”的错误表已生成，请下载"
    assert "下载错误表</a>" in client.get(long.get_absolute_url()).content.decode()
    sheet = load_workbook(io.BytesIO(client.get(url).content)).worksheets[0]
    assert [sheet[place].value[:2] for place in ("F2", "F3")] == ["新增", "错误"]
    assert AuditEntry.objects.get(action="roster.errors_downloaded").actor == cast.secretary


def test_what_was_made_of_other_columns_is_not_given_out(cast, long, signed_in):
    client, url = signed_in(cast.secretary), reverse("orgs:import_errors", args=[long.pk])
    act(client, long, "mark_errors")
    work_on(long.pk)

    ImportBatch.objects.update(on_duplicate="SKIP")
    assert "错误表还没有生成" in client.get(url, follow=True).content.decode()
    assert "生成错误表" in client.get(long.get_absolute_url()).content.decode()

    act(client, long, "mark_errors")
    work_on(long.pk)
    assert client.get(url).status_code == 200
    assert ImportBatch.objects.get().has_error_table


def test_made_workbook_goes_with_the_file(
    cast, long, signed_in, clock, django_capture_on_commit_callbacks
):
    act(signed_in(cast.secretary), long, "mark_errors")
    work_on(long.pk)
    made = ImportBatch.objects.get().marked
    clock.advance(days=400)

    with django_capture_on_commit_callbacks(execute=True):
        purge_files()

    assert not ImportBatch.objects.get().marked
    assert not made.storage.exists(made.name)


def test_lost_file_is_told_by_the_worker(cast, long, signed_in):
    long.file.storage.delete(long.file.name)
    client = signed_in(cast.secretary)

    act(client, long, "mark_errors")
    work_on(long.pk)

    assert "没有办成：原文件已丢失" in client.get(long.get_absolute_url()).content.decode()
    assert ImportBatch.objects.get().work == ""
