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
from retrieval.codec import decode_listings
from retrieval.columns import ARRAYS, Columns, Words, encode, mask
from retrieval.index import Record
from retrieval.ordering import SLACK

_GATHER_BELOW = 0.2
"""Share of passing rows under which collecting them is quicker than multiplying the whole span."""
_REMEMBERED = 20_000
"""Decoded listings that a segment keeps, about 2 KB each."""


@dataclass(frozen=True, slots=True)
class Span:
    """Contiguous rows; `passing` is None when all of them pass."""

    start: int
    stop: int
    passing: NDArray[np.bool_] | None

    @property
    def count(self) -> int:
        return self.stop - self.start if self.passing is None else int(self.passing.sum())

    def rows(self) -> NDArray[np.int64]:
        if self.passing is None:
            return np.arange(self.start, self.stop, dtype=np.int64)
        return np.flatnonzero(self.passing) + self.start


class Segment:
    """Immutable but for its memory of decoded listings."""

    def __init__(self, columns: Columns, words: Words) -> None:
        self.columns = columns
        self.words = words
        self._decoded: dict[int, Listing] = {}

    @classmethod
    def of(cls, records: Iterable[Record]) -> Segment:
        return cls(*encode(records))

    @classmethod
    def map(cls, folder: Path) -> Segment:
        """The segment that `write` left there, its arrays mapped read-only."""
        stored = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        leaves = {leaf: (start, stop) for leaf, (start, stop) in stored.pop("leaves").items()}
        return cls(
            Columns(**{name: _mapped(folder / f"{name}.npy") for name in ARRAYS}),
            Words(leaves=leaves, **stored),
        )

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self.columns, name), allow_pickle=False)
        words = json.dumps(asdict(self.words), ensure_ascii=False)
        (folder / "words.json").write_text(words, encoding="utf-8")

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
            gone = dead[np.searchsorted(dead, start) : np.searchsorted(dead, stop)]
            if gone.size:
                passing = np.ones(stop - start, np.bool_) if passing is None else passing
                passing[gone - start] = False
            spans.append(Span(start, stop, passing))
        return spans

    def score(
        self, spans: Sequence[Span], vector: Vector
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows that pass and their dot products with the vector, in single precision."""
        rows, scores = [], []
        for span in spans:
            passing, everything = span.rows(), span.stop - span.start
            rows.append(passing)
            if passing.size < everything * _GATHER_BELOW:
                scores.append(self.columns.vectors[passing] @ vector)
                continue
            dots = self.columns.vectors[span.start : span.stop] @ vector
            scores.append(dots if span.passing is None else dots[span.passing])
        if not rows:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        return np.concatenate(rows), np.concatenate(scores)

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
        unknown = [row for row in rows if row not in self._decoded]
        found = dict(zip(unknown, decode_listings(map(self._encoded, unknown)), strict=True))
        answer = [found[row] if row in found else self._decoded[row] for row in rows]
        if len(self._decoded) + len(found) > _REMEMBERED:
            self._decoded = {}
        self._decoded.update(found)
        return answer

    def candidates(self, rows: Sequence[int], similarities: Sequence[float]) -> list[Candidate]:
        at = np.array(rows, dtype=np.int64)
        vectors, appearance = self.columns.vectors[at], self.columns.appearance[at]
        return [
            Candidate(listing=listing, similarity=similarity, vector=vector, appearance=look)
            for listing, similarity, vector, look in zip(
                self.listings(rows), similarities, vectors, appearance, strict=True
            )
        ]

    def ids(self, rows: NDArray[np.int64]) -> list[str]:
        return [i.decode() for i in self.columns.ids[rows].tolist()]

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


def preselect(rows: NDArray[np.int64], scores: NDArray[np.floating], k: int) -> NDArray[np.int64]:
    """Rows that may be among the best k once scored exactly: the best k and all within `SLACK`."""
    if len(rows) <= k:
        return rows
    edge = np.partition(scores, len(scores) - k)[len(scores) - k]
    near: NDArray[np.int64] = rows[scores >= edge - SLACK]
    return near


def _mapped(path: Path) -> NDArray[Any]:
    """A read-only mapping as a plain array: slicing numpy's own memmap class costs ten times more.

    An array without bytes cannot be mapped and is read.
    """
    array = np.load(path, allow_pickle=False, mmap_mode=None if path.stat().st_size <= 128 else "r")
    return np.asarray(array)
