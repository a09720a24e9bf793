"""A letter to a place outside the portal is closed by its receipt; who comes from outside is
admitted with a letter, and who once went from here comes back to the same file."""

import pytest
from django.urls import reverse

from orgs.models import Member, Notice, Transfer
from orgs.partial_date import PartialDate
from tests.orgs.members import enrolled
from tests.orgs.rosters import id_number
from tests.orgs.transfers import ELSEWHERE, TODAY, letter

ADMIT = reverse("orgs:transfer_admit")


@pytest.fixture
def member(cast):
    return enrolled(cast.home.village)


def test_letter_to_elsewhere_is_closed_by_its_receipt(cast, member):
    row = letter(member, actor=cast.secretary, to_place=ELSEWHERE)
    assert row.verbs_for(cast.secretary) == ["receive", "send_back", "withdraw"]
    assert not Notice.objects.exists()

    row.receive(actor=cast.secretary, received_on=TODAY)

    gone = Member.objects.get()
    assert (gone.standing, gone.standing_since) == ("MOVED_OUT", PartialDate(2026, 3, 2))
    assert gone.standing_reason == f"组织关系转往{ELSEWHERE}"
    assert gone.organization == cast.home.village
    assert not gone.is_on_register


def admission(**fields):
    return {
        "organization": "柳河镇一村", "from_place": ELSEWHERE, "letter_number": "洪组转〔2026〕8号",
        "started_on": "2026-02-20", "received_on": "2026-03-02", "name": "覃德明",
        "id_number": id_number("19780312", 7), "stage": "FULL",
    } | fields  # fmt: skip


def test_who_comes_from_elsewhere_is_enrolled_with_the_letter(cast, signed_in):
    response = signed_in(cast.secretary).post(ADMIT, admission())

    member, row = Member.objects.get(), Transfer.objects.get()
    assert response.url == member.get_absolute_url()
    assert (member.organization, member.standing) == (cast.home.village, "NORMAL")
    assert (row.kind, row.status, row.member) == ("IN", "RECEIVED", member)
    assert (row.from_words, row.to_words) == (ELSEWHERE, "柳河镇一村")
    assert (row.proposed_by, row.decided_by) == (cast.secretary, cast.secretary)


def test_who_went_from_here_comes_back_to_the_same_file(cast, member, signed_in):
    letter(member, actor=cast.secretary, to_place=ELSEWHERE).receive(
        actor=cast.secretary, received_on=TODAY
    )

    form = admission(name="单雄信", id_number=member.id_number, organization="4299101")
    signed_in(cast.secretary).post(ADMIT, form)

    back = Member.objects.get()
    assert (back.pk, back.standing, back.standing_reason) == (member.pk, "NORMAL", "转回")
    assert back.organization == cast.home.organization
    # what the form left empty is kept
    assert (back.phone, back.joined) == (member.phone, member.joined)
    assert back.transfers.count() == 2


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"received_on": "2026-02-19"}, "received_on",
         "接收日期应在介绍信日期（2026-02-20）和今天之间。"),
        ({"started_on": "2025-11-01"}, "received_on",
         "介绍信已于 2026-01-30 过期，请退回后重新开具。"),
        ({"organization": "东山乡一村"}, "organization",
         "没有找到“东山乡一村”，请核对代码或名称。"),
    ],
)  # fmt: skip
def test_admission_that_cannot_be_leaves_nobody_behind(cast, signed_in, fields, field, message):
    response = signed_in(cast.secretary).post(ADMIT, admission(**fields))

    assert response.context["form"].errors == {field: [message]}
    assert not Member.objects.exists()


def test_who_is_on_the_register_here_is_not_admitted_twice(cast, member, signed_in):
    form = admission(id_number=member.id_number)
    response = signed_in(cast.secretary).post(ADMIT, form)

    assert response.context["form"].errors == {
        "id_number": ["该身份证号码已登记为党员：单雄信，柳河镇一村。"],
    }
    assert not Transfer.objects.exists()
