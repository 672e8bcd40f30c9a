"""The best linear blend found by search: the baseline that a learnt ranker must justify itself against."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ranking.features import DEFAULTS, FEATURES, NAMES
from ranking.judged import RankingData
from ranking.training import UNLEARNT, mean_ndcg

STEPS = (-0.5, -0.2, 0.2, 0.5, 1.0)
"""Changes tried for a weight, in standard deviations of its feature."""


def search_blend(
    data: RankingData, *, seed: int, passes: int = 3, queries: int = 300
) -> Mapping[str, float]:
    """Weights by feature name, for `LinearScorer`, by coordinate ascent on nDCG@10 of the data.

    Starts from similarity alone; features are scaled to unit deviation, tried in a seeded order, and a
    weight never works against its feature's stated direction. At most `queries` queries are used.
    """
    rng = np.random.default_rng(seed)
    sample = _sample(data, queries, rng)
    deviation = sample.features.std(axis=0)
    usable = [
        column
        for column, name in enumerate(NAMES)
        if name not in UNLEARNT and deviation[column] > 1e-6
    ]
    scaled = (sample.features.astype(np.float64) - DEFAULTS) / np.where(
        deviation > 1e-6, deviation, 1.0
    )
    weights = np.zeros(len(NAMES))
    weights[NAMES.index("similarity")] = 1.0
    best = mean_ndcg(scaled @ weights, sample, 10)
    for _ in range(passes):
        before = best
        for column in rng.permutation(usable):
            weights, best = _improved(weights, int(column), scaled, sample, best)
        if best - before < 1e-4:
            break
    return {
        NAMES[column]: float(weights[column] / deviation[column])
        for column in usable
        if weights[column] != 0
    }


def _improved(
    weights: NDArray[np.float64],
    column: int,
    scaled: NDArray[np.float64],
    data: RankingData,
    best: float,
) -> tuple[NDArray[np.float64], float]:
    direction = FEATURES[column].monotone
    found = weights
    for step in STEPS:
        trial = weights.copy()
        trial[column] += step
        if trial[column] * direction < 0:
            continue
        value = mean_ndcg(scaled @ trial, data, 10)
        if value > best:
            found, best = trial, value
    return found, best


def _sample(data: RankingData, queries: int, rng: np.random.Generator) -> RankingData:
    rows = data.queries
    if len(rows) <= queries:
        return data
    chosen = [rows[i] for i in np.sort(rng.permutation(len(rows))[:queries])]
    return RankingData(
        features=np.concatenate([data.features[r] for r in chosen]),
        grades=np.concatenate([data.grades[r] for r in chosen]),
        sizes=np.array([r.stop - r.start for r in chosen], dtype=np.int64),
    )
