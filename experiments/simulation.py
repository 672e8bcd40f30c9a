"""A seeded world of shoppers, to measure whether the reports tell the truth. It is a simulation.

Its parameters were fixed before the first run: conversion of a search 1, 3 or 10 %; heterogeneity
`low` (every unit makes one search, all convert alike) or `high` (searches geometric with mean 3, at
most 12; a unit's own conversion is beta distributed with a coefficient of variation of 1); lift 1 or
3 %. The metric is purchases per search. Units are drawn as counts of (searches, purchases), which is
exact and lets one core draw millions of them a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from experiments.intervals import fixed_interval, fixed_units, lift, sample_ratio
from experiments.moments import Array, Moments

CONVERSIONS = (0.01, 0.03, 0.10)
HETEROGENEITY = ("low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    conversion: float
    heterogeneity: str

    def units(self, lifted: float = 0.0) -> tuple[Array, Array]:
        """Kinds of units as (searches, purchases), shape (kinds, 2), and the probability of each."""
        rate = self.conversion * (1 + lifted)
        if self.heterogeneity == "low":
            return np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([1 - rate, rate])
        searches, shares = searches_a_unit()
        alpha = 1 - 2 * rate if rate < 0.5 else 0.5
        kinds, chances = [], []
        for count, share in zip(searches.tolist(), shares, strict=True):
            bought = np.arange(count + 1)
            kinds += [(float(count), float(b)) for b in bought]
            chances += list(
                share * stats.betabinom.pmf(bought, count, alpha, alpha * (1 / rate - 1))
            )
        probability = np.asarray(chances)
        return np.asarray(kinds), probability / probability.sum()

    def draw(
        self, rng: np.random.Generator, units: int, shape: tuple[int, ...], lifted: float = 0.0
    ) -> Moments:
        """`units` a block, in blocks of the shape."""
        kinds, probability = self.units(lifted)
        counts = rng.multinomial(units, probability, size=shape).astype(np.float64)
        values = np.stack([kinds[:, 1], kinds[:, 0], np.zeros(len(kinds))], axis=1)
        squares = (values[:, :, None] * values[:, None, :]).reshape(len(kinds), 9)
        products = (counts @ squares).reshape(*shape, 3, 3)
        return Moments(np.full(shape, float(units)), counts @ values, products)

    def needed(self, effect: float) -> int:
        """Units of both variants that a test read once needs for a power of 80 %."""
        kinds, probability = self.units()
        s, y = kinds[:, 0], kinds[:, 1]
        mean = float(probability @ s)
        linear = (y - self.conversion * s) / mean
        return fixed_units(self.conversion, float(probability @ (linear**2)), effect)


def searches_a_unit() -> tuple[NDArray[np.int64], Array]:
    """How many a unit makes where units differ, and how often: geometric with mean 3, at most 12."""
    searches = np.arange(1, 13)
    shares = stats.geom.pmf(searches, 1 / 3)
    return searches, np.asarray(shares / shares.sum())


def read_once(
    world: World, rng: np.random.Generator, runs: int, units: int, lifted: float = 0.0
) -> tuple[float, float]:
    """Share of experiments called different, and share whose 95 % interval holds the true lift."""
    control = world.draw(rng, units // 2, (runs,))
    treatment = world.draw(rng, units // 2, (runs,), lifted)
    interval = fixed_interval(lift(control, treatment))
    different = (interval.low > 0) | (interval.high < 0)
    covered = (interval.low <= lifted) & (interval.high >= lifted)
    return float(different.mean()), float(covered.mean())


def mismatch_found(rng: np.random.Generator, runs: int, units: int, share: float) -> float:
    """Share of experiments whose split is called wrong (p < 0.001); `share` come to the control."""
    counts = rng.binomial(units, share, size=runs)
    return float(
        np.mean([sample_ratio([c, units - c], [0.5, 0.5]) < 0.001 for c in map(int, counts)])
    )
