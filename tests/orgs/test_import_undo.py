"""A roster that should not have gone in is taken back: what it brought goes, what it changed is as
before, and whatever somebody has touched since stays and is named."""

import pytest
from django.urls import reverse

from orgs.models import AuditEntry, Committee, ImportBatch, Member, Notice
from orgs.tasks import work_on_import
from tests.orgs.imports import LI, ZHANG, act, sheet, staged, work


@pytest.fixture
def secretary(cast, signed_in):
    return signed_in(cast.secretary)


@pytest.fixture
def committed(cast, secretary):
    """`committed(row, row…)`: a batch that has been let in."""

    def let_in(*rows):
        batch = staged(secretary, sheet(*rows), cast.home.organization)
        act(secretary, batch, "approve")
        work()
        batch.refresh_from_db()
        assert batch.status == "COMMITTED"
        return batch

    return let_in


def page_of(batch):
    return reverse("orgs:import_undo", args=[batch.pk])


def test_page_tells_what_would_go_back_and_changes_nothing(committed, secretary):
    committed(ZHANG)
    batch = committed((*ZHANG[:6], "高中"), LI)

    page = secretary.get(page_of(batch))

    assert page.context["undone"] == {"removed": 1, "restored": 1, "stay": 0, "kept": []}
    assert Member.objects.count() == 2
    batch.refresh_from_db()
    assert batch.status == "COMMITTED"
    assert not AuditEntry.objects.filter(action="roster.undone").exists()


def test_secretary_takes_it_back_with_a_reason_and_what_was_touched_stays(
    committed, secretary, cast
):
    committed(ZHANG)
    batch = committed((*ZHANG[:6], "高中"), LI)
    Member.objects.get(name="李雪梅").revise(actor=None, phone="13900000031")

    told = secretary.get(page_of(batch)).context["undone"]
    assert told == {"removed": 0, "restored": 1, "stay": 1, "kept": [(3, "导入后又有变更")]}
    assert secretary.post(page_of(batch), {"reason": ""}).status_code == 200
    assert secretary.post(page_of(batch), {"reason": "传错了文件"}).url == batch.get_absolute_url()
    batch.refresh_from_db()
    assert batch.status_words == "正在撤销"
    work()

    batch.refresh_from_db()
    assert (batch.status, batch.undone_by, batch.reason) == (
        "UNDONE", cast.secretary, "传错了文件",
    )  # fmt: skip
    assert batch.undone["kept"] == [[3, "导入后又有变更"]]
    assert Member.objects.get(name="张伟国").get_education_display() == "大专"
    assert Member.objects.filter(name="李雪梅").exists()
    entry = AuditEntry.objects.get(action="roster.undone")
    assert entry.note == "删除 0，恢复 1，保留 1。原因：传错了文件"
    assert Notice.objects.filter(kind="roster.undone").count() == 1
    text = secretary.get(batch.get_absolute_url()).content.decode()
    assert "第 3 行" in text
    assert "导入后又有变更" in text


def test_pressed_twice_it_is_taken_back_once(committed, secretary):
    batch = committed(ZHANG)
    secretary.post(page_of(batch), {"reason": "传错了"})

    again = secretary.post(page_of(batch), {"reason": "传错了"})

    assert again.url == batch.get_absolute_url()
    work()
    work_on_import(batch.pk)
    assert secretary.get(page_of(batch)).url == batch.get_absolute_url()
    assert AuditEntry.objects.filter(action="roster.undone").count() == 1
    assert not Member.objects.exists()


def test_cadre_may_not_take_back(committed, cast, signed_in, secretary):
    agent = signed_in(cast.agent)
    batch = staged(agent, sheet(ZHANG), cast.home.village)
    act(secretary, batch, "approve")
    work()

    assert agent.get(page_of(batch)).status_code == 403
    assert agent.post(page_of(batch), {"reason": "传错了"}).status_code == 403


def test_committee_of_a_roster_goes_again(secretary, cast):
    headings = ("党组织名称", "姓名", "职务", "任职时间", "当选日期")
    file = sheet(("柳河镇一村", "陈立国", "书记", "2024.03", "2024-03-15"), headings=headings)
    batch = staged(secretary, file, cast.home.organization, kind="COMMITTEES")
    act(secretary, batch, "approve")
    work()
    assert Committee.objects.count() == 1

    assert secretary.get(page_of(batch)).context["undone"]["removed"] == 1
    secretary.post(page_of(batch), {"reason": "届次填错"})
    work()

    assert not Committee.objects.exists()
    assert ImportBatch.objects.get(pk=batch.pk).status == "UNDONE"
