"""Pictures of what nobody sells: how often one is given a leaf all the same, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catalog.search import Prediction

SURE = 0.5
"""A leaf at this confidence is a claim that a shopper would believe."""
NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignSeen:
    """One picture and what it was taken for."""

    name: str
    prediction: Prediction


def foreign_document(seen: Sequence[ForeignSeen]) -> dict[str, object]:
    """Shares of all pictures, and the surest mistakes by name. `seen` is not empty."""
    leaves = [s for s in seen if not s.prediction.abstained]
    sure = [s for s in leaves if s.prediction.confidence >= SURE]
    worst = sorted(leaves, key=lambda s: -s.prediction.confidence)[:NAMED]
    confidences = [s.prediction.confidence for s in leaves]
    return {
        "n": len(seen),
        "sure": round(len(sure) / len(seen), 4),
        "given_a_leaf": round(len(leaves) / len(seen), 4),
        "median_confidence_of_those": round(float(np.median(confidences)), 4) if leaves else None,
        "surest": [
            {
                "picture": s.name,
                "category": s.prediction.category,
                "confidence": round(s.prediction.confidence, 4),
            }
            for s in worst
        ],
    }
