"""A recall check that costs no memory: the true neighbours of a few vectors, kept while all stream by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.products import Vector
from retrieval.index import Record

_QUERIES = 20
_CHUNK = 1000
_K = 10


class Probe:
    """Watches records stream into an index; the first ones become the queries."""

    def __init__(self) -> None:
        self.queries: list[Vector] = []
        self._waiting: list[Vector] = []
        self._best: NDArray[np.float32] = np.empty((0, 0), np.float32)

    def watch(self, records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            if len(self.queries) < _QUERIES:
                self.queries.append(record.vector)
            self._waiting.append(record.vector)
            if len(self._waiting) == _CHUNK:
                self._merge()
            yield record
        self._merge()

    def expected(self) -> Sequence[float]:
        """For each query the similarity of its k-th neighbour; what is as near counts as found."""
        return [float(row[-1]) for row in self._best]

    @property
    def k(self) -> int:
        """How many neighbours each query has; 10, or all that there are."""
        return int(self._best.shape[1])

    def _merge(self) -> None:
        if not self._waiting:
            return
        dots = np.stack(self.queries) @ np.stack(self._waiting).T
        seen = self._best if self._best.size else np.empty((len(self.queries), 0), np.float32)
        self._best = -np.sort(-np.concatenate([seen, dots], axis=1), axis=1)[:, :_K]
        self._waiting.clear()
