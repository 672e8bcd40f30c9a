"""Simulated experiments that are read after every 100 units, and when each is called different.

Units come in parts of `PART` looks. A part's units are drawn as counts of their kinds; only where a look
inside could be outside the interval are they put in a random order, which is what they are given
their counts. A part is passed over when, from both its ends, the lift would have to swing by six of the
part's standard errors to get there: that happens once in 10⁷ parts that stand so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from experiments.intervals import FEWEST, lift, sequential_interval
from experiments.moments import Array, Moments
from experiments.simulation import World

LOOK = 100
"""Units of both variants between two looks."""
PART = 100
"""Looks whose units are drawn together."""
NEAR = 2.9
"""No sequential interval of 95 % is narrower than three standard errors."""
_AT_ONCE = 400
"""Parts drawn at once; most experiments are decided long before the last."""
_SWING = 3.0
"""Of √(the part's units), six standard errors of the middle of a path whose both ends are known."""
_ARM = LOOK // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Peeked:
    """Of experiments that were read after every `LOOK` units: whether and when each was decided."""

    decided: Array
    units: Array
    """At the decision, or at the end."""


def peek(
    world: World,
    rng: np.random.Generator,
    runs: int,
    units: int,
    *,
    planned: float,
    lifted: float = 0.0,
) -> Peeked:
    """Read by the sequential interval after every 100 units, up to `units`."""
    arms = (_kinds(world, 0.0), _kinds(world, lifted))
    looks = units // LOOK
    when = np.asarray([_decided_at(arms, rng, looks, planned) for _ in range(runs)])
    return Peeked(decided=(when > 0).astype(np.float64), units=np.where(when, when * LOOK, units))


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What a unit may be, the commonest first: numpy draws kind by kind and ends when none are left."""

    values: Array
    """y, s, y², y·s and s² of each kind."""
    probability: Array


@lru_cache(maxsize=64)
def _kinds(world: World, lifted: float) -> _Kinds:
    kinds, probability = world.units(lifted)
    order = np.argsort(-probability)
    s, y = kinds[order, 0], kinds[order, 1]
    return _Kinds(np.stack([y, s, y * y, y * s, s * s], axis=1), probability[order])


def _decided_at(
    arms: tuple[_Kinds, _Kinds], rng: np.random.Generator, looks: int, planned: float
) -> int:
    """The look, from 1, at which an experiment is called different; 0: never."""
    parts = -(-looks // PART)
    held = [np.zeros(5), np.zeros(5)]
    for first in range(0, parts, _AT_ONCE):
        size = min(_AT_ONCE, parts - first)
        counts = [rng.multinomial(_ARM * PART, a.probability, size=size) for a in arms]
        ends = [
            np.vstack([own, own + (c @ a.values).cumsum(axis=0)])
            for own, c, a in zip(held, counts, arms, strict=True)
        ]
        for part in _to_be_read(first, ends):
            grown = [
                ends[arm][part] + _in_order(counts[arm][part], kinds, rng)
                for arm, kinds in enumerate(arms)
            ]
            found = _outside((first + int(part)) * PART, grown, planned)
            if found:
                return found if found <= looks else 0
        held = [end[-1] for end in ends]
    return 0


def _to_be_read(first: int, ends: list[Array]) -> NDArray[np.int64]:
    """Parts in which a look could be outside, by how the lift stands at both ends."""
    number = np.arange(first, first + len(ends[0]), dtype=np.float64)
    height = _standard_errors(number * PART * _ARM, ends)
    highest = np.maximum(height[:-1], height[1:])
    with np.errstate(divide="ignore"):
        return np.flatnonzero(highest + _SWING / np.sqrt(number[:-1]) > NEAR)


def _in_order(counts: NDArray[np.int64], kinds: _Kinds, rng: np.random.Generator) -> Array:
    """The part's units in a random order: running sums after each look."""
    units = rng.permutation(np.repeat(np.arange(len(counts), dtype=np.int16), counts))
    blocks = kinds.values[units].reshape(PART, _ARM, 5).sum(axis=1)
    return np.asarray(blocks.cumsum(axis=0))


def _outside(before: int, grown: list[Array], planned: float) -> int:
    """The first look, after so many before, at which the interval leaves 0; 0: none."""
    n = np.arange(before + 1, before + PART + 1, dtype=np.float64) * _ARM
    enough = (grown[0][:, 0] >= FEWEST) & (grown[1][:, 0] >= FEWEST)
    near = np.flatnonzero(enough & (_standard_errors(n, grown) > NEAR))
    control, treatment = (_moments(n[near], sums[near]) for sums in grown)
    interval = sequential_interval(lift(control, treatment), planned=planned)
    outside = near[(interval.low > 0) | (interval.high < 0)]
    return before + int(outside[0]) + 1 if len(outside) else 0


def _standard_errors(n: Array, grown: list[Array]) -> Array:
    """How many of its standard errors the lift is away from 0; infinite where nothing is known."""
    ratios, variances = [], []
    with np.errstate(divide="ignore", invalid="ignore"):
        for y, s, yy, ys, ss in (sums.T for sums in grown):
            ratio = y / s
            variances.append((yy - 2 * ratio * ys + ratio * ratio * ss) * n / ((n - 1) * s * s))
            ratios.append(ratio)
        spread = variances[1] + variances[0] * (ratios[1] / ratios[0]) ** 2
        found = np.abs(ratios[1] - ratios[0]) / np.sqrt(spread)
    return np.asarray(np.nan_to_num(found, nan=np.inf, posinf=np.inf))


def _moments(n: Array, sums: Array) -> Moments:
    """Of running sums of y, s, y², y·s and s²."""
    totals, products = np.zeros((len(n), 3)), np.zeros((len(n), 3, 3))
    totals[:, :2] = sums[:, :2]
    products[:, 0, 0], products[:, 1, 1] = sums[:, 2], sums[:, 4]
    products[:, 0, 1] = products[:, 1, 0] = sums[:, 3]
    return Moments(n, totals, products)
