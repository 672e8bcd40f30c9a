"""Labels for LambdaMART: the relevance grade, refined by the marketplace's stated policy.

Among products of one grade for one photo, the thirds with more policy points are worth a little
more: gain = (2^grade − 1) × (1 + share × tier / 2), tier 0, 1 or 2. As the share is at most 1, the
best offer of a grade is worth less than the worst of the next grade, and a product that is not
relevant gains nothing by being cheap or well rated.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ranking.features import FEATURES, POSITION
from ranking.judged import RankingData

TIERS = 3
POLICY_COLUMNS = [POSITION[f.name] for f in FEATURES if f.group == "policy"]


def plain_labels(data: RankingData) -> NDArray[np.int64]:
    """The grades in the refined scale, all in the lowest tier: for measuring relevance alone."""
    return data.grades * TIERS


def refined_labels(data: RankingData) -> NDArray[np.int64]:
    """Grade × TIERS + tier; the tier is the third of policy points within (query, grade)."""
    points = data.features[:, POLICY_COLUMNS].sum(axis=1)
    labels = plain_labels(data).copy()
    for rows in data.queries:
        for value in np.unique(data.grades[rows]):
            if value > 0:
                members = np.flatnonzero(data.grades[rows] == value) + rows.start
                labels[members] += _thirds(points[members])
    return labels


def gains(highest: int, share: float) -> list[float]:
    """Gain by refined label, for LightGBM's `label_gain`; `share` from 0 (relevance only) to 1."""
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"policy share is {share}. Use a value from 0 (relevance only) to 1.")
    return [
        float((2**grade - 1) * (1 + share * tier / (TIERS - 1)))
        for grade in range(highest + 1)
        for tier in range(TIERS)
    ]


def _thirds(points: NDArray[np.float32]) -> NDArray[np.int64]:
    """0, 1 or 2 by rank; equal points share the lower tier."""
    below = (points[:, None] > points[None, :]).sum(axis=1)
    return np.asarray(below * TIERS // max(len(points), 1), dtype=np.int64)
