"""A secretary brings the roster that is at hand: uploaded, its columns gone through, its rows
looked at, let in. Nothing changes before that, and nothing happens twice."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.models import AuditEntry, ImportBatch, Member, Notice, Role
from orgs.tasks import work_on_import
from tests.orgs.imports import (
    BROKEN,
    LI,
    MORE,
    ZHANG,
    act,
    confirm_columns,
    sheet,
    staged,
    upload,
    work,
)
from tests.people import person, post


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


@pytest.fixture
def home(cast):
    return cast.home.organization


def test_secretary_uploads_confirms_columns_looks_and_lets_in(secretary, home, cast):
    answer = upload(secretary, sheet(ZHANG, LI, BROKEN), home)
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("orgs:import_columns", args=[batch.pk])
    assert (batch.status, batch.status_words, batch.created_by) == (
        "PARSING", "待核对列", cast.secretary,
    )  # fmt: skip

    answer = confirm_columns(secretary, batch)
    assert answer.url == batch.get_absolute_url()
    batch.refresh_from_db()
    assert (batch.work, batch.work_by) == ("STAGE", cast.secretary)
    assert "正在核对内容" in secretary.get(answer.url).content.decode()
    work()
    batch.refresh_from_db()
    assert (batch.status, batch.work) == ("PENDING", "")
    assert not Member.objects.exists()

    page = secretary.get(batch.get_absolute_url())
    assert page.context["tab"] == "ERROR"
    assert [count for _, _, count in page.context["tabs"]] == [2, 0, 0, 0, 1, 0, 0, None]
    assert act(secretary, batch, "approve").status_code == 302
    work()

    batch.refresh_from_db()
    assert (batch.status, batch.decided_by) == ("COMMITTED", cast.secretary)
    assert sorted(Member.objects.values_list("name", flat=True)) == ["张伟国", "李雪梅"]
    entries = AuditEntry.objects.about(batch).values_list("action", flat=True)
    assert list(entries) == ["roster.uploaded", "roster.approved", "roster.committed"]
    assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == [
        "roster.staged", "roster.committed",
    ]  # fmt: skip


def test_preview_shows_before_and_after_and_masks_numbers(secretary, home):
    first = staged(secretary, sheet(ZHANG, LI), home)
    act(secretary, first, "approve")
    work()

    batch = staged(secretary, sheet((*ZHANG[:5], "13900000088", "大学本科"), LI, BROKEN), home)

    text = secretary.get(batch.get_absolute_url(), {"tab": "UPDATE"}).content.decode()
    assert '联系电话：<del class="muted">139****0021</del> → <b>139****0088</b>' in text
    assert '学历：<del class="muted">大专</del> → <b>大学本科</b>' in text
    assert "张伟国（柳河镇一村）" in text
    for secret in (ZHANG[1], "13900000088", "13900000021"):
        assert secret not in text
    unchanged = secretary.get(batch.get_absolute_url(), {"tab": "UNCHANGED"}).content.decode()
    assert "李雪梅" in unchanged
    faults = secretary.get(batch.get_absolute_url(), {"tab": "ERROR"}).context["table"].rows
    assert [fault["column"] for fault in faults[0].record.faults] == [
        "所在党支部", "公民身份号码", "加入党组织日期",
    ]  # fmt: skip


def test_person_the_roster_does_not_name_is_listed_and_stays(secretary, home):
    first = staged(secretary, sheet(ZHANG, LI), home)
    act(secretary, first, "approve")
    work()

    batch = staged(secretary, sheet(ZHANG), home)

    page = secretary.get(batch.get_absolute_url(), {"tab": "MISSING"})
    assert [row.record.name for row in page.context["table"].rows] == ["李雪梅"]
    act(secretary, batch, "choose", on_duplicate="SKIP")
    work()
    assert Member.objects.count() == 2


def test_who_is_known_may_be_left_as_he_is(secretary, home):
    first = staged(secretary, sheet(ZHANG), home)
    act(secretary, first, "approve")
    work()
    batch = staged(secretary, sheet((*ZHANG[:6], "高中"), LI), home)
    assert (batch.counts["new"], batch.counts["updated"]) == (1, 1)

    act(secretary, batch, "choose", on_duplicate="SKIP")
    work()

    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["duplicate"], batch.on_duplicate) == (1, 1, "SKIP")
    act(secretary, batch, "approve")
    work()
    assert Member.objects.get(name="张伟国").get_education_display() == "大专"


def test_stop_lets_nobody_in_and_says_why(secretary, home):
    first = staged(secretary, sheet(ZHANG), home)
    act(secretary, first, "approve")
    work()
    batch = staged(secretary, sheet((*ZHANG[:6], "高中"), LI), home)
    act(secretary, batch, "choose", on_duplicate="STOP")
    work()

    act(secretary, batch, "approve")
    work()

    batch.refresh_from_db()
    assert (batch.status, batch.work) == ("PENDING", "")
    assert batch.trouble == "有 1 行与表中其他行或已登记的党员重复，已停止，没有导入。"
    assert batch.trouble in secretary.get(batch.get_absolute_url()).content.decode()
    assert Member.objects.count() == 1


def test_pressed_twice_it_goes_in_once(secretary, home, cast):
    batch = staged(secretary, sheet(ZHANG), home)

    assert act(secretary, batch, "approve").status_code == 302
    second = act(secretary, batch, "approve")

    assert second.status_code == 409
    assert "这一批正在入库，请刷新后查看。" in second.content.decode()
    work()
    work_on_import(batch.pk)
    assert act(secretary, batch, "approve").status_code == 409
    assert Member.objects.count() == 1
    assert AuditEntry.objects.filter(action="roster.committed").count() == 1


def kept_copy(batch):
    with batch.file.open() as file:
        return SimpleUploadedFile("又一次.xlsx", file.read())


def test_same_file_is_recognised_until_it_is_taken_back(secretary, home):
    first = staged(secretary, sheet(ZHANG), home)
    again = kept_copy(first)
    assert upload(secretary, again, home).url == reverse("orgs:import_columns", args=[first.pk])
    act(secretary, first, "approve")
    work()

    again.seek(0)
    page = upload(secretary, again, home)

    assert page.status_code == 200
    assert page.context["form"].errors["file"] == [
        "这个文件已经导入过，没有再次上传。内容要改，请改好文件再传；导错了，请先撤销那一次。"
    ]
    assert page.context["twin"] == first
    assert first.get_absolute_url() in page.content.decode()
    ImportBatch.objects.update(status="UNDONE")
    again.seek(0)
    assert upload(secretary, again, home).status_code == 302


def test_reviewer_sends_back_what_a_cadre_proposed_and_says_why(cast, signed_in, secretary):
    agent, village = signed_in(cast.agent), cast.home.village
    batch = staged(agent, sheet(ZHANG), village)
    assert batch.verbs_for(cast.agent) == ["map_columns", "choose", "drop"]
    assert "等书记或组织部门确认入库" in agent.get(batch.get_absolute_url()).content.decode()
    assert act(agent, batch, "approve").status_code == 409
    told = Notice.objects.filter(kind="roster.waiting")
    assert {notice.recipient for notice in told} == {cast.secretary, cast.reviewer}

    assert act(secretary, batch, "send_back", reason="").status_code == 200
    act(secretary, batch, "send_back", reason="缺二组的人")

    batch.refresh_from_db()
    assert (batch.status, batch.reason) == ("RETURNED", "缺二组的人")
    assert Notice.objects.get(kind="roster.returned").recipient == cast.agent
    assert "缺二组的人" in agent.get(batch.get_absolute_url()).content.decode()


def test_second_pair_of_eyes_where_the_setting_asks_for_it(
    secretary, home, cast, signed_in, settings
):
    settings.IMPORT_SECOND_PERSON = True
    batch = staged(secretary, sheet(ZHANG), home)

    refused = act(secretary, batch, "approve")

    assert refused.status_code == 409
    assert "本人上传的名册要由另一个人确认入库。" in refused.content.decode()
    assert list(ImportBatch.objects.awaiting(cast.secretary)) == []
    assert list(ImportBatch.objects.awaiting(cast.reviewer)) == [batch]
    act(signed_in(cast.reviewer), batch, "approve")
    work()
    batch.refresh_from_db()
    assert (batch.status, batch.decided_by) == ("COMMITTED", cast.reviewer)


def test_workbench_tells_of_what_waits(secretary, home):
    staged(secretary, sheet(ZHANG), home)

    assert "名册导入等您办理" in secretary.get(reverse("home")).content.decode()
    listed = secretary.get(reverse("orgs:imports"), {"box": "mine"}).context["table"]
    assert len(listed.rows) == 1


@pytest.mark.parametrize("role", [Role.CLERK, Role.HANDLER, Role.CENTRE_HEAD])
def test_other_roles_have_no_imports(cast, signed_in, role):
    assert signed_in(cast.home.people[role]).get(reverse("orgs:imports")).status_code == 403


def test_cadre_brings_for_the_own_branch_only(cast, signed_in):
    agent = signed_in(cast.agent)

    page = upload(agent, sheet(ZHANG), cast.away.village)

    assert page.context["form"].errors["organization"] == [
        "没有找到“4299102201”，请核对代码或名称。"
    ]
    assert not ImportBatch.objects.exists()


def test_list_takes_no_more_queries_for_more_rows(queries, cast, secretary, home):
    staged(secretary, sheet(ZHANG), home)
    url = reverse("orgs:imports")
    one = queries(cast.secretary, url)

    for number in (2, 3):
        ImportBatch.objects.create(
            organization=home, file_name=f"{number}.xlsx", sha256=str(number),
            created_by=cast.agent, counts={"new": 1},
        )  # fmt: skip

    assert queries(cast.secretary, url) == one


def test_preview_takes_no_more_queries_for_more_rows(queries, cast, signed_in, home):
    one = staged(signed_in(cast.secretary), sheet(ZHANG), home)
    few = queries(cast.secretary, one.get_absolute_url())
    more = (ZHANG, LI, (*ZHANG[:1], *("429921198506010031", "男"), *ZHANG[3:]))

    three = staged(signed_in(cast.secretary), sheet(*more, headings=MORE), home)

    assert queries(cast.secretary, three.get_absolute_url() + "?tab=NEW") == few


def test_secretary_lets_in_only_what_she_has_seen(cast, signed_in, secretary):
    agent = signed_in(cast.agent)
    batch = staged(agent, sheet(ZHANG), cast.home.village)
    seen = batch.edition
    confirm_columns(agent, batch, column_5="-")
    work()

    refused = act(secretary, batch, "approve", seen=seen)

    assert refused.status_code == 409
    assert "内容有变化，请看过再确认" in refused.content.decode()
    assert not Member.objects.exists()
    assert act(secretary, batch, "approve").status_code == 302


def test_rows_with_a_doubt_have_a_tab_of_their_own(secretary, home):
    batch = staged(secretary, sheet((*ZHANG[:2], "女", *ZHANG[3:]), LI), home)

    page = secretary.get(batch.get_absolute_url(), {"tab": "WARNED"})

    assert ("WARNED", "有提醒", 1) in page.context["tabs"]
    assert [row.record.number for row in page.context["table"].rows] == [2]
    assert "与身份证号码不一致（号码为男）。" in page.content.decode()


def test_roster_of_nothing_but_errors_waits_for_nobody(cast, signed_in):
    agent = signed_in(cast.agent)

    batch = staged(agent, sheet(BROKEN), cast.home.village)

    assert not ImportBatch.objects.awaiting(cast.secretary).exists()
    assert not Notice.objects.filter(kind="roster.waiting").exists()
    text = agent.get(batch.get_absolute_url()).content.decode()
    assert "没有可以新增或更新的行" in text
    assert "等书记或组织部门确认入库" not in text


def test_cadre_sees_only_what_was_brought_for_the_branch_one_still_works_for(cast, signed_in):
    batch = staged(signed_in(cast.agent), sheet(ZHANG), cast.home.village)
    colleague = person("colleague", "柳河另一代办员")
    post(colleague, cast.home.village, Role.AGENT)
    assert signed_in(colleague).get(batch.get_absolute_url()).status_code == 404
    assert list(ImportBatch.objects.visible_to(cast.agent)) == [batch]

    cast.agent.posts.update(ended_on="2026-03-01")
    post(cast.agent, cast.away.village, Role.AGENT)

    assert signed_in(cast.agent).get(batch.get_absolute_url()).status_code == 404


def test_member_without_a_number_is_missed_too(secretary, home, cast):
    Member.enrol(actor=None, organization=cast.home.village, name="周老")

    batch = staged(secretary, sheet(ZHANG), home)

    page = secretary.get(batch.get_absolute_url(), {"tab": "MISSING"})
    assert [row.record.name for row in page.context["table"].rows] == ["周老"]
