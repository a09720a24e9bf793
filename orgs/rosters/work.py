"""What a worker does with a roster: stage it, judge it again, let it in, take it back.

The row says what is to be done. The work and the row's change are one transaction, so that a
worker that dies leaves nothing behind and the next one begins anew; and the row stays locked
meanwhile, so that a second worker finds nothing to do.
"""

from django.core.files.base import ContentFile
from django.db import connection, transaction

from orgs.models import Duty, ImportBatch, NotAllowed, Notice, User
from orgs.models.roster import marked_path
from orgs.models.transfer_course import nearest_leaders
from orgs.progress import Progress
from orgs.rosters.error_workbook import LOST, NoErrorWorkbook, error_workbook
from orgs.rosters.kinds import kind_of
from orgs.rosters.staging import stage
from orgs.workbook import BadWorkbook

Status, Work = ImportBatch.Status, ImportBatch.Work
MOST_TRIES = 5
GIVEN_UP = "多次都没有办成，请联系系统管理员查看日志。"
#: So many rows that stay after an undo are listed.
KEPT_SHOWN = 500


def work_on(pk):
    """Do what the batch asks for; nothing when it asks for nothing or somebody is at it."""
    if not may_try(pk):
        return
    progress = Progress(f"import:{pk}")
    with transaction.atomic():
        batch = claimed(pk)
        if batch is None:
            return
        work, batch.work, batch.work_tries = batch.work, "", 0
        batch.save(update_fields=["work", "work_tries"])
        try:
            with transaction.atomic():
                WORKS[work](batch, progress.tell)
        except (NotAllowed, BadWorkbook, NoErrorWorkbook) as refusal:
            batch.refresh_from_db()
            tell_trouble(batch, work, str(refusal))
    progress.forget()


def may_try(pk) -> bool:
    """Count the try, where a worker that dies does not take the count with it."""
    with transaction.atomic():
        batch = claimed(pk)
        if batch is None:
            return False
        if batch.work_tries >= MOST_TRIES:
            work, batch.work = batch.work, ""
            batch.save(update_fields=["work"])
            tell_trouble(batch, work, GIVEN_UP)
            return False
        batch.work_tries += 1
        batch.save(update_fields=["work_tries"])
        return True


def claimed(pk):
    """The batch, locked; None when there is nothing to do with it, or another worker has it."""
    skips = connection.features.has_select_for_update_skip_locked
    locked = ImportBatch.objects.select_for_update(of=("self",), skip_locked=skips)
    return locked.at_work().filter(pk=pk).first()


def stage_rows(batch, tell):
    chosen = {column["index"]: column["field"] for column in batch.columns}
    try:
        file = batch.file.open()
    except FileNotFoundError as error:
        raise BadWorkbook(LOST) from error
    with file:
        stage(batch, file, sheet=batch.sheet, heading=batch.heading_rows, chosen=chosen, tell=tell)
    post([batch.created_by], "staged", "已核对完，请查看", first_sheet(batch))
    post(deciders(batch), "waiting", "等您确认入库", first_sheet(batch))


def judge_again(batch, tell):
    tell(0, 0, batch.get_work_display())
    kind_of(batch).choose_on_duplicate(batch, batch.on_duplicate)


def let_in(batch, tell):
    kind_of(batch).commit(batch, actor=batch.work_by, tell=tell)
    post([batch.created_by, batch.work_by], "committed", "已入库", first_sheet(batch))


def take_back(batch, tell):
    tell(0, 0, "正在撤销")
    batch.undone = outcome(kind_of(batch).undo(batch, actor=batch.work_by))
    batch.save(update_fields=["undone"])
    post([batch.created_by, batch.work_by], "undone", "已撤销", batch)


def mark_errors(batch, tell):
    tell(0, 0, batch.get_work_display())
    content = ContentFile(error_workbook(batch))
    # under the one name of the batch: what a worker leaves that dies now is written over
    batch.marked.storage.delete(marked_path(batch))
    batch.marked.save("错误表.xlsx", content, save=False)
    batch.marked_edition = batch.edition
    batch.save(update_fields=["marked", "marked_edition"])
    post([batch.work_by], "marked", "的错误表已生成，请下载", batch)


def outcome(undone) -> dict:
    """What became of an undo, as the batch keeps it and pages show it."""
    return {
        "removed": undone.removed,
        "restored": undone.restored,
        "stay": len(undone.kept),
        "kept": undone.kept[:KEPT_SHOWN],
    }


WORKS = {
    Work.STAGE: stage_rows,
    Work.JUDGE: judge_again,
    Work.COMMIT: let_in,
    Work.UNDO: take_back,
    Work.MARK: mark_errors,
}


def deciders(batch) -> list:
    """Who lets it in, where that is not the one who brought it."""
    if batch.created_by is None or not batch.goes_in:
        return []
    if "approve" in batch.verbs_for(batch.created_by):
        return []
    if batch.kind == ImportBatch.Kind.ORGANIZATIONS:
        people = User.objects.filter(duty=Duty.SYSTEM, is_active=True)
        return list(people.exclude(pk=batch.created_by_id))
    return nearest_leaders(batch.organization, but=batch.created_by)


def tell_trouble(batch, work, why):
    batch.trouble = why[:500]
    batch.save(update_fields=["trouble"])
    people = [batch.work_by]
    post(people, f"trouble.{work.lower()}", "没有办成，请查看原因", batch)


def first_sheet(batch):
    """Of those of its file, whose page lists the others: people hear of a file once a day."""
    return min([batch, *ImportBatch.objects.beside(batch)], key=lambda one: one.pk)


def post(people, kind, words, batch):
    people = [person for person in people if person]
    title = f"名册“{batch.file_name[:60]}”{words}"
    Notice.post(people, title, kind=f"roster.{kind}", about=batch, organization=batch.organization)
