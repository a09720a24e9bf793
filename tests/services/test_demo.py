"""Somebody who tries the portal finds a believable county at once: every state, every role at
work, deadlines around today, and a past that looks as if the verbs had written it."""

from collections import Counter
from datetime import datetime

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from orgs.masking import id_number_error, phone_error
from orgs.models import (
    AuditEntry,
    Committee,
    CommitteeSeat,
    Department,
    Member,
    Organization,
    Role,
    Sector,
    Transfer,
    User,
)
from services.deadlines import SHANGHAI
from services.demo.load import load
from services.demo.people import ACCOUNTS, PASSWORD
from services.models import (
    Citizen,
    Evaluation,
    ItemVersion,
    Reminder,
    ServiceItem,
    ServiceRequest,
    Status,
)
from services.tasks import close_silent, deem_accepted, recompute_due, remind
from tests.services.past import hangs_together

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 10, 40, tzinfo=SHANGHAI)


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup, django_db_blocker):
    """Loaded once: the tests here only look at it, or change it within their own savepoint."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def test_every_state_and_every_grade_is_there():
    states = Counter(ServiceRequest.objects.values_list("status", flat=True))

    assert set(states) == set(Status.values) - {Status.DRAFT}
    assert 120 <= sum(states.values()) <= 160
    assert set(Evaluation.objects.values_list("grade", flat=True)) == {1, 2, 3, 4, 5}
    assert ServiceRequest.objects.filter(round=2, status="HANDLING").exists()
    assert ServiceRequest.objects.filter(round=2, status="CLOSED").exists()
    assert ServiceRequest.objects.filter(assignments__returned_at__isnull=False).exists()
    oldest = ServiceRequest.objects.order_by("registered_at").first()
    assert 100 <= (timezone.now() - oldest.registered_at).days <= 150


def test_clocks_stand_around_today():
    late = {(timezone.localdate() - row.due_on).days for row in ServiceRequest.objects.overdue()}

    # November 23 is a Monday: one, two and six workdays.
    assert late == {1, 4, 8}
    assert ServiceRequest.objects.running().filter(due_on=timezone.localdate()).count() >= 5
    assert ServiceRequest.objects.due_soon().count() >= 10


@pytest.mark.parametrize(
    ("username", "waiting"),
    [
        ("wangxiaoyun", {"REGISTERED", "SUPPLEMENTING", "ACCEPTED"}),
        ("tianguilan", {"REGISTERED"}),
        ("xiangdawei", {"ACCEPTED"}),
        ("liuzhiqiang", {"DISPATCHED", "HANDLING", "APPROVED", "CLOSED"}),
        ("chenjianhua", {"PENDING_REVIEW"}),
        ("zhoumin", {"REGISTERED", "HANDLING"}),
        ("hejuan", {"REPLIED"}),
    ],
)
def test_each_role_finds_its_job(username, waiting):
    user = User.objects.get(username=username)
    rows = ServiceRequest.objects.visible_to(user).awaiting(user)

    assert set(rows.values_list("status", flat=True)) == waiting


@pytest.mark.parametrize("username", ["lizhenguo", "zhengkai"])
def test_those_who_watch_see_what_is_late(username):
    counts = ServiceRequest.objects.summary_for(User.objects.get(username=username))

    assert counts["late"] >= 4
    assert counts["open"] >= 40


def test_documented_accounts_open_with_the_password():
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.check_password(PASSWORD)
        assert (user.name, user.must_change_password) == (account.name, False)
        assert not user.password_expired
        validate_password(PASSWORD, user=User(username=user.username, name=user.name))
    roles = {role for account in ACCOUNTS for role in roles_of(account.username)}
    assert roles == set(Role.values)
    duties = User.objects.exclude(duty="BUSINESS").values_list("duty", flat=True)
    assert sorted(duties) == ["AUDIT", "SECURITY", "SYSTEM"]


def roles_of(username):
    return User.objects.get(username=username).posts.values_list("role", flat=True)


def test_county_has_all_sectors_and_every_unit_its_people():
    assert set(Organization.objects.values_list("sector", flat=True)) >= set(Sector.values)
    assert Organization.objects.get(local_supervisor__isnull=False).short_name == (
        "青溪县烟草专卖局"
    )
    assert Organization.objects.find_problems() == ([], [], [], [], [])
    assert Department.objects.count() == 24
    for unit in Department.objects.all():
        assert {"HANDLER", "UNIT_HEAD"} <= set(unit.posts.values_list("role", flat=True))
    places = User.objects.get(username="tanli").posts.values("organization").distinct()
    assert places.count() == 2


def test_items_are_published_with_all_that_a_citizen_asks():
    names = set(ItemVersion.objects.values_list("name", flat=True))

    assert len(names) == 30
    assert not ServiceItem.objects.filter(current__isnull=True).exists()
    for version in ItemVersion.objects.all():
        version.full_clean()
        assert version.conditions and version.materials and version.steps and version.result
        assert version.category.level == 3
    assert set(ServiceItem.objects.values_list("department__name", flat=True)) == {
        "民政", "土管", "城建", "计生", "劳动保障", "林业", "残联", "社区",
    }  # fmt: skip


def test_personal_data_could_be_real_but_is_not():
    people = list(Citizen.objects.all())

    assert {phone_error(person.phone) for person in people if person.phone} == {""}
    assert {person.phone[:7] for person in people if person.phone} == {"1390000"}
    numbers = [person.id_number for person in people if person.id_number]
    assert len(numbers) >= 5
    assert {id_number_error(number) for number in numbers} == {""}
    assert {number[:6] for number in numbers} == {"429921"}


def test_past_hangs_together():
    hangs_together()


def test_sweeps_find_nothing_left_over():
    before = AuditEntry.objects.count(), Reminder.objects.count()

    for sweep in (deem_accepted, recompute_due, remind, close_silent):
        sweep()

    assert (AuditEntry.objects.count(), Reminder.objects.count()) == before


def test_committees_are_in_every_state_of_a_term():
    today = timezone.localdate()

    assert [str(row.organization) for row in Committee.objects.overdue()] == ["大水井村"]
    assert Committee.objects.due_within(30).count() == 2
    assert Committee.objects.due_within(180).count() == 6
    assert [*Organization.objects.too_long_without_secretary(today)] == [
        Organization.objects.get(short_name="高岭村")
    ]
    assert Organization.objects.without_secretary(today).count() == 4


def test_branches_have_members_and_committees_theirs():
    today = timezone.localdate()
    branches = Organization.objects.active()

    assert [str(row) for row in branches.without_members()] == ["竹林坡村"]
    assert [str(row) for row in branches.too_small()] == ["青溪县茶叶流通协会"]
    assert 250 <= Member.objects.on_register().count() <= 350
    assert Member.objects.filter(stage="PROBATIONARY").count() >= 5
    strangers = CommitteeSeat.objects.open().filter(member=None)
    assert {str(seat.committee.organization) for seat in strangers} == {
        "青江市委", "青溪县民政局", "青江市烟草专卖局", "青溪县烟草专卖局",
    }  # fmt: skip
    numbers = list(Member.objects.all())
    assert {id_number_error(person.id_number, today) for person in numbers} == {""}
    assert {phone_error(person.phone) for person in numbers if person.phone} == {""}


def test_transfers_are_in_every_state():
    assert set(Transfer.objects.values_list("status", flat=True)) == set(Transfer.Status.values)
    assert set(Transfer.objects.values_list("kind", flat=True)) == {"WITHIN", "OUT", "IN"}
    left = sorted(row.days_left for row in Transfer.objects.expiring())
    assert left == [-6, 10]
