"""Redis stops while a clerk saves: the clerk notices nothing, and nothing is lost."""

import time

import pytest
from django.urls import reverse

from orgs.models import Notice
from orgs.tasks import deliver_notices
from services.models import ServiceRequest
from tests.people import Cast
from tests.services.test_desk import intake


@pytest.fixture
def cast(transactional_db, clock):
    return Cast()


def test_clerk_saves_without_the_broker_and_the_notice_goes_out_later(
    cast,
    enter,
    redis_broker,
    smtp_server,
):
    cast.dispatcher.email = "dispatcher@example.org"
    cast.dispatcher.save()
    client = enter(cast.clerk)
    client.get(reverse("services:register"))
    redis_broker.stop()

    before = time.perf_counter()
    page = client.post(reverse("services:register"), intake())
    seconds = time.perf_counter() - before

    assert page.status_code == 302
    assert seconds < 5  # far from hanging; the figure itself belongs to script/bench
    assert ServiceRequest.objects.get().status == "ACCEPTED"
    assert Notice.objects.waiting().count() == 1
    redis_broker.start()
    deliver_notices()
    assert [mail["To"] for mail in smtp_server.messages] == ["dispatcher@example.org"]
