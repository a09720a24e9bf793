"""A roster is taken back as far as nobody has touched its people since."""

import pytest

from orgs.models import ImportBatch, Member, NotAllowed, Role
from orgs.rosters.commit import commit
from orgs.rosters.undo import undo
from tests.orgs.leaders import elect, seat
from tests.orgs.rosters import HEADINGS, id_number, loader, stager
from tests.people import person, post

pytestmark = pytest.mark.django_db
ID, LI_ID = id_number(), id_number("19900203", 2)
MORE = (*HEADINGS, "联系电话", "学历")
ZHANG = ("张伟国", ID, "男", "一村党支部", "2005-07-01", "13900000021", "大专")
LI = ("李雪梅", LI_ID, "女", "二村党支部", "2015.06", None, None)


@pytest.fixture
def load_rows(town, tmp_path):
    rows = loader(tmp_path)
    return lambda *said, **options: rows(*said, headings=MORE, **options)


@pytest.fixture
def staged(town, tmp_path):
    return stager(town, tmp_path, MORE)


@pytest.fixture
def secretary(town):
    user = person("secretary", "柳河书记")
    post(user, town, Role.SECRETARY)
    return user


def member(name="张伟国"):
    return Member.objects.get(name=name)


def test_undo_removes_the_new_and_restores_the_updated(staged, load_rows, secretary):
    load_rows(ZHANG)
    batch = staged((*ZHANG[:5], "13900000099", "高中"), LI, name="第二批.xlsx")
    commit(batch, actor=secretary)
    assert (member().phone, Member.objects.count()) == ("13900000099", 2)

    undone = undo(batch, actor=secretary)

    assert (undone.removed, undone.restored, undone.kept) == (1, 1, [])
    assert (member().phone, member().get_education_display()) == ("13900000021", "大专")
    assert Member.objects.with_id(ID).get() == member()
    assert Member.objects.filter(phone_tail="0021").exists()
    assert not Member.objects.filter(name="李雪梅").exists()
    assert batch.status == "UNDONE"
    with pytest.raises(NotAllowed, match="这一批已撤销"):
        undo(batch, actor=secretary)


def test_undo_leaves_what_somebody_changed_since(staged, load_rows, secretary):
    load_rows(ZHANG)
    batch = staged((*ZHANG[:5], "13900000099", "高中"), LI, name="第二批.xlsx")
    commit(batch, actor=secretary)
    member().revise(actor=secretary, phone="13900000055")
    member("李雪梅").revise(actor=secretary, job="教师")

    undone = undo(batch, actor=secretary)

    assert (undone.removed, undone.restored) == (0, 0)
    assert sorted(undone.kept) == [(2, "联系电话在导入后又有变更"), (3, "导入后又有变更")]
    assert (member().phone, member().get_education_display()) == ("13900000055", "大专")
    assert member("李雪梅").job == "教师"


def test_batches_are_undone_one_after_the_other(staged, load_rows):
    load_rows(ZHANG)
    second = staged((*ZHANG[:6], "高中"), name="第二批.xlsx")
    commit(second, actor=None)
    first = ImportBatch.objects.order_by("pk").first()

    undo(second, actor=None)
    undone = undo(first, actor=None)

    assert (undone.removed, undone.kept) == (1, [])
    assert not Member.objects.exists()


def test_member_who_holds_a_seat_since_stays_when_the_roster_is_taken_back(staged):
    batch = staged(ZHANG, LI)
    commit(batch, actor=None)
    elect(member().organization, seat("张伟国", member=member()))

    undone = undo(batch, actor=None)

    assert (undone.removed, undone.kept) == (1, [(2, "已有其他记录与之相关")])
    assert Member.objects.get() == member()
