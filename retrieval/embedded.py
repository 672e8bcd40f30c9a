"""The embedded index: exact search over mapped matrices, and what changed since on top of them.

A read takes the present state once and answers from it alone, so that neither a swap to another
version nor a change of the catalogue shows in the middle of an answer. Between reads, at most every
`refresh_s` seconds, the index looks whether the pointer or the catalogue's change counter moved.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.products import Vector
from catalog.search import Candidate, Filters, Hits
from retrieval.blas import limit_blas_threads
from retrieval.changes import Changed, ChangeSource
from retrieval.checking import check_browse, check_marketplace, check_nearest
from retrieval.index import (
    After,
    BrowseQuery,
    IndexBuildError,
    IndexUnavailable,
    IndexVersion,
    NearestQuery,
    Record,
    shortfall,
)
from retrieval.ordering import SLACK, best_first, similarities
from retrieval.segments import Segment, Span, joined, preselect, rows_at
from retrieval.versions import POINTER, read_pointer, read_version

log = logging.getLogger(__name__)

_NONE_DEAD = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One marketplace: the mapped base, its rows that no longer hold, and what came instead."""

    base: Segment
    dead: NDArray[np.int64] = field(default_factory=lambda: _NONE_DEAD)
    fresh: Segment | None = None
    changed: Mapping[str, Record | None] = field(default_factory=dict)

    @property
    def listed(self) -> int:
        return len(self.base) - len(self.dead) + (0 if self.fresh is None else len(self.fresh))

    @property
    def parts(self) -> list[tuple[Segment, NDArray[np.int64]]]:
        return [(self.base, self.dead)] + ([] if self.fresh is None else [(self.fresh, _NONE_DEAD)])

    def with_changes(self, changes: Mapping[str, Record | None]) -> Market:
        changed = {**self.changed, **changes}
        present = [record for record in changed.values() if record is not None]
        return replace(
            self,
            changed=changed,
            dead=self.base.rows_of(tuple(changed)),
            fresh=Segment.of(present) if present else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What one answer is made from."""

    version: IndexVersion
    counter: int
    markets: Mapping[str, Market]
    stamp: tuple[int, int]
    """Of the pointer's file: modification time and inode."""

    def with_changes(self, changed: Changed) -> State:
        markets = dict(self.markets)
        for marketplace, changes in changed.records.items():
            market = markets.get(marketplace) or Market(base=Segment.of(()))
            try:
                markets[marketplace] = market.with_changes(changes)
            except IndexBuildError as error:
                log.warning("changes of marketplace %s are not indexed: %s", marketplace, error)
        products = sum(market.listed for market in markets.values())
        return replace(
            self,
            version=replace(self.version, products=products),
            counter=changed.counter,
            markets=markets,
        )


class EmbeddedIndex:
    """A `CandidateIndex` in this process. Open it after the fork; share it between threads."""

    def __init__(
        self,
        folder: Path,
        *,
        changes: ChangeSource | None = None,
        refresh_s: float = 0.2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._changes = changes
        self._refresh_s = refresh_s
        self._clock = clock
        self._lock = threading.Lock()
        self._looked = clock()
        self._state = self._follow(_load(folder))

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        changes: ChangeSource | None = None,
        threads: int = 1,
        refresh_s: float = 0.2,
        clock: Callable[[], float] = time.monotonic,
    ) -> EmbeddedIndex:
        """The current version under `folder`, followed by `changes` of the catalogue when given.

        Holds BLAS to `threads`. Raises `IndexUnavailable` when nothing was built.
        """
        limit_blas_threads(threads)
        return cls(folder, changes=changes, refresh_s=refresh_s, clock=clock)

    @property
    def version(self) -> IndexVersion:
        return self._present().version

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
        state = self._present()
        for query in queries:
            check_nearest(query, state.version, state.markets)
        return tuple(_nearest(state.markets[q.filters.marketplace], q) for q in queries)

    def browse_many(self, queries: Sequence[BrowseQuery]) -> tuple[Hits, ...]:
        state = self._present()
        for query in queries:
            check_browse(query, state.markets)
        return tuple(_browse(state.markets[q.filters.marketplace], q) for q in queries)

    def get(self, marketplace: str, product_ids: Sequence[str]) -> tuple[Candidate, ...]:
        state = self._present()
        check_marketplace(marketplace, state.markets)
        found: dict[str, Candidate] = {}
        for segment, dead in state.markets[marketplace].parts:
            rows = np.setdiff1d(segment.rows_of(tuple(product_ids)), dead)
            found |= {c.product_id: c for c in segment.candidates(rows)}
        return tuple(found[i] for i in dict.fromkeys(product_ids) if i in found)

    def _present(self) -> State:
        """The state to answer from; looks for news first when it is time and nobody else does."""
        now = self._clock()
        if now - self._looked >= self._refresh_s and self._lock.acquire(blocking=False):
            try:
                self._state = self._follow(self._newest())
                self._looked = self._clock()
            finally:
                self._lock.release()
        return self._state

    def _newest(self) -> State:
        if _stamp(self._folder) == self._state.stamp:
            return self._state
        try:
            return _load(self._folder)
        except IndexUnavailable as error:
            log.warning("the index in use stays: %s", error)
            return self._state

    def _follow(self, state: State) -> State:
        if self._changes is None:
            return state
        try:
            if self._changes.change_counter() == state.counter:
                return state
            return state.with_changes(self._changes.changed(state.counter, state.version.model))
        except IndexUnavailable as error:
            log.warning("changes of the catalogue wait: %s", error)
            return state


def _load(folder: Path) -> State:
    """The version in use. Raises `IndexUnavailable` when there is none, or files of it are damaged."""
    stamp = _stamp(folder)
    try:
        pointer = read_pointer(folder)
        if pointer is None:
            raise IndexUnavailable(
                f"No index is built under {folder}. Build one: souk index build."
            )
        stored = read_version(folder / pointer.current)
        markets = {
            marketplace: Market(base=Segment.map(folder / stored.id / marketplace))
            for marketplace in stored.listings
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnavailable(
            f"The index in use under {folder} is damaged ({error}). Put the one before it in use, souk "
            "index swap --back, or build it again, souk index build."
        ) from error
    return State(version=stored.version, counter=stored.counter, markets=markets, stamp=stamp)


def _stamp(folder: Path) -> tuple[int, int]:
    try:
        found = (folder / POINTER).stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


def _nearest(market: Market, query: NearestQuery) -> Hits:
    vector = np.ascontiguousarray(query.vector, dtype=np.float32)
    found = []
    total = 0
    for segment, dead in market.parts:
        spans = segment.matching(query.filters, dead)
        total += sum(span.count for span in spans)
        if query.after is None:
            rows = segment.nearest(spans, vector, query.k)
        else:
            scores = [span.dots(segment.columns.vectors, vector) for span in spans]
            rows = _best_rows(spans, scores, query)
        found.append((segment, rows, similarities(segment.columns.vectors[rows], vector)))
    return _answer(market, query, found, total)


def _browse(market: Market, query: BrowseQuery) -> Hits:
    found = []
    total = 0
    for segment, dead in market.parts:
        spans = segment.matching(query.filters, dead)
        total += sum(span.count for span in spans)
        popularity = [span.of(segment.columns.popularity) for span in spans]
        rows = _best_rows(spans, popularity, query)
        found.append((segment, rows, segment.columns.popularity[rows]))
    return _answer(market, query, found, total)


def _best_rows(
    spans: Sequence[Span],
    scores: Sequence[NDArray[np.floating]],
    query: NearestQuery | BrowseQuery,
) -> NDArray[np.int64]:
    """Rows among which the best k behind the cursor stand; a few more where scores lie close."""
    return rows_at(spans, _behind(joined(scores), query.k, query.after))


def _behind(scores: NDArray[np.floating], k: int, after: After | None) -> NDArray[np.int64]:
    """Sorted positions of those."""
    if after is None:
        return preselect(scores, k)
    left = np.flatnonzero(scores <= after.score + SLACK)
    beside = int(np.count_nonzero(scores[left] >= after.score - SLACK))
    return left[preselect(scores[left], k + beside)]


def _answer(
    market: Market,
    query: NearestQuery | BrowseQuery,
    found: Sequence[tuple[Segment, NDArray[np.int64], NDArray[np.float64]]],
    total: int,
) -> Hits:
    """The best k over the segments, decoded only now."""
    scores = np.concatenate([scores for _, _, scores in found])
    rows = np.concatenate([rows for _, rows, _ in found])
    ids = np.concatenate([segment.columns.ids[rows] for segment, rows, _ in found])
    best = best_first(scores, ids, query.k, query.after)
    similar = scores[best] if isinstance(query, NearestQuery) else None
    if len(found) == 1:
        candidates = found[0][0].candidates(rows[best], similar)
    else:
        owners = np.repeat(np.arange(len(found)), [len(rows) for _, rows, _ in found])
        segments = [segment for segment, _, _ in found]
        candidates = _merged(segments, owners[best], rows[best], similar)
    return Hits(
        candidates=tuple(candidates),
        total=total,
        shortfall=shortfall(found=len(best), asked=query.k, total=total, listed=market.listed),
    )


def _merged(
    segments: Sequence[Segment],
    owners: NDArray[np.int64],
    rows: NDArray[np.int64],
    similar: NDArray[np.float64] | None,
) -> list[Candidate]:
    """Candidates of several segments in the order given; `owners` are positions in `segments`."""
    placed: dict[int, Candidate] = {}
    for number, segment in enumerate(segments):
        mine = np.flatnonzero(owners == number)
        made = segment.candidates(rows[mine], None if similar is None else similar[mine])
        placed.update(zip(mine.tolist(), made, strict=True))
    return [placed[i] for i in range(len(placed))]
