"""The same photos under a shopper's conditions: what each costs in top-1, photo by photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ranking.measures import paired_bootstrap

SEED = 11
PLAIN = "plain"


def slices_document(hits: Mapping[str, Sequence[bool]]) -> dict[str, object]:
    """Top-1 of the plain photos and of each slice, and the points lost with their 95 % interval.

    `hits` holds, by slice and under "plain", whether each photo was recognised, in one order.
    Raises ValueError when the slices were not measured on the same photos.
    """
    counts = {name: len(found) for name, found in hits.items()}
    if len(set(counts.values())) != 1 or PLAIN not in hits:
        raise ValueError(f"Every slice needs the photos of the plain ones, in order; got {counts}.")
    plain = np.asarray(hits[PLAIN], dtype=float)
    document: dict[str, object] = {"n": len(plain), PLAIN: round(float(plain.mean()), 4)}
    for name, found in hits.items():
        if name == PLAIN:
            continue
        changed = np.asarray(found, dtype=float)
        lost = paired_bootstrap(plain, changed, seed=SEED, relative=False)
        document[name] = {
            "top1": round(float(changed.mean()), 4),
            "points_lost": round(100 * lost.mean, 2),
            "ci": [round(100 * lost.low, 2), round(100 * lost.high, 2)],
        }
    return document
