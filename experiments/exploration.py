"""A bounded draw of a page's first places, with the probability of what came out.

With probability `rate`, which never exceeds `MOST_EXPLORED`, the first `DEPTH` free places are
shuffled evenly; pins keep theirs. The probability of a product to stand at a place is then
(1 − rate)·[it stands there anyway] + rate / places: that is what is logged.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from experiments.definitions import MOST_EXPLORED

K = TypeVar("K", bound=Hashable)

DEPTH = 6


@dataclass(frozen=True, slots=True)
class Drawn(Generic[K]):
    items: tuple[K, ...]
    propensities: tuple[float, ...]
    """Of each item to stand where it stands; 1 beyond what may be drawn."""


def explore(ranking: Sequence[K], rate: float, seed: str, pinned: Collection[int] = ()) -> Drawn[K]:
    """The same seed draws the same order. Raises ValueError beyond the bound."""
    if not 0 <= rate <= MOST_EXPLORED:
        raise ValueError(f"exploration of {rate:g} is outside 0 to {MOST_EXPLORED:g}")
    free = [place for place in range(len(ranking)) if place not in pinned][:DEPTH]
    order = list(free)
    coins = random.Random(seed)
    if coins.random() < rate:
        coins.shuffle(order)
    items, chances = list(ranking), [1.0] * len(ranking)
    for place, source in zip(free, order, strict=True):
        items[place] = ranking[source]
        chances[place] = (1 - rate) * (place == source) + rate / len(free)
    return Drawn(tuple(items), tuple(chances))
