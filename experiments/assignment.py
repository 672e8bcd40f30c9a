"""Which variant a unit sees: a pure function of salt and unit, equal to GrowthBook's algorithm.

Invariants: the same unit sees the same variant everywhere and always; raising `coverage` never moves
a unit between variants (each variant's range grows at its end); experiments in disjoint shares of a
layer never share a unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from experiments.definitions import Experiment, Variant
from experiments.hashing import layer_place, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A unit's variant in one experiment; `overridden` is a tester's choice, left out of reports."""

    experiment: str
    variant: Variant
    overridden: bool = False


def bucket_ranges(weights: Sequence[float], coverage: float) -> tuple[tuple[float, float], ...]:
    """Half-open ranges of [0, 1) a variant: each starts at the cumulative weight."""
    ranges: list[tuple[float, float]] = []
    start = 0.0
    for weight in weights:
        ranges.append((start, start + coverage * weight))
        start += weight
    return tuple(ranges)


def assign(experiment: Experiment, unit: str, marketplace: str) -> Assignment | None:
    """None when the experiment does not run here, or does not take this unit."""
    if experiment.state != "running" or marketplace not in experiment.marketplaces:
        return None
    override = experiment.overrides.get(unit)
    if override is not None:
        chosen = next(v for v in experiment.variants if v.key == override)
        return Assignment(experiment=experiment.key, variant=chosen, overridden=True)
    layer = experiment.layer
    if layer is not None and not layer.start <= layer_place(layer.name, unit) < layer.end:
        return None
    where = place(experiment.salt, unit)
    weights = [variant.weight for variant in experiment.variants]
    for variant, (start, end) in zip(
        experiment.variants, bucket_ranges(weights, experiment.coverage), strict=True
    ):
        if start <= where < end:
            return Assignment(experiment=experiment.key, variant=variant)
    return None


def assignments(
    experiments: Iterable[Experiment], unit: str, marketplace: str
) -> tuple[Assignment, ...]:
    """The unit's variants in all experiments that take it, in the order given."""
    found = (assign(experiment, unit, marketplace) for experiment in experiments)
    return tuple(assignment for assignment in found if assignment is not None)
