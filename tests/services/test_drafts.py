"""暂存: an interrupted intake is put aside and found again, by its writer and nobody else."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import AuditEntry, Role
from services.models import Draft, ServiceRequest
from services.tasks import purge_drafts
from tests.people import post

NONCE = "7f8f2d3e-55a4-4d0e-9b7f-0a6c0f6f0001"
TYPED = {
    "phone": "139 0000 00", "name": "覃德明", "address": "柳河镇一村三组", "item": "",
    "content": "老人高龄津贴停发，不知什么原因。", "id_number": "4205", "source": "PHONE",
    "received_at": "2026-02-27T10:00", "nonce": NONCE,
}  # fmt: skip


@pytest.fixture
def put_aside(enter, cast):
    def put_aside(user=None, **changes):
        client = enter(user or cast.clerk)
        return client.post(reverse("services:drafts"), TYPED | changes, follow=True)

    return put_aside


def test_unfinished_form_is_put_aside_without_a_number_and_resumed_as_it_was(
    cast, enter, put_aside
):
    page = put_aside(is_vulnerable="on")

    draft = Draft.objects.get()
    assert page.redirect_chain == [(reverse("services:drafts"), 302)]
    assert "已暂存，还没有登记、没有编号。" in page.content.decode()
    assert (draft.writer, draft.organization) == (cast.clerk, cast.home.organization)
    assert not ServiceRequest.objects.exists()
    form = enter(cast.clerk).get(draft.get_absolute_url()).context["form"]
    kept = {name: form[name].value() for name in TYPED if name != "nonce"}
    assert kept == {name: text for name, text in TYPED.items() if name != "nonce"}
    assert str(form["nonce"].value()) == NONCE
    assert (form["is_vulnerable"].value(), form["accept"].value()) == (True, False)


def test_list_shows_the_draft_masked_with_its_age(put_aside, enter, cast, clock):
    put_aside()
    clock.advance(hours=2)

    page = enter(cast.clerk).get(reverse("services:drafts")).content.decode()

    assert "覃*明" in page
    assert "覃德明" not in page
    assert "3月2日 09:00（2\xa0小时前）" in page
    assert "4月1日 09:00" in page


def test_database_holds_nothing_that_can_be_read(put_aside):
    put_aside()

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM services_draft")
        assert cursor.fetchone()[0].startswith("v1:")
    said = list(AuditEntry.objects.values_list("label", "target_label", "note"))
    assert said == [("暂存诉求", "草稿 2026-03-02 09:00", "")]


def test_put_aside_twice_it_is_one_draft_as_last_typed(put_aside):
    put_aside()
    put_aside(name="覃德民")

    assert Draft.objects.get().typed["name"] == "覃德民"


def test_only_the_length_is_looked_at(put_aside):
    page = put_aside(name="覃" * 41, phone="不记得")

    assert page.context["form"].errors.keys() == {"name"}
    assert "老人高龄津贴停发" in page.content.decode()
    assert not Draft.objects.exists()


def test_file_is_not_kept_and_the_page_says_so(put_aside):
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = put_aside(files=SimpleUploadedFile("照片.png", b"\x89PNG"))

    assert "附件不随草稿保存，登记时请再次选择。" in page.content.decode()
    assert "files" not in Draft.objects.get().typed


def test_registering_takes_the_draft_with_it(cast, enter, put_aside):
    put_aside()
    put_aside(cast.agent)
    form = TYPED | {"phone": "13900000021", "id_number": "", "received_at": ""}

    answer = enter(cast.clerk).post(reverse("services:register"), form)

    request = ServiceRequest.objects.get()
    assert answer.url == reverse("services:receipt", args=[request.pk]) + "?print=1"
    assert [draft.writer for draft in Draft.objects.all()] == [cast.agent]


def test_refused_registration_keeps_the_draft(cast, enter, put_aside):
    put_aside()

    enter(cast.clerk).post(reverse("services:register"), TYPED)

    assert Draft.objects.count() == 1


def test_form_that_was_registered_already_becomes_another_draft(cast, put_aside):
    request = cast.register(nonce=uuid.UUID(NONCE))

    put_aside()

    assert Draft.objects.get().nonce != request.nonce


def test_draft_of_another_person_does_not_exist(cast, enter, put_aside):
    put_aside()
    draft, mate = Draft.objects.get(), cast.fellow
    post(mate, cast.home.organization, Role.CLERK)

    for user in (mate, cast.agent, cast.secretary, cast.outsider, cast.auditor):
        client = enter(user)
        for name in ("services:draft", "services:draft_discard"):
            assert client.get(reverse(name, args=[draft.pk])).status_code == 404
            assert client.post(reverse(name, args=[draft.pk])).status_code == 404
    assert enter(mate).get(reverse("services:drafts")).context["table"].rows.data.data.count() == 0
    assert Draft.objects.exists()


def test_draft_stays_at_the_counter_where_it_was_written(cast, put_aside):
    put_aside()
    cast.clerk.posts.update(ended_on="2026-03-01")
    post(cast.clerk, cast.home.village, Role.CLERK)

    assert not Draft.objects.visible_to(cast.clerk).exists()


def test_writer_deletes_after_a_question(cast, enter, put_aside):
    put_aside()
    client, draft = enter(cast.clerk), Draft.objects.get()
    url = reverse("services:draft_discard", args=[draft.pk])

    assert "老人高龄津贴停发" in client.get(url).content.decode()
    answer = client.post(url)

    assert answer.url == reverse("services:drafts")
    assert not Draft.objects.exists()
    assert AuditEntry.objects.first().label == "删除草稿"


def test_drafts_are_purged_after_thirty_days_and_the_count_is_on_record(put_aside, clock):
    put_aside(nonce="")
    put_aside(nonce="")
    clock.advance(days=1)
    put_aside(nonce="")
    clock.advance(days=29, seconds=1)

    purge_drafts()
    purge_drafts()

    assert Draft.objects.count() == 1
    entry = AuditEntry.objects.get(action="draft.purged")
    assert (entry.actor_name, entry.note) == ("系统", "超过 30 天的草稿 2 份")


def test_only_the_window_puts_aside(cast, enter):
    assert enter(cast.handler).post(reverse("services:drafts"), TYPED).status_code == 403


def test_list_asks_the_same_number_of_queries_for_one_draft_and_for_many(cast, enter, put_aside):
    put_aside(nonce="")
    client = enter(cast.clerk)
    client.get(reverse("services:drafts"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("services:drafts"))
    for _ in range(3):
        put_aside(nonce="")
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("services:drafts"))

    assert len(many) == len(one)
