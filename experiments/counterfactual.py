"""What a ranking that was never shown would have earned, from searches whose order was partly drawn.

A search's first places were shuffled with a known probability (`experiments.exploration`), so that
each logged product stands at its place with a known propensity p. A target ranking would have put its
own product there with probability π (0 or 1). With w = π / p, per search and summed over places:

- IPS (Horvitz, Thompson 1952): mean of w·r.
- SNIPS (Swaminathan, Joachims, NIPS 2015): Σ w·r / Σ w of each place.
- doubly robust (Dudík, Langford, Li, ICML 2011): mean of q(target) + w·(r − q(logged)).
- replay (Li, Chu, Langford, Wang, WSDM 2011): the mean reward where target and log agree in all places.

Summed over places they assume that a click depends on the product and its place, not on its
neighbours (the item-position model: Li, Abbasi-Yadkori and others, KDD 2018). With a single place
they are the usual estimators of contextual bandits. Intervals are over units, by the delta method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from experiments.moments import Array, Moments

FEWEST_EFFECTIVE = 100.0
"""Searches that the weights are worth at the worst place; with fewer no estimate is given."""
LEAST_SUPPORT = 0.95
"""Share of the target's places whose product the log could have shown there."""


class NoSupportError(Exception):
    """The log cannot tell; the message says why and what would help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """Searches × places. `units` numbers the unit of each search."""

    reward: Array
    propensity: Array
    """Of what was shown to stand where it stood: above 0."""
    target: Array
    """The probability that the target puts there what was shown."""
    supported: NDArray[np.bool_]
    """Whether what the target puts there could have been shown there."""
    units: NDArray[np.int64]
    expected_logged: Array
    """A model's expected reward of what was shown."""
    expected_target: Array
    """Of what the target would show."""

    @property
    def weights(self) -> Array:
        return self.target / self.propensity


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An estimator's reward per search with its 95 % interval."""

    estimator: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How much the log says about the target."""

    searches: int
    units: int
    support: float
    """Share of the target's places that the log could have shown."""
    effective: float
    """Searches that the weights are worth, (Σw)² / Σw², at the worst place."""
    largest_weight: float
    mean_weight: float
    """Near 1 when the propensities are right."""
    matched: int
    """Searches in which target and log agree in all places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    overlap: Overlap
    logged: float
    """What the log itself earned per search, in the same places."""
    values: tuple[Value, ...]


def evaluate(found: Logged) -> Counterfactual:
    """Every estimator, or NoSupportError where the log cannot tell."""
    overlap = overlap_of(found)
    refuse_without_support(overlap)
    return Counterfactual(
        overlap=overlap,
        logged=float(found.reward.sum(axis=1).mean()),
        values=tuple(
            v for v in (ips(found), snips(found), doubly_robust(found), replay(found)) if v
        ),
    )


def overlap_of(found: Logged) -> Overlap:
    weights = found.weights
    total, squares = weights.sum(axis=0), (weights**2).sum(axis=0)
    effective = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    return Overlap(
        searches=len(found.reward),
        units=len(np.unique(found.units)),
        support=float(found.supported.mean()) if found.supported.size else 0.0,
        effective=float(effective.min()) if effective.size else 0.0,
        largest_weight=float(weights.max()) if weights.size else 0.0,
        mean_weight=float(weights.mean()) if weights.size else 0.0,
        matched=int((found.target > 0).all(axis=1).sum()),
    )


def refuse_without_support(overlap: Overlap) -> None:
    if not overlap.searches:
        raise NoSupportError(
            "No search was drawn at random, so the log cannot tell what another order would earn. "
            "Let a variant explore (ranking: {explore: 0.05}) for some days first."
        )
    if overlap.support < LEAST_SUPPORT:
        raise NoSupportError(
            f"In {1 - overlap.support:.1%} of its places the target shows products that the log could "
            "not have shown there. Ask for a target nearer to what was shown, or run an A/B test."
        )
    if overlap.effective < FEWEST_EFFECTIVE:
        raise NoSupportError(
            f"The log is worth {overlap.effective:.0f} searches of the target in its thinnest place; "
            f"{FEWEST_EFFECTIVE:.0f} are needed. Log longer, or explore more."
        )


def ips(found: Logged) -> Value:
    return _mean("ips", (found.weights * found.reward).sum(axis=1), found.units)


def snips(found: Logged) -> Value:
    """The interval linearises the ratio of each place."""
    weights = found.weights
    scale = weights.mean(axis=0)
    value = np.divide(
        (weights * found.reward).mean(axis=0), scale, out=np.zeros_like(scale), where=scale > 0
    )
    safe = np.where(scale > 0, scale, 1.0)
    moved = (weights * (found.reward - value) / safe).sum(axis=1)
    return _mean("snips", moved + value.sum(), found.units)


def doubly_robust(found: Logged) -> Value:
    corrected = found.expected_target + found.weights * (found.reward - found.expected_logged)
    return _mean("doubly-robust", corrected.sum(axis=1), found.units)


def replay(found: Logged) -> Value | None:
    """None where target and log never agree. Unbiased only where the draw was uniform."""
    agreed = (found.target > 0).all(axis=1)
    if not agreed.any():
        return None
    return _mean("replay", found.reward[agreed].sum(axis=1), found.units[agreed])


def place_means(reward: Array, units: NDArray[np.int64], folds: int = 2) -> Array:
    """A plain reward model: each place's mean reward among the units of the other fold."""
    expected = np.zeros_like(reward)
    for fold in range(folds):
        held = units % folds == fold
        others = reward[~held] if (~held).any() else reward
        if held.any():
            expected[held] = others.mean(axis=0)
    return expected


def _mean(estimator: str, values: Array, units: NDArray[np.int64]) -> Value:
    """The mean over searches; its variance is over units, whose searches are alike."""
    _, index = np.unique(units, return_inverse=True)
    sums = np.bincount(index, weights=values).astype(np.float64)
    counts = np.bincount(index).astype(np.float64)
    moments = Moments.of(sums, counts)
    middle = float(moments.mean)
    deviation = float(np.sqrt(moments.variance() / moments.n))
    width = float(stats.t.ppf(0.975, max(float(moments.n) - 1, 1))) * deviation
    return Value(estimator=estimator, value=middle, low=middle - width, high=middle + width)
