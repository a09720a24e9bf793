"""What tests of committees' rosters share: two seats of 一村, and one call that brings rows."""

from orgs.models import CommitteeSeat, Organization
from orgs.rosters.kinds import COMMITTEES
from orgs.rosters.staging import open_batch, report, stage
from tests.sheets import workbook

LONG = ("党组织名称", "姓名", "职务", "任职时间", "届次", "换届时间", "应换届时间", "来源", "手机")
WIDE = ("党组织", "换届时间", "书记", "副书记", "组织委员", "委员")
CHEN = ("一村党支部", "陈立国", "书记", "2018.06", "第七届", "2021年3月", "", "选举", "13900000021")
TIAN = ("一村", "田秀英", "副书记、纪检委员", "2021-03", "", "2021.3", "", "", "")


def bringer(town, tmp_path):
    """`bring(row, row…)` stages and commits; returns the batch and what it reports."""

    def run(*rows, headings=LONG, on_duplicate="UPDATE", commit=True):
        path = workbook(tmp_path / "班子.xlsx", headings, *rows)
        batch = open_batch(
            path, "班子.xlsx", organization=town, actor=None, on_duplicate=on_duplicate,
            kind=COMMITTEES,
        )  # fmt: skip
        stage(batch, path)
        if commit:
            COMMITTEES.commit(batch, actor=None)
        return batch, report(batch)

    return run


def village(name="一村"):
    return Organization.objects.get(name=f"{name}党支部")


def counts(told):
    names = ("rows", "new", "updated", "unchanged", "duplicate", "error", "skipped")
    return [told[name] for name in names]


def messages(told, kind="errors"):
    return [(note["row"], note["column"], note["message"]) for note in told[kind]]


def seats(**wanted):
    rows = CommitteeSeat.objects.filter(**wanted).in_order()
    return [(row.name, row.get_post_display()) for row in rows]
