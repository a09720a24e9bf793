"""A member moves: the giving secretary writes the letter of introduction, the receiving one takes
the person or sends the letter back, and until then nothing has changed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from orgs.models import AuditEntry, Level, Member, NotAllowed, Role, Transfer
from orgs.partial_date import PartialDate
from tests.orgs.leaders import elect, seat
from tests.orgs.members import enrolled, secrets_of
from tests.orgs.transfers import ELSEWHERE, TODAY, leaders_of, letter, told, url
from tests.people import place


@pytest.fixture
def member(cast):
    return enrolled(cast.home.village)


@pytest.fixture
def row(cast, member):
    return letter(member, actor=cast.secretary, to_organization=cast.away.village)


@pytest.fixture
def taker(cast):
    return cast.away.people[Role.SECRETARY]


# 发起


def test_secretary_writes_the_letter_and_the_other_side_is_told(cast, member, signed_in):
    form = {
        "to_organization": "东山乡一村", "reason": "随子女迁居", "started_on": "2026-03-02",
        "letter_number": "柳组转〔2026〕3号", "dues_paid_to": "2026.02",
    }  # fmt: skip
    response = signed_in(cast.secretary).post(url(member, "transfer_new"), form)

    row = Transfer.objects.get()
    assert response.url == row.get_absolute_url()
    assert (row.kind, row.status, row.expires_on) == ("WITHIN", "WAITING", date(2026, 5, 31))
    assert (row.from_organization, row.to_organization) == (cast.home.village, cast.away.village)
    assert row.dues_paid_to == PartialDate(2026, 2)
    assert Member.objects.get().organization == cast.home.village
    assert told("组织关系待接收：单*信") == leaders_of(cast.away)
    entry = AuditEntry.objects.about(row).get()
    assert (entry.action, entry.actor) == ("transfer.proposed", cast.secretary)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({}, None, "本系统内和外地的接收党组织请填一个，并且只填一个。"),
        ({"to_organization": "东山乡一村", "to_place": ELSEWHERE}, None,
         "本系统内和外地的接收党组织请填一个，并且只填一个。"),
        ({"to_organization": "柳河镇一村"}, "to_organization", "就是现在所在的党组织。"),
        ({"to_place": ELSEWHERE, "started_on": "2026-03-03"}, "started_on", "介绍信日期晚于今天。"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_letter_is_told(cast, member, signed_in, fields, field, message):
    form = {"started_on": "2026-03-02"} | fields
    response = signed_in(cast.secretary).post(url(member, "transfer_new"), form)

    assert response.context["form"].errors[field or "__all__"] == [message]
    assert not Transfer.objects.exists()


def test_member_has_one_letter_at_a_time(cast, member, row, signed_in):
    with pytest.raises(NotAllowed, match="正在办理组织关系转接"):
        letter(member, actor=cast.secretary, to_place=ELSEWHERE)

    again = signed_in(cast.secretary).get(url(member, "transfer_new"))
    assert again.url == row.get_absolute_url()


def test_who_sits_in_the_committee_leaves_it_first(cast, member):
    committee = elect(cast.home.village, seat("单雄信"))
    committee.seats.update(member=member)

    with pytest.raises(NotAllowed, match="还任柳河镇一村书记，请先在班子里办理离任。"):
        letter(member, actor=cast.secretary, to_place=ELSEWHERE)
    with pytest.raises(NotAllowed, match="还任柳河镇一村书记，请先在班子里办理离任。"):
        member.set_standing(
            actor=cast.secretary, standing="DECEASED", since=PartialDate(2026, 3), reason="去世"
        )

    committee.seats.get().vacate(actor=None, ended_on=TODAY, reason="TRANSFER")
    assert letter(member, actor=cast.secretary, to_place=ELSEWHERE).is_waiting


def test_seat_in_a_committee_above_both_branches_is_kept(cast, member):
    elect(cast.home.organization, seat("单雄信")).seats.update(member=member)
    second = place("4299101202", "二村", Level.VILLAGE, cast.home.organization)

    assert letter(member, actor=cast.secretary, to_organization=second).is_waiting
    member.transfers.get().withdraw(actor=cast.secretary, reason="写错了。")
    with pytest.raises(NotAllowed, match="还任柳河镇书记"):
        letter(member, actor=cast.secretary, to_organization=cast.away.village)


def test_page_of_the_member_tells_of_the_letter_under_way(cast, member, row, signed_in):
    html = signed_in(cast.secretary).get(member.get_absolute_url()).content.decode()

    assert "正在转接" in html


def test_nobody_leaves_the_register_with_a_letter_under_way(cast, member, row):
    with pytest.raises(NotAllowed, match="请先撤回或办结转接"):
        member.set_standing(
            actor=cast.secretary, standing="DECEASED", since=PartialDate(2026, 3), reason="去世"
        )

    assert Member.objects.get().standing == "NORMAL"


# 接收


def test_receiving_secretary_takes_the_member(cast, member, row, taker, signed_in):
    response = signed_in(taker).post(
        url(row, "transfer_act", "receive"), {"receive-received_on": "2026-03-02"}
    )

    row.refresh_from_db()
    assert response.url == row.get_absolute_url()
    assert (row.status, row.received_on, row.decided_by) == ("RECEIVED", TODAY, taker)
    moved = Member.objects.get()
    assert (moved.organization, moved.version) == (cast.away.village, member.version + 1)
    assert told("组织关系已接收") == leaders_of(cast.home)
    # the giving side has lost sight of the member, and still finds the letter
    giver = signed_in(cast.secretary)
    assert giver.get(member.get_absolute_url()).status_code == 404
    page = giver.get(url(row))
    assert page.status_code == 200
    assert [line["title"] for line in page.context["timeline"]] == [
        "接收组织关系", "发起组织关系转接",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2026-03-01", "接收日期应在介绍信日期（2026-03-02）和今天之间。"),
        ("2026-03-03", "接收日期应在介绍信日期（2026-03-02）和今天之间。"),
        ("", "请填写这一项。"),
    ],
)
def test_day_of_receipt_is_checked_and_kept(row, taker, signed_in, day, message):
    response = signed_in(taker).post(
        url(row, "transfer_act", "receive"), {"receive-received_on": day}
    )

    [(_, _, form)] = [told for told in response.context["verbs"] if told[0] == "receive"]
    assert form.errors == {"received_on": [message]}
    assert form["received_on"].value() == day
    assert Transfer.objects.get().is_waiting


def test_expired_letter_is_not_received(cast, member, taker):
    row = letter(
        member, actor=cast.secretary, to_organization=cast.away.village,
        started_on=TODAY - timedelta(days=91),
    )  # fmt: skip

    with pytest.raises(ValidationError, match="介绍信已于 2026-03-01 过期，请退回后重新开具。"):
        row.receive(actor=taker, received_on=TODAY)
    row.send_back(actor=taker, reason="介绍信过期。")
    assert Transfer.objects.get().status == "RETURNED"


def test_member_whom_a_roster_has_moved_is_not_received(cast, row, taker):
    Member.objects.update(organization=cast.home.organization)

    with pytest.raises(NotAllowed, match="党员已不在转出党组织"):
        row.receive(actor=taker, received_on=TODAY)


def test_organization_that_is_abolished_receives_nobody(cast, row, taker):
    type(cast.away.village).objects.filter(pk=cast.away.village.pk).update(abolished_on=TODAY)

    with pytest.raises(NotAllowed, match="接收党组织已撤销"):
        row.receive(actor=taker, received_on=TODAY)


def test_who_wrote_the_letter_does_not_receive_it(cast, member, signed_in):
    """Four eyes, also where one secretary leads both branches."""
    row = letter(member, actor=cast.secretary, to_organization=cast.home.organization)

    refused = signed_in(cast.secretary).post(
        url(row, "transfer_act", "receive"), {"receive-received_on": "2026-03-02"}
    )
    with pytest.raises(NotAllowed, match="发起人不能自己接收"):
        row.receive(actor=cast.secretary, received_on=TODAY)
    row.receive(actor=cast.reviewer, received_on=TODAY)

    assert refused.status_code == 403
    assert Member.objects.get().organization == cast.home.organization


# 退回, 撤回


def test_letter_is_sent_back_with_the_reason(cast, row, taker, signed_in):
    signed_in(taker).post(
        url(row, "transfer_act", "send_back"), {"send_back-reason": "本人未到本村居住。"}
    )

    row.refresh_from_db()
    assert (row.status, row.close_reason, row.received_on) == (
        "RETURNED", "本人未到本村居住。", None,
    )  # fmt: skip
    assert Member.objects.get().organization == cast.home.village
    assert told("组织关系被退回") == leaders_of(cast.home)


def test_letter_is_withdrawn_by_the_giving_side(cast, row, signed_in):
    signed_in(cast.secretary).post(
        url(row, "transfer_act", "withdraw"), {"withdraw-reason": "本人改变主意。"}
    )

    row.refresh_from_db()
    assert (row.status, row.decided_by) == ("WITHDRAWN", cast.secretary)
    assert told("组织关系转接已撤回") == leaders_of(cast.away)
    assert AuditEntry.objects.about(row).last().note == "本人改变主意。"


def test_reason_is_asked_for(row, taker, signed_in):
    response = signed_in(taker).post(url(row, "transfer_act", "send_back"), {})

    [(_, _, form)] = [told for told in response.context["verbs"] if told[0] == "send_back"]
    assert form.errors == {"reason": ["请填写这一项。"]}


def test_who_comes_too_late_is_told_and_nothing_changes(cast, row, taker, signed_in):
    row.withdraw(actor=cast.secretary, reason="调动取消。")

    response = signed_in(taker).post(
        url(row, "transfer_act", "receive"), {"receive-received_on": "2026-03-02"}
    )

    assert response.status_code == 409
    assert "这次转接已撤回，请刷新后查看。" in response.content.decode()
    assert Member.objects.get().organization == cast.home.village


# 谁看得见, 谁能办


def test_each_side_has_its_own_verbs(cast, row, taker):
    agent = cast.home.people[Role.AGENT]

    assert row.verbs_for(taker) == ["receive", "send_back"]
    assert row.verbs_for(cast.secretary) == ["withdraw"]
    assert row.verbs_for(agent) == row.verbs_for(cast.clerk) == []


@pytest.mark.parametrize(
    ("who", "verb", "status"),
    [
        ("secretary", "receive", 403),
        ("agent", "withdraw", 403),
        ("clerk", "withdraw", 404),
        ("secretary", "nothing", 404),
    ],
)
def test_who_may_not_is_refused(cast, row, signed_in, who, verb, status):
    client = signed_in(getattr(cast, who))

    assert client.post(url(row, "transfer_act", verb), {}).status_code == status
    assert Transfer.objects.get().is_waiting


def test_cadre_of_each_side_reads_without_the_name(cast, row, signed_in):
    for town, sees_member in ((cast.home, True), (cast.away, False)):
        page = signed_in(town.people[Role.AGENT]).get(url(row))
        html = page.content.decode()
        assert page.context["verbs"] == []
        assert page.context["sees_member"] is sees_member
        assert "单*信" in html
        assert "单雄信" not in html


# 介绍信


def test_letter_is_printed_in_full_for_a_reason_on_record(cast, member, row, signed_in):
    client = signed_in(cast.secretary)

    masked = client.get(url(row, "transfer_letter")).content.decode()
    full = client.post(url(row, "transfer_letter"), {"reason": "办理组织关系"})

    assert [secret for secret in secrets_of(member) if secret in masked] == []
    assert member.id_number in full.content.decode()
    assert full["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="member.unmasked")
    assert (entry.actor, entry.note) == (cast.secretary, "打印介绍信 办理组织关系")


def test_letter_belongs_to_the_giving_side_and_to_a_valid_transfer(cast, row, taker, signed_in):
    assert signed_in(taker).get(url(row, "transfer_letter")).status_code == 403
    row.withdraw(actor=cast.secretary, reason="写错了。")

    assert signed_in(cast.secretary).get(url(row, "transfer_letter")).status_code == 403
