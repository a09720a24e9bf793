"""A list of members goes home masked; whoever leads them takes it in full for a reason, on record,
and such a file comes back by the import with nothing changed."""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, Education, Member
from orgs.partial_date import PartialDate
from tests.orgs.members import enrolled, rows_of, secrets_of
from tests.orgs.rosters import counts, load

MASKED, FULL = reverse("orgs:members_export"), reverse("orgs:members_export_full")
REASON = {"reason": "党员信息采集核对", "note": "第一季度"}


@pytest.fixture
def people(cast):
    village = cast.home.village
    return [
        enrolled(
            village, "单雄信", 1, ethnicity="15", education=Education.BACHELOR, degree="管理学学士",
            native_place="青溪县", job="村医", in_hardship=True, is_volunteer=True,
            confirmed=PartialDate(2006, 7), note="=1+1",
        ),
        enrolled(
            village, "李雪梅", 2, stage="PROBATIONARY", joined=PartialDate(2025, 12, 31),
            phone="", landline="", address="", is_away=True, away_to="浙江省义乌市",
            away_since=PartialDate(2025, 3), is_lost=True, lost_since=PartialDate(2025),
        ),
        enrolled(cast.home.organization, "阿依古丽·买买提", 3, standing="KEPT", joined=None),
        enrolled(cast.away.village, "外乡人", 5),
    ]  # fmt: skip


def stored():
    """Every member as the database has it, but for what counts changes."""
    rows = Member.objects.order_by("pk").values()
    return [{name: value for name, value in row.items() if name != "version"} for row in rows]


def test_full_list_comes_back_with_nothing_changed(cast, people, signed_in, tmp_path):
    before = stored()
    response = signed_in(cast.secretary).post(FULL, REASON)
    file = tmp_path / "党员名册.xlsx"
    file.write_bytes(response.content)

    told = load(file, "4299101")

    assert counts(told) == [3, 0, 0, 3, 0, 0]
    assert (told["errors"], told["warnings"]) == ([], [])
    assert stored() == before
    assert set(Member.objects.values_list("version", flat=True)) == {1}


def test_full_list_says_everything_of_those_whom_the_user_leads(cast, people, signed_in):
    response = signed_in(cast.secretary).post(f"{FULL}?q=单雄信", REASON)

    headings, row = rows_of(response.content)
    told = dict(zip(headings, row, strict=True))
    assert [told[name] for name in ("公民身份号码", "联系电话", "固定电话", "家庭住址")] == (
        secrets_of(people[0])
    )
    assert (told["姓名"], told["党组织代码"], told["备注"]) == ("单雄信", "4299101201", "=1+1")
    entry = AuditEntry.objects.get(action="member.exported")
    assert (entry.actor, entry.note) == (
        cast.secretary,
        "党员名册（全文），1 条，条件：q=（关键词），原因：党员信息采集核对 第一季度",
    )


def test_without_a_reason_nothing_leaves(cast, people, signed_in):
    client = signed_in(cast.secretary)

    page, refused = client.get(FULL), client.post(FULL, {"reason": ""})

    assert page.context["count"] == 3
    assert refused.context["form"].errors == {"reason": ["请选择一项。"]}
    assert not AuditEntry.objects.filter(action="member.exported").exists()


def test_empty_list_is_not_exported_and_says_what_to_do(cast, people, signed_in):
    html = signed_in(cast.secretary).get(FULL, {"q": "没有"}).content.decode()

    assert "没有符合条件的党员" in html


def test_masked_list_changes_nobody_when_it_is_imported(cast, people, signed_in, tmp_path):
    """Its numbers are no numbers: every row is refused, so that no star gets into the register."""
    before = stored()
    file = tmp_path / "党员名册.xlsx"
    file.write_bytes(signed_in(cast.secretary).get(MASKED).content)

    told = load(file, "4299101")

    assert (told["new"], told["updated"]) == (0, 0)
    assert stored() == before


def test_what_a_form_brings_is_written_as_a_roster_would_say_it(cast, people, signed_in):
    """Else an exported file would come back with changes nobody made."""
    member = people[0]
    signed_in(cast.secretary).post(
        reverse("orgs:member_edit", args=[member.pk]),
        {
            "name": "单雄信",
            "stage": "FULL",
            "phone": "139 0000 0031",
            "note": "一\n二",
            "job": "村　医",
        },
    )

    member.refresh_from_db()
    assert (member.phone, member.note, member.job) == ("13900000031", "一 二", "村 医")


def test_export_takes_as_many_queries_for_many_as_for_one(cast, people, queries):
    assert queries(cast.secretary, f"{FULL}?q=单雄信") == queries(cast.secretary, FULL)
