"""导入诉求分类: `manage.py import_categories 分类.csv`."""

import json

from django.core.management.base import BaseCommand, CommandError

from orgs.row_import import read_records
from orgs.workbook import BadWorkbook
from services.resources import COLUMNS, import_categories


class Command(BaseCommand):
    help = "导入三级诉求分类（.xlsx、.xls、.csv）；再次导入同一文件不会重复。"

    def add_arguments(self, parser):
        parser.add_argument("file", help="分类文件，表头为：一级分类、二级分类、三级分类")
        parser.add_argument("--json", action="store_true", dest="as_json", help="只输出 JSON")

    def handle(self, *, file, as_json, **options):
        try:
            rows = read_records(file, COLUMNS)
        except OSError as error:
            raise CommandError(f"打不开文件“{file}”，请检查路径和权限。") from error
        except BadWorkbook as refusal:
            raise CommandError(str(refusal)) from refusal
        report = import_categories(rows)
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(report.lines()))
