"""The way of a roster: uploaded, its columns gone through, then its rows, let in, taken back.

Whatever takes long is written down here as `work` and done by a worker (orgs.rosters.work): the
row decides, so that a broker that is away costs nothing but time.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orgs.models.audit import AuditEntry
from orgs.models.notice import Notice
from orgs.models.user import NotAllowed

#: Cells with which an error workbook takes longer than a page should: some ten seconds.
LONG = 100_000
#: Who may: (batch, whether the user brought it, whether the user decides for the organization).


def brought(batch, is_own, decides) -> bool:
    return is_own


def decides(batch, is_own, decides) -> bool:
    return decides


def either(batch, is_own, decides) -> bool:
    return is_own or decides


def decides_of_another(batch, is_own, decides) -> bool:
    return decides and not is_own


def lets_in(batch, is_own, decides) -> bool:
    """With a second pair of eyes nobody lets in what he or she has brought."""
    return decides and batch.goes_in > 0 and not (settings.IMPORT_SECOND_PERSON and is_own)


def waives(batch, is_own, decides) -> bool:
    """Only of people are there numbers to be checked."""
    return decides and batch.kind == "MEMBERS" and batch.counts.get("error", 0) > 0


def lacks_error_table(batch, is_own, decides) -> bool:
    """Of a short roster it is made while somebody waits for it."""
    is_wanted = batch.is_long and batch.counts.get("error", 0) > 0
    return (is_own or decides) and is_wanted and not batch.has_error_table


@dataclass(frozen=True)
class Verb:
    label: str
    statuses: tuple[str, ...]
    who: Callable
    needs_file: bool = False


VERBS = {
    "map_columns": Verb("核对列", ("PARSING", "PENDING"), either, needs_file=True),
    "approve": Verb("确认入库", ("PENDING",), lets_in),
    "waive": Verb("忽略证件校验", ("PENDING",), waives),
    "choose": Verb("改变对已登记人员的处理", ("PENDING",), either),
    "send_back": Verb("退回", ("PENDING",), decides_of_another),
    "drop": Verb("放弃", ("PARSING", "PENDING"), brought),
    "take_back": Verb("撤销导入", ("COMMITTED",), decides),
    "mark_errors": Verb("生成错误表", ("PENDING", "COMMITTED"), lacks_error_table, needs_file=True),
}


class RosterCourse:
    @property
    def goes_in(self) -> int:
        """How many rows would change something."""
        return self.counts.get("new", 0) + self.counts.get("updated", 0)

    @property
    def is_long(self) -> bool:
        """Whether nobody should wait in front of the page for what goes through all its rows."""
        rows = self.counts.get("rows", 0) + self.counts.get("skipped", 0)
        return rows * max(1, len(self.columns)) > LONG

    @property
    def has_error_table(self) -> bool:
        """Whether there are errors, and a workbook to be downloaded that tells them."""
        if not self.file or not self.counts.get("error"):
            return False
        return not self.is_long or bool(self.marked) and self.marked_edition == self.edition

    @property
    def edition(self) -> str:
        """Changes whenever the rows are read or judged another way."""
        said = [self.sheet, self.heading_rows, self.columns, self.on_duplicate, self.counts]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    def verbs_for(self, user) -> list[str]:
        return [] if self.work else self.verbs_of(user, self.may_be_decided_by(user))

    def verbs_of(self, user, decides: bool) -> list[str]:
        """`verbs_for` where it is known whether the user decides for the organization."""
        if self.work:
            return []
        is_own = self.created_by_id == user.pk
        return [
            name
            for name, verb in VERBS.items()
            if self.status in verb.statuses
            and (self.file or not verb.needs_file)
            and verb.who(self, is_own, decides)
        ]

    @transaction.atomic
    def map_columns(self, *, actor, sheet, heading_rows, columns):
        """核对列: what each column is has been said; now a worker reads the rows."""
        self._begin("map_columns", actor)
        if sheet in self.sheets_in():
            raise NotAllowed(
                f"这个文件的工作表“{sheet}”已经导入过，请换一个工作表，或先撤销那一次。"
            )
        self.sheet, self.heading_rows, self.columns = sheet, heading_rows, columns
        # what was staged by other columns must not go in, should the new ones come to nothing
        self.status = "PARSING"
        self._ask("STAGE", actor, ["sheet", "heading_rows", "columns", "status"])

    @transaction.atomic
    def choose(self, *, actor, on_duplicate):
        """跳过, 更新 or 停止 with people who are there already; the rows are judged again."""
        self._begin("choose", actor)
        self.on_duplicate = on_duplicate
        self._ask("JUDGE", actor, ["on_duplicate"])

    @transaction.atomic
    def approve(self, *, actor, seen):
        """确认入库: a worker lets the rows in, all or none; `seen` is the `edition` looked at."""
        self._begin("approve", actor)
        if seen != self.edition:
            raise NotAllowed("这一批刚刚重新核对过，内容有变化，请看过再确认。")
        self._ask("COMMIT", actor)
        self._record(actor, "approved", "确认导入名册")

    @transaction.atomic
    def send_back(self, *, actor, reason):
        """退回: the rows stay to be looked at, none goes in."""
        self._begin("send_back", actor)
        self._close("RETURNED", actor, reason)
        self._record(actor, "returned", "退回名册", note=reason)
        if self.created_by:
            Notice.post(
                [self.created_by], f"名册“{self.file_name[:60]}”被退回", kind="roster.returned",
                about=self, organization=self.organization, body=reason,
            )  # fmt: skip

    @transaction.atomic
    def drop(self, *, actor):
        """放弃: whoever brought it does not go on with it."""
        self._begin("drop", actor)
        self._close("DROPPED", actor)
        self._record(actor, "dropped", "放弃导入名册")

    def give_up(self, reason):
        """放弃 of what a command has staged and could not let in; nobody else would end it."""
        self._close("DROPPED", None, reason[:200])
        self._record(None, "dropped", "放弃导入名册", note=reason)

    @transaction.atomic
    def take_back(self, *, actor, reason):
        """撤销导入: a worker takes the rows back as far as nobody has touched them since."""
        self._begin("take_back", actor)
        self.reason = reason
        self._ask("UNDO", actor, ["reason"])

    @transaction.atomic
    def mark_errors(self, *, actor):
        """生成错误表: a worker writes what is wrong into a copy of the file."""
        self._begin("mark_errors", actor)
        self._ask("MARK", actor)

    def _begin(self, verb, actor):
        """Lock and re-read the row; only then ask whether the actor may."""
        self.refresh_from_db(fields=["work"])
        if self.work:  # a worker holds the lock for as long as it takes: nobody waits for it here
            raise NotAllowed(f"这一批{self.status_words}，请刷新后查看。")
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update(of=("self",)))
        if verb in self.verbs_for(actor):
            return
        if self.work or self.status not in VERBS[verb].statuses:
            raise NotAllowed(f"这一批{self.status_words}，请刷新后查看。")
        if VERBS[verb].needs_file and not self.file:
            raise NotAllowed("上传的文件已清除，请重新上传。")
        if verb == "approve" and self.goes_in and self.may_be_decided_by(actor):
            raise NotAllowed("本人上传的名册要由另一个人确认入库。")
        raise NotAllowed("无权办理这一批名册，请由书记或组织部门办理。")

    def _ask(self, work, actor, fields=()):
        self.work, self.work_by, self.work_tries, self.trouble = work, actor, 0, ""
        self.save(update_fields=["work", "work_by", "work_tries", "trouble", *fields])

    def _close(self, status, actor, reason=""):
        self.status, self.decided_by, self.decided_at = status, actor, timezone.now()
        self.reason = reason
        self.save(update_fields=["status", "decided_by", "decided_at", "reason"])

    def _record(self, actor, action, label, note=""):
        AuditEntry.record(
            actor, f"roster.{action}", self, label=label, organization=self.organization, note=note
        )
