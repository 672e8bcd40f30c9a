"""A seeded world of shoppers, to measure whether the reports tell the truth. It is a simulation.

Its parameters were fixed before the first run: conversion of a search 1, 3 or 10 %; heterogeneity
`low` (every unit makes one search, all convert alike) or `high` (searches geometric with mean 3, at
most 12; a unit's own conversion is beta distributed with a coefficient of variation of 1); lift 1 or
3 %. The metric is purchases per search. Units are drawn as counts of (searches, purchases), which is
exact and lets one core draw millions of them a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from experiments.intervals import (
    FEWEST,
    fixed_interval,
    fixed_units,
    lift,
    sample_ratio,
    sequential_interval,
)
from experiments.moments import Array, Moments

CONVERSIONS = (0.01, 0.03, 0.10)
HETEROGENEITY = ("low", "high")
LOOK = 100
"""Units of both variants between two looks."""
NEAR = 2.9
"""Standard errors below which a lift is inside every sequential interval of 95 %."""


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

    def blocks(self, rng: np.random.Generator, count: int, lifted: float = 0.0) -> Array:
        """Blocks of `LOOK` / 2 units: each block's sums of y, s, y², y·s and s²."""
        kinds, probability = _sorted_units(self, lifted)
        s, y = kinds[:, 0], kinds[:, 1]
        values = np.stack([y, s, y * y, y * s, s * s], axis=1)
        counts = rng.multinomial(LOOK // 2, probability, size=count)
        return np.asarray(counts.astype(np.float64) @ values)

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


@lru_cache(maxsize=64)
def _sorted_units(world: World, lifted: float) -> tuple[Array, Array]:
    """The commonest kind first: numpy draws counts kind by kind and ends when none are left."""
    kinds, probability = world.units(lifted)
    order = np.argsort(-probability)
    return kinds[order], probability[order]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peeked:
    """Of experiments that were read after every `LOOK` units: whether and when each was decided."""

    decided: Array
    units: Array
    """At the decision, or at the end."""


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


def peek(
    world: World,
    rng: np.random.Generator,
    runs: int,
    units: int,
    *,
    planned: float,
    lifted: float = 0.0,
    at_once: int = 4000,
) -> Peeked:
    """Read by the sequential interval after every 100 units, up to `units`."""
    when = np.asarray(
        [_decided_at(world, rng, units // LOOK, planned, lifted, at_once) for _ in range(runs)]
    )
    return Peeked(decided=(when > 0).astype(np.float64), units=np.where(when, when * LOOK, units))


def _decided_at(
    world: World,
    rng: np.random.Generator,
    looks: int,
    planned: float,
    lifted: float,
    at_once: int,
) -> int:
    """The look, from 1, at which an experiment is called different; 0: never."""
    held = [np.zeros(5), np.zeros(5)]
    for start in range(0, looks, at_once):
        size = min(at_once, looks - start)
        n = np.arange(start + 1, start + size + 1, dtype=np.float64) * (LOOK // 2)
        grown: list[Array] = []
        for arm, own in ((0, 0.0), (1, lifted)):
            sums = world.blocks(rng, size, own)
            sums[0] += held[arm]
            grown.append(sums.cumsum(axis=0))
            held[arm] = grown[arm][-1]
        near = np.flatnonzero(_may_be_outside(n, grown[0], grown[1]))
        control, treatment = (_moments(n[near], sums[near]) for sums in grown)
        interval = sequential_interval(lift(control, treatment), planned=planned)
        outside = near[(interval.low > 0) | (interval.high < 0)]
        if len(outside):
            return start + int(outside[0]) + 1
    return 0


def _moments(n: Array, sums: Array) -> Moments:
    """Of running sums of y, s, y², y·s and s²."""
    totals, products = np.zeros((len(n), 3)), np.zeros((len(n), 3, 3))
    totals[:, :2] = sums[:, :2]
    products[:, 0, 0], products[:, 1, 1] = sums[:, 2], sums[:, 4]
    products[:, 0, 1] = products[:, 1, 0] = sums[:, 3]
    return Moments(n, totals, products)


def _may_be_outside(n: Array, control: Array, treatment: Array) -> NDArray[np.bool_]:
    """Enough successes, and a lift of `NEAR` standard errors: the others need no interval.

    It only spares time: no sequential interval of 95 % is narrower than three standard errors.
    """
    ratios, variances = [], []
    for y, s, yy, ys, ss in (control.T, treatment.T):
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = y / s
            variances.append((yy - 2 * ratio * ys + ratio * ratio * ss) * n / ((n - 1) * s * s))
            ratios.append(ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = variances[1] + variances[0] * (ratios[1] / ratios[0]) ** 2
        far = (ratios[1] - ratios[0]) ** 2 > NEAR**2 * spread
    enough = (control[:, 0] >= FEWEST) & (treatment[:, 0] >= FEWEST)
    return np.asarray(far & enough)


def mismatch_found(rng: np.random.Generator, runs: int, units: int, share: float) -> float:
    """Share of experiments whose split is called wrong (p < 0.001); `share` come to the control."""
    counts = rng.binomial(units, share, size=runs)
    return float(
        np.mean([sample_ratio([c, units - c], [0.5, 0.5]) < 0.001 for c in map(int, counts)])
    )
