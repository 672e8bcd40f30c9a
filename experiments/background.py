"""A bounded queue in front of a slow writer: many small writes become few, and nobody waits long."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

LOG = logging.getLogger("souk.events")
_BATCH = 256
_PAUSES_S = (0.05, 0.2, 0.5, 1.0)


class BackgroundWriter(Generic[T]):
    """Writes batches from one thread, in order; a batch that fails is tried until it succeeds.

    Memory is bounded by `capacity`: when the writer cannot keep up, new items are refused.
    """

    def __init__(
        self, write: Callable[[Sequence[T]], None], *, failures: type[Exception], capacity: int
    ) -> None:
        self._write = write
        self._failures = failures
        self._queue: queue.Queue[tuple[T, threading.Event] | None] = queue.Queue(capacity)
        self._thread = threading.Thread(target=self._run, name="souk-events", daemon=True)
        self._closing = threading.Event()
        self._thread.start()

    def submit(self, item: T) -> threading.Event | None:
        """An event that is set when the item is written; None when the queue is full."""
        written = threading.Event()
        try:
            self._queue.put_nowait((item, written))
        except queue.Full:
            return None
        return written

    def close(self, patience_s: float = 2.0) -> None:
        """Write what is queued, for so long at most."""
        self._closing.set()
        deadline = time.monotonic() + patience_s
        while self._thread.is_alive() and time.monotonic() < deadline:
            try:
                self._queue.put(None, timeout=0.05)
                break
            except queue.Full:
                continue
        self._thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            batch = [] if first is None else [first]
            while batch and len(batch) < _BATCH:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    self._settle(batch)
                    return
                batch.append(following)
            if not batch:
                return
            self._settle(batch)

    def _settle(self, batch: Sequence[tuple[T, threading.Event]]) -> None:
        for attempt in range(10**9):
            try:
                self._write([item for item, _ in batch])
            except self._failures as error:
                LOG.warning("searches wait to be logged: %s", type(error).__name__)
                pause_s = _PAUSES_S[min(attempt, len(_PAUSES_S) - 1)]
                if self._closing.wait(pause_s) and attempt > len(_PAUSES_S):
                    return
                continue
            for _, written in batch:
                written.set()
            return
