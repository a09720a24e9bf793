"""Two rosters at once, and somebody at the keyboard beside them: nobody is lost or doubled."""

import threading

import pytest
from django.db import transaction

from orgs.models import ImportBatch, ImportRow, Member, Organization
from orgs.rosters import commit as committing
from orgs.rosters.commit import commit
from orgs.rosters.staging import open_batch, stage
from tests.orgs.rosters import HEADINGS, id_number
from tests.races import at_once
from tests.sheets import workbook

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PEOPLE = 40


def person(serial):
    return (f"张{'一二三四五六七八九十'[serial % 10]}", id_number(serial=serial), None,
            "一村党支部", "2005.07")  # fmt: skip


@pytest.fixture
def staged(town, tmp_path):
    def wait(name, serials):
        path = workbook(tmp_path / name, HEADINGS, *map(person, serials))
        return stage(open_batch(path, name, organization=town, actor=None), path)

    return wait


def overlapping(staged):
    """Two batches, each staged while nobody is there; half of the people are in both."""
    half = PEOPLE // 2
    return [
        staged("甲.xlsx", range(1, PEOPLE + 1)),
        staged("乙.xlsx", range(PEOPLE + half, half, -1)),
    ]


def test_two_rosters_with_the_same_people_at_once(staged):
    first, second = overlapping(staged)

    counts = at_once(2, lambda number: commit((first, second)[number], actor=None))

    assert Member.objects.count() == PEOPLE + PEOPLE // 2
    assert sum(told["new"] for told in counts) == PEOPLE + PEOPLE // 2
    assert sum(told["unchanged"] for told in counts) == PEOPLE // 2
    assert Member.objects.filter(origin__verdict="NEW").count() == PEOPLE + PEOPLE // 2
    assert set(ImportBatch.objects.values_list("status", flat=True)) == {"COMMITTED"}


def test_without_taking_turns_the_second_would_not_know_of_the_first(staged, monkeypatch):
    """The control: both judge their rows before either writes."""
    first, second = overlapping(staged)
    meet = threading.Barrier(2)
    judged = committing.review_stale

    def judge_together(batch):
        judged(batch)
        meet.wait(timeout=30)

    monkeypatch.setattr(committing, "take_turn", lambda: None)
    monkeypatch.setattr(committing, "review_stale", judge_together)
    monkeypatch.setattr(committing, "ATTEMPTS", 1)

    def try_to(batch):
        try:
            return commit(batch, actor=None)
        except Exception as error:
            return type(error).__name__

    results = at_once(2, lambda number: try_to((first, second)[number]))
    assert "IntegrityError" in results or "OperationalError" in results


def test_one_batch_committed_twice_at_once_goes_in_once(staged):
    batch = staged("甲.xlsx", range(1, PEOPLE + 1))

    def act(number):
        try:
            return commit(ImportBatch.objects.get(pk=batch.pk), actor=None)["new"]
        except committing.NotAllowed as refusal:
            return str(refusal)

    results = at_once(2, act)

    assert sorted(map(str, results)) == [str(PEOPLE), "这一批已入库，请刷新后查看。"]
    assert Member.objects.count() == PEOPLE


def test_person_registered_by_hand_in_the_same_moment_becomes_an_update(staged, monkeypatch):
    batch = staged("甲.xlsx", range(1, 4))
    judged, done = committing.review_stale, []

    def judge_and_be_overtaken(batch):
        judged(batch)
        if not done:
            done.append(at_once(1, enrol))

    def enrol(number):
        branch = Organization.objects.get(name="一村党支部")
        return Member.enrol(
            actor=None, organization=branch, name="张二", id_number=id_number(serial=1)
        )

    monkeypatch.setattr(committing, "review_stale", judge_and_be_overtaken)

    told = commit(batch, actor=None)

    assert (told["new"], told["updated"]) == (2, 1)
    assert Member.objects.count() == 3


def test_staging_that_dies_leaves_an_empty_batch_that_is_taken_up_again(staged, monkeypatch):
    class Died(BaseException):
        pass

    def die(*args, **options):
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr("orgs.rosters.staging.counted", die)
        with pytest.raises(Died), transaction.atomic():
            staged("甲.xlsx", range(1, 5))
    assert not ImportRow.objects.exists()

    assert staged("甲.xlsx", range(1, 5)).counts["new"] == 4
