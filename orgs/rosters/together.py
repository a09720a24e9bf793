"""Several sheets of one file in one go, such as a sheet for each branch: a batch for each."""

from pathlib import PurePath

from django.db import transaction

from orgs.models import AuditEntry, ImportBatch
from orgs.rosters.staging import UNFINISHED


@transaction.atomic
def read_together(batch, *, actor, sheets):
    """核对列 of several sheets: `sheets` are what `map_columns` is told of each, that of the batch
    itself first. Raises NotAllowed."""
    own, *others = sheets
    batch.map_columns(actor=actor, **own)
    for said in others:
        of_sheet(batch, said["sheet"], actor).map_columns(actor=actor, **said)


def of_sheet(batch, sheet, actor) -> ImportBatch:
    """The batch of another sheet of the file: one that is unfinished, or a new one."""
    open_ones = ImportBatch.objects.beside(batch).filter(status__in=UNFINISHED, sheet=sheet)
    if left := open_ones.first():
        return left
    made = ImportBatch.objects.create(
        kind=batch.kind, organization=batch.organization, created_by=batch.created_by,
        file_name=batch.file_name, sha256=batch.sha256, on_duplicate=batch.on_duplicate,
    )  # fmt: skip
    with batch.file.open() as file:
        # its own, as each is purged for itself
        made.file.save(PurePath(batch.file.name).name, file)
    AuditEntry.record(
        actor, "roster.uploaded", made, label="上传名册", organization=made.organization,
        note=f"同一文件的工作表“{sheet}”，文件校验值 {made.sha256}",
    )  # fmt: skip
    return made


def ready(batch, user) -> dict[str, list[ImportBatch]]:
    """By verb the batches of the file, its own among them, with which the user may do so in one
    go; those with errors are let in one by one."""
    beside = ImportBatch.objects.visible_to(user).beside(batch)
    decides = batch.may_be_decided_by(user)
    found = {verb: [] for verb in VERBS}
    for one in sorted([batch, *beside], key=lambda one: one.pk):
        verbs = one.verbs_of(user, decides)
        for verb in found.keys() & set(verbs):
            if verb != "approve" or not one.counts.get("error"):
                found[verb].append(one)
    return found


@transaction.atomic
def approve_together(batches, *, actor):
    """确认入库 of all or none: a worker lets one in after the other. Raises NotAllowed."""
    for batch in batches:
        batch.approve(actor=actor, seen=batch.edition)


@transaction.atomic
def drop_together(batches, *, actor):
    """放弃 of all or none. Raises NotAllowed."""
    for batch in batches:
        batch.drop(actor=actor)


VERBS = {"approve": approve_together, "drop": drop_together}
