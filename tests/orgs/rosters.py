"""What tests of rosters share: people with true numbers, a township, and one call that imports."""

import json
from io import StringIO

from django.core.management import call_command
from openpyxl import Workbook

from orgs.models import Level, OrganizationKind
from orgs.rosters.staging import open_batch, stage
from tests.people import place
from tests.sheets import workbook

HEADINGS = ("姓名", "公民身份号码", "性别", "所在党支部", "加入党组织日期")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(born="19850601", serial=1):
    """A number with the right last character; odd serials are men."""
    body = f"429921{born}{serial:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def township():
    """柳河镇 with the branches 一村 and 二村, in a county of its own."""
    county = place("429921", "中共青溪县委员会", Level.COUNTY)
    town = place("429921100", "中共青溪县柳河镇委员会", Level.TOWNSHIP, county)
    for number, name in enumerate(("一村", "二村"), 201):
        branch(f"429921100{number}", f"{name}党支部", town)
    return town


def branch(code, name, parent, **fields):
    return place(code, name, Level.VILLAGE, parent, OrganizationKind.BRANCH, **fields)


def load(path, code="429921100", *options):
    out, err = StringIO(), StringIO()
    call_command(
        "import_members", str(path), "--organization", code, "--json", *options,
        stdout=out, stderr=err,
    )  # fmt: skip
    return json.loads(out.getvalue())


def counts(told):
    names = ("rows", "new", "updated", "unchanged", "duplicate", "error")
    return [told[name] for name in names]


def loader(tmp_path):
    """`load(row, row…)` imports the rows under the usual headings into 柳河镇."""

    def load_rows(*rows, headings=HEADINGS, options=()):
        return load(workbook(tmp_path / "名册.xlsx", headings, *rows), "429921100", *options)

    return load_rows


def teller(tmp_path):
    """`told(row, row…)`: (rows, new, error, skipped); `merge` names cells that are merged."""

    def told(*rows, merge=()):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        for area in merge:
            book.active.merge_cells(area)
        book.save(tmp_path / "名册.xlsx")
        told = load(tmp_path / "名册.xlsx")
        return [told[name] for name in ("rows", "new", "error", "skipped")]

    return told


def stager(town, tmp_path, headings=HEADINGS):
    """`staged(row, row…)`: a batch that waits to be decided."""

    def wait(*rows, actor=None, on_duplicate="UPDATE", name="名册.xlsx"):
        path = workbook(tmp_path / name, headings, *rows)
        batch = open_batch(path, name, organization=town, actor=actor, on_duplicate=on_duplicate)
        return stage(batch, path)

    return wait
