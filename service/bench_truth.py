"""What is asked when retrieval is measured, and the true answer to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.search import Filters
from service.bench_catalogue import BenchCatalogue, leaf_name

BLOCK = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One filter: as souk takes it, and as a bare library's caller writes it."""

    name: str
    filters: Filters
    bare: Mapping[str, object]


TASKS = (
    Task(name="none", filters=Filters(marketplace="in"), bare={}),
    Task(
        name="leaves",
        filters=Filters(
            marketplace="in", categories=(leaf_name(1), leaf_name(3), leaf_name(8)), available=True
        ),
        bare={"leaves": [1, 3, 8], "available": True},
    ),
    Task(
        name="leaves and price",
        filters=Filters(
            marketplace="in",
            categories=(leaf_name(1), leaf_name(3), leaf_name(8)),
            available=True,
            min_price_minor=100_000,
            max_price_minor=200_000,
        ),
        bare={"leaves": [1, 3, 8], "available": True, "low": 100_000, "high": 200_000},
    ),
    Task(
        name="price",
        filters=Filters(marketplace="in", min_price_minor=100_000, max_price_minor=200_000),
        bare={"low": 100_000, "high": 200_000},
    ),
)


def truth(made: BenchCatalogue, task: Task, k: int) -> list[list[int]]:
    passing: NDArray[np.bool_] = np.ones(len(made.leaf), np.bool_)
    if task.filters.categories:
        wanted = {name: leaf for leaf in range(100) for name in [leaf_name(leaf)]}
        passing &= np.isin(made.leaf, [wanted[name] for name in task.filters.categories])
    if task.filters.available is not None:
        passing &= made.available == task.filters.available
    if task.filters.min_price_minor is not None:
        passing &= made.price >= task.filters.min_price_minor
    if task.filters.max_price_minor is not None:
        passing &= made.price <= task.filters.max_price_minor
    return _nearest(made, np.flatnonzero(passing), k)


def _nearest(made: BenchCatalogue, rows: NDArray[np.int64], k: int) -> list[list[int]]:
    """The k nearest of the rows for each query, block by block: a million rows need no matrix of all."""
    queries = made.queries.astype(np.float64)
    best = np.empty((len(queries), 0), np.int64)
    scores = np.empty((len(queries), 0))
    for start in range(0, len(rows), BLOCK):
        part = rows[start : start + BLOCK]
        dots = queries @ made.vectors[part].astype(np.float64).T
        scores = np.concatenate([scores, dots], axis=1)
        best = np.concatenate([best, np.broadcast_to(part, dots.shape)], axis=1)
        order = np.argsort(-scores, axis=1)[:, :k]
        scores = np.take_along_axis(scores, order, axis=1)
        best = np.take_along_axis(best, order, axis=1)
    nearest: list[list[int]] = best.tolist()
    return nearest


def recall(found: Sequence[Sequence[int]], truth: Sequence[Sequence[int]]) -> float:
    shares = [
        len(set(f) & set(t)) / len(t) if t else 1.0 for f, t in zip(found, truth, strict=True)
    ]
    return float(np.mean(shares))
