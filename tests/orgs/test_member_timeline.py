"""一人一档: the page of a member tells the whole way, from every record there is, newest first;
on A4 it goes into the file."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, CommitteeSeat, ImportBatch, ImportBlock, ImportRow, Member
from orgs.partial_date import PartialDate
from orgs.rosters.bulk import StagedRow
from tests.orgs.leaders import day, elect, seat
from tests.orgs.members import enrolled, secrets_of
from tests.orgs.transfers import ELSEWHERE, letter


@pytest.fixture
def member(cast):
    return enrolled(cast.home.village, joined=PartialDate(2005, 7), confirmed=PartialDate(2006))


def brought(cast, member, number=7, verdict="NEW", values=None, **fields):
    """A row of a roster that has gone in."""
    batch = ImportBatch.objects.create(
        organization=cast.home.organization, file_name="柳河镇.xlsx", sha256="0" * 64,
        status="COMMITTED", decided_by=cast.secretary,
        decided_at=datetime(2026, 2, 27, 2, tzinfo=UTC),
    )  # fmt: skip
    block = ImportBlock.of(batch.pk, [StagedRow(batch.pk, number, [], values=values or {})])
    block.save()
    row = ImportRow.objects.create(
        batch=batch, number=number, block=block, verdict=verdict, **fields
    )
    if verdict == "NEW":
        Member.objects.filter(pk=member.pk).update(origin=row)
    else:
        ImportRow.objects.filter(pk=row.pk).update(member=member)
    return row


def changed(cast, member, **fields):
    """The same, of a row that changed two things."""
    return brought(
        cast, member, verdict="UPDATE", prior={"job": "", "phone": "13900000021"},
        values={"name": "单雄信", "job": "村医", "phone": "13900000099"}, **fields,
    )  # fmt: skip


def lines(response):
    return [(line["title"], line["text"]) for line in response.context["timeline"]]


def test_whole_way_is_told_newest_first(cast, member, signed_in, clock):
    changed(cast, member)
    committee = elect(cast.home.village, seat("单雄信", started=PartialDate(2021, 3)))
    committee.seats.update(member=member)
    committee.seats.get().vacate(actor=None, ended_on=day("2026-01-31"), reason="RESIGNED")
    clock.advance(hours=1)
    member.revise(actor=cast.secretary, job="务农")
    clock.advance(hours=1)
    letter(member, actor=cast.secretary, to_place=ELSEWHERE)

    assert lines(signed_in(cast.secretary).get(member.get_absolute_url())) == [
        ("发起组织关系转接", f"柳河镇一村 → {ELSEWHERE}"),
        ("变更党员信息", "工作岗位：空 → 务农"),
        ("登记党员", ""),
        ("名册导入：更新",
         "柳河镇.xlsx第 7 行\n工作岗位：空 → 村医\n联系电话：139****0021 → 139****0099"),
        ("不再任柳河镇一村班子书记", "辞职"),
        ("任柳河镇一村班子书记", ""),
        ("转为正式党员", ""),
        ("加入党组织", ""),
    ]  # fmt: skip


def test_roster_that_was_taken_back_is_told_with_its_end(cast, member, signed_in):
    row = brought(cast, member)
    ImportBatch.objects.update(
        status="UNDONE", undone_by=cast.reviewer, undone_at=datetime(2026, 2, 28, 2, tzinfo=UTC)
    )

    told = signed_in(cast.secretary).get(member.get_absolute_url()).context["timeline"]

    assert [(line["title"], line["actor"]) for line in told[1:3]] == [
        ("撤销名册导入", str(cast.reviewer)), ("名册导入：新增", str(cast.secretary)),
    ]  # fmt: skip
    assert told[1]["text"] == f"柳河镇.xlsx第 {row.number} 行"


def test_cadre_reads_neither_names_nor_numbers(cast, member, signed_in):
    changed(cast, member)
    member.revise(actor=cast.secretary, name="单雄", phone="13900000031")

    html = signed_in(cast.agent).get(member.get_absolute_url()).content.decode()

    hidden = [*secrets_of(member), "单雄信", "13900000099", "13900000021"]
    assert [secret for secret in hidden if secret in html] == []


def test_page_takes_as_many_queries_for_much_as_for_little(cast, member, queries):
    def more(number):
        # who sits in a committee is not transferred
        CommitteeSeat.objects.filter(member=member).update(ended_on=day("2025-12-31"))
        changed(cast, member, number=number)
        letter(member, to_place=ELSEWHERE).withdraw(actor=None, reason="写错了。")
        member.revise(actor=cast.secretary, note=f"第 {number} 次")
        place = (cast.home.organization, cast.home.village)[number - 1]
        elect(place, seat("单雄信", started=PartialDate(2021))).seats.update(member=member)

    more(1)
    one = queries(cast.secretary, member.get_absolute_url())
    sheet = queries(cast.secretary, reverse("orgs:member_sheet", args=[member.pk]))
    more(2)

    assert queries(cast.secretary, member.get_absolute_url()) == one
    assert queries(cast.secretary, reverse("orgs:member_sheet", args=[member.pk])) == sheet


def test_sheet_is_masked_and_in_full_for_a_reason_on_record(cast, member, signed_in):
    client, url = signed_in(cast.secretary), reverse("orgs:member_sheet", args=[member.pk])

    masked = client.get(url).content.decode()
    full = client.post(url, {"reason": "发展党员和档案工作"})

    assert [secret for secret in secrets_of(member) if secret in masked] == []
    assert [secret for secret in secrets_of(member) if secret not in full.content.decode()] == []
    assert full["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="member.unmasked")
    assert (entry.actor, entry.note) == (cast.secretary, "打印档案表 发展党员和档案工作")


def test_cadre_prints_the_masked_sheet_only(cast, member, signed_in):
    client, url = signed_in(cast.agent), reverse("orgs:member_sheet", args=[member.pk])

    html = client.get(url).content.decode()

    assert "单*信" in html
    assert "单雄信" not in html
    assert client.post(url, {"reason": "核对身份"}).status_code == 403
