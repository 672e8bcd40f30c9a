"""A seeded world of searches whose first places are drawn: do counterfactual intervals hold the truth?

It is a simulation: clicks depend on product and place alone, as the estimators assume.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.counterfactual import Logged, doubly_robust, ips, place_means, snips
from experiments.exploration import DEPTH

APPEAL = np.asarray([0.30, 0.10, 0.25, 0.20, 0.05, 0.15])
"""Of the products in the log's order."""
EXAMINED = 1 / np.arange(1, DEPTH + 1) ** 0.7
TARGET = np.asarray([0, 2, 3, 1, 5, 4])
"""The target's order: the product at each place."""


@dataclass(frozen=True, slots=True)
class DrawnWorld:
    def truth(self) -> float:
        """Clicks a search that the target would earn."""
        return float((APPEAL[TARGET] * EXAMINED).sum())

    def logged(self, rng: np.random.Generator, searches: int, rate: float) -> Logged:
        """Two searches a unit."""
        shown = np.tile(np.arange(DEPTH), (searches, 1))
        mixed = rng.random(searches) < rate
        shown[mixed] = rng.permuted(shown[mixed], axis=1)
        reward = (rng.random(shown.shape) < APPEAL[shown] * EXAMINED).astype(np.float64)
        units = np.arange(searches, dtype=np.int64) // 2
        expected = place_means(reward, units)
        return Logged(
            reward=reward,
            propensity=(1 - rate) * (shown == np.arange(DEPTH)) + rate / DEPTH,
            target=(shown == TARGET).astype(np.float64),
            supported=np.ones_like(shown, dtype=bool),
            units=units,
            expected_logged=expected,
            expected_target=expected,
        )


def covered(
    world: DrawnWorld, rng: np.random.Generator, *, runs: int, searches: int, rate: float = 0.5
) -> dict[str, float]:
    """Share of runs whose 95 % interval holds the truth, by estimator."""
    truth, held = world.truth(), {"ips": 0, "snips": 0, "doubly-robust": 0}
    for _ in range(runs):
        found = world.logged(rng, searches, rate)
        for value in (ips(found), snips(found), doubly_robust(found)):
            held[value.estimator] += value.low <= truth <= value.high
    return {name: count / runs for name, count in held.items()}
