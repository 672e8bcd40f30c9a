"""What a shopper gets when Elasticsearch fails: a deadline, a second try, then a local snapshot.

The breaker opens after a few failed calls in a row; from then on nobody waits for a dead server but one
probe a second, and the first probe that succeeds closes it. An answer from the snapshot says so in
`degraded`. A refused query is the caller's fault and counts for nothing here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from catalog.products import Vector
from catalog.search import Candidate, Filters, Hits
from retrieval.index import (
    After,
    BrowseQuery,
    CandidateIndex,
    IndexUnavailable,
    IndexVersion,
    NearestQuery,
)

LOCAL_SNAPSHOT = "retrieval:local-snapshot"
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How much failure is borne before the snapshot answers."""

    deadline_ms: int = 1000
    """No further try starts after it; each try has a deadline of its own, the primary's."""
    attempts: int = 2
    failures_to_open: int = 3
    """Failed calls in a row."""
    probe_after_s: float = 1.0


class CircuitBreaker:
    """Closed: all calls pass. Open: none. Half-open, `probe_after_s` later: one, whose fate decides."""

    def __init__(self, patience: Patience, clock: Callable[[], float]) -> None:
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened: float | None = None

    @property
    def closed(self) -> bool:
        return self._opened is None

    def allows(self) -> bool:
        """Whether a call may go through now; when open, one in `probe_after_s` may."""
        with self._lock:
            if self._opened is None:
                return True
            if self._clock() - self._opened < self._patience.probe_after_s:
                return False
            self._opened = self._clock()
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0
            self._opened = None

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._opened is not None or self._failures >= self._patience.failures_to_open:
                self._opened = self._clock()


class ResilientIndex:
    """A `CandidateIndex` over a `primary` that may fail and a local `snapshot` that may be lacking.

    `snapshot` returns the index to fall back to, or raises `IndexUnavailable` when there is none;
    then the primary's own failure is what the caller sees.
    """

    def __init__(
        self,
        primary: CandidateIndex,
        snapshot: Callable[[], CandidateIndex],
        *,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._primary = primary
        self._snapshot = snapshot
        self._patience = patience or Patience()
        self._clock = clock
        self._seen: IndexVersion | None = None
        self.breaker = CircuitBreaker(self._patience, clock)

    @property
    def version(self) -> IndexVersion:
        """Of the primary, as last seen, also while the snapshot answers: cursors keep their meaning."""
        if self._seen is None or self.breaker.closed:
            found, local = self._ask(lambda index: index.version)
            if local:
                return self._seen or found
            self._seen = found
        return self._seen

    def nearest(
        self,
        vector: Vector,
        filters: Filters,
        k: int,
        *,
        model: str | None = None,
        after: After | None = None,
    ) -> Hits:
        return self.nearest_many(
            (NearestQuery(vector=vector, filters=filters, k=k, model=model, after=after),)
        )[0]

    def browse(self, filters: Filters, k: int, *, after: After | None = None) -> Hits:
        return self.browse_many((BrowseQuery(filters=filters, k=k, after=after),))[0]

    def nearest_many(self, queries: Sequence[NearestQuery]) -> tuple[Hits, ...]:
        return _marked(*self._ask(lambda index: index.nearest_many(queries)))

    def browse_many(self, queries: Sequence[BrowseQuery]) -> tuple[Hits, ...]:
        return _marked(*self._ask(lambda index: index.browse_many(queries)))

    def get(self, marketplace: str, product_ids: Sequence[str]) -> tuple[Candidate, ...]:
        """Without the primary, only what the snapshot holds."""
        return self._ask(lambda index: index.get(marketplace, product_ids))[0]

    def _ask(self, ask: Callable[[CandidateIndex], Answer]) -> tuple[Answer, bool]:
        """The answer, and whether it is the snapshot's."""
        if not self.breaker.allows():
            failure = IndexUnavailable("Elasticsearch failed a moment ago and is not asked now.")
            return ask(self._fallback(failure)), True
        until = self._clock() + self._patience.deadline_ms / 1000
        for attempt in range(1, self._patience.attempts + 1):
            try:
                answer = ask(self._primary)
            except IndexUnavailable as error:
                if attempt == self._patience.attempts or self._clock() >= until:
                    self.breaker.failed()
                    return ask(self._fallback(error)), True
            else:
                self.breaker.succeeded()
                return answer, False
        raise AssertionError("attempts is at least 1")

    def _fallback(self, failure: IndexUnavailable) -> CandidateIndex:
        try:
            return self._snapshot()
        except IndexUnavailable:
            raise failure from None


def _marked(hits: tuple[Hits, ...], local: bool) -> tuple[Hits, ...]:  # noqa: FBT001 - `_ask`'s pair
    if not local:
        return hits
    return tuple(replace(h, degraded=(*h.degraded, LOCAL_SNAPSHOT)) for h in hits)
