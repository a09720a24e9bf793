"""导入班子名册: `manage.py import_committees 书记名册.xlsx --organization 420583001`."""

from orgs.management.roster_command import RosterCommand


class Command(RosterCommand):
    help = "导入书记和班子成员名册（.xlsx、.xls、.csv）；再次导入同一文件不会重复。"
    kind = "COMMITTEES"
