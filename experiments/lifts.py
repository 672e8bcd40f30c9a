"""One metric of every variant against the control, by marketplace and pooled, with its intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from experiments.definitions import Experiment
from experiments.intervals import (
    FEWEST,
    Interval,
    Lift,
    fixed_interval,
    lift,
    pooled,
    sequential_interval,
)
from experiments.joining import Measured
from experiments.moments import Moments

PLANNED = 10_000
"""Units at which sequential intervals are narrowest when the definition plans no number."""
POOLED = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One metric of one variant against the control, in one marketplace or pooled."""

    metric: str
    variant: str
    marketplace: str
    units: int
    control: float
    treatment: float
    lift: float
    low: float
    high: float
    p_value: float
    adjusted_p: float
    role: str


def lifts(experiment: Experiment, measured: Measured) -> Mapping[str, Mapping[str, Lift]]:
    """By variant and place, the pooled one first; a variant with too little is left out.

    A single marketplace is told once, as the pooled one.
    """
    found: dict[str, Mapping[str, Lift]] = {}
    for variant in experiment.variants[1:]:
        parts: dict[str, Lift] = {}
        for marketplace in experiment.marketplaces:
            control = measured.moments.get((marketplace, experiment.control.key))
            treatment = measured.moments.get((marketplace, variant.key))
            if control is not None and treatment is not None and _enough(control, treatment):
                parts[marketplace] = lift(control, treatment, cuped=True)
        if parts:
            whole = {POOLED: pooled(list(parts.values()))}
            found[variant.key] = {**whole, **(parts if len(parts) > 1 else {})}
    return found


def interval_of(experiment: Experiment, found: Lift) -> Interval:
    """By the experiment's stop rule."""
    if experiment.stop.rule == "fixed":
        return fixed_interval(found)
    return sequential_interval(found, planned=experiment.stop.units or PLANNED)


def _enough(control: Moments, treatment: Moments) -> bool:
    return all(m.n >= FEWEST and m.sums[0] > 0 for m in (control, treatment))


def estimated(
    experiment: Experiment,
    measured: Measured,
    interval: Callable[[Experiment, Lift], Interval] = interval_of,
) -> list[Estimate]:
    """Of every variant and place; p-values are not yet adjusted."""
    return [
        _estimate(experiment, measured.metric, variant, place, part, interval(experiment, part))
        for variant, parts in lifts(experiment, measured).items()
        for place, part in parts.items()
    ]


def _estimate(
    experiment: Experiment, metric: str, variant: str, place: str, part: Lift, interval: Interval
) -> Estimate:
    return Estimate(
        metric=metric,
        variant=variant,
        marketplace=place,
        units=int(part.units),
        control=float(part.control),
        treatment=float(part.treatment),
        lift=float(part.estimate),
        low=float(interval.low),
        high=float(interval.high),
        p_value=float(interval.p_value),
        adjusted_p=float(interval.p_value),
        role="primary" if metric == experiment.primary_metric else "guardrail",
    )
