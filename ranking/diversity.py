"""Maximal marginal relevance on the final score, so that the first page is not ten times one look.

After Carbonell and Goldstein (1998): the next item is the one that maximises
(1 − strength) × relevance − strength × (its greatest similarity to an item above it).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WINDOW = 60
"""How many of the best take part; those below keep their order."""


def diversified_order(
    scores: NDArray[np.float64],
    vectors: NDArray[np.float32],
    strength: float,
    *,
    picks: int = WINDOW,
) -> NDArray[np.intp]:
    """Indices of `scores` (best first already) in the order to show.

    Relevance is the score scaled to [0, 1] inside the window, similarity the cosine clipped to
    [0, 1]; `vectors` has shape (n, d), unit rows. Strength 0 is the identity, the first item always
    stays first; equal values keep the order given. ValueError when strength is outside [0, 1].
    """
    if not 0.0 <= strength <= 1.0:
        raise ValueError(f"diversity is {strength}; it is a share. Use a value from 0 (off) to 1.")
    total = len(scores)
    size = min(total, WINDOW)
    if strength == 0.0 or size < 3:
        return np.arange(total)
    relevance = _scaled(scores[:size]) * (1.0 - strength)
    likeness = np.maximum(vectors[:size] @ vectors[:size].T, 0.0) * strength
    value = relevance - likeness[0]
    nearest = likeness[0].copy()
    chosen = [0]
    value[0] = -np.inf
    for _ in range(min(picks, size) - 1):
        best = int(value.argmax())
        chosen.append(best)
        relevance[best] = -np.inf
        np.maximum(nearest, likeness[best], out=nearest)
        np.subtract(relevance, nearest, out=value)
        value[0] = -np.inf
    rest = np.setdiff1d(np.arange(total), chosen)
    return np.concatenate([np.array(chosen, dtype=np.intp), rest])


def _scaled(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(scores.max() - scores.min())
    return (scores - scores.min()) / spread if spread > 0 else np.zeros_like(scores)
