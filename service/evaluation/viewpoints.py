"""Rendered furniture by viewpoint: is it known from every side?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderSeen:
    """One rendered picture: the sector of the circle it was taken from, and whether it was known."""

    view: int
    concept: str
    hit: bool


def viewpoints_document(seen: Sequence[RenderSeen]) -> dict[str, object]:
    """Top-1 by viewpoint, and the points between the best and the worst.

    Raises ValueError without pictures.
    """
    if not seen:
        raise ValueError("There are no rendered pictures to judge.")
    hits: dict[int, list[bool]] = defaultdict(list)
    for one in seen:
        hits[one.view].append(one.hit)
    rates = {view: sum(h) / len(h) for view, h in sorted(hits.items())}
    return {
        "n": len(seen),
        "concepts": len({one.concept for one in seen}),
        "top1": round(sum(one.hit for one in seen) / len(seen), 4),
        "views": {
            view: {"n": len(hits[view]), "top1": round(rate, 4)} for view, rate in rates.items()
        },
        "points_best_to_worst": round(100 * (max(rates.values()) - min(rates.values())), 2),
    }
