"""Shoppers who ask while Elasticsearch is mistreated, and what they got."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from catalog.search import Filters
from retrieval.exact import ExactIndex
from retrieval.index import CandidateIndex
from retrieval.resilience import Patience
from tests.retrieval.listings import catalogue, random_unit

RECORDS = catalogue({"in": 1200})
ORACLE = ExactIndex(RECORDS)
FILTERS = Filters(marketplace="in", available=True)
K = 20
PATIENCE = Patience(deadline_ms=1000, attempts=2, failures_to_open=3, probe_after_s=1.0)
WORST_S = 2.0
"""Deadline, and as much again for a loaded machine."""


@dataclass
class Load:
    """Shoppers who ask without pause, and what they got."""

    index: CandidateIndex
    answered: int = 0
    degraded: int = 0
    slowest_s: float = 0.0
    overlaps: list[float] = field(default_factory=list)
    _rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(17))

    def ask(self) -> bool:
        """One search; returns whether the snapshot answered. An exception fails the test."""
        vector = random_unit(self._rng)
        start = time.monotonic()
        hits = self.index.nearest(vector, FILTERS, K)
        self.slowest_s = max(self.slowest_s, time.monotonic() - start)
        truth = {c.product_id for c in ORACLE.nearest(vector, FILTERS, 10).candidates}
        shared = truth & {c.product_id for c in hits.candidates[:10]}
        self.overlaps.append(len(shared) / len(truth))
        assert len(hits.candidates) == K
        self.answered += 1
        self.degraded += bool(hits.degraded)
        return bool(hits.degraded)

    def ask_until(self, wanted: Callable[[bool], bool], within_s: float) -> float:
        """Ask until the answer is degraded as wanted; how long that took."""
        start = time.monotonic()
        while not wanted(self.ask()):
            assert time.monotonic() - start < within_s, "still the same after all that time"
        return time.monotonic() - start

    def ask_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.ask()
