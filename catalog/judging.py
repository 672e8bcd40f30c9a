"""The scores of pairs of products: what is cheap sorts most out, what is costly is done in portions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from catalog.alignment import HEIGHT, MAX_HALF_DIFFERENCE, WIDTH, compare_many
from catalog.blocking import Gallery, Rows
from catalog.fingerprints import hamming, tint_difference
from catalog.likeness import (
    Statement,
    Thresholds,
    conflicting,
    picture_score,
    worth_comparing,
    worth_in_spite,
)
from catalog.processes import Crew, portions
from catalog.store import CHUNK, CatalogStore, StoreError

PORTION = 1000
"""Pairs that one task lays over each other."""
BLOCK = 50_000
REMEMBERED = 200_000
"""Statements that stay in memory, about 1 kB each."""

CONFLICT_HALF_DIFFERENCE = 0.04
"""As MAX_HALF_DIFFERENCE, for products of which a higher score is asked: a difference of 0.03 at full
size already costs the two log-odds that are left to them."""

Pair = tuple[str, str]
Asked = tuple[Pair, float]
"""A pair, and the difference at half size beyond which it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overlays:
    """One portion of the costly work, with all that it reads: whoever does it needs no catalogue."""

    thumbnails: NDArray[np.uint8]
    """(n, HEIGHT, WIDTH, 3)"""
    pairs: Rows
    """(m, 2), rows of the thumbnails."""
    limits: NDArray[np.float64]
    """(m,)"""


class Judge:
    """Scores pairs; what is written about two products decides how alike their pictures must be."""

    def __init__(
        self, store: CatalogStore, gallery: Gallery, thresholds: Thresholds, crew: Crew
    ) -> None:
        self._store = store
        self._gallery = gallery
        self._thresholds = thresholds
        self._crew = crew
        self._row = {product_id: row for row, product_id in enumerate(gallery.ids)}
        self._close: dict[Pair, bool] = {}
        self._statement = lru_cache(maxsize=REMEMBERED)(self._read_statement)
        self.compared = 0
        """How many pairs were laid over each other."""

    def duplicates(self, pairs: Rows) -> list[tuple[float, str, str]]:
        """(score above the threshold, id, id) of those pairs of rows (n, 2) that are duplicates."""
        found = []
        for start in range(0, len(pairs), BLOCK):
            worth = list(self._worth(pairs[start : start + BLOCK]))
            asked = [(pair, _limit(conflict=conflict)) for pair, conflict in worth]
            for (pair, conflict), score in zip(worth, self._scores(asked), strict=True):
                above = score - self._needed(conflict=conflict)
                close = above >= -self._thresholds.member
                if close or not conflict:  # with a conflict it may have been given up too early
                    self._close[pair] = close
                if above >= 0:
                    found.append((above, *pair))
        return found

    def together(self, first: str, second: str) -> bool:
        """Whether two products may stand in one group."""
        pair = (first, second) if first < second else (second, first)
        if pair not in self._close:
            self._close[pair] = self._is_close(pair)
        return self._close[pair]

    def _is_close(self, pair: Pair) -> bool:
        row = np.array([[self._row[product_id] for product_id in pair]])
        if self._gallery.similarity(row)[0] < self._thresholds.similarity:
            return False
        needed = self._needed(conflict=self._conflict(pair)) - self._thresholds.member
        return next(self._scores([(pair, MAX_HALF_DIFFERENCE)])) >= needed

    def _worth(self, pairs: Rows) -> Iterator[tuple[Pair, bool]]:
        """Those to lay over each other, with whether what is written about them contradicts."""
        gallery = self._gallery
        look = gallery.look_likeness(pairs)
        bits = hamming(gallery.hashes[pairs[:, 0]], gallery.hashes[pairs[:, 1]])
        kept = worth_comparing(gallery.similarity(pairs), look, bits, self._thresholds)
        first, second = gallery.colours[pairs[kept, 0]], gallery.colours[pairs[kept, 1]]
        in_spite = worth_in_spite(look[kept], bits[kept], tint_difference(first, second))
        for (one, other), anyway in zip(pairs[kept].tolist(), in_spite.tolist(), strict=True):
            pair = (gallery.ids[one], gallery.ids[other])
            conflict = self._conflict(pair)
            if anyway or not conflict:
                yield pair, conflict

    def _scores(self, asked: Sequence[Asked]) -> Iterator[float]:
        self.compared += len(asked)
        tasks = (_overlays(self._store, part) for part in portions(asked, PORTION))
        return chain.from_iterable(self._crew(picture_scores, tasks))

    def _needed(self, *, conflict: bool) -> float:
        """Log-odds of the pictures from which two products are duplicates."""
        return self._thresholds.score + self._thresholds.conflict * conflict

    def _conflict(self, pair: Pair) -> bool:
        return conflicting(*map(self._statement, pair))

    def _read_statement(self, product_id: str) -> Statement:
        product = self._store.product(product_id)
        if product is None:
            raise StoreError(f"{product_id!r} was deleted meanwhile. Run the command again.")
        return Statement.of(product)


def picture_scores(asked: Overlays) -> list[float]:
    """Log-odds that the pictures of each pair are one."""
    return list(map(picture_score, compare_many(asked.thumbnails, asked.pairs, asked.limits)))


def _overlays(store: CatalogStore, asked: Sequence[Asked]) -> Overlays:
    ids = sorted({product_id for pair, _ in asked for product_id in pair})
    row = {product_id: number for number, product_id in enumerate(ids)}
    return Overlays(
        thumbnails=_thumbnails(store, ids),
        pairs=np.array([[row[one], row[other]] for (one, other), _ in asked], dtype=np.int64),
        limits=np.array([limit for _, limit in asked]),
    )


def _limit(*, conflict: bool) -> float:
    return CONFLICT_HALF_DIFFERENCE if conflict else MAX_HALF_DIFFERENCE


def _thumbnails(store: CatalogStore, ids: Sequence[str]) -> NDArray[np.uint8]:
    """(n, HEIGHT, WIDTH, 3), in the order of the ids, which are sorted."""
    found: dict[str, bytes] = {}
    for part in portions(ids, CHUNK):
        marks = ",".join("?" * len(part))
        found |= store.database.connection().execute(
            f"SELECT product_id, pixels FROM thumbnails WHERE product_id IN ({marks})",  # noqa: S608 - marks only
            part,
        )
    gone = [product_id for product_id in ids if product_id not in found]
    if gone:
        raise StoreError(f"{gone[0]!r} was deleted meanwhile. Run the command again.")
    joined = b"".join(found[product_id] for product_id in ids)
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(ids), HEIGHT, WIDTH, 3)
