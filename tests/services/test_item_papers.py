"""Forms to fill in at home, the sheet for the wall, and how complete the public is told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry, NotAllowed, Role
from services.models import ItemAttachment, ServiceItem
from services.models.item_paper import MOST
from services.models.openness import openness
from tests.services.test_guide import BUDGET, weight

LIST = reverse("services:items")


def blank(name="申请表.pdf", content=b"%PDF-1.4 one"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def item(cast):
    return cast.item()


@pytest.fixture
def paper(cast, item):
    return ItemAttachment.offer([blank()], item=item, actor=cast.centre_head)[0]


def url(name, *args):
    return reverse(f"services:{name}", args=args)


def test_head_uploads_and_anybody_downloads(cast, item, enter, client):
    enter(cast.centre_head)
    files = [blank(), blank("说明.docx", b"PK\x03\x04")]

    answer = client.post(url("item_paper_new", item.pk), {"files": files})

    assert answer.url == item.get_absolute_url()
    assert "申请表.pdf" in client.get(item.get_absolute_url()).content.decode()
    entry = AuditEntry.objects.get(action="item.paper_offered")
    assert (entry.note, entry.organization) == ("申请表.pdf、说明.docx", cast.home.organization)
    client.logout()
    row = ItemAttachment.objects.get(name="申请表.pdf")
    download = url("guide_paper", item.pk, row.pk)
    assert download in client.get(url("guide_item", item.pk)).content.decode()
    file = client.get(download)
    assert b"".join(file.streaming_content) == b"%PDF-1.4 one"
    file.close()
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("坏.pdf", b"MZ", "内容与扩展名不符"),
        ("录音.mp3", b"ID3", "不是表格"),
        ("程序.exe", b"MZ", "不支持"),
    ],
)
def test_what_is_no_form_is_refused_and_named(cast, item, enter, name, content, words):
    files = [blank(name, content)]

    page = enter(cast.centre_head).post(url("item_paper_new", item.pk), {"files": files})

    assert words in page.content.decode()
    assert not ItemAttachment.objects.exists()


def test_same_file_sent_twice_is_one(cast, item, paper):
    assert ItemAttachment.offer([blank()], item=item, actor=cast.centre_head) == []
    assert item.papers.count() == 1


def test_one_item_has_only_so_many_forms(cast, item):
    uploads = [blank(f"{n}.pdf", b"%%PDF-%d" % n) for n in range(MOST + 1)]

    with pytest.raises(NotAllowed, match=f"最多 {MOST} 份"):
        ItemAttachment.offer(uploads, item=item, actor=cast.centre_head)
    assert not item.papers.exists()


def test_form_taken_down_is_gone_for_everybody_and_stays_on_record(cast, item, paper, enter):
    client = enter(cast.centre_head)
    remove = url("item_paper_remove", item.pk, paper.pk)
    assert "撤下“申请表.pdf”？" in client.get(remove).content.decode()

    for _ in range(2):
        assert client.post(remove).url == item.get_absolute_url()

    for name in ("guide_paper", "item_paper"):
        assert client.get(url(name, item.pk, paper.pk)).status_code == 404
    assert AuditEntry.objects.get(action="item.paper_removed").note == "申请表.pdf"
    assert ItemAttachment.objects.get().removed_by == cast.centre_head


def test_item_out_of_use_gives_no_forms_to_the_public(cast, item, paper, enter, client):
    item.switch(False, actor=cast.centre_head)

    assert client.get(url("guide_paper", item.pk, paper.pk)).status_code == 404
    assert client.get(url("guide_poster", item.pk)).status_code == 404
    enter(cast.clerk)
    file = client.get(url("item_paper", item.pk, paper.pk))
    assert b"".join(file.streaming_content) == b"%PDF-1.4 one"
    file.close()


def test_form_is_found_only_under_its_own_item(cast, paper, client):
    other = cast.item("低保申请", code="MZ-02")

    assert client.get(url("guide_paper", other.pk, paper.pk)).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CENTRE_HEAD])
def test_only_the_head_of_the_centre_changes_the_forms(cast, item, paper, enter, role):
    client = enter(cast.home.people[role])

    assert client.post(url("item_paper_new", item.pk), {"files": [blank()]}).status_code == 403
    assert client.post(url("item_paper_remove", item.pk, paper.pk)).status_code == 403


def test_poster_holds_what_a_wall_needs(cast, item, client):
    cast.home.unit.window = "3 号窗口"
    cast.home.unit.save()

    page = client.get(url("guide_poster", item.pk)).content.decode()

    for said in (
        "高龄津贴申领", "5 个工作日内办结", "<li>身份证</li><li>户口簿</li>", "3 号窗口", "李雪梅",
        'src="data:image/svg+xml', "不收费",
    ):  # fmt: skip
        assert said in page
    assert weight(page) < BUDGET


def complete(item):
    version, unit = item.current, item.department
    version.conditions, version.steps, version.result = "年满八十周岁", "提交材料", "通知书"
    version.save()
    unit.window, unit.telephone = "3 号窗口", "0717-6222302"
    unit.save()
    return item


def test_completeness_names_what_is_missing(item):
    # told: materials, fee, promise, handler, telephone, and no form is asked for
    assert openness(item, papers=0) == (
        54, ("办理条件", "办理流程", "办理结果", "窗口号", "单位电话"),
    )  # fmt: skip
    assert openness(complete(item), papers=0) == (100, ())


def test_form_among_the_materials_must_be_there_to_download(item):
    complete(item).current.materials = "高龄津贴申请表\n身份证"

    assert openness(item, papers=0) == (90, ("表格下载",))
    assert openness(item, papers=1) == (100, ())


def test_database_counts_as_the_page_does(cast, item):
    complete(item)
    asks = cast.item("低保申请", code="MZ-02", unit=cast.home.other_unit)
    asks.current.materials = "申请表"
    asks.current.save()
    has = cast.item("特困供养", code="MZ-03", unit=cast.home.other_unit)
    has.current.materials = "申请表"
    has.current.save()
    taken = ItemAttachment.offer([blank()], item=asks, actor=cast.centre_head)[0]
    taken.withdraw(actor=cast.centre_head)
    ItemAttachment.offer([blank()], item=has, actor=cast.centre_head)

    rows = list(ServiceItem.objects.for_list().with_openness())

    assert [row.openness for row in rows] == [100, 45, 54]
    for row in rows:
        assert row.openness == openness(row, papers=row.papers.offered().count()).percent
    assert ServiceItem.objects.mean_openness() == 66


def test_list_sorts_by_completeness_and_tells_the_mean(cast, item, enter):
    complete(item)
    cast.item("低保申请", code="MZ-02", unit=cast.home.other_unit)
    client = enter(cast.centre_head)

    page = client.get(LIST, {"sort": "openness"})

    assert [row.record.openness for row in page.context["table"].rows] == [54, 100]
    assert "公开完整度 77%" in page.content.decode()
    assert client.get(LIST, {"q": "没有的事"}).context["openness"] is None
    detail = client.get(item.get_absolute_url())
    assert detail.context["openness"].percent == 100


def test_list_asks_as_often_for_three_items_as_for_one(cast, item, enter):
    client = enter(cast.centre_head)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    cast.item("低保申请", code="MZ-02")
    cast.item("特困供养", code="MZ-03")

    with CaptureQueriesContext(connection) as three:
        client.get(LIST)

    assert len(three) == len(one)
