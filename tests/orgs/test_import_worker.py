"""What a worker does with a roster survives everything: killed it leaves nothing and is done again,
the broker may be away, and what cannot be done is said and not tried for ever."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as portal_settings
from django.utils import timezone

from orgs.models import AuditEntry, ImportBatch, Member, Notice
from orgs.progress import Progress
from orgs.rosters.work import MOST_TRIES, work_on
from orgs.tasks import purge_import_files, resume_imports, work_on_import
from tests.orgs.imports import LI, ZHANG, act, confirm_columns, sheet, staged, upload, work
from tests.orgs.rosters import id_number
from tests.people import Cast
from tests.races import at_once
from tests.servers import wait_until

PEOPLE = 3000
WORK = "import django; django.setup(); from orgs.tasks import work_on_import; work_on_import({})"


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


@pytest.fixture
def home(cast):
    return cast.home.organization


def many(count=PEOPLE):
    """So many different men of 柳河镇一村."""
    return [
        (
            f"李{chr(0x4E00 + n)}",
            id_number(f"19{50 + n // 500}0101", n % 500 + 1),
            None,
            "柳河镇一村",
            None,
        )
        for n in range(count)
    ]


def begin_work(batch):
    """A worker process of its own on this test's database."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORTAL_TEST_DATABASE": str(portal_settings.DATABASES["default"]["NAME"]),
    }
    return subprocess.Popen([sys.executable, "-c", WORK.format(batch.pk)], env=env)


def kill_in_the_middle(batch):
    process = begin_work(batch)
    wait_until(lambda: Progress(f"import:{batch.pk}").read(), "the worker is at it")
    time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_worker_killed_in_the_middle_leaves_nothing_and_the_sweep_goes_on(
    transactional_db, signed_in
):
    cast = Cast()
    client = signed_in(cast.secretary)
    upload(client, sheet(*many()), cast.home.organization)
    batch = ImportBatch.objects.get()
    confirm_columns(client, batch)

    kill_in_the_middle(batch)
    batch.refresh_from_db()
    assert (batch.status, batch.work, batch.work_tries) == ("PARSING", "STAGE", 1)
    assert not batch.rows.exists()
    work()
    batch.refresh_from_db()
    assert (batch.status, batch.counts["new"]) == ("PENDING", PEOPLE)

    act(client, batch, "approve")
    kill_in_the_middle(batch)
    batch.refresh_from_db()
    assert (batch.status, batch.work) == ("PENDING", "COMMIT")
    assert not Member.objects.exists()
    work()

    batch.refresh_from_db()
    assert (batch.status, batch.work, batch.work_tries) == ("COMMITTED", "", 0)
    assert Member.objects.count() == PEOPLE
    assert AuditEntry.objects.filter(action="roster.committed").count() == 1


def test_broker_away_costs_the_secretary_nothing_and_the_sweep_sends_it_later(
    transactional_db, signed_in, redis_broker, celery_worker_process
):
    cast = Cast()
    client = signed_in(cast.secretary)
    batch = staged(client, sheet(ZHANG), cast.home.organization)
    redis_broker.stop()

    before = time.perf_counter()
    answer = act(client, batch, "approve")
    page = client.get(batch.get_absolute_url())

    assert (answer.status_code, page.status_code) == (302, 200)
    assert time.perf_counter() - before < 8
    assert "正在入库" in page.content.decode()
    redis_broker.start()
    celery_worker_process({"REDIS_URL": redis_broker.url})
    resume_imports()
    wait_until(Member.objects.exists, "the sweep sends what waits")


def test_what_the_worker_cannot_do_is_given_up_after_some_tries(secretary, home, cast):
    upload(secretary, sheet(ZHANG), home)
    batch = ImportBatch.objects.get()
    confirm_columns(secretary, batch)
    ImportBatch.objects.update(work_tries=MOST_TRIES)

    work_on_import(batch.pk)

    batch.refresh_from_db()
    assert (batch.work, batch.status) == ("", "PARSING")
    assert batch.trouble == "多次都没有办成，请联系系统管理员查看日志。"
    assert Notice.objects.get().recipient == cast.secretary
    page = secretary.get(batch.get_absolute_url(), follow=True)
    assert batch.trouble in page.content.decode()


def test_file_that_has_changed_underneath_is_told_and_not_read(secretary, home):
    upload(secretary, sheet(ZHANG), home)
    batch = ImportBatch.objects.get()
    confirm_columns(secretary, batch)
    with batch.file.storage.open(batch.file.name, "wb") as file:
        file.write(b"PK\x03\x04 broken")

    work_on_import(batch.pk)

    batch.refresh_from_db()
    assert (batch.work, batch.status) == ("", "PARSING")
    assert batch.trouble.startswith("文件已损坏，无法读取。")
    page = secretary.get(batch.get_absolute_url(), follow=True)
    assert batch.trouble in page.content.decode()
    act(secretary, batch, "drop")
    assert ImportBatch.objects.get().status == "DROPPED"


