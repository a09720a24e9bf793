"""The subject of a request stands in headings, lists, notices and mails."""

import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from orgs.models import Notice
from orgs.tasks import deliver_notices
from services.forms import subject_of
from services.models import ServiceRequest


def typed(content):
    return {
        "phone": "13900000021", "name": "覃德明", "content": content, "source": "COUNTER",
        "accept": "on", "nonce": str(uuid.uuid4()),
    }  # fmt: skip


def recorded(cast, subject, content="村口路灯坏了一个月。"):
    """A message of another platform, brought in."""
    return ServiceRequest.record_history(
        actor=cast.clerk, organization=cast.home.organization, name="匿名网友", external_id="101",
        subject=subject, content=content, received_at=timezone.now(), promised_days=5,
    )  # fmt: skip


def test_line_break_in_the_matter_stops_no_mail(cast, enter, smtp_server):
    cast.dispatcher.email = "dispatcher@example.org"
    cast.dispatcher.save()

    content = "门前路灯不亮\r\n请派人来修"
    enter(cast.clerk).post(reverse("services:register"), typed(content))
    deliver_notices()

    assert ServiceRequest.objects.get().subject == "门前路灯不亮"
    assert Notice.objects.get(recipient=cast.dispatcher).delivered_at is not None
    [mail] = smtp_server.messages
    assert mail["Subject"].strip() == "【服务型党组织】待派单：门前路灯不亮"


@pytest.mark.parametrize(
    ("content", "subject"),
    [
        ("路灯不亮\r\n请修", "路灯不亮"),
        ("路灯\r不亮", "路灯 不亮"),
        ("\t路灯\u2028不亮  三天。请修", "路灯 不亮 三天"),
    ],
)
def test_subject_is_one_line(content, subject):
    assert subject_of(content) == subject


def test_subject_of_an_imported_message_is_one_line(cast):
    assert recorded(cast, "路灯\n不亮").subject == "路灯 不亮"


def test_nobody_s_number_stands_in_a_subject(cast, enter):
    content = "回电13900000021，身份证420527194403070019的老人想办高龄津贴。请回话"

    enter(cast.clerk).post(reverse("services:register"), typed(content))

    request = ServiceRequest.objects.get()
    assert request.subject == "回电139****0021，身份证420527********0"[:30]
    assert request.content == content
    assert Notice.objects.get(recipient=cast.dispatcher).title == f"待派单：{request.subject}"
    for page in (request.get_absolute_url(), f"{reverse('services:requests')}?box=all"):
        html = enter(cast.reviewer).get(page).content.decode()
        assert "回电139****0021" in html
        assert "13900000021" not in html and "420527194403070019" not in html


def test_number_in_the_subject_of_an_imported_message_moves_into_its_content(cast):
    request = recorded(cast, "请致电 139 0000 0021")

    assert request.subject == "请致电 139****0021"
    assert request.content == "请致电 139 0000 0021\n村口路灯坏了一个月。"


def test_number_that_the_content_has_is_not_repeated(cast):
    content = "村口路灯坏了，13900000021"

    assert recorded(cast, "请致电 139 0000 0021", content).content == content


def test_subjects_of_before_are_cleaned_once(cast):
    request = cast.handling()
    ServiceRequest.objects.update(subject="路灯\r\n不亮，13900000021", content="村口。")
    Notice.objects.update(title="待签收：路灯\r\n不亮，13900000021")
    other = cast.register(subject="修路")

    migration = import_module("services.migrations.0013_clean_subjects")
    migration.clean(apps, None)
    migration.clean(apps, None)

    request.refresh_from_db()
    other.refresh_from_db()
    assert (request.subject, other.subject) == ("路灯 不亮，139****0021", "修路")
    assert request.content == "路灯\r\n不亮，13900000021\n村口。"
    titles = Notice.objects.filter(target=f"services.servicerequest:{request.pk}")
    assert set(titles.values_list("title", flat=True)) == {"待签收：路灯 不亮，139****0021"}
