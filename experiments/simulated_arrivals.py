"""Units that come day by day while an experiment's coverage rises: does the sample-ratio check stay calm?

It is a simulation of arrivals; which variant a place has on which day is asked of the assignment
itself. A unit's place is drawn evenly (that the hash is even is a test of its own). Its first day is
even over `DAYS`, and it comes back on each later day with the probability `RETURN`, so that many come
first while they are not covered and are exposed in a later phase.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from documents.nodes import UNWRITTEN
from experiments.assignment import bucket
from experiments.definitions import Experiment, Phase, Ranking, Variant
from experiments.intervals import sample_ratio

DAYS = 28
RETURN = 0.2
WEIGHTS = (0.5, 0.3, 0.2)
PLACES = 10_000
"""Of the hash."""
PLANS = {
    "phase-change": ((0, 0.2), (14, 1.0)),
    "ramp": tuple((3 * step, 0.1 * (step + 1)) for step in range(9)),
}
"""The day on which each phase begins, and its coverage."""
Numbers = NDArray[np.int64]
_NOBODY = -1
_BEGIN = date(2026, 6, 1)


def alarms(plan: str, rng: np.random.Generator, runs: int, units: int) -> tuple[float, float]:
    """Share of experiments called wrong (p < 0.001), and the share of exposed units that moved."""
    variants = variants_by_day(experiment_of(plan))
    called, moved, exposed = 0, 0, 0
    for _ in range(runs):
        counts, changed = _exposed(variants, rng, units)
        called += sample_ratio(counts, WEIGHTS) < 0.001
        moved += changed
        exposed += sum(counts)
    return called / runs, moved / exposed


def experiment_of(plan: str) -> Experiment:
    """Three variants whose coverage rises by the plan."""
    phases = tuple(
        Phase(begins=_BEGIN + timedelta(days=day), coverage=coverage, source=UNWRITTEN)
        for day, coverage in PLANS[plan]
    )
    return Experiment(
        key=plan, hypothesis="None.", owner="simulation", state="running", marketplaces=("in",),
        unit="shopper", salt=plan, layer=None, coverage=1.0, phases=phases,
        variants=tuple(
            Variant(key=f"v{n}", weight=w, ranking=Ranking(), source=UNWRITTEN)
            for n, w in enumerate(WEIGHTS)
        ),
        primary_metric="click_through", source=UNWRITTEN,
    )  # fmt: skip


def variants_by_day(experiment: Experiment) -> Numbers:
    """Days × places: the number of the variant that a unit at the place has on the day."""
    number = {variant.key: n for n, variant in enumerate(experiment.variants)}
    table = np.full((DAYS, PLACES), _NOBODY, dtype=np.int64)
    for day in range(DAYS):
        coverage = experiment.coverage_on(_BEGIN + timedelta(days=day))
        if day and coverage == experiment.coverage_on(_BEGIN + timedelta(days=day - 1)):
            table[day] = table[day - 1]
            continue
        for place in range(PLACES):
            found = bucket(experiment, place / PLACES, coverage)
            table[day, place] = _NOBODY if found is None else number[found.key]
    return table


def _exposed(variants: Numbers, rng: np.random.Generator, units: int) -> tuple[list[int], int]:
    """Units by the variant of their first exposure, and how many saw another one later."""
    first, days = rng.integers(0, DAYS, units), np.arange(DAYS)[:, None]
    came = (days == first) | ((days > first) & (rng.random((DAYS, units)) < RETURN))
    seen = np.where(came, variants[:, rng.integers(0, PLACES, units)], _NOBODY)
    exposed = seen != _NOBODY
    chosen = seen[exposed.argmax(axis=0), np.arange(units)]
    moved = int((exposed & (seen != chosen)).any(axis=0).sum())
    counted = np.bincount(chosen[chosen != _NOBODY], minlength=len(WEIGHTS))
    return [int(count) for count in counted], moved
