"""Open the first three administrators of a new portal."""

from django.core.management.base import BaseCommand

from orgs.models import Duty, User
from orgs.passwords import made_up_password

NAMES = {Duty.SYSTEM: "system", Duty.SECURITY: "security", Duty.AUDIT: "audit"}


class Command(BaseCommand):
    help = "开立系统、安全、审计管理员账号（已有的不重复开立），打印初始密码一次。"

    def handle(self, *args, **options):
        for duty, username in NAMES.items():
            if User.objects.filter(duty=duty).exists():
                self.stdout.write(f"{duty.label}：已有账号，未重复开立。")
                continue
            password = made_up_password()
            User.objects.open_account(
                actor=None, username=username, name=duty.label, duty=duty, password=password
            )
            self.stdout.write(
                f"{duty.label}：账号 {username}，初始密码 {password}，首次登录须修改。"
            )
