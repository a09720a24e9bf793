"""How far a long task has come, seen by other processes while its transaction is still open.

    progress = Progress(f"import:{batch.pk}")
    progress.tell(200, 1000, "核对内容")     # in the worker, as often as it likes
    Progress(f"import:{batch.pk}").read()   # in the web process: State or None

It is told on the side (Redis, or files below VAR_DIR without it) and never decides anything: where
the store is away nobody sees a bar, and the work goes on.
"""

import logging
import time
from dataclasses import dataclass

from django.core.cache import caches
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
STORE = "progress"
SECONDS_KEPT = 3600
SECONDS_BETWEEN = 0.3


@dataclass(frozen=True)
class State:
    """`done` of `total` (0: not known yet), and what is being done, in words."""

    done: int
    total: int
    words: str

    @property
    def percent(self) -> int | None:
        return min(100, self.done * 100 // self.total) if self.total else None


class Progress:
    def __init__(self, key: str):
        self.key = f"progress:{key}"
        self.told_at = 0.0
        self.words = None

    def tell(self, done: int, total: int, words: str) -> None:
        """Say how far it is; more often than three times a second is left unsaid."""
        now = time.monotonic()
        if words == self.words and done < total and now - self.told_at < SECONDS_BETWEEN:
            return
        self.told_at, self.words = now, words
        try:
            caches[STORE].set(self.key, (done, total, words), SECONDS_KEPT)
        except (OSError, RedisError) as error:
            logger.warning("progress of %s not told: %s", self.key, error)

    def read(self) -> State | None:
        """What was told last; None before the first word and an hour after the last."""
        try:
            found = caches[STORE].get(self.key)
        except (OSError, RedisError) as error:
            logger.warning("progress of %s not read: %s", self.key, error)
            return None
        return State(*found) if found else None

    def forget(self) -> None:
        """The work is over: the next one with this key begins from nothing."""
        try:
            caches[STORE].delete(self.key)
        except (OSError, RedisError) as error:
            logger.warning("progress of %s not forgotten: %s", self.key, error)
