"""The secretary of a township keeps the committees below, page by page, as a clerk would."""

from datetime import date

import pytest
from django.urls import reverse

from orgs.models import Committee, Role, SeatPost
from orgs.partial_date import PartialDate
from tests.orgs.leaders import day, elect, seat

FORM = {"elected": "2026-02-20", "term": "8", "document": "柳组〔2026〕3号"}


def url(name, *args):
    return reverse(f"orgs:{name}", args=args)


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


def test_secretary_registers_what_a_village_elected(cast, secretary):
    member = cast.home.village.members.create(name="陈立国", id_number="420583198506010011")

    answer = secretary.post(
        url("committee_new", cast.home.village.pk),
        FORM | {"SECRETARY": "陈立国", "source": "ELECTED", "heads_village": "on",
                "DISCIPLINE": "田秀英", "MEMBER": "张大山、向大海"},
    )  # fmt: skip

    committee = Committee.objects.get()
    assert answer.url == committee.get_absolute_url()
    assert (committee.term, committee.due_on) == (8, date(2031, 2, 20))
    rows = committee.seats.in_order().values_list("post", "name", "member", "heads_village")
    assert [*rows] == [
        ("SECRETARY", "陈立国", member.pk, True),
        ("DISCIPLINE", "田秀英", None, False),
        ("MEMBER", "张大山", None, False),
        ("MEMBER", "向大海", None, False),
    ]
    page = secretary.get(answer.url).content.decode()
    assert "还有 4 年 11 个月" in page
    assert "张大山" in secretary.get(cast.home.village.get_absolute_url()).content.decode()


def test_namesakes_are_told_apart_by_the_tail_of_the_number(cast, secretary):
    for number in ("420583198506010011", "420583198506010038"):
        cast.home.village.members.create(name="陈立国", id_number=number)
    address = url("committee_new", cast.home.village.pk)

    refused = secretary.post(address, FORM | {"SECRETARY": "陈立国"})
    assert errors(refused) == {
        "SECRETARY": ["“陈立国”在本组织不止一人，请写身份证号后四位：陈立国 0011、陈立国 0038。"]
    }
    assert 'value="陈立国"' in refused.content.decode()
    unknown = secretary.post(address, FORM | {"SECRETARY": "陈立国 9999"})
    assert errors(unknown) == {
        "SECRETARY": ["本组织没有身份证号后四位为 9999 的“陈立国”，请核对。"]
    }
    secretary.post(address, FORM | {"SECRETARY": "陈立国（0038）"})
    assert Committee.objects.get().seats.get().member.id_tail == "0038"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"elected": "去年"}, {"elected": ["请写成 1985、1985-06 或 1985-06-01。"]}),
        ({"elected": "2026-03-03"}, {"elected": ["当选日期还没有到，请核对。"]}),
        ({"due_on": "2026-02-20"}, {"due_on": ["应换届日期应晚于当选日期。"]}),
        ({"SECRETARY": "张三、李四"}, {"SECRETARY": ["书记只能有一人，其他人请填在别的职务里。"]}),
    ],
)
def test_what_makes_no_sense_is_named_at_its_field(cast, secretary, typed, expected):
    page = secretary.post(url("committee_new", cast.home.village.pk), FORM | typed)

    assert errors(page) == expected
    assert Committee.objects.count() == 0


def test_second_registration_is_refused(cast, secretary):
    elect(cast.home.village)

    page = secretary.post(url("committee_new", cast.home.village.pk), FORM)

    assert errors(page) == {"__all__": ["该党组织已有在任班子，请在班子页面办理换届。"]}


def test_secretary_renews_fills_corrects_and_vacates(cast, secretary):
    old = elect(cast.home.village, elected="2021-03", term=7)
    answer = secretary.post(url("committee_renew", old.pk), FORM | {"SECRETARY": "张大山"})
    committee = Committee.objects.get(status="IN_OFFICE")
    assert (answer.url, committee.term) == (committee.get_absolute_url(), 8)

    secretary.post(
        url("seat_new", committee.pk),
        {"post": "MEMBER", "person": "田秀英", "started": "2026.3", "phone": "13900000021"},
    )
    row = committee.seats.get(post="MEMBER")
    assert (row.started, row.shown_phone) == (PartialDate(2026, 3), "139****0021")

    edit = url("seat_edit", committee.pk, row.pk)
    assert "13900000021" not in secretary.get(edit).content.decode()
    secretary.post(
        edit, {"post": "PUBLICITY", "person": "田秀英", "started": "2026-03", "phone": ""}
    )
    row.refresh_from_db()
    assert (row.post, row.phone) == (SeatPost.PUBLICITY, "13900000021")

    end = url("seat_end", committee.pk, row.pk)
    assert errors(secretary.post(end, {"ended_on": "2026-03-03", "reason": "DIED"})) == {
        "ended_on": ["日期还没有到，请在离任后登记。"]
    }
    secretary.post(end, {"ended_on": "2026-03-02", "reason": "TRANSFER", "note": "调镇政府"})
    row.refresh_from_db()
    assert (row.ended_on, row.left_note) == (date(2026, 3, 2), "调镇政府")
    page = secretary.get(committee.get_absolute_url()).content.decode()
    assert "2026年3月起，到 2026年3月2日，调离" in page


