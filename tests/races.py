"""Several at once: what races are made of. They run on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def at_once(count, act):
    """Run `act(number)` in `count` threads that start together; returns what each returned."""
    barrier = threading.Barrier(count)

    def run(number):
        barrier.wait(timeout=30)
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
