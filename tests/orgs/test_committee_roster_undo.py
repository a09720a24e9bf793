"""A roster of committees ends terms and begins others; taken back, all is as it was."""

from datetime import date

import pytest

from orgs.models import Committee, CommitteeSeat, ImportBatch
from orgs.partial_date import PartialDate
from orgs.rosters.kinds import COMMITTEES
from tests.orgs.committee_rosters import CHEN, TIAN, bringer, counts, messages, seats

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(town, tmp_path):
    return bringer(town, tmp_path)


def test_new_secretary_replaces_the_old_one_and_undo_brings_him_back(bring):
    bring(CHEN)
    later = ("一村", "张大山", "书记", "2025-06-01", "", "", "", "上级选派", "")

    batch, told = bring(later)

    assert messages(told, "warnings") == [(2, "姓名", "现任书记陈立国将同时登记离任，请核对。")]
    old = CommitteeSeat.objects.get(name="陈立国")
    assert (old.ended_on, old.left_reason) == (date(2025, 5, 31), "OTHER")
    COMMITTEES.undo(batch, actor=None)
    assert seats() == [("陈立国", "书记")]
    assert CommitteeSeat.objects.get().is_open


def test_later_election_is_a_renewal_and_undo_reopens_the_old_term(bring):
    bring(CHEN, TIAN)
    new = ("一村", "张大山", "书记", "", "", "2026-02-20", "", "", "")

    batch, told = bring(new)

    assert messages(told, "warnings") == [(2, "换届时间", "将办理换届：上一届 2021年3月 当选。")]
    old, serving = Committee.objects.order_by("pk")
    assert (old.status, old.renewed_on, serving.term) == ("RENEWED", date(2026, 2, 20), 8)
    assert [s.ended_on for s in old.seats.all()] == [date(2026, 2, 19)] * 3
    earlier = bring(CHEN)[1]
    assert "更早的一届" in earlier["errors"][0]["message"]

    undone = COMMITTEES.undo(batch, actor=None)
    assert undone.kept == []
    committee = Committee.objects.get()
    assert (committee.status, committee.renewed_on) == ("IN_OFFICE", None)
    assert committee.seats.open().count() == 3


def test_undo_leaves_what_somebody_has_touched_since(bring):
    batch, _ = bring(CHEN, TIAN)
    CommitteeSeat.objects.get(post="DEPUTY").revise(actor=None, note="分管宣传")

    undone = COMMITTEES.undo(batch, actor=None)

    assert undone.removed == 2
    assert [why for _, why in undone.kept] == [
        "田秀英 副书记：导入后又有变更",
        "一村党支部第 7 届班子：班子里还有后来登记的成员",
    ]
    assert seats() == [("田秀英", "副书记")]
    assert ImportBatch.objects.get(pk=batch.pk).status == "UNDONE"


def test_corrected_term_is_given_back_by_the_undo(bring):
    bring(CHEN)
    batch, told = bring((*CHEN[:4], "8", "2021-03-15", "2026-03-20", *CHEN[7:]))
    committee = Committee.objects.get()
    assert counts(told) == [1, 0, 1, 0, 0, 0, 0]
    assert (committee.term, committee.elected, committee.due_on) == (
        8, PartialDate(2021, 3, 15), date(2026, 3, 20),
    )  # fmt: skip

    COMMITTEES.undo(batch, actor=None)

    committee.refresh_from_db()
    assert (committee.term, committee.elected, committee.due_on, committee.version) == (
        7, PartialDate(2021, 3), date(2026, 3, 31), 1,
    )  # fmt: skip
