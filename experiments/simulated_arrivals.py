"""Units that come day by day while an experiment's coverage rises: does the sample-ratio check stay calm?

It is a simulation of arrivals; places, variants and coverage are those of the assignment itself. A
unit's first day is even over `DAYS`, and it comes back on each later day with the probability `RETURN`,
so that many come first while they are not covered and are exposed in a later phase.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from documents.nodes import UNWRITTEN
from experiments.assignment import bucket
from experiments.definitions import Experiment, Phase, Ranking, Variant
from experiments.hashing import place
from experiments.intervals import sample_ratio
from experiments.moments import Array

DAYS = 28
RETURN = 0.2
WEIGHTS = (0.5, 0.3, 0.2)
PLANS = {
    "phase-change": ((0, 0.2), (14, 1.0)),
    "ramp": tuple((3 * step, 0.1 * (step + 1)) for step in range(9)),
}
"""The day on which each phase begins, and its coverage."""
_BEGIN = date(2026, 6, 1)


def alarms(plan: str, rng: np.random.Generator, runs: int, units: int) -> tuple[float, float]:
    """Share of experiments called wrong (p < 0.001), and the share of exposed units that moved."""
    called, moved, exposed = 0, 0, 0
    for run in range(runs):
        counts, changed = _exposed(
            experiment_of(plan, f"{plan}-{rng.integers(2**62)}-{run}"), rng, units
        )
        called += sample_ratio(counts, WEIGHTS) < 0.001
        moved += changed
        exposed += sum(counts)
    return called / runs, moved / exposed


def experiment_of(plan: str, salt: str) -> Experiment:
    """Three variants whose coverage rises by the plan."""
    phases = tuple(
        Phase(begins=_BEGIN + timedelta(days=day), coverage=coverage, source=UNWRITTEN)
        for day, coverage in PLANS[plan]
    )
    return Experiment(
        key=plan, hypothesis="None.", owner="simulation", state="running", marketplaces=("in",),
        unit="shopper", salt=salt, layer=None, coverage=1.0, phases=phases,
        variants=tuple(
            Variant(key=f"v{n}", weight=w, ranking=Ranking(), source=UNWRITTEN)
            for n, w in enumerate(WEIGHTS)
        ),
        primary_metric="click_through", source=UNWRITTEN,
    )  # fmt: skip


def _exposed(experiment: Experiment, rng: np.random.Generator, units: int) -> tuple[list[int], int]:
    """Units by the variant of their first exposure, and how many saw another one later."""
    coverages = [experiment.coverage_on(phase.begins) for phase in experiment.phases]
    counts, moved = dict.fromkeys((v.key for v in experiment.variants), 0), 0
    for unit, visited in enumerate(_visited(experiment, rng, units)):
        where = place(experiment.salt, f"unit-{unit}")
        seen = [
            found.key
            for coverage, came in zip(coverages, visited, strict=True)
            if came and (found := bucket(experiment, where, coverage)) is not None
        ]
        if seen:
            counts[seen[0]] += 1
            moved += len(set(seen)) > 1
    return list(counts.values()), moved


def _visited(experiment: Experiment, rng: np.random.Generator, units: int) -> Array:
    """Whether each unit came in each phase."""
    first = rng.integers(0, DAYS, units)[:, None]
    days = np.arange(DAYS)
    came = (days == first) | ((days > first) & (rng.random((units, DAYS)) < RETURN))
    begins = [(phase.begins - _BEGIN).days for phase in experiment.phases]
    return np.stack(
        [came[:, a:b].any(axis=1) for a, b in zip(begins, [*begins[1:], DAYS], strict=True)], axis=1
    )
