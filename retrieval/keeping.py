"""A thread that does one host's recurring work: of many workers one does it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from retrieval.alone import alone


class LoneThread:
    """Calls `turn` with the number of the turn, again and again, while no other process does `lock` there.

    Start it after the fork. What `turn` raises ends the thread: it answers for its own failures.
    """

    def __init__(
        self, name: str, folder: Path, lock: str, turn: Callable[[int], None], *, every_s: float
    ) -> None:
        self._folder = folder
        self._lock = lock
        self._turn = turn
        self._every_s = every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when the thread is done, at the latest when its present turn is."""
        self._stopped.set()
        self._thread.join()

    def _keep(self) -> None:
        with alone(self._folder, self._lock, self._stopped) as mine:
            number = 0
            while mine and not self._stopped.is_set():
                self._turn(number)
                number += 1
                self._stopped.wait(self._every_s)
