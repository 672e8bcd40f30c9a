"""Which variant a unit sees: a pure function of salt and unit, equal to GrowthBook's algorithm.

Invariants: the same unit sees the same variant everywhere and always; raising the coverage never
moves a unit between variants (each variant's range grows at its end); experiments in disjoint shares
of a layer never share a unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from experiments.definitions import Experiment, Variant
from experiments.hashing import layer_place, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A unit's variant in one experiment; `overridden` is a tester's choice, left out of reports."""

    experiment: str
    unit: str
    variant: Variant
    overridden: bool = False


def assign(experiment: Experiment, unit: str, marketplace: str, day: date) -> Assignment | None:
    """None when the experiment does not run here on this day (UTC), or does not take this unit."""
    if experiment.state != "running" or marketplace not in experiment.marketplaces:
        return None
    override = experiment.overrides.get(unit)
    if override is not None:
        chosen = next(v for v in experiment.variants if v.key == override)
        return Assignment(experiment=experiment.key, unit=unit, variant=chosen, overridden=True)
    layer = experiment.layer
    if layer is not None and not layer.start <= layer_place(layer.name, unit) < layer.end:
        return None
    variant = bucket(experiment, place(experiment.salt, unit), experiment.coverage_on(day))
    if variant is None:
        return None
    return Assignment(experiment=experiment.key, unit=unit, variant=variant)


def unit_of(kind: str, shopper: str, query_id: str, day: date) -> str:
    """What is hashed: the shopper, the query, or a session, which is a shopper's day (UTC)."""
    if kind == "query":
        return query_id
    return f"{shopper}.{day:%Y%m%d}" if kind == "session" else shopper


def bucket(experiment: Experiment, where: float, coverage: float) -> Variant | None:
    """The variant whose half-open range holds the place: each starts at the cumulative weight."""
    start = 0.0
    for variant in experiment.arms:
        if start <= where < start + coverage * variant.weight:
            return variant
        start += variant.weight
    return None
