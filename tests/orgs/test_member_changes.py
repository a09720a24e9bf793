"""A secretary enrols people, corrects what is written, and registers who is away, lost or gone;
the whole of a person is read for a reason, on record."""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, Member
from orgs.partial_date import PartialDate
from tests.orgs.members import PHONE, enrolled, secrets_of
from tests.orgs.rosters import id_number

NEW = reverse("orgs:member_new")
HOW = "请写成 1985-06-01、1985.06 或 1985年6月。"
CHECK = "身份证号码校验不通过，请逐位核对，可能有一位录错。"


def url(name, member, *more):
    return reverse(f"orgs:{name}", args=[member.pk, *more])


def typed(**fields):
    return {
        "organization": "4299101201",
        "name": "覃 德明",
        "id_number": id_number("19780312", 7),
        "stage": "FULL",
        "joined": "2001年7月",
        "confirmed": "2002",
        "phone": "13900000031",
    } | fields


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


def test_secretary_enrols_somebody_with_dates_as_they_are_known(cast, secretary):
    response = secretary.post(NEW, typed())

    member = Member.objects.get()
    assert response.url == member.get_absolute_url()
    assert (member.organization, member.name) == (cast.home.village, "覃德明")
    assert (member.joined, member.confirmed) == (PartialDate(2001, 7), PartialDate(2002))
    # what the number tells fills what was left blank
    assert (member.born, member.sex) == (PartialDate(1978, 3, 12), "1")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.organization) == (
        "member.enrolled", cast.secretary, cast.home.village,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"id_number": "429921197803120075"}, "id_number", CHECK),
        ({"joined": "85.06"}, "joined", f"年份须写四位。{HOW}"),
        ({"joined": "2030.01"}, "joined", "日期晚于今天。请核对后重填。"),
        ({"confirmed": "1999.01"}, "confirmed", "转正日期早于入党日期，请核对。"),
        ({"stage": "PROBATIONARY"}, "confirmed", "预备党员没有转正日期，请核对人员类别。"),
        ({"phone": "1390000"}, "phone", "手机号码应为11位，现在是7位。"),
        ({"name": "张三、李四"}, "name", "一格只能填一个人的姓名。"),
        ({"organization": "4299102201"}, "organization",
         "没有找到“4299102201”，请核对代码或名称。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(
    secretary, fields, field, message
):
    response = secretary.post(NEW, typed(**fields))

    assert errors(response) == {field: [message]}
    assert 'value="覃 德明"' in response.content.decode() or "name" in fields
    assert not Member.objects.exists()


def test_number_that_is_there_already_is_told_with_the_place_only_where_one_leads(cast, secretary):
    enrolled(cast.home.organization, id_number=id_number("19780312", 7))
    here = secretary.post(NEW, typed())
    assert errors(here) == {
        "id_number": ["该身份证号码已登记为党员：单雄信，柳河镇。"],
    }

    Member.objects.update(organization=cast.away.village)
    elsewhere = secretary.post(NEW, typed())
    assert errors(elsewhere) == {
        "id_number": ["此人已在其他党组织登记，请联系组织部门办理组织关系转接。"],
    }
    assert "单雄信" not in elsewhere.content.decode()


def test_what_the_number_says_otherwise_is_a_warning(secretary):
    page = secretary.post(NEW, typed(sex="2", born="1978.05"), follow=True).content.decode()

    assert "性别与身份证号码不一致（号码为男），请核对。" in page
    assert "出生日期与身份证号码不一致（号码为1978年3月12日），请核对。" in page


def test_change_keeps_what_is_left_empty_and_clears_what_is_told_to(cast, secretary):
    member = enrolled(cast.home.village)
    form = {
        "name": "单雄信",
        "stage": "FULL",
        "joined": "2005.07",
        "sex": "1",
        "born": "1985.06.01",
    }

    secretary.post(url("member_edit", member), form | {"phone": "13900000099", "landline": "-"})

    now = Member.objects.get()
    assert (now.phone, now.landline, now.address) == ("13900000099", "", member.address)
    assert now.id_number == member.id_number
    entry = AuditEntry.objects.get(action="member.revised")
    assert entry.changes == {"phone": ["不记录", "已变更"], "landline": ["不记录", "已清除"]}


