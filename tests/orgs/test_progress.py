"""Long work tells how far it is, to whoever looks, and never depends on being heard."""

import os
import subprocess
import sys

from django.core.cache import caches
from django.db import transaction

from orgs.models import Heartbeat
from orgs.nudge import nudge
from orgs.progress import Progress, State
from orgs.tasks import beat

ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
TELL = "from orgs.progress import Progress; Progress('job:7').tell(3, 12, '核对内容')"


def test_another_process_tells_while_a_transaction_is_open(transactional_db):
    setup = "import django; django.setup(); "

    with transaction.atomic():
        Heartbeat.mark("job")
        subprocess.run([sys.executable, "-c", setup + TELL], check=True, env=ENVIRONMENT)

        assert Progress("job:7").read() == State(3, 12, "核对内容")
    assert Progress("job:7").read().percent == 25


def test_words_said_too_often_are_left_out_but_not_the_last():
    progress = Progress("job:8")

    for done in range(1, 1001):
        progress.tell(done, 1000, "写入")

    assert Progress("job:8").read() == State(1000, 1000, "写入")


def test_nothing_is_known_before_the_first_word_and_after_the_end():
    progress = Progress("job:9")

    before = progress.read()
    progress.tell(0, 0, "解析")
    during = progress.read()
    progress.forget()

    assert (before, during.percent, progress.read()) == (None, None, None)


def test_work_goes_on_while_redis_is_away(redis_broker):
    redis_broker.stop()
    caches["progress"].close()

    Progress("job:10").tell(1, 2, "写入")

    assert Progress("job:10").read() is None
    redis_broker.start()


def test_a_nudge_waits_for_the_commit_and_survives_a_broker_that_is_away(
    redis_broker, transactional_db
):
    redis_broker.stop()

    with transaction.atomic():
        nudge(beat)
        Heartbeat.mark("job")

    assert Heartbeat.objects.filter(name="job").exists()
    redis_broker.start()
