"""Several orders of the same candidates, measured over the same judged queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.search import Candidate
from ranking.features import POSITION, feature_matrix
from ranking.judged import JudgedQuery
from ranking.measures import (
    duplicate_rate,
    intra_list_diversity,
    ndcg,
    precision,
    recall,
    reciprocal_rank,
)
from ranking.reranker import Reranker
from ranking.scorers import POLICY_COLUMNS, Scorer

Order = NDArray[np.intp]
System = Callable[[JudgedQuery, NDArray[np.float32]], Order]
"""Indices of the judged query's candidates in shown order; may be fewer than there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryMeasures:
    """One query under one system. `ndcg` is by cut, 5, 10 and 20."""

    query_id: str
    marketplace: str
    ndcg: Mapping[int, float]
    reciprocal_rank: float
    precision10: float
    recall100: float
    diversity10: float
    duplicates20: float
    rating10: float
    price_position10: float
    order: tuple[str, ...]
    """The first twenty products, for run files and win/loss lists."""


def by_similarity(_judged: JudgedQuery, matrix: NDArray[np.float32]) -> Order:
    """What retrieval alone would show."""
    return np.argsort(-matrix[:, POSITION["similarity"]], kind="stable")


def by_scorer(scorer: Scorer) -> System:
    """The order of a scorer, nothing after it."""
    return lambda _judged, matrix: np.argsort(-scorer.score(matrix), kind="stable")


def without_policy(scorer: Scorer) -> System:
    """The scorer with the marketplace's policy silenced: what policy costs and earns."""

    def order(_judged: JudgedQuery, matrix: NDArray[np.float32]) -> Order:
        silent = matrix.copy()
        silent[:, POLICY_COLUMNS] = 0.0
        return np.argsort(-scorer.score(silent), kind="stable")

    return order


def by_reranker(reranker: Reranker) -> System:
    """The whole step as shipped: score, fold, diversify, out of stock last."""

    def order(judged: JudgedQuery, _matrix: NDArray[np.float32]) -> Order:
        items = reranker.rank(judged.candidates, judged.query, limit=len(judged.candidates))
        place = {c.product_id: i for i, c in enumerate(judged.candidates)}
        return np.array([place[item.product_id] for item in items], dtype=np.intp)

    return order


def measure(
    judged: Sequence[JudgedQuery], systems: Mapping[str, System]
) -> Mapping[str, tuple[QueryMeasures, ...]]:
    """By system, the same queries in the same order; a query with nothing relevant is left out."""
    found: dict[str, list[QueryMeasures]] = {name: [] for name in systems}
    for one in judged:
        if not len(one.ideal) or one.ideal[0] <= 0:
            continue
        matrix = feature_matrix(one.candidates, one.query)
        for name, system in systems.items():
            found[name].append(_measured(one, matrix, system(one, matrix)))
    return {name: tuple(values) for name, values in found.items()}


def _measured(one: JudgedQuery, matrix: NDArray[np.float32], order: Order) -> QueryMeasures:
    shown = one.grades[order]
    first = order[:10]
    page: list[Candidate] = [one.candidates[i] for i in order[:20]]
    vectors = np.array([c.vector for c in page[:10]], dtype=np.float32)
    return QueryMeasures(
        query_id=one.query_id,
        marketplace=one.query.marketplace.id,
        ndcg={k: ndcg(shown, k, one.ideal) or 0.0 for k in (5, 10, 20)},
        reciprocal_rank=reciprocal_rank(shown),
        precision10=precision(shown, 10),
        recall100=recall(shown, 100, one.relevant) or 0.0,
        diversity10=intra_list_diversity(vectors) or 0.0,
        duplicates20=duplicate_rate([c.listing.product.group_id for c in page]),
        rating10=_mean(matrix[first, POSITION["shrunk_rating"]]),
        price_position10=_mean(matrix[first, POSITION["price_position"]]),
        order=tuple(c.product_id for c in page),
    )


def _mean(values: NDArray[np.float32]) -> float:
    return float(values.mean()) if len(values) else 0.0
