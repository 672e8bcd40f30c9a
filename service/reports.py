"""Reports of experiments for pages that are looked at again and again: each is made once in a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from experiments.definitions import Experiment
from experiments.editing import version_of
from experiments.event_log import EventLog
from experiments.reading import read_report
from experiments.report import Report

FRESH_S = 30.0
"""A report reads the whole log of its marketplaces: so long the last one is shown again."""


class Reports:
    """By key and definition; one is made at a time, so that readers cannot crowd out searches."""

    def __init__(
        self,
        log: Callable[[], EventLog],
        *,
        fresh_s: float = FRESH_S,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._fresh_s = fresh_s
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, float, Report]] = {}

    def get(self, experiment: Experiment) -> Report:
        """Raises LogFailure when the event log does not answer."""
        with self._lock:
            version = version_of(experiment)
            kept = self._kept.get(experiment.key)
            if kept and kept[0] == version and self._elapsed() - kept[1] < self._fresh_s:
                return kept[2]
            made = read_report(experiment, self._log())
            self._kept[experiment.key] = (version, self._elapsed(), made)
            return made
