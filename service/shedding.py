"""More work than can be answered in time is refused at the door, before a picture is decoded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from service.metrics import BUSY, SHED
from service.problems import Problem

PATIENCE_S = 1.0
"""Nobody waits longer for a turn: whoever would, hears at once that he should come back."""


class Door:
    """At most `most` searches in this worker, `at_once` of them running and the others waiting.

    One more, and one that has waited for `patience_s`, is told to come back.
    """

    def __init__(
        self, most: int, at_once: int | None = None, *, patience_s: float = PATIENCE_S
    ) -> None:
        """`at_once` None: nobody waits."""
        self._most = most
        self._patience_s = patience_s
        self._places = threading.BoundedSemaphore(most)
        self._turns = threading.BoundedSemaphore(min(most, at_once or most))

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Problem `busy` with Retry-After when the worker is full or the wait is over."""
        if not self._places.acquire(blocking=False):
            raise _refusal(f"This worker has {self._most} searches under way.")
        BUSY.inc()
        try:
            with self._turn():
                yield
        finally:
            BUSY.dec()
            self._places.release()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._patience_s):
            raise _refusal(f"No turn came within {self._patience_s:g} s.")
        try:
            yield
        finally:
            self._turns.release()


def _refusal(detail: str) -> Problem:
    SHED.inc()
    return Problem("busy", detail, headers={"Retry-After": "1"})
