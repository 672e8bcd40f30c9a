"""Click logs as training data, and a documented simulator of them for tests; a simulation is no evidence.

The simulated shopper looks at position p (0 is the first) with probability (1 / (p + 1))^severity and
clicks what is looked at with probability noise + (1 − noise) × (2^grade − 1) / (2^highest − 1): the
position-based model (Craswell et al. 2008), as Joachims et al. (2017) use it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ranking.features import feature_matrix
from ranking.grades import HIGHEST
from ranking.judged import JudgedQuery, RankingData

SHOWN = 20


def simulated_clicks(
    judged: Sequence[JudgedQuery],
    orders: Sequence[NDArray[np.intp]],
    *,
    seed: int,
    severity: float = 1.0,
    noise: float = 0.05,
) -> RankingData:
    """One page of each query as its order shows it: grade 1 for a click, with the shown positions.

    `orders` holds indices of each query's candidates, best first. Pages without a click are left
    out; ValueError when nothing was clicked at all.
    """
    rng = np.random.default_rng(seed)
    features, clicks, positions, sizes = [], [], [], []
    for one, order in zip(judged, orders, strict=True):
        page = order[:SHOWN]
        clicked = _clicked(one.grades[page], rng, severity, noise)
        if not clicked.any():
            continue
        features.append(feature_matrix(one.candidates, one.query)[page])
        clicks.append(clicked)
        positions.append(np.arange(len(page)))
        sizes.append(len(page))
    if not sizes:
        raise ValueError(f"none of {len(judged)} pages was clicked. Simulate more pages.")
    return RankingData(
        features=np.concatenate(features),
        grades=np.concatenate(clicks).astype(np.int64),
        sizes=np.array(sizes, dtype=np.int64),
        positions=np.concatenate(positions).astype(np.int64),
    )


def propensities(clicks: RankingData) -> NDArray[np.float64]:
    """Chance that a position is looked at, relative to the first, from pages in random order.

    On randomised pages relevance is the same everywhere, so that the click rate by position is the
    propensity up to a factor. Positions without a click get a hundredth of the first's.
    """
    if clicks.positions is None:
        raise ValueError("these clicks have no positions; propensities need where rows were shown.")
    size = int(clicks.positions.max()) + 1
    shown = np.bincount(clicks.positions, minlength=size)
    clicked = np.bincount(
        clicks.positions, weights=clicks.grades.astype(np.float64), minlength=size
    )
    rate = clicked / np.maximum(shown, 1)
    return np.maximum(rate / max(float(rate[0]), 1e-9), 0.01)


def _clicked(
    grades: NDArray[np.int8], rng: np.random.Generator, severity: float, noise: float
) -> NDArray[np.bool_]:
    looked = (1.0 / (np.arange(len(grades)) + 1.0)) ** severity
    attractive = (np.exp2(grades.astype(np.float64)) - 1.0) / (2.0**HIGHEST - 1.0)
    chance = looked * (noise + (1.0 - noise) * attractive)
    return np.asarray(rng.random(len(grades)) < chance)
