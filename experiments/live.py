"""The definitions that run now in this process: read again when a file of the folder changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from documents.findings import errors
from experiments.definitions import Experiment
from experiments.loading import load_experiments

Signature = tuple[tuple[str, int, int], ...]


class LiveExperiments:
    """Those whose files have no error; the folder is looked at once a second at most."""

    def __init__(
        self,
        folder: Path,
        marketplaces: Callable[[], Iterable[str]],
        *,
        every_s: float = 1.0,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._marketplaces = marketplaces
        self._every_s = every_s
        self._elapsed = elapsed
        self._looked = float("-inf")
        self._signature: Signature | None = None
        self._running: tuple[Experiment, ...] = ()
        self._lock = threading.Lock()

    def __call__(self) -> tuple[Experiment, ...]:
        if self._due():
            with self._lock:
                # Whoever comes while the first reading is under way waits for it here.
                if self._due():
                    self._look()
        return self._running

    def _due(self) -> bool:
        return self._signature is None or self._elapsed() - self._looked >= self._every_s

    def _look(self) -> None:
        self._looked = self._elapsed()
        signature = _signature(self._folder)
        if signature == self._signature:
            return
        loaded = load_experiments(self._folder, self._marketplaces())
        broken = {finding.rule for finding in errors(loaded.findings)}
        self._running = tuple(
            e for key, e in loaded.by_key.items() if key not in broken and e.state == "running"
        )
        self._signature = signature


def _signature(folder: Path) -> Signature:
    found = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        found.append((path.name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)
