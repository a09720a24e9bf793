"""Wake a task now that a sweep would find later anyway."""

import logging

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def nudge(task: Task, *ids: int) -> None:
    """Send the task once the transaction is in; a broker that is away costs the wait only."""
    transaction.on_commit(lambda: send(task, ids))


def send(task, ids):
    try:
        task.delay(*ids)
    except OperationalError as error:
        logger.warning("%s waits for its sweep: %s", task.name, error)
