"""A seeded world of result pages and clicks, to measure interleaving beside an A/B test.

It is a simulation; its parameters were fixed before the first run. `QUERIES` queries have `PLACES`
products with a beta distributed appeal. The shipped ranking orders by appeal and noise; the better
one orders a share of the searches by appeal alone, just so many that its searches with a click
gain `lift`. A shopper clicks the product at place k with the probability examined(k) · appeal ·
eagerness, each product on its own; searches a unit are those of `experiments.simulation`, and a unit's
eagerness is 0.25, 1 or 1.75. Pages are merged by the draft that the service uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from experiments.interleaving import Picked, distance, team_draft
from experiments.intervals import Interval, fixed_interval, fixed_units, lift
from experiments.moments import Array, Moments
from experiments.simulation import searches_a_unit

QUERIES, PLACES = 20, 10
EAGERNESS = (0.25, 1.0, 1.75)
"""A third of the units each."""
EXAMINED = 0.6 / np.arange(1, PLACES + 1) ** 0.7
BEFORE = 3
"""Searches of a unit before the experiment, for CUPED."""
Places = NDArray[np.int64]
_NONE, _FIRST, _TIE, _SECOND = range(4)
_SEED = 20261124


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWorld:
    """The better ranking wins `lift` searches with a click, relatively; 0: the rankings are one."""

    lift: float

    @property
    def clicked(self) -> Array:
        """Of a search under the shipped ranking to have a click, by eagerness."""
        return _pages().shipped

    @property
    def better(self) -> Array:
        """The same under the better ranking."""
        pages = _pages()
        return pages.shipped + self.share * (pages.ideal - pages.shipped)

    @property
    def share(self) -> float:
        """Of the searches that the better ranking orders otherwise."""
        shipped, ideal = _pages().shipped.mean(), _pages().ideal.mean()
        return float(self.lift * shipped / (ideal - shipped))

    @property
    def outcomes(self) -> Array:
        """Of a merged search: no click, won by the shipped, a tie, won by the better; by eagerness."""
        pages = _pages()
        return pages.merged_alike + self.share * (pages.merged - pages.merged_alike)

    def interleaved(self, rng: np.random.Generator, runs: int, units: int) -> Moments:
        """By run: sums over units of their searches' outcomes (0, a half, 1) with any click."""
        searches, eager = _drawn_units(rng, (runs, units))
        counts = rng.multinomial(searches, self.outcomes[eager])
        s = searches - counts[..., _NONE]
        y = counts[..., _SECOND] + counts[..., _TIE] / 2
        found = Moments.of(y, s.astype(np.float64))
        return Moments((s > 0).sum(axis=-1).astype(np.float64), found.sums, found.products)

    def arm(self, rng: np.random.Generator, runs: int, units: int, *, better: bool) -> Moments:
        """By run: a variant's units with their searches with a click, and their past under the shipped."""
        searches, eager = _drawn_units(rng, (runs, units))
        y = rng.binomial(searches, (self.better if better else self.clicked)[eager])
        past = rng.binomial(BEFORE, self.clicked[eager]) / BEFORE
        return Moments.of(y.astype(np.float64), searches.astype(np.float64), past)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Units for a power of 80 % when read once."""

    interleaving: int
    ab: int
    ab_without_cuped: int


def units_needed(world: PageWorld) -> Needed:
    """By the normal approximation, from the world's own means and variances."""
    distance_from_half, variance = _merged_moments(world)
    return Needed(
        interleaving=fixed_units(1.0, variance / 4, distance_from_half),
        ab=fixed_units(1.0, _lift_variance(world, cuped=True) / 2, world.lift),
        ab_without_cuped=fixed_units(1.0, _lift_variance(world, cuped=False) / 2, world.lift),
    )


def _merged_moments(world: PageWorld) -> tuple[float, float]:
    """The preference's distance from a half, and its variance of one unit."""
    outcome, decided = np.asarray([0.0, 0.0, 0.5, 1.0]), np.asarray([0.0, 1.0, 1.0, 1.0])
    chances = world.outcomes
    of_decided = float((chances @ decided).mean())
    ratio = float((chances @ outcome).mean()) / of_decided
    linear = outcome - ratio * decided
    means = chances @ linear
    return ratio - 0.5, _summed(means, chances @ linear**2 - means**2) / of_decided**2


