"""Which pairs come into question: those of one hash, and nearest rows by look and by vector.

Up to EXACT rows, or for few of them, everything is compared in blocks. Beyond, rows are put into
about √n cells around seeded rows, and a query looks into the PROBES nearest cells only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EXACT = 20_000
PROBES = 12
BLOCK = 1024

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """Every fingerprinted product, in order of its id."""

    ids: list[str]
    hashes: NDArray[np.uint64]
    """(n, 2)"""
    looks: Floats
    """(n, ·), unit rows."""
    colours: Floats
    """(n, 3)"""
    vectors: Floats | None
    """(n, 128), unit rows; None when not every product has one of the present model."""
    fresh: Rows
    """Rows that no earlier run has looked up."""

    def look_likeness(self, pairs: Rows) -> Floats:
        return _dots(self.looks, pairs)

    def similarity(self, pairs: Rows) -> Floats:
        """Cosines of the vectors; 1 when there are none."""
        if self.vectors is None:
            return np.ones(len(pairs), dtype=np.float32)
        return _dots(self.vectors, pairs)


def candidate_pairs(gallery: Gallery, neighbours: int) -> Rows:
    """Pairs (n, 2) of rows, the smaller first, sorted; at least one of the two is fresh."""
    found = [_same_hash(gallery)]
    for matrix in (gallery.looks, gallery.vectors):
        if matrix is None:
            continue
        nearest = nearest_rows(matrix, gallery.fresh, neighbours)
        asked = np.repeat(gallery.fresh, nearest.shape[1])
        found.append(np.stack([asked, nearest.reshape(-1)], axis=1))
    pairs = np.concatenate(found)
    return np.unique(np.sort(pairs[pairs[:, 1] >= 0], axis=1), axis=0)


def nearest_rows(vectors: Floats, queries: Rows, k: int, seed: int = 0) -> Rows:
    """The k nearest other rows of each query row, nearest first: (len(queries), ≤ k); -1: none."""
    k = min(k, len(vectors) - 1)
    if k < 1 or len(queries) == 0:
        return np.full((len(queries), 0), -1, dtype=np.int64)
    if len(vectors) <= EXACT or len(queries) ** 2 <= len(vectors):
        everything = np.arange(len(vectors))
        blocks = [
            _best(vectors, queries[start : start + BLOCK], everything, k)[0]
            for start in range(0, len(queries), BLOCK)
        ]
        return np.concatenate(blocks)
    return _by_cells(vectors, queries, k, seed)


def _dots(rows: Floats, pairs: Rows) -> Floats:
    dots: Floats = np.einsum("ij,ij->i", rows[pairs[:, 0]], rows[pairs[:, 1]])
    return dots


def _same_hash(gallery: Gallery) -> Rows:
    """Neighbours in the order of their hashes suffice: equal pictures chain through the group."""
    if len(gallery.ids) == 0:
        return np.zeros((0, 2), dtype=np.int64)
    smaller = gallery.hashes.min(axis=1)
    order = np.argsort(smaller, kind="stable")
    same = smaller[order[1:]] == smaller[order[:-1]]
    pairs: Rows = np.stack([order[:-1], order[1:]], axis=1)[same]
    return pairs[np.isin(pairs, gallery.fresh).any(axis=1)]


def _by_cells(vectors: Floats, queries: Rows, k: int, seed: int) -> Rows:
    count = int(np.sqrt(len(vectors)))
    chosen = np.random.default_rng(seed).choice(len(vectors), count, replace=False)
    centres = vectors[np.sort(chosen)]
    home = _nearest_centres(vectors, centres, 1)[:, 0]
    members = [np.flatnonzero(home == cell) for cell in range(count)]
    probes = _nearest_centres(vectors[queries], centres, PROBES).reshape(-1)
    # By cell: all who look into one share a product, and each keeps the best k of every cell.
    order = np.argsort(probes, kind="stable")
    ends = np.searchsorted(probes[order], np.arange(count + 1))
    found = np.full((len(probes), k), -1, dtype=np.int64)
    likeness = np.full((len(probes), k), -np.inf, dtype=np.float32)
    for cell in range(count):
        for start in range(ends[cell], ends[cell + 1], BLOCK):
            asked = order[start : min(start + BLOCK, ends[cell + 1])]
            best, alike = _best(vectors, queries[asked // PROBES], members[cell], k)
            found[asked, : best.shape[1]], likeness[asked, : best.shape[1]] = best, alike
    found, likeness = found.reshape(len(queries), -1), likeness.reshape(len(queries), -1)
    top = np.argsort(-likeness, axis=1, kind="stable")[:, :k]
    return np.asarray(np.take_along_axis(found, top, axis=1), dtype=np.int64)


def _nearest_centres(vectors: Floats, centres: Floats, count: int) -> Rows:
    blocks = []
    for start in range(0, len(vectors), BLOCK):
        likeness = vectors[start : start + BLOCK] @ centres.T
        top = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        order = np.argsort(-np.take_along_axis(likeness, top, axis=1), axis=1)
        blocks.append(np.take_along_axis(top, order, axis=1))
    return np.concatenate(blocks)


def _best(vectors: Floats, queries: Rows, rows: Rows, k: int) -> tuple[Rows, Floats]:
    """The k of the sorted rows nearest to each query, itself aside, and how alike they are; fewer: -1."""
    likeness = vectors[queries] @ vectors[rows].T
    own = np.minimum(np.searchsorted(rows, queries), max(0, len(rows) - 1))
    here = np.flatnonzero(rows[own] == queries) if len(rows) else np.empty(0, np.int64)
    likeness[here, own[here]] = -np.inf
    k = min(k, len(rows))
    if k < 1:
        return np.full((len(queries), 0), -1, np.int64), np.zeros((len(queries), 0), np.float32)
    top = np.argpartition(likeness, len(rows) - k, axis=1)[:, len(rows) - k :]
    alike = np.take_along_axis(likeness, top, axis=1)
    order = np.argsort(-alike, axis=1, kind="stable")
    top, alike = np.take_along_axis(top, order, axis=1), np.take_along_axis(alike, order, axis=1)
    return np.where(alike > -np.inf, rows[top], -1), alike
