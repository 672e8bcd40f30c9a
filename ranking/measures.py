"""Measures of a ranking; each is a plain function of grades in shown order.

The name is the measure's own, with its cut: nDCG@10. Gains are 2^grade − 1 (Burges et al. 2005),
LightGBM's own; the discount of rank r is 1 / log2(r + 1). A query without any relevant product has
no nDCG and no recall: the functions answer None and means leave it out and count it (LightGBM
counts it as 1: convert before comparing).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Grades = NDArray[np.float64]


def dcg(grades: ArrayLike, k: int) -> float:
    """Discounted cumulative gain of the first k grades in shown order."""
    first = np.asarray(grades, dtype=np.float64)[:k]
    return float(np.sum((np.exp2(first) - 1.0) / np.log2(np.arange(2, len(first) + 2))))


def ndcg(grades: ArrayLike, k: int, ideal: ArrayLike | None = None) -> float | None:
    """nDCG@k in [0, 1]: DCG over that of the best order of `ideal`, all grades that exist.

    `ideal` defaults to the grades shown; pass all judged grades when the list may lack some.
    None when nothing is relevant. Negative grades are refused with ValueError.
    """
    shown = np.asarray(grades, dtype=np.float64)
    known = shown if ideal is None else np.asarray(ideal, dtype=np.float64)
    if (shown < 0).any() or (known < 0).any():
        raise ValueError("a grade is negative; grades start at 0, not relevant.")
    best = dcg(np.sort(known)[::-1], k)
    return min(dcg(shown, k) / best, 1.0) if best > 0 else None


def reciprocal_rank(grades: ArrayLike, *, least: float = 1.0) -> float:
    """1 / rank of the first grade of at least `least`; 0 when the list has none, an empty one too.

    Its mean over queries is the MRR; leave out queries for which nothing relevant exists.
    """
    hits = np.flatnonzero(np.asarray(grades, dtype=np.float64) >= least)
    return float(1.0 / (hits[0] + 1)) if len(hits) else 0.0


def precision(grades: ArrayLike, k: int, *, least: float = 1.0) -> float:
    """Share of k places that hold a grade of at least `least`; an empty place is a miss."""
    return float((np.asarray(grades, dtype=np.float64)[:k] >= least).sum()) / k


def recall(grades: ArrayLike, k: int, relevant: int, *, least: float = 1.0) -> float | None:
    """Share of the `relevant` products that stand in the first k; None when there are none."""
    if relevant <= 0:
        return None
    return float((np.asarray(grades, dtype=np.float64)[:k] >= least).sum()) / relevant


def intra_list_diversity(vectors: NDArray[np.float32]) -> float | None:
    """Mean of 1 − cosine over all pairs of rows (unit length); None for fewer than two."""
    n = len(vectors)
    if n < 2:
        return None
    summed = float((vectors @ vectors.T).sum() - np.einsum("ij,ij->", vectors, vectors))
    return 1.0 - summed / (n * (n - 1))


def duplicate_rate(groups: Sequence[Hashable | None]) -> float:
    """Share of places whose group stands above them already; None belongs to no group."""
    seen: set[Hashable] = set()
    repeats = 0
    for group in groups:
        repeats += group is not None and group in seen
        seen.add(group)
    return repeats / len(groups) if groups else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean with its 95 % bootstrap interval over queries."""

    mean: float
    low: float
    high: float


def paired_bootstrap(
    ours: ArrayLike, theirs: ArrayLike, *, seed: int, rounds: int = 2000, relative: bool = True
) -> Interval:
    """Mean difference of two measures over the same queries, resampled together.

    `relative`: as a share of theirs' mean (a lift). ValueError on unequal or no queries.
    """
    a, b = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    if a.shape != b.shape or a.size == 0:
        raise ValueError(
            f"{a.size} and {b.size} queries: both lists need the same queries, one at least."
        )
    rows = np.random.default_rng(seed).integers(0, len(a), size=(rounds, len(a)))
    means_a, means_b = a[rows].mean(axis=1), b[rows].mean(axis=1)
    lifts = _lift(means_a, means_b, relative=relative)
    low, high = np.quantile(lifts, [0.025, 0.975])
    point = _lift(a.mean(keepdims=True), b.mean(keepdims=True), relative=relative)
    return Interval(mean=float(point[0]), low=float(low), high=float(high))


def _lift(a: Grades, b: Grades, *, relative: bool) -> Grades:
    return (a - b) / np.maximum(b, 1e-12) if relative else a - b


def bootstrap_mean(values: ArrayLike, *, seed: int, rounds: int = 2000) -> Interval:
    """Mean over queries with its interval; ValueError when there are none."""
    found = np.asarray(values, dtype=np.float64)
    return paired_bootstrap(found, np.zeros_like(found), seed=seed, rounds=rounds, relative=False)
