"""One order for all engines: exact similarities in double precision, equal ones by product id."""

from __future__ import annotations

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
    scores: NDArray[np.float64], ids: NDArray[np.bytes_], k: int, after: After | None = None
) -> NDArray[np.int64]:
    """Positions of the first k behind `after`, highest score first, equal scores by id.

    `ids` are UTF-8, whose order by bytes is that of the text's code points.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    if (ranked[1:] == ranked[:-1]).any():
        order = np.lexsort((ids, -scores))
    if after is not None:
        behind = scores < after.score
        behind |= (scores == after.score) & (ids > np.bytes_(after.product_id.encode()))
        order = order[behind[order]]
    return order[:k]
