"""Lift of a variant over the control: estimate, interval, p-value; to be read once, or at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from experiments.moments import Array, Moments, pooled_theta

FEWEST = 20
"""A sequential interval is everything until each variant has so many successes: it is asymptotic."""


@dataclass(frozen=True, slots=True)
class Lift:
    """Relative: 0.02 is 2 % more than the control. `variance` is that of the estimate."""

    estimate: Array
    variance: Array
    units: Array
    """Of both variants."""
    degrees: Array
    """Of freedom (Welch, Satterthwaite)."""
    control: Array
    treatment: Array


@dataclass(frozen=True, slots=True)
class Interval:
    low: Array
    high: Array
    p_value: Array


def lift(control: Moments, treatment: Moments, *, cuped: bool = False) -> Lift:
    """Of the metric Σy/Σs, by the delta method; with CUPED less what the covariate explains."""
    theta = pooled_theta(control, treatment) if cuped else np.zeros_like(control.mean)
    base, other = control.mean, treatment.mean
    moved = other - base - theta * (treatment.mean_x - control.mean_x)
    spread_a, spread_b = control.variance(theta), treatment.variance(theta)
    safe = np.where(base > 0, base, np.nan)
    variance = spread_b / (safe**2 * treatment.n) + spread_a * other**2 / (safe**4 * control.n)
    share_a, share_b = spread_a / control.n, spread_b / treatment.n
    below = share_a**2 / (control.n - 1) + share_b**2 / (treatment.n - 1)
    degrees = np.divide(
        (share_a + share_b) ** 2, below, out=np.ones_like(np.asarray(below)), where=below > 0
    )
    return Lift(moved / safe, variance, control.n + treatment.n, degrees, base, other)


def fixed_interval(found: Lift, alpha: float = 0.05) -> Interval:
    """Welch's t: right when it is read once, at a size fixed before."""
    deviation = np.sqrt(found.variance)
    width = stats.t.ppf(1 - alpha / 2, found.degrees) * deviation
    p_value = 2 * stats.t.sf(np.abs(found.estimate) / deviation, found.degrees)
    return Interval(found.estimate - width, found.estimate + width, np.asarray(p_value))


def tuning(alpha: float, units: float) -> float:
    """ρ² that makes the sequential interval narrowest at `units` (the paper's equation 161)."""
    return float((-2 * np.log(alpha) + np.log(-2 * np.log(alpha) + 1)) / units)


def sequential_interval(found: Lift, *, planned: float, alpha: float = 0.05) -> Interval:
    """An asymptotic confidence sequence: right at every look, however often it is read.

    Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic
    confidence sequences" (arXiv 2103.06476): the interval is equation 9, the p-value equation 155.
    `planned`: units of both variants at which it is narrowest.
    """
    n, rho2 = found.units, tuning(alpha, planned)
    grown = n * rho2 + 1
    spread = found.variance * n
    width = np.sqrt(spread * 2 * grown * np.log(np.sqrt(grown) / alpha) / (n * n * rho2))
    evidence = rho2 * found.estimate**2 * n / (found.variance * 2 * grown) - np.log(grown) / 2
    p_value = np.minimum(1.0, np.exp(-np.minimum(evidence, 700.0)))
    return Interval(found.estimate - width, found.estimate + width, p_value)


def pooled(parts: Sequence[Lift]) -> Lift:
    """One lift over marketplaces, each with the weight of its units, so that currencies never mix."""
    units = np.stack([part.units for part in parts])
    share = units / units.sum(axis=0)
    return Lift(
        estimate=(share * np.stack([p.estimate for p in parts])).sum(axis=0),
        variance=(share**2 * np.stack([p.variance for p in parts])).sum(axis=0),
        units=units.sum(axis=0),
        degrees=np.stack([p.degrees for p in parts]).sum(axis=0),
        control=(share * np.stack([p.control for p in parts])).sum(axis=0),
        treatment=(share * np.stack([p.treatment for p in parts])).sum(axis=0),
    )


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p-values: Holm, "A simple sequentially rejective multiple test procedure" (1979)."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, worst = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = worst
    return tuple(adjusted)


def sample_ratio(counts: Sequence[int], weights: Sequence[float]) -> float:
    """The p-value of a chi-square test that units came to the variants by their weights."""
    total = sum(counts)
    if total == 0 or len(counts) < 2:
        return 1.0
    expected = [total * weight / sum(weights) for weight in weights]
    return float(stats.chisquare(counts, expected).pvalue)


def fixed_units(
    rate: float, variance: float, effect: float, *, alpha: float = 0.05, power: float = 0.8
) -> int:
    """Units of two equal variants together that find a relative `effect` when read once."""
    quantiles = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)
    return int(np.ceil(4 * (quantiles**2) * variance / (rate * effect) ** 2))
