"""Means over queries with their bootstrap intervals, from the measures of single queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ranking.evaluation import QueryMeasures
from ranking.measures import Interval, bootstrap_mean, paired_bootstrap

MEASURES: Mapping[str, Callable[[QueryMeasures], float]] = {
    "ndcg@5": lambda m: m.ndcg[5],
    "ndcg@10": lambda m: m.ndcg[10],
    "ndcg@20": lambda m: m.ndcg[20],
    "mrr": lambda m: m.reciprocal_rank,
    "precision@10": lambda m: m.precision10,
    "recall@100": lambda m: m.recall100,
    "intra_list_diversity@10": lambda m: m.diversity10,
    "duplicate_rate@20": lambda m: m.duplicates20,
    "mean_shrunk_rating@10": lambda m: m.rating10,
    "mean_price_position@10": lambda m: m.price_position10,
}
"""What is reported, by the measure's own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WinsLosses:
    """Queries in which one system's nDCG@10 is higher, lower, or equal (within 1e-9)."""

    wins: tuple[str, ...]
    losses: tuple[str, ...]
    ties: int


def means(measures: Sequence[QueryMeasures]) -> Mapping[str, float]:
    """Every measure's mean; empty without queries."""
    if not measures:
        return {}
    return {name: float(np.mean([of(m) for m in measures])) for name, of in MEASURES.items()}


def interval(measures: Sequence[QueryMeasures], name: str, *, seed: int) -> Interval:
    """A measure's mean with its 95 % interval; ValueError without queries."""
    return bootstrap_mean([MEASURES[name](m) for m in measures], seed=seed)


def lift(
    ours: Sequence[QueryMeasures],
    theirs: Sequence[QueryMeasures],
    *,
    seed: int,
    name: str = "ndcg@10",
) -> Interval:
    """Relative lift of the mean over the same queries; ValueError when they are not the same."""
    if [m.query_id for m in ours] != [m.query_id for m in theirs]:
        raise ValueError("the two systems were measured on different queries.")
    of = MEASURES[name]
    return paired_bootstrap([of(m) for m in ours], [of(m) for m in theirs], seed=seed)


def wins_losses(ours: Sequence[QueryMeasures], theirs: Sequence[QueryMeasures]) -> WinsLosses:
    """By query, the greatest difference first."""
    gaps = sorted(
        ((a.ndcg[10] - b.ndcg[10], a.query_id) for a, b in zip(ours, theirs, strict=True)),
        key=lambda pair: -abs(pair[0]),
    )
    return WinsLosses(
        wins=tuple(query_id for gap, query_id in gaps if gap > 1e-9),
        losses=tuple(query_id for gap, query_id in gaps if gap < -1e-9),
        ties=sum(1 for gap, _ in gaps if abs(gap) <= 1e-9),
    )


def of_marketplace(
    measures: Sequence[QueryMeasures], marketplace: str
) -> tuple[QueryMeasures, ...]:
    return tuple(m for m in measures if m.marketplace == marketplace)
