"""A file that is gone from the disk is said to be gone, and what hangs on it can still be ended."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.models import ImportBatch
from orgs.rosters.error_workbook import LOST
from services.models import RequestAttachment
from tests.orgs.imports import ZHANG, act, confirm_columns, sheet, upload, work


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


def test_attachment_that_is_lost_is_told_and_logged(cast, signed_in, caplog):
    request = cast.register(accept=True)
    upload = SimpleUploadedFile("照片.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    request.attach([upload], actor=cast.clerk)
    row = RequestAttachment.objects.get()
    row.file.storage.delete(row.file.name)

    answer = signed_in(cast.clerk).get(reverse("services:attachment", args=[request.pk, row.pk]))

    assert answer.status_code == 404
    assert "“照片.png”登记在系统里，但存放的文件找不到了。" in answer.content.decode()
    assert f"services.RequestAttachment {row.pk}: its file is lost" in caplog.text


def test_roster_whose_file_is_lost_can_be_given_up(cast, secretary):
    upload(secretary, sheet(ZHANG), cast.home.organization)
    batch = ImportBatch.objects.get()
    batch.file.storage.delete(batch.file.name)

    page = secretary.get(reverse("orgs:import_columns", args=[batch.pk]))

    assert page.status_code == 200
    assert LOST in page.content.decode()
    act(secretary, batch, "drop")
    batch.refresh_from_db()
    assert batch.status == "DROPPED"


def test_worker_that_finds_no_file_says_so_at_once(cast, secretary):
    upload(secretary, sheet(ZHANG), cast.home.organization)
    batch = ImportBatch.objects.get()
    confirm_columns(secretary, batch)
    batch.file.storage.delete(batch.file.name)

    work()

    batch.refresh_from_db()
    assert (batch.work, batch.trouble) == ("", LOST)
