"""A segment: the listings of one marketplace as columns, searched exactly.

The base of a version is mapped from disk, so that all workers share its pages; what changed since is a
small segment in memory. Both answer by the same code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.products import Listing, Vector
from catalog.search import Candidate, Filters
from retrieval import sketches
from retrieval.codec import decode_listings
from retrieval.columns import ARRAYS, Columns, Words, encode, mask
from retrieval.index import Record
from retrieval.ordering import SLACK
from retrieval.sketches import Sketch

_GATHER_BELOW = 0.6
"""Share of passing rows under which collecting them is quicker than multiplying the whole span."""
_REMEMBERED = 6_000
"""Decoded listings that a segment keeps, about 1 KB each."""
_SCAN = 1_000
"""Whoever reads so many at once reads them all, and once: they are not kept."""


@dataclass(frozen=True, slots=True)
class Span:
    """Contiguous rows, and which of them pass."""

    start: int
    stop: int
    passing: NDArray[np.int64] | None = None
    """Sorted positions, counted from `start`; None: all pass."""

    @property
    def count(self) -> int:
        return self.stop - self.start if self.passing is None else len(self.passing)

    def rows(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of some of those that pass, by their positions among them."""
        return (at if self.passing is None else self.passing.take(at)) + self.start

    def of(self, column: NDArray[Any]) -> NDArray[Any]:
        """What the column holds of those that pass."""
        here = column[self.start : self.stop]
        return here if self.passing is None else here.take(self.passing, axis=0)

    def dots(self, matrix: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Products of the matrix's rows that pass with the vector."""
        share = self.count / max(1, self.stop - self.start)
        if self.passing is None or share < _GATHER_BELOW:
            return np.asarray(self.of(matrix) @ vector)
        return np.asarray((matrix[self.start : self.stop] @ vector).take(self.passing))


class Segment:
    """Immutable but for its memory of decoded listings."""

    def __init__(self, columns: Columns, words: Words, sketch: Sketch | None = None) -> None:
        self.columns = columns
        self.words = words
        self.sketch = sketch
        self._decoded: dict[int, Listing] = {}

    @classmethod
    def of(cls, records: Iterable[Record]) -> Segment:
        columns, words = encode(records)
        worth = len(columns.price) >= sketches.WORTH
        return cls(columns, words, Sketch.of(columns.vectors) if worth else None)

    @classmethod
    def map(cls, folder: Path) -> Segment:
        """The segment that `write` left there, its arrays mapped read-only."""
        stored = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        leaves = {leaf: (start, stop) for leaf, (start, stop) in stored.pop("leaves").items()}
        return cls(
            Columns(**{name: _mapped(folder / f"{name}.npy") for name in ARRAYS}),
            Words(leaves=leaves, **stored),
            Sketch.map(folder),
        )

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self.columns, name), allow_pickle=False)
        words = json.dumps(asdict(self.words), ensure_ascii=False)
        (folder / "words.json").write_text(words, encoding="utf-8")
        if self.sketch is not None:
            self.sketch.write(folder)

    def __len__(self) -> int:
        return len(self.columns.price)

    def matching(self, filters: Filters, dead: NDArray[np.int64]) -> list[Span]:
        """The rows that pass, without the `dead` ones (sorted row numbers)."""
        excluded = self.rows_of(filters.exclude_products)
        if excluded.size:
            dead = np.union1d(dead, excluded)
        spans = []
        for start, stop in self._spans(filters.categories):
            passing = mask(self.columns, self.words, slice(start, stop), filters)
            if dead.size:
                gone = dead[np.searchsorted(dead, start) : np.searchsorted(dead, stop)]
                passing = np.ones(stop - start, np.bool_) if passing is None else passing
                passing[gone - start] = False
            spans.append(Span(start, stop, None if passing is None else np.flatnonzero(passing)))
        return spans

    def nearest(self, spans: Sequence[Span], vector: Vector, k: int) -> NDArray[np.int64]:
        """Rows among which the k nearest of the spans' passing ones stand, in order of rows."""
        total = sum(span.count for span in spans)
        if self.sketch is None or total < max(sketches.WORTH, 2 * k):
            scores = joined([span.dots(self.columns.vectors, vector) for span in spans])
            return rows_at(spans, preselect(scores, k))
        asked = self.sketch.asked(vector)
        bounds = joined([span.dots(self.sketch.coarse, asked.coarse) for span in spans])
        vectors = self.columns.vectors
        first = vectors.take(rows_at(spans, sketches.promising(bounds, k)), axis=0) @ vector
        edge = np.partition(first, len(first) - k)[len(first) - k] - sketches.SLACK
        kept = np.flatnonzero(bounds >= edge)
        rows = rows_at(spans, kept)
        rows = rows[self.sketch.tightened(bounds[kept], rows, asked) >= edge]
        best: NDArray[np.int64] = rows[preselect(vectors.take(rows, axis=0) @ vector, k)]
        return best

    def rows_of(self, product_ids: Sequence[str]) -> NDArray[np.int64]:
        """Sorted rows of the products that are here."""
        if not product_ids or not len(self):
            return np.empty(0, np.int64)
        wanted = np.array([i.encode() for i in product_ids], dtype=np.bytes_)
        at = np.searchsorted(self.columns.ids, wanted, sorter=self.columns.by_id)
        rows = self.columns.by_id[np.minimum(at, len(self) - 1)]
        found: NDArray[np.int64] = np.unique(rows[self.columns.ids[rows] == wanted])
        return found

    def listings(self, rows: Sequence[int]) -> list[Listing]:
        """The listings of the rows; only those not met before are decoded."""
        decoded = self._decoded
        unknown = [row for row in rows if row not in decoded]
        if len(unknown) > _SCAN:
            return decode_listings(map(self._encoded, rows))
        if unknown:
            if len(decoded) + len(unknown) > _REMEMBERED:
                # another thread may still read the old memory: it is left, never emptied
                decoded = self._decoded = {row: decoded[row] for row in rows if row in decoded}
            decoded.update(zip(unknown, decode_listings(map(self._encoded, unknown)), strict=True))
        return [decoded[row] for row in rows]

    def candidates(
        self, rows: NDArray[np.int64], similarities: NDArray[np.float64] | None = None
    ) -> list[Candidate]:
        """In the order of the rows; similarity 0 unless given."""
        shown = [0.0] * len(rows) if similarities is None else similarities.tolist()
        return [
            Candidate(listing=listing, similarity=similarity, vector=vector, appearance=look)
            for listing, similarity, vector, look in zip(
                self.listings(rows.tolist()),
                shown,
                self.columns.vectors[rows],
                self.columns.appearance[rows],
                strict=True,
            )
        ]

    def _encoded(self, row: int) -> bytes:
        start, stop = self.columns.offsets[row : row + 2]
        return self.columns.blob[start:stop].tobytes()

    def _spans(self, categories: Sequence[str]) -> list[tuple[int, int]]:
        if not categories:
            return [(0, len(self))] if len(self) else []
        leaves: Mapping[str, tuple[int, int]] = self.words.leaves
        joined: list[tuple[int, int]] = []
        for start, stop in sorted({leaves[c] for c in categories if c in leaves}):
            if joined and joined[-1][1] == start:
                start = joined.pop()[0]  # noqa: PLW2901 - neighbouring leaves become one span
            joined.append((start, stop))
        return joined


def joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """The parts as one array."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, np.float32)


def rows_at(spans: Sequence[Span], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of some of those that pass, by their sorted positions among all that pass in the spans."""
    if len(spans) == 1:
        return spans[0].rows(at)
    starts = np.concatenate(([0], np.cumsum([span.count for span in spans])))
    cuts = np.searchsorted(at, starts)
    parts = [
        span.rows(at[cuts[i] : cuts[i + 1]] - starts[i])
        for i, span in enumerate(spans)
        if cuts[i] < cuts[i + 1]
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def preselect(scores: NDArray[np.floating], k: int) -> NDArray[np.int64]:
    """Positions that may be among the best k once scored exactly: the best k and all within `SLACK`."""
    if len(scores) <= k:
        return np.arange(len(scores), dtype=np.int64)
    edge = np.partition(scores, len(scores) - k)[len(scores) - k]
    return np.flatnonzero(scores >= edge - SLACK)


def _mapped(path: Path) -> NDArray[Any]:
    """A read-only mapping as a plain array: slicing numpy's own memmap class costs ten times more.

    An array without bytes cannot be mapped and is read.
    """
    array = np.load(path, allow_pickle=False, mmap_mode=None if path.stat().st_size <= 128 else "r")
    return np.asarray(array)
