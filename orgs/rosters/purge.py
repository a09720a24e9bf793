"""Uploaded rosters are full of numbers: after IMPORT_FILE_DAYS the files go, and their cells."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orgs.models import AuditEntry, ImportBatch, Member
from orgs.models.roster import marked_path

Status = ImportBatch.Status
OPEN = (Status.PARSING, Status.PENDING)


def purge_files():
    """What was let in can still be taken back; what nobody decided is given up."""
    before = timezone.now() - timedelta(days=settings.IMPORT_FILE_DAYS)
    for pk in list(ImportBatch.objects.to_purge(before).values_list("pk", flat=True)):
        purge(pk, before)


@transaction.atomic
def purge(pk, before):
    locked = ImportBatch.objects.select_for_update(of=("self",)).to_purge(before)
    batch = locked.filter(pk=pk).first()
    if batch is None:
        return
    storage, names = batch.file.storage, [batch.file.name, marked_path(batch)]
    batch.file, batch.marked, batch.file_purged_at = "", "", timezone.now()
    if batch.status in OPEN:
        batch.status, batch.reason = Status.DROPPED, "到期没有核对"
    batch.save(update_fields=["file", "marked", "file_purged_at", "status", "reason"])
    if batch.status == Status.COMMITTED:
        batch.blocks.update(cells="")
        batch.rows.update(faults=[], warnings=[], is_warned=False)
    else:
        # whom an undo left there was brought by a row that goes
        Member.objects.filter(origin__batch=batch).update(origin=None)
        batch.rows.all().delete()
        batch.blocks.all().delete()
    AuditEntry.record(
        None, "roster.purged", batch, label="清除名册文件", organization=batch.organization,
        note=f"上传满 {settings.IMPORT_FILE_DAYS} 天",
    )  # fmt: skip
    transaction.on_commit(lambda: [*map(storage.delete, names)])
