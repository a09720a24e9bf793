"""A roster longer than what is held at a time: what one part says reaches into the next."""

import pytest

from orgs.models import ImportRow, Member
from orgs.rosters.commit import commit
from orgs.rosters.review import CHUNK
from orgs.rosters.staging import open_batch, stage
from orgs.rosters.undo import undo
from tests.orgs.rosters import HEADINGS, id_number, township
from tests.sheets import workbook

pytestmark = pytest.mark.django_db
PEOPLE = 2 * CHUNK + 150
#: Where something stands in the way, counted from the first row below the heading.
NOTE, BAD, TWIN = CHUNK + 10, CHUNK + 700, PEOPLE - 3


def people():
    for n in range(PEOPLE):
        number = id_number(f"{1950 + n // 900}0{1 + n % 9}15", n % 900 + 1)
        yield [f"张{'一二三四五六七八九十'[n % 10]}", number, None, "一村党支部", "2005.07"]


@pytest.fixture
def batch(tmp_path):
    town, rows = township(), list(people())
    rows[BAD][1] = "123"
    rows[TWIN] = list(rows[4])
    rows.insert(NOTE, ["注：以上由各支部填报", None, None, None, None])
    path = workbook(tmp_path / "名册.xlsx", HEADINGS, *rows)
    return stage(open_batch(path, path.name, organization=town, actor=None), path)


def test_every_row_of_a_long_roster_is_told_by_its_number(batch):
    assert batch.counts == {
        "rows": PEOPLE, "new": PEOPLE - 2, "updated": 0, "unchanged": 0, "duplicate": 1,
        "error": 1, "skipped": 1, "warned": 1,
    }  # fmt: skip
    told = {row.verdict: row for row in batch.rows.with_content().exclude(verdict="NEW")}
    assert {verdict: row.number for verdict, row in told.items()} == {
        "SKIPPED": NOTE + 2, "ERROR": BAD + 3, "DUPLICATE": TWIN + 3,
    }  # fmt: skip
    assert told["ERROR"].raw[1] == told["ERROR"].faults[0]["value"] == "123"
    assert told["DUPLICATE"].warnings[0]["message"].startswith("与第 6 行是同一人")


def test_each_member_of_a_long_roster_knows_the_row_it_came_of(batch):
    commit(batch, actor=None)

    assert Member.objects.count() == PEOPLE - 2
    for row in batch.rows.with_content().filter(number__in=[2, CHUNK + 1, CHUNK + 2, PEOPLE - 1]):
        assert row.brought.name == row.values["name"] == row.raw[0]
        assert row.brought.id_number == row.values["id_number"] == row.raw[1]
        assert (row.brought.phone, row.brought.name_initials[0]) == ("", "z")


def test_long_roster_brought_again_changes_nothing_and_is_taken_back_whole(batch, tmp_path):
    commit(batch, actor=None)
    path = workbook(tmp_path / "再次.xlsx", HEADINGS, *people())
    again = stage(open_batch(path, path.name, organization=batch.organization, actor=None), path)

    assert (again.counts["unchanged"], again.counts["new"]) == (PEOPLE - 2, 2)
    assert undo(batch, actor=None).removed == PEOPLE - 2
    assert commit(again, actor=None)["new"] == PEOPLE
    assert ImportRow.objects.filter(batch=again, brought=None).count() == 0
