"""导入党组织名册: `manage.py import_organizations 名册.xlsx`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from orgs.models import NotAllowed, Organization
from orgs.rosters.kinds import ORGANIZATIONS
from orgs.rosters.staging import open_batch, report, stage
from orgs.workbook import BadWorkbook

SHOWN = 50
COUNTS = {"new": "新增", "updated": "更新", "unchanged": "不变"}


class Command(BaseCommand):
    help = "导入党组织名册（.xlsx、.xls、.csv）；再次导入同一文件不会重复。"

    def add_arguments(self, parser):
        parser.add_argument("file", help="名册文件")
        parser.add_argument("--organization", help="党组织代码；只导入其本级和下级，不写则为全部")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不入库")
        parser.add_argument("--json", action="store_true", dest="as_json", help="只输出 JSON")

    def handle(self, *, file, organization, dry_run, as_json, **options):
        try:
            told = self._import(file, organization, dry_run)
        except OSError as error:
            raise CommandError(f"打不开文件“{file}”，请检查路径和权限。") from error
        except (BadWorkbook, NotAllowed) as refusal:
            raise CommandError(str(refusal)) from refusal
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(self._lines(told, dry_run)))

    def _import(self, file, code, dry_run) -> dict:
        organization = None
        if code and not (organization := Organization.objects.filter(code=code).first()):
            raise CommandError(f"没有代码为“{code}”的党组织。")
        with transaction.atomic():
            batch = open_batch(
                file, Path(file).name, organization=organization, actor=None, kind=ORGANIZATIONS
            )
            stage(batch, file)
            if not dry_run:
                ORGANIZATIONS.commit(batch, actor=None)
            told = report(batch)
            transaction.set_rollback(dry_run)
        names = ("rows", *COUNTS, "error", "errors")
        return {name: told[name] for name in names}

    def _lines(self, told, dry_run):
        counts = "，".join(f"{label} {told[name]}" for name, label in COUNTS.items())
        yield f"共 {told['rows']} 行：{counts}，错误 {told['error']}。"
        for error in told["errors"][:SHOWN]:
            where = f"第 {error['row']} 行 {error['column']}"
            yield f"{where}“{error['value']}”：{error['message']}"
        if len(told["errors"]) > SHOWN:
            yield f"另有 {len(told['errors']) - SHOWN} 处错误，加 --json 查看全部。"
        if dry_run:
            yield "只核对，没有入库。"
