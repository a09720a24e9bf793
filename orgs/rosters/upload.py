"""上传: a roster's file is kept, privately, as a batch whose columns are to be gone through."""

from pathlib import PurePath

from django.db import transaction

from orgs.models import AuditEntry, ImportBatch, User
from orgs.rosters.kinds import RosterKind
from orgs.rosters.staging import UNFINISHED, open_batch, sha256_of

#: Of the file's own name; what it is in truth its content says.
ENDINGS = (".xlsx", ".xls", ".csv")


@transaction.atomic
def bring(*, file, organization, kind: RosterKind, actor) -> ImportBatch:
    """The same file, left unfinished by the same person, is taken up again. Raises NotAllowed."""
    # pressed twice: the second waits here and finds the batch of the first
    User.objects.select_for_update().get(pk=actor.pk)
    batch = open_batch(file, file.name, organization=organization, actor=actor, kind=kind)
    if not batch.file:
        ending = PurePath(file.name).suffix.lower()
        batch.file.save(f"roster{ending if ending in ENDINGS else ''}", file)
        AuditEntry.record(
            actor, "roster.uploaded", batch, label="上传名册", organization=organization,
            note=f"{kind.label}，文件校验值 {batch.sha256}",
        )  # fmt: skip
    return batch


def twin_of(file, sheets, *, organization, kind: RosterKind, actor) -> ImportBatch | None:
    """The batch that brought the same file in already, or that somebody else is bringing in.

    `sheets`: those of the file that look like rosters; while one of them is not in yet, the file
    may come again for it.
    """
    same = ImportBatch.objects.filter(
        kind=kind.code, organization=organization, sha256=sha256_of(file)
    )
    standing = same.filter(status=ImportBatch.Status.COMMITTED)
    if standing and not set(sheets) - {batch.sheet for batch in standing}:
        return standing[0]
    return same.filter(status__in=UNFINISHED).exclude(created_by=actor).first()