def _lift_variance(world: PageWorld, *, cuped: bool) -> float:
    """Of the lift, times the units of one variant."""
    past = world.clicked
    of_past = float((past * (1 - past)).mean() / BEFORE + past.var())
    arms = [(p, float((p - p.mean()) @ past) / len(past)) for p in (past, world.better)]
    theta = sum(covariance for _, covariance in arms) / (2 * of_past) if cuped else 0.0
    spread = [
        _summed(p - p.mean(), p * (1 - p)) - 2 * theta * covariance + theta**2 * of_past
        for p, covariance in arms
    ]
    base, other = float(past.mean()), float(world.better.mean())
    return spread[1] / base**2 + spread[0] * other**2 / base**4


def _summed(means: Array, variances: Array) -> float:
    """The variance of a unit's sum over its searches, by its mean searches squared."""
    counts, shares = searches_a_unit()
    searches, squares = float(counts @ shares), float(counts**2 @ shares)
    return float(variances.mean() * searches + (means**2).mean() * squares) / searches**2


def interleaved_verdicts(
    world: PageWorld, rng: np.random.Generator, runs: int, units: int
) -> Interval:
    """The preference's distance from a half in each run, read once."""
    blocks = [
        fixed_interval(distance(world.interleaved(rng, size, units)))
        for size in _sizes(runs, units)
    ]
    return _joined(blocks)


def ab_verdicts(world: PageWorld, rng: np.random.Generator, runs: int, units: int) -> Interval:
    """The lift of each run of an A/B test with CUPED; `units` of both variants, read once."""
    blocks = []
    for size in _sizes(runs, units):
        control, treatment = (world.arm(rng, size, units // 2, better=b) for b in (False, True))
        blocks.append(fixed_interval(lift(control, treatment, cuped=True)))
    return _joined(blocks)


@dataclass(frozen=True, slots=True)
class _Pages:
    """Averages over queries (and drafts), by eagerness."""

    shipped: Array
    ideal: Array
    merged: Array
    merged_alike: Array


@lru_cache(maxsize=1)
def _pages() -> _Pages:
    rng = np.random.default_rng(_SEED)
    shipped, ideal, merged, alike = [], [], [], []
    for _ in range(QUERIES):
        appeal = rng.beta(1.0, 5.0, PLACES)
        order = np.argsort(-(appeal + rng.normal(0, 0.1, PLACES))).astype(np.int64)
        best = np.argsort(-appeal).astype(np.int64)
        shipped.append(_clicked(appeal[order]))
        ideal.append(_clicked(appeal[best]))
        merged.append(_merged(appeal, order, best))
        alike.append(_merged(appeal, order, order))
    return _Pages(*(np.mean(part, axis=0) for part in (shipped, ideal, merged, alike)))


def _clicked(appeal: Array) -> Array:
    eager = np.asarray(EAGERNESS)[:, None]
    return np.asarray(1 - np.prod(1 - eager * EXAMINED * appeal, axis=1))


def _merged(appeal: Array, first: Places, second: Places) -> Array:
    """Of each outcome, by eagerness: the mean over every page that the coins can make."""
    pages = _drafts([int(p) for p in first], [int(p) for p in second])
    chances = [[_outcome(page, appeal, eager) for eager in EAGERNESS] for page in pages]
    return np.asarray(np.mean(chances, axis=0))


def _drafts(first: Sequence[int], second: Sequence[int]) -> list[tuple[Picked[int], ...]]:
    """One page for each way that the coins can fall: they are equally likely."""
    pages: dict[tuple[Picked[int], ...], None] = {}
    number = 0
    while len(pages) < 2 ** (PLACES // 2):
        pages[team_draft((first, second), str(number))] = None
        number += 1
    return list(pages)


def _outcome(page: Sequence[Picked[int]], appeal: Array, eager: float) -> Array:
    clicks = [np.ones(1), np.ones(1)]
    for picked, examined in zip(page, EXAMINED, strict=True):
        if picked.team is not None:
            p = eager * examined * appeal[picked.item]
            clicks[picked.team] = np.convolve(clicks[picked.team], [1 - p, p])
    both = np.outer(*clicks)
    return np.asarray(
        [both[0, 0], np.tril(both, -1).sum(), np.trace(both) - both[0, 0], np.triu(both, 1).sum()]
    )


def _drawn_units(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[Places, Places]:
    counts, shares = searches_a_unit()
    return np.asarray(rng.choice(counts, size=shape, p=shares)), rng.integers(
        0, len(EAGERNESS), shape
    )


def _sizes(runs: int, units: int, at_once: int = 1_000_000) -> list[int]:
    size = max(1, min(runs, at_once // units))
    return [min(size, runs - start) for start in range(0, runs, size)]


def _joined(blocks: Sequence[Interval]) -> Interval:
    return Interval(
        *(np.concatenate([getattr(b, name) for b in blocks]) for name in ("low", "high", "p_value"))
    )
