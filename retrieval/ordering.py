"""One order for all engines: exact similarities in double precision, equal ones by product id."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.products import Vector
from retrieval.index import After

SLACK = 4e-6
"""Engines preselect in float32 (or from a served score); a candidate this close may belong before."""


def similarities(rows: NDArray[np.float32], vector: Vector) -> NDArray[np.float64]:
    """Cosine of unit rows (n, 128) with a unit vector.

    Row by row, so that a row's figure never depends on its neighbours: what a cursor remembered is
    found again to the last bit.
    """
    found: NDArray[np.float64] = np.einsum(
        "ij,j->i", rows.astype(np.float64), vector.astype(np.float64)
    )
    return found


def best_first(
    scores: NDArray[np.float64], ids: Sequence[str], k: int, after: After | None = None
) -> list[int]:
    """Positions of the first k behind `after`, highest score first, equal scores by id."""
    order = sorted(range(len(ids)), key=lambda i: (-scores[i], ids[i]))
    if after is not None:
        edge = (-after.score, after.product_id)
        order = [i for i in order if (-scores[i], ids[i]) > edge]
    return order[:k]
