"""导入历史留言: `manage.py import_requests 留言.xlsx --organization 4205`."""

import json

from django.core.management.base import BaseCommand, CommandError

from orgs.models import Organization
from orgs.row_import import read_records
from orgs.workbook import BadWorkbook
from services.history_import import COLUMNS, HistoryImport

LONGEST_PROMISE = 365


class Command(BaseCommand):
    help = "导入历史留言和答复，作为补录办件；再次导入同一文件不会重复。"

    def add_arguments(self, parser):
        parser.add_argument("file", help="留言文件（.xlsx、.xls、.csv）")
        parser.add_argument("--organization", required=True, help="受理留言的党组织代码")
        parser.add_argument(
            "--promised-days", type=int, default=15, help="答复时限（工作日），默认 15"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="只输出 JSON")

    def handle(self, *, file, organization, promised_days, as_json, **options):
        node = Organization.objects.filter(code=organization).first()
        if node is None:
            raise CommandError(f"没有代码为“{organization}”的党组织，请先导入党组织名册。")
        if not 1 <= promised_days <= LONGEST_PROMISE:
            raise CommandError(f"答复时限应为 1 至 {LONGEST_PROMISE} 个工作日。")
        try:
            rows = read_records(file, COLUMNS)
        except OSError as error:
            raise CommandError(f"打不开文件“{file}”，请检查路径和权限。") from error
        except BadWorkbook as refusal:
            raise CommandError(str(refusal)) from refusal
        report = HistoryImport(rows, organization=node, promised_days=promised_days).run()
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(report.lines()))
