"""What an experiment found: checks first, then lifts with intervals, then a verdict in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from experiments.definitions import Experiment
from experiments.intervals import (
    FEWEST,
    Interval,
    Lift,
    fixed_interval,
    holm,
    lift,
    pooled,
    sample_ratio,
    sequential_interval,
)
from experiments.joining import Joined, Measured, measure
from experiments.moments import Moments

MISMATCH = 0.001
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    key: str
    stop_rule: str
    counts: Mapping[str, int]
    mismatch_p: float
    twice: int
    unjoined: int
    estimates: tuple[Estimate, ...]
    verdict: str
    would_change: str


def make_report(experiment: Experiment, joined: Joined) -> Report:
    """Raises nothing: an experiment without data says so in its verdict."""
    counted = Counter(joined.variants.values())
    counts = {v.key: counted.get(v.key, 0) for v in experiment.variants}
    weights = [v.weight for v in experiment.variants]
    mismatch = sample_ratio(list(counts.values()), weights)
    metrics = (experiment.primary_metric, *experiment.guardrails)
    estimates: list[Estimate] = []
    for metric in metrics:
        estimates += _estimates(experiment, measure(joined, metric))
    adjusted = _adjusted(estimates)
    verdict, change = _verdict(experiment, adjusted, mismatch, len(joined.twice), counts)
    return Report(
        key=experiment.key,
        stop_rule=experiment.stop.rule,
        counts=counts,
        mismatch_p=mismatch,
        twice=len(joined.twice),
        unjoined=joined.unjoined,
        estimates=adjusted,
        verdict=verdict,
        would_change=change,
    )


def _estimates(experiment: Experiment, measured: Measured) -> list[Estimate]:
    found = []
    for variant in experiment.variants[1:]:
        parts: dict[str, Lift] = {}
        for marketplace in experiment.marketplaces:
            control = measured.moments.get((marketplace, experiment.control.key))
            treatment = measured.moments.get((marketplace, variant.key))
            if control is not None and treatment is not None and _enough(control, treatment):
                parts[marketplace] = lift(control, treatment, cuped=True)
        if not parts:
            continue
        whole = {POOLED: pooled(list(parts.values()))}
        for place, part in {**whole, **(parts if len(parts) > 1 else {})}.items():
            found.append(_estimate(experiment, measured.metric, variant.key, place, part))
    return found


def _enough(control: Moments, treatment: Moments) -> bool:
    return all(m.n >= FEWEST and m.sums[0] > 0 for m in (control, treatment))


def interval_of(experiment: Experiment, found: Lift) -> Interval:
    if experiment.stop.rule == "fixed":
        return fixed_interval(found)
    return sequential_interval(found, planned=experiment.stop.units or PLANNED)


def _estimate(
    experiment: Experiment, metric: str, variant: str, place: str, part: Lift
) -> Estimate:
    interval = interval_of(experiment, part)
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


def _adjusted(estimates: list[Estimate]) -> tuple[Estimate, ...]:
    """Holm over the pooled estimates: they decide; a marketplace's own is for looking."""
    deciding = [e for e in estimates if e.marketplace == POOLED and np.isfinite(e.p_value)]
    p_values = holm([e.p_value for e in deciding])
    known = {(e.metric, e.variant): p for e, p in zip(deciding, p_values, strict=True)}
    return tuple(
        replace(e, adjusted_p=known.get((e.metric, e.variant), e.p_value))
        if e.marketplace == POOLED
        else e
        for e in estimates
    )


def _verdict(
    experiment: Experiment,
    estimates: tuple[Estimate, ...],
    mismatch: float,
    twice: int,
    counts: Mapping[str, int],
) -> tuple[str, str]:
    units = sum(counts.values())
    if units == 0:
        return "Nobody was exposed yet.", "Start it, or check its marketplaces, dates and coverage."
    if mismatch < MISMATCH:
        return (
            f"Do not read this: units did not come to the variants by their weights (p = {mismatch:.1g}).",
            "Find what loses or adds units in one variant, and start again with a new salt.",
        )
    if twice > 0.01 * (units + twice):
        return (
            f"Do not read this: {twice} units saw more than one variant.",
            "Find why a unit's id or the salt changed.",
        )
    planned = experiment.stop.units
    if experiment.stop.rule == "fixed" and planned and units < planned:
        return f"Too early: {units} of {planned} planned units.", "Read it once, when all came."
    return _decided(estimates)


def _decided(estimates: tuple[Estimate, ...]) -> tuple[str, str]:
    deciding = [e for e in estimates if e.marketplace == POOLED]
    harmed = [e for e in deciding if e.role == "guardrail" and e.high < 0 and e.adjusted_p < 0.05]
    if harmed:
        worst = min(harmed, key=lambda e: e.high)
        return (
            f"Stop: '{worst.variant}' lowers the guardrail {worst.metric} by {-worst.lift:.2%}.",
            "A variant without that loss.",
        )
    primary = [e for e in deciding if e.role == "primary"]
    if not primary:
        return (
            f"Nothing to say yet: a variant has fewer than {FEWEST} units or no success.",
            "More units.",
        )
    best = max(primary, key=lambda e: e.lift)
    if best.adjusted_p < 0.05 and best.low > 0:
        return (
            (
                f"'{best.variant}' raises {best.metric} by {best.lift:.2%} "
                f"({best.low:.2%} to {best.high:.2%})."
            ),
            "A guardrail that falls, or a novelty that wears off.",
        )
    if all(e.adjusted_p < 0.05 and e.high < 0 for e in primary):
        return f"Every variant lowers {best.metric}: keep the control.", "Another variant."
    return (
        (
            f"No difference is shown: {best.metric} of '{best.variant}' {best.lift:+.2%} "
            f"({best.low:.2%} to {best.high:.2%})."
        ),
        "More units: the interval must leave 0.",
    )