def test_next_term_begins_with_the_people_of_this_one(cast, secretary):
    people = seat(heads_village=True), seat("张大山", "MEMBER"), seat("向大海", "MEMBER")
    old = elect(cast.home.village, *people, elected="2021-03", term=7)

    form = secretary.get(url("committee_renew", old.pk)).context["form"]

    assert form.initial == {
        "term": 8,
        "SECRETARY": ["陈立国"],
        "heads_village": True,
        "MEMBER": ["张大山", "向大海"],
    }
    assert 'value="张大山、向大海"' in str(form["MEMBER"])


def test_vacated_secretary_whose_account_goes_on_is_pointed_out(cast, signed_in):
    account = cast.secretary
    committee = elect(cast.home.organization, seat(user=account))

    answer = signed_in(account).post(
        url("seat_end", committee.pk, committee.seats.get().pk),
        {"ended_on": "2026-03-02", "reason": "TRANSFER"},
        follow=True,
    )

    said = [str(message) for message in answer.context["messages"]]
    assert said == [
        "陈立国的离任已登记。",
        "陈立国的账号还有“柳河镇 书记”任职，请安全管理员结束它。",
    ]


def test_only_from_above_is_a_term_put_off(cast, signed_in):
    committee = elect(cast.home.organization, elected="2021-03-20")
    own = signed_in(cast.secretary)
    assert own.get(url("committee_extend", committee.pk)).status_code == 403

    cast.fellow.posts.create(
        organization=cast.county, role=Role.REVIEWER, started_on=day("2020-01-01")
    )
    above = signed_in(cast.fellow)
    typed = {"due_on": "2027-03-21", "document": "青组〔2026〕9号"}
    page = above.get(url("committee_extend", committee.pk)).content.decode()
    assert "应换届日期 2026年3月20日，最晚可延到 2027年3月20日。" in page
    refused = above.post(url("committee_extend", committee.pk), typed)
    assert "一般不超过一年" in errors(refused)["__all__"][0]
    above.post(url("committee_extend", committee.pk), typed | {"due_on": "2027-03-20"})
    committee.refresh_from_db()
    assert (committee.due_on, committee.extended_from) == (date(2027, 3, 20), date(2026, 3, 20))
    assert "青组〔2026〕9号批准延期" in own.get(committee.get_absolute_url()).content.decode()


def test_cadre_looks_at_the_own_branch_and_changes_nothing(cast, signed_in):
    mine, other = elect(cast.home.village), elect(cast.home.organization)
    client = signed_in(cast.agent)

    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    for name in ("committee_edit", "committee_renew", "committee_extend", "seat_new"):
        assert client.get(url(name, mine.pk)).status_code == 403


def test_old_term_can_be_read_but_not_acted_on(cast, secretary):
    old = elect(cast.home.village, elected="2021-03")
    old.renew(actor=None, elected=PartialDate(2026, 2, 20))

    page = secretary.get(old.get_absolute_url())

    assert page.context["rights"] == []
    refused = secretary.post(url("committee_renew", old.pk), FORM)
    assert errors(refused) == {"__all__": ["这一届已经换届，请到在任班子办理。"]}


def test_page_takes_as_many_queries_for_five_seats_as_for_one(cast, queries):
    committee = elect(cast.home.village)
    one = queries(cast.secretary, committee.get_absolute_url())
    for number in range(4):
        member = cast.home.village.members.create(name=f"委员{number}")
        committee.fill(actor=None, member=member, **seat(f"委员{number}", SeatPost.MEMBER))

    assert queries(cast.secretary, committee.get_absolute_url()) == one


def test_whoever_sees_the_organization_sees_who_leads_it(cast, signed_in):
    committee = elect(cast.home.organization, seat(phone="13900000021"))
    link = committee.get_absolute_url()

    for user in (cast.clerk, cast.handler, cast.system_admin):
        page = signed_in(user).get(cast.home.organization.get_absolute_url()).content.decode()
        assert "陈立国" in page
        assert "139****0021" not in page
        assert link not in page
        assert signed_in(user).get(link).status_code == 404
    page = signed_in(cast.secretary).get(cast.home.organization.get_absolute_url())
    assert link in page.content.decode()


def test_linked_account_stays_linked_when_its_post_has_ended(cast, signed_in):
    committee = elect(cast.home.village, seat(user=cast.agent))
    cast.agent.posts.update(ended_on="2026-02-01")
    row = committee.seats.get()
    client = signed_in(cast.secretary)
    edit = url("seat_edit", committee.pk, row.pk)

    form = client.get(edit).context["form"]
    assert list(form.fields["user"].queryset) == [cast.agent]
    client.post(edit, {"post": "SECRETARY", "person": "陈立国", "user": cast.agent.pk, "note": "x"})

    row.refresh_from_db()
    assert (row.user, row.note) == (cast.agent, "x")
