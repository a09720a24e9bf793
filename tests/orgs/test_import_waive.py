"""A card may bear a number that fails its own check digit: whoever has seen it lets the person in,
with a reason on record; a number that Excel has maimed is never let in."""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, Member
from tests.orgs.imports import BROKEN, LI, ZHANG, act, sheet, staged, work
from tests.orgs.rosters import id_number

WRONG = id_number()[:-1] + ("1" if id_number()[-1] != "1" else "2")
CARD = ("孙有才", WRONG, None, *ZHANG[3:])


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


def page_of(batch):
    return reverse("orgs:import_waive", args=[batch.pk])


def test_secretary_has_seen_the_card_and_the_person_goes_in(secretary, cast):
    lost = ("钱多", id_number("19700101", 5)[:15] + "000", *CARD[2:])
    batch = staged(secretary, sheet(CARD, LI, BROKEN, lost), cast.home.organization)
    assert batch.counts["error"] == 3
    page = secretary.get(page_of(batch))
    assert [number for number, _ in page.context["form"].fields["rows"].choices] == [2]
    assert "孙有才" in page.content.decode()
    assert WRONG not in page.content.decode()

    assert secretary.post(page_of(batch), {"rows": [2], "reason": ""}).status_code == 200
    answer = secretary.post(page_of(batch), {"rows": [2], "reason": "已看原件"})

    assert answer.url == f"{batch.get_absolute_url()}?tab=WARNED"
    batch.refresh_from_db()
    assert [batch.counts[name] for name in ("new", "error", "warned")] == [2, 2, 1]
    text = secretary.get(answer.url).content.decode()
    assert "身份证号码校验不通过，核对证件后忽略：已看原件" in text
    entry = AuditEntry.objects.get(action="roster.waived")
    assert entry.note == "第 2 行，原因：已看原件"
    act(secretary, batch, "approve")
    work()
    member = Member.objects.get(name="孙有才")
    assert (member.id_number, member.get_sex_display(), str(member.born)) == (
        WRONG, "男", "1985年6月1日",
    )  # fmt: skip


def test_other_errors_and_the_same_number_twice_are_not_waived(secretary, cast):
    again = ("孙有财", *CARD[1:])
    batch = staged(secretary, sheet(CARD, again, BROKEN), cast.home.organization)
    secretary.post(page_of(batch), {"rows": [2], "reason": "已看原件"})

    page = secretary.post(page_of(batch), {"rows": [3], "reason": "已看原件"})

    assert page.context["form"].non_field_errors() == [
        "第 3 行和第 2 行是同一个号码，请先改好名册。"
    ]
    assert (
        "rows"
        in secretary.post(page_of(batch), {"rows": [4], "reason": "已看原件"})
        .context["form"]
        .errors
    )


def test_known_person_with_such_a_number_is_updated(secretary, cast):
    first = staged(secretary, sheet(CARD), cast.home.organization)
    secretary.post(page_of(first), {"rows": [2], "reason": "已看原件"})
    act(secretary, first, "approve")
    work()
    batch = staged(secretary, sheet((*CARD[:6], "高中")), cast.home.organization)

    secretary.post(page_of(batch), {"rows": [2], "reason": "已看原件"})

    batch.refresh_from_db()
    assert (batch.counts["updated"], batch.counts["error"]) == (1, 0)


def test_cadre_may_not_waive(cast, signed_in):
    agent = signed_in(cast.agent)
    batch = staged(agent, sheet(CARD), cast.home.village)

    assert agent.get(page_of(batch)).status_code == 403
