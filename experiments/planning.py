"""How many units an experiment needs, before it starts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from experiments.intervals import fixed_units

HORIZON = 1.8
"""A sequential experiment may take so many times the units of one that is read once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Units of all variants together."""

    units: int
    """When it is read once."""
    sequential_at_most: int
    """When it may be read at any time."""
    days: int | None
    """Of the units read once; None: the units of a day are not known."""
    sequential_days_at_most: int | None


def plan(
    rate: float,
    effect: float,
    *,
    variants: int = 2,
    units_a_day: int = 0,
    power: float = 0.8,
) -> Plan:
    """For a rate per unit and a relative effect; each variant is compared with the control.

    The 5 % of false alarms are shared among the comparisons (Bonferroni), as the report shares them.
    """
    pair = fixed_units(rate, rate * (1 - rate), effect, alpha=0.05 / (variants - 1), power=power)
    once = math.ceil(pair * variants / 2)
    most = math.ceil(once * HORIZON)
    return Plan(
        units=once,
        sequential_at_most=most,
        days=math.ceil(once / units_a_day) if units_a_day else None,
        sequential_days_at_most=math.ceil(most / units_a_day) if units_a_day else None,
    )
