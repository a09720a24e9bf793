"""What `script/bench import` sets against each other, one at a time, each in its own process."""

import json
import os
import re
import sys
from time import perf_counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from script.importing.roster import COLUMNS, WEIGHTS, branch_name  # noqa: E402


def processor_time() -> float:
    """Of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def prepare(branches):
    """A county with its branches, in an empty database."""
    from orgs.models import Level, Organization, OrganizationKind

    call_command("migrate", verbosity=0)

    def place(code, name, level, parent=None, kind=OrganizationKind.COMMITTEE):
        node = Organization(
            code=code, name=name, short_name=name, level=level, kind=kind, sector="RURAL"
        )
        if parent is None:
            return Organization.objects.add_root(instance=node)
        Organization.objects.add_child(parent, instance=node)
        return Organization.objects.get(code=code)

    county = place("420599", "中共测试县委员会", Level.COUNTY)
    for number in range(int(branches)):
        if number % 25 == 0:
            town = place(
                f"420599{number // 25 + 100}", f"第{number // 25 + 1}镇党委", Level.TOWNSHIP, county
            )
        place(
            f"{town.code}{number % 25 + 201}", branch_name(number), Level.VILLAGE, town,
            OrganizationKind.BRANCH,
        )  # fmt: skip
    return {}


def real(path):
    """The portal's own way, from the file to the entry in the audit log."""
    from orgs.models import Member, Organization
    from orgs.rosters.commit import commit
    from orgs.rosters.staging import open_batch, stage

    county = Organization.objects.get(code="420599")
    started, spent = perf_counter(), processor_time()
    batch = open_batch(path, "roster.xlsx", organization=county, actor=None)
    stage(batch, path)
    staged = perf_counter()
    counts = commit(batch, actor=None)
    done, spent = perf_counter(), processor_time() - spent
    assert counts["rows"] == Member.objects.count() == counts["new"] + counts["unchanged"], counts
    parts = {"stage": staged - started, "commit": done - staged}
    return {"seconds": done - started, "cpu": spent, "rows": counts["rows"], "parts": parts}


DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")
ID, PHONE = re.compile(r"\d{17}[\dX]"), re.compile(r"1\d{10}")


def is_sound(row) -> bool:
    number = row[1]
    if not row[0] or not ID.fullmatch(number) or not DATE.fullmatch(row[4]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    if "10X98765432"[total % 11] != number[17] or not PHONE.fullmatch(row[14]):
        return False
    return row[2] in ("男", "女") and row[8] in ("正式党员", "预备党员") and bool(row[10])


def floor(path):
    """As fast as it goes: plain text in one table, no rights, no preview, no way back."""
    from python_calamine import CalamineWorkbook

    fields = ", ".join(f"c{number}" for number in range(len(COLUMNS)))
    with connection.cursor() as cursor:
        columns = ", ".join(f"c{number} text" for number in range(len(COLUMNS)))
        cursor.execute(f"CREATE TABLE floor_member (id bigserial PRIMARY KEY, {columns})")
        cursor.execute("CREATE UNIQUE INDEX ON floor_member (c1)")
    started, spent = perf_counter(), processor_time()
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"CREATE TEMP TABLE incoming ({columns}) ON COMMIT DROP")
        rows = iter(sheet.iter_rows())
        next(rows)
        taken = 0
        with cursor.copy(f"COPY incoming ({fields}) FROM STDIN") as copy:
            for row in rows:
                if is_sound(row):
                    copy.write_row(row)
                    taken += 1
        changes = ", ".join(f"c{n} = excluded.c{n}" for n in range(len(COLUMNS)) if n != 1)
        cursor.execute(
            f"INSERT INTO floor_member ({fields}) SELECT {fields} FROM incoming "  # noqa: S608
            f"ON CONFLICT (c1) DO UPDATE SET {changes}"
        )
        cursor.execute("COMMIT")
    seconds, spent = perf_counter() - started, processor_time() - spent
    return {"seconds": seconds, "cpu": spent, "rows": taken}


def import_export(path):
    """django-import-export as its admin uses it: a dry run for the preview, then the import."""
    from script.importing.peer import load_and_import

    spent = processor_time()
    return load_and_import(path) | {"cpu": processor_time() - spent}


if __name__ == "__main__":
    contestant, argument = sys.argv[1:]
    told = globals()[contestant](argument)
    sys.stdout.write(json.dumps(told) + "\n")
