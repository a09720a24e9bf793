"""The subject of a request stands in headings, lists, notices and mails."""

import uuid

import pytest
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
