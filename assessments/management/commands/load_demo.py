"""载入演示数据: a believable county, so that every role finds its job at once."""

import unicodedata

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessments.demo.finished import load_finished_year
from assessments.demo.running import load_running_year
from orgs.models import Organization
from services.demo.load import is_loaded, load
from services.demo.people import ACCOUNTS, PASSWORD
from services.models import ServiceRequest


class Command(BaseCommand):
    help = "载入演示数据：虚构的青溪县，含党组织、人员、事项、办件和年度考核。"

    def add_arguments(self, parser):
        parser.add_argument("--first-run", action="store_true", help="已有党组织时不载入，也不报错")
        parser.add_argument("--accounts", action="store_true", help="只列出演示账号")
        parser.add_argument("--force", action="store_true", help="正式环境（DEBUG 关闭）也载入")

    def handle(self, *, first_run, accounts, force, **options):
        if accounts:
            self.stdout.write(account_table())
            return
        if first_run and Organization.objects.exists():
            return
        if not settings.DEBUG and not force:
            raise CommandError(
                "正式环境不载入演示数据：演示账号的密码是公开的。确需载入时请加 --force，"
                "用后立即停用这些账号。"
            )
        if is_loaded():
            raise CommandError("演示数据已经载入，或已有同名账号，没有做任何改动。")
        with transaction.atomic():
            load()
            load_finished_year()
            forms = load_running_year()
        self.stdout.write(
            f"演示数据已载入：党组织 {Organization.objects.count()} 个，"
            f"办件 {ServiceRequest.objects.count()} 件，考核表 {forms} 份。"
        )


def account_table() -> str:
    rows = [("账号", "姓名", "角色", "单位", "可以试试")]
    rows += [(a.username, a.name, a.role, a.work, a.hint) for a in ACCOUNTS]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = [f"演示地址：{settings.PUBLIC_URL}    密码均为：{PASSWORD}", ""]
    lines += ["  ".join(map(padded, row, widths)).rstrip() for row in rows]
    return "\n".join(lines)


def width(text) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text, columns) -> str:
    return text + " " * (columns - width(text))