def test_progress_is_given_to_the_page_until_the_work_is_done(secretary, home):
    upload(secretary, sheet(ZHANG), home)
    batch = ImportBatch.objects.get()
    confirm_columns(secretary, batch)
    Progress(f"import:{batch.pk}").tell(30, 120, "正在核对内容")
    htmx = {"HX-Request": "true", "HX-Target": "work"}

    part = secretary.get(batch.get_absolute_url(), headers=htmx).content.decode()
    assert "30 / 120" in part
    assert "<html" not in part
    work()

    done = secretary.get(batch.get_absolute_url(), headers=htmx)
    assert done.headers["HX-Refresh"] == "true"


def test_uploaded_files_go_after_their_days_and_what_they_brought_stays(
    secretary, home, cast, clock, settings, signed_in
):
    settings.IMPORT_FILE_DAYS = 30
    let_in = staged(secretary, sheet(ZHANG), home)
    act(secretary, let_in, "approve")
    work()
    left = staged(secretary, sheet(LI), home)
    paths = [let_in.file.path, left.file.path]
    clock.advance(days=29)
    purge_import_files()
    assert all(os.path.exists(path) for path in paths)

    clock.advance(days=2)
    purge_import_files()

    let_in.refresh_from_db()
    left.refresh_from_db()
    assert (let_in.status, let_in.file.name, let_in.file_purged_at) == (
        "COMMITTED", "", timezone.now(),
    )  # fmt: skip
    assert (left.status, left.reason) == ("DROPPED", "到期没有核对")
    assert (let_in.rows.get().raw, left.rows.count()) == ([], 0)
    entries = AuditEntry.objects.filter(action="roster.purged")
    assert [entry.note for entry in entries] == ["上传满 30 天"] * 2
    client = signed_in(cast.secretary)
    assert "文件已按期清除" in client.get(let_in.get_absolute_url()).content.decode()
    assert client.get(left.get_absolute_url()).status_code == 200
    purge_import_files()
    assert AuditEntry.objects.filter(action="roster.purged").count() == 2


def test_whom_an_undo_left_there_can_be_changed_after_the_file_is_gone(
    secretary, home, cast, clock, settings
):
    batch = staged(secretary, sheet(ZHANG), home)
    act(secretary, batch, "approve")
    work()
    member = Member.objects.get()
    member.revise(actor=cast.secretary, job="村医")
    batch.refresh_from_db()
    batch.take_back(actor=cast.secretary, reason="传错了")
    work()
    clock.advance(days=settings.IMPORT_FILE_DAYS + 1)

    purge_import_files()

    assert not batch.rows.exists()
    Member.objects.get().revise(actor=cast.secretary, job="务农")
    assert Member.objects.get().job == "务农"


def test_files_are_gone_from_the_disk_once_that_is_committed(
    transactional_db, signed_in, clock, settings
):
    cast = Cast()
    batch = staged(signed_in(cast.secretary), sheet(ZHANG), cast.home.organization)
    path = batch.file.path

    clock.advance(days=settings.IMPORT_FILE_DAYS + 1)
    purge_import_files()

    assert not os.path.exists(path)


@pytest.mark.postgres
def test_two_workers_at_once_let_it_in_once(transactional_db, signed_in):
    cast = Cast()
    client = signed_in(cast.secretary)
    batch = staged(client, sheet(*many(300)), cast.home.organization)
    act(client, batch, "approve")

    at_once(3, lambda number: work_on(batch.pk))

    batch.refresh_from_db()
    assert (batch.status, batch.work) == ("COMMITTED", "")
    assert Member.objects.count() == 300
    assert AuditEntry.objects.filter(action="roster.committed").count() == 1


@pytest.mark.postgres
def test_pressed_in_two_windows_at_once_it_is_asked_for_once(transactional_db, signed_in):
    cast = Cast()
    clients = [signed_in(user) for user in (cast.secretary, cast.reviewer)]
    batch = staged(clients[0], sheet(ZHANG, LI), cast.home.organization)

    answers = at_once(2, lambda number: act(clients[number], batch, "approve").status_code)

    assert sorted(answers) == [302, 409]
    assert AuditEntry.objects.filter(action="roster.approved").count() == 1


@pytest.mark.postgres
def test_nobody_waits_for_a_worker_that_is_at_it(transactional_db, signed_in):
    cast = Cast()
    client = signed_in(cast.secretary)
    batch = staged(client, sheet(*many()), cast.home.organization)
    act(client, batch, "approve")
    process = begin_work(batch)
    wait_until(lambda: Progress(f"import:{batch.pk}").read(), "the worker is at it")

    before = time.perf_counter()
    answer = act(client, batch, "drop")

    assert (answer.status_code, time.perf_counter() - before < 2) == (409, True)
    process.wait()
    batch.refresh_from_db()
    assert batch.status == "COMMITTED"
