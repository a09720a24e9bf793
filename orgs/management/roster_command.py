"""What the commands that import a roster share: `manage.py import_… FILE --organization CODE`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from orgs.models import NotAllowed, Organization
from orgs.rosters.kinds import KINDS
from orgs.rosters.staging import open_batch, report, stage
from orgs.workbook import BadWorkbook

SHOWN = 50
OTHERS = "还有工作表“{}”没有导入，可用 --sheet 逐个导入。"
COUNTS = {
    "new": "新增",
    "updated": "更新",
    "unchanged": "不变",
    "duplicate": "重复",
    "error": "错误",
    "skipped": "略过",
}


class RosterCommand(BaseCommand):
    #: A code of KINDS.
    kind = ""

    def add_arguments(self, parser):
        parser.add_argument("file", help="名册文件")
        parser.add_argument("--organization", required=True, help="党组织代码；只导入其本级和下级")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不入库")
        parser.add_argument(
            "--on-duplicate", choices=("skip", "update", "stop"), default="update",
            help="已登记的内容不同时：跳过、更新（默认）或停止",
        )  # fmt: skip
        parser.add_argument("--sheet", help="工作表名称；不写则自动选择")
        parser.add_argument("--json", action="store_true", dest="as_json", help="只输出 JSON")

    def handle(self, *, file, organization, dry_run, on_duplicate, sheet, as_json, **options):
        try:
            batch, told, refusal = self._import(file, organization, dry_run, on_duplicate, sheet)
        except OSError as error:
            raise CommandError(f"打不开文件“{file}”，请检查路径和权限。") from error
        except (BadWorkbook, NotAllowed) as refusal:
            raise CommandError(str(refusal)) from refusal
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            if batch.other_sheets:
                self.stderr.write(OTHERS.format("、".join(batch.other_sheets)))
        else:
            self.stdout.write("\n".join(self._lines(batch, told, dry_run)))
        if refusal:
            raise CommandError(refusal)

    def _import(self, file, code, dry_run, on_duplicate, sheet):
        organization, kind = Organization.objects.filter(code=code).first(), KINDS[self.kind]
        if organization is None:
            raise CommandError(f"没有代码为“{code}”的党组织，请核对代码，或先导入党组织名册。")
        refusal = ""
        with transaction.atomic() if dry_run else NotTogether():
            batch = self._staged(file, organization, on_duplicate, kind, sheet)
            if not dry_run:
                try:
                    kind.commit(batch, actor=None)
                except NotAllowed as error:
                    refusal = str(error)
                    batch.give_up(refusal)
            told = report(batch)
            if dry_run:
                transaction.set_rollback(True)
        return batch, told, refusal

    def _staged(self, file, organization, on_duplicate, kind, sheet):
        """The batch; a file that is refused leaves nothing behind."""
        batch = open_batch(
            file, Path(file).name, organization=organization, actor=None,
            on_duplicate=on_duplicate.upper(), kind=kind,
        )  # fmt: skip
        if twin := batch.earlier_twin():
            day = timezone.localtime(twin.decided_at)
            self.stderr.write(f"这个文件已于 {day:%Y-%m-%d} 导入过，按再次导入核对。")
        try:
            return stage(batch, file, sheet=sheet)
        except BadWorkbook:
            batch.delete()  # no file is kept and nobody could go on with it
            raise

    def _lines(self, batch, told, dry_run):
        counts = "，".join(f"{label} {told[name]}" for name, label in COUNTS.items())
        yield f"工作表“{batch.sheet}”共 {told['rows']} 行：{counts}。"
        if batch.other_sheets:
            yield OTHERS.format("、".join(batch.other_sheets))
        if batch.unused_columns:
            yield f"没有用到的列：{'、'.join(batch.unused_columns)}。"
        for column in batch.columns:
            if column["suggestion"]:
                label = KINDS[self.kind].words.label(column["suggestion"])
                yield f"“{column['heading']}”可能是{label}，没有自动采用。"
        for kind, label in (("errors", "错误"), ("warnings", "提醒")):
            for note in told[kind][:SHOWN]:
                place = f"第 {note['row']} 行 {note['column']}"
                yield f"{label}：{place}“{note['value']}”：{note['message']}"
            if len(told[kind]) > SHOWN:
                yield f"另有 {len(told[kind]) - SHOWN} 处{label}，加 --json 查看全部。"
        if dry_run:
            yield "只核对，没有入库。"


class NotTogether:
    """Staging and commit each in a transaction of its own."""

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        return False
