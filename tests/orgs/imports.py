"""What tests of the import wizard share: an upload, the columns gone through, the worker's work."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from orgs.models import ImportBatch
from orgs.tasks import work_on_import
from tests.orgs.rosters import HEADINGS, id_number

MORE = (*HEADINGS, "联系电话", "学历")
ZHANG = ("张伟国", id_number(), "男", "柳河镇一村", "2005-07-01", "13900000021", "大专")
LI = ("李雪梅", id_number("19900203", 2), "女", "柳河镇一村", "2015.06", None, None)
BROKEN = ("王红", "123", "女", "柳河镇九村", "13月", None, None)


def sheet(*rows, headings=MORE, name="名册.xlsx"):
    """An upload with these rows under the headings."""
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    written = BytesIO()
    book.save(written)
    return SimpleUploadedFile(name, written.getvalue())


def upload(client, file, organization, kind="MEMBERS", **more):
    said = {
        "kind": kind,
        "organization": organization.code if organization else "",
        "file": file,
        **more,
    }
    return client.post(reverse("orgs:import_new"), said)


def confirm_columns(client, batch, **changed):
    """下一步 on the page of columns, with what it proposes but for `changed`."""
    url = reverse("orgs:import_columns", args=[batch.pk])
    page = client.get(url)
    form, place = page.context["form"], page.context["place"]
    said = {name: field.initial for name, field in form.fields.items()}
    return client.post(url, {**place, **said, **changed})


def work():
    """The worker does what the rows ask for."""
    for pk in ImportBatch.objects.at_work().values_list("pk", flat=True):
        work_on_import(pk)


def staged(client, file, organization, **more):
    """A batch that waits to be let in."""
    assert upload(client, file, organization, **more).status_code == 302
    batch = ImportBatch.objects.first()
    assert confirm_columns(client, batch).status_code == 302
    work()
    batch.refresh_from_db()
    return batch


def act(client, batch, verb, **said):
    if verb == "approve":
        said = {"seen": ImportBatch.objects.get(pk=batch.pk).edition} | said
    said = {f"{verb}-{name}": value for name, value in said.items()}
    return client.post(reverse("orgs:import_act", args=[batch.pk, verb]), said)
