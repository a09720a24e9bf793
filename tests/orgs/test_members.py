"""Members are seen by whoever leads them, found by name or pinyin, and shown masked."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from orgs.models import AuditEntry, Duty, Member, Role
from orgs.partial_date import PartialDate
from tests.orgs.rosters import id_number

pytestmark = pytest.mark.django_db
SEEING = {Role.SECRETARY, Role.REVIEWER}


def enrolled(organization, name="单雄信", serial=1, **fields):
    fields = {"id_number": id_number(serial=serial), "phone": "13900000021"} | fields
    return Member.enrol(actor=None, organization=organization, name=name, **fields)


def test_roles_see_members_as_the_matrix_says(cast):
    town, village = cast.home.organization, cast.home.village
    enrolled(town, "甲", 1)
    enrolled(village, "乙", 2)
    enrolled(cast.away.village, "丙", 3)

    def seen(user):
        return set(Member.objects.visible_to(user).values_list("name", flat=True))

    for role, user in cast.home.people.items():
        expected = {"甲", "乙"} if role in SEEING else {"乙"} if role == Role.AGENT else set()
        assert seen(user) == expected, role
    assert seen(cast.fellow) == set()
    for duty in (cast.system_admin, cast.security_admin, cast.auditor):
        assert duty.duty in Duty and seen(duty) == set()
    assert seen(cast.away.people[Role.SECRETARY]) == {"丙"}


def test_name_is_found_by_part_pinyin_and_initials(cast):
    enrolled(cast.home.village)
    enrolled(cast.home.village, "李雪梅", 2)

    for typed in ("单雄", "雄信", "shanx", "SXX", " shan xiong "):
        assert [found.name for found in Member.objects.find(typed)] == ["单雄信"]
    assert not Member.objects.find("dan").exists()


def test_number_is_found_however_it_is_typed_and_is_held_once(cast):
    member = enrolled(cast.home.village)
    number = member.id_number

    spaced = f" {number[:6]} {number[6:14]} {number[14:].lower()} "
    assert Member.objects.with_id(spaced).get() == member
    with pytest.raises(ValidationError, match="该身份证号码已登记为党员：单雄信，柳河镇一村。"):
        enrolled(cast.away.village, "别人")


def test_person_is_shown_masked(cast):
    member = enrolled(cast.home.village, address="柳河镇一村三组12号")

    assert str(member) == "单*信"
    assert member.masked == {
        "name": "单*信",
        "phone": "139****0021",
        "landline": "",
        "id_number": f"429921********{member.id_number[-4:]}",
        "address": "柳河镇一村***",
    }


def test_change_is_on_record_without_the_numbers(cast):
    member = enrolled(cast.home.village)

    member.revise(
        actor=cast.secretary, name="单雄", phone="13900000099", joined=PartialDate(2005, 7)
    )

    assert (member.version, member.name_initials, member.phone_tail) == (2, "sx", "0099")
    entry = AuditEntry.objects.get(action="member.revised")
    assert entry.changes == {
        "name": ["单雄信", "单雄"],
        "phone": ["不记录", "已变更"],
        "joined": ["", "2005-07"],
    }
    assert entry.change_lines()[1:] == [
        "加入党组织日期：空 → 2005-07",
        "联系电话：不记录 → 已变更",
    ]
    member.revise(actor=cast.secretary, name="单雄")
    assert member.version == 2


def test_dates_are_asked_for_as_precisely_as_they_are_known(cast):
    enrolled(cast.home.village, "甲", 1, joined=PartialDate(1985, 6))
    enrolled(cast.home.village, "乙", 2, joined=PartialDate(1986))
    enrolled(cast.home.village, "丙", 3, joined=PartialDate(1986, 1, 1))

    def names(**condition):
        found = Member.objects.filter(**condition).order_by("joined")
        return [member.name for member in found]

    assert names(joined__gte=PartialDate(1986)) == ["乙", "丙"]
    assert names(joined=PartialDate(1985, 6)) == ["甲"]
    assert names(joined__isnull=False) == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    ("born", "age"), [((1985,), 41), ((1985, 3), 41), ((1985, 3, 3), 40), ((1985, 3, 2), 41)]
)
def test_age_is_the_most_that_the_birth_allows(born, age):
    assert Member(born=PartialDate(*born)).age_on(date(2026, 3, 2)) == age