def test_member_goes_away_and_comes_back_is_lost_and_found(cast, secretary):
    member = enrolled(cast.home.village)

    def change(verb, **form):
        secretary.post(url("member_change", member, verb), form)
        member.refresh_from_db()

    change("away", since="2025.03", to="浙江省义乌市")
    assert (member.is_away, member.away_since, member.away_to) == (
        True, PartialDate(2025, 3), "浙江省义乌市",
    )  # fmt: skip
    change("back", on="2026.02")
    assert (member.is_away, member.away_since, member.away_to) == (False, None, "")
    change("lost", since="2025")
    assert (member.is_lost, member.lost_since) == (True, PartialDate(2025))
    change("found", on="2026.03.01")
    assert (member.is_lost, member.lost_since) == (False, None)
    titles = [line["title"] for line in secretary.get(url("member", member)).context["timeline"]]
    assert titles[:5] == ["恢复联系", "登记失联", "流动返回", "登记流动", "登记党员"]


def test_nobody_is_deleted_who_leaves_the_register(cast, secretary):
    member = enrolled(cast.home.village)

    secretary.post(
        url("member_change", member, "standing"),
        {"standing": "EXPELLED", "since": "2026.02.11", "reason": "青纪〔2026〕3号"},
    )

    member.refresh_from_db()
    assert (member.standing, member.is_on_register) == ("EXPELLED", False)
    page = secretary.get(url("member", member))
    assert page.context["rights"] == ["unmask", "standing"]
    assert "青纪〔2026〕3号" in page.content.decode()
    assert secretary.get(url("member_edit", member)).status_code == 403


def test_cadre_sees_the_own_branch_and_changes_nothing(cast, signed_in):
    member, cadre = enrolled(cast.home.village), signed_in(cast.agent)

    assert cadre.get(url("member", member)).status_code == 200
    for name in ("member_edit", "member_unmask", "transfer_new"):
        assert cadre.get(url(name, member)).status_code == 403
    assert cadre.get(url("member_change", member, "away")).status_code == 403
    assert cadre.get(NEW).status_code == 403
    assert cadre.get(url("member", enrolled(cast.home.organization, serial=3))).status_code == 404


def test_whole_is_read_for_a_reason_on_record(cast, secretary):
    member = enrolled(cast.home.village)
    page = url("member_unmask", member)

    before = secretary.get(page).content.decode()
    shown = secretary.post(page, {"reason": "核对身份", "note": "换证"})

    html = shown.content.decode()
    assert [secret for secret in secrets_of(member) if secret in before] == []
    assert [secret for secret in secrets_of(member) if secret not in html] == []
    assert shown["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="member.unmasked")
    assert (entry.actor, entry.note, entry.target_id) == (
        cast.secretary, "核对身份 换证", str(member.pk),
    )  # fmt: skip
    # who looked is for the auditor alone
    lines = secretary.get(url("member", member)).context["timeline"]
    assert [line["title"] for line in lines] == ["登记党员", "加入党组织"]


def test_cadre_reads_no_former_name_in_the_history(cast, signed_in):
    member = enrolled(cast.home.village)
    member.revise(actor=cast.secretary, name="单雄", job="务农")

    texts = [
        line["text"]
        for line in signed_in(cast.agent).get(url("member", member)).context["timeline"]
    ]

    assert texts[0] == "工作岗位：空 → 务农"


def test_phone_is_no_shorter_way_to_the_number(cast, secretary):
    """A number typed into the form of change is never given back by it."""
    member = enrolled(cast.home.village)

    response = secretary.post(url("member_edit", member), {"name": "", "phone": PHONE})

    assert response.status_code == 200
    assert member.id_number not in response.content.decode()
