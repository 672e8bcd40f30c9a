"""The re-ranker: features, score, fold, diversify, out of stock last.

A candidate whose picture is the photo's own, as near as the marketplace's `duplicate_similarity`, is
the very thing that was asked for and leads whatever its offer.

Invariants: it never invents or loses a product: every candidate is an item or stands in one item's
`duplicates` (before `limit`); product ids have no part in the order; equal scores are settled by the
marketplace's stated policy, then by similarity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.search import Candidate, RankedItem, Sort
from ranking.columns import day_number
from ranking.diversity import diversified_order
from ranking.features import NAMES, POSITION, RankingQuery, feature_matrix
from ranking.folding import fold
from ranking.model_files import RankerMissingError, load_scorer
from ranking.scorers import POLICY_COLUMNS, LinearScorer, Scorer

_SIMILARITY = POSITION["similarity"]


class Reranker:
    """Orders candidates by a scorer; stateless beside it, so threads may share one."""

    def __init__(self, scorer: Scorer, degraded: tuple[str, ...] = ()) -> None:
        self._scorer = scorer
        self.degraded = degraded
        """`ranker:linear` when the blend stands in for a model that is not there."""

    @classmethod
    def load(cls, folder: Path) -> Reranker:
        """The shipped model; without any model file the linear blend, declared in `degraded`.

        RankerError when files are there but do not fit. May be called before a fork.
        """
        try:
            return cls(load_scorer(folder))
        except RankerMissingError:
            return cls(LinearScorer(), degraded=("ranker:linear",))

    @property
    def version(self) -> str:
        return self._scorer.version

    @property
    def scorer(self) -> Scorer:
        """What scores the rows of the feature table."""
        return self._scorer

    def rank(
        self,
        candidates: Sequence[Candidate],
        query: RankingQuery,
        *,
        limit: int,
        explain: bool = False,
        sort: Sort = Sort.RELEVANCE,
    ) -> tuple[RankedItem, ...]:
        """At most `limit` items in organic order; those out of stock after all the others.

        Other sorts than relevance keep the score but do not order by it, and are not diversified.
        """
        matrix = feature_matrix(candidates, query)
        scores = self._scorer.score(matrix)
        order = _best_first(matrix, scores, query.marketplace.ranking.duplicate_similarity)
        items = fold([_item(candidates[i], float(scores[i])) for i in order])
        stock = [item for item in items if item.candidate.listing.offer.available]
        gone = [item for item in items if not item.candidate.listing.offer.available]
        if sort is Sort.RELEVANCE:
            stock = _diversified(stock, query.marketplace.ranking.diversity, limit)
        else:
            stock, gone = sorted(stock, key=_KEYS[sort]), sorted(gone, key=_KEYS[sort])
        shown = tuple(
            replace(item, organic_position=place)
            for place, item in enumerate((*stock, *gone)[: max(limit, 0)], start=1)
        )
        return self._explained(shown, candidates, matrix) if explain else shown

    def explain(
        self, items: Sequence[RankedItem], candidates: Sequence[Candidate], query: RankingQuery
    ) -> tuple[RankedItem, ...]:
        """The items, each with its contributions; `candidates` are all that `rank` was given.

        For a page whose items were chosen after ranking (rules, a cursor). An item that is not
        among the candidates, a pinned product, stays without contributions.
        """
        return self._explained(tuple(items), candidates, feature_matrix(candidates, query))

    def _explained(
        self,
        items: tuple[RankedItem, ...],
        candidates: Sequence[Candidate],
        matrix: NDArray[np.float32],
    ) -> tuple[RankedItem, ...]:
        rows = {candidate.product_id: row for row, candidate in enumerate(candidates)}
        known = [item.product_id for item in items if item.product_id in rows]
        parts = self._scorer.contributions(matrix[[rows[i] for i in known]])
        found = {i: _named(row) for i, row in zip(known, parts, strict=True)}
        return tuple(replace(item, contributions=found.get(item.product_id)) for item in items)


def _best_first(
    matrix: NDArray[np.float32], scores: NDArray[np.float64], same: float
) -> NDArray[np.intp]:
    """The very thing in the photo, then by score, policy points, similarity, and as they came."""
    similarity = matrix[:, _SIMILARITY]
    itself = similarity >= same
    points = matrix[:, POLICY_COLUMNS].sum(axis=1)
    return np.lexsort((-similarity, -points, -scores, -np.where(itself, similarity, 0.0)))


def _named(row: NDArray[np.float64]) -> Mapping[str, float]:
    return {**dict(zip(NAMES, row[:-1].tolist(), strict=True)), "bias": float(row[-1])}


def _item(candidate: Candidate, score: float) -> RankedItem:
    return RankedItem(candidate=candidate, score=score, organic_position=0)


def _diversified(items: list[RankedItem], strength: float, picks: int) -> list[RankedItem]:
    if len(items) < 3 or strength == 0.0:
        return items
    scores = np.array([item.score for item in items])
    vectors = np.concatenate([i.candidate.vector for i in items]).reshape(len(items), -1)
    return [items[i] for i in diversified_order(scores, vectors, strength, picks=picks)]


def _price(item: RankedItem) -> int:
    return item.candidate.listing.offer.price.amount_minor


def _rating(item: RankedItem) -> tuple[float, int]:
    offer = item.candidate.listing.offer
    return -(offer.rating or 0.0), -offer.rating_count


def _newest(item: RankedItem) -> float:
    day = day_number(item.candidate.listing.offer.listed_on or "")
    return 0.0 if math.isnan(day) else -day


_KEYS: Mapping[Sort, Callable[[RankedItem], float | tuple[float, int]]] = {
    Sort.PRICE_ASC: _price,
    Sort.PRICE_DESC: lambda item: -_price(item),
    Sort.RATING: _rating,
    Sort.NEWEST: _newest,
}
