"""More work than can be answered in time is refused at the door, before anything is read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from service.metrics import BUSY, SHED
from service.problems import Problem


class Door:
    """At most `most` searches at once in this worker; the next one is told to come back."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Problem `busy` with Retry-After when the worker is full."""
        if not self._free.acquire(blocking=False):
            SHED.inc()
            raise Problem(
                "busy",
                f"This worker has {self._most} searches under way.",
                headers={"Retry-After": "1"},
            )
        BUSY.inc()
        try:
            yield
        finally:
            BUSY.dec()
            self._free.release()
