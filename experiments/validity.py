"""What the reports are worth, measured in simulated worlds: one row a check and a world.

A case names everything that its row depends on, its seed and runs too: the same case gives the same
row whatever else is measured, so that a long measurement can be broken off and continued.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from zlib import crc32

import numpy as np
from scipy import stats

from experiments.peeking import peek
from experiments.planning import HORIZON
from experiments.simulated_arrivals import PLANS, alarms
from experiments.simulated_draws import DrawnWorld, covered
from experiments.simulated_pages import PageWorld, ab_verdicts, interleaved_verdicts, units_needed
from experiments.simulation import HETEROGENEITY, World, mismatch_found, read_once

Value = str | int | float
Row = dict[str, Value]
Measure = Callable[[np.random.Generator], Row]
_DRAWN_SEARCHES = 1500
_MERGED_UNITS = 1000
_SPLIT_UNITS = 100_000
_ARRIVING_UNITS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How much is measured."""

    runs: int
    peeking_runs: int
    units: int
    conversions: Sequence[float]
    lifts: Sequence[float]
    seed: int

    @property
    def worlds(self) -> list[World]:
        return [
            World(conversion=c, heterogeneity=h) for c in self.conversions for h in HETEROGENEITY
        ]


@dataclass(frozen=True, slots=True)
class Case:
    named: Mapping[str, Value]
    """Everything that the row depends on."""
    measure: Measure

    def row(self) -> Row:
        drawn = [int(self.named["seed"]), crc32(repr(sorted(self.named.items())).encode())]
        return {**self.named, **self.measure(np.random.default_rng(drawn))}


def cases(checks: Sequence[str], wanted: Wanted) -> Iterator[Case]:
    """In the order of the checks."""
    for check in checks:
        for named, measure in CHECKS[check](wanted):
            yield Case({"check": check, **named, "seed": wanted.seed}, measure)


def proportion(name: str, share: float, runs: int) -> Row:
    """A share of the runs with its 95 % interval (Clopper, Pearson)."""
    found = stats.binomtest(round(share * runs), runs).proportion_ci(0.95)
    return {name: round(share, 5), "low": round(found.low, 5), "high": round(found.high, 5)}


_Named = Iterator[tuple[Row, Measure]]


def _aa(wanted: Wanted) -> _Named:
    for world in wanted.worlds:
        yield _of(world, runs=wanted.runs, units=wanted.units), partial(_read_aa, world, wanted)


def _read_aa(world: World, wanted: Wanted, rng: np.random.Generator) -> Row:
    found, _ = read_once(world, rng, wanted.runs, wanted.units)
    return proportion("false_positives", found, wanted.runs)


def _coverage(wanted: Wanted) -> _Named:
    for world in wanted.worlds:
        for lifted in wanted.lifts:
            named = _of(world, lift=lifted, runs=wanted.runs, units=wanted.units)
            yield named, partial(_read_lifted, world, wanted, lifted)


def _read_lifted(world: World, wanted: Wanted, lifted: float, rng: np.random.Generator) -> Row:
    _, held = read_once(world, rng, wanted.runs, wanted.units, lifted)
    return proportion("coverage", held, wanted.runs)


def _peeking(wanted: Wanted) -> _Named:
    for world in wanted.worlds:
        named = _of(world, runs=wanted.runs, units=wanted.units)
        yield named, partial(_peek, world, 0.0, wanted.runs, wanted.units, wanted.units)
        for effect in wanted.lifts:
            once = world.needed(effect)
            most = int(once * HORIZON)
            named = _of(world, runs=wanted.peeking_runs, units=most, planned=once)
            yield named, partial(_peek, world, 0.0, wanted.peeking_runs, most, once)


def _power(wanted: Wanted) -> _Named:
    for world in wanted.worlds:
        for lifted in wanted.lifts:
            once = world.needed(lifted)
            most = int(once * HORIZON)
            named = _of(
                world, lift=lifted, runs=wanted.peeking_runs, fixed_units=once, at_most=most
            )
            yield named, partial(_peek, world, lifted, wanted.peeking_runs, most, once)


def _peek(
    world: World, lifted: float, runs: int, units: int, planned: int, rng: np.random.Generator
) -> Row:
    done = peek(world, rng, runs, units, planned=planned, lifted=lifted)
    name = "power" if lifted else "false_positives"
    mean = round(float(done.units.mean()) / planned, 3)
    return {**proportion(name, float(done.decided.mean()), runs), "mean_units_over_planned": mean}


def _mismatch(wanted: Wanted) -> _Named:
    for share in (0.49, 0.5):
        named: Row = {"share": share, "runs": wanted.runs, "units": _SPLIT_UNITS}
        yield named, partial(_split, share, wanted.runs)


def _split(share: float, runs: int, rng: np.random.Generator) -> Row:
    return proportion("found", mismatch_found(rng, runs, _SPLIT_UNITS, share), runs)


def _ramp(wanted: Wanted) -> _Named:
    for plan in PLANS:
        named: Row = {"plan": plan, "runs": wanted.peeking_runs, "units": _ARRIVING_UNITS}
        yield named, partial(_alarms, plan, wanted.peeking_runs)


def _alarms(plan: str, runs: int, rng: np.random.Generator) -> Row:
    called, moved = alarms(plan, rng, runs, _ARRIVING_UNITS)
    return {**proportion("alarms", called, runs), "moved": moved}


def _interleaving(wanted: Wanted) -> _Named:
    named: Row = {"lift": 0.0, "runs": wanted.runs, "units": _MERGED_UNITS}
    yield named, partial(_identical, wanted.runs)
    for lifted in wanted.lifts:
        yield {"lift": lifted, "runs": wanted.runs}, partial(_preferred, lifted, wanted.runs)


def _identical(runs: int, rng: np.random.Generator) -> Row:
    found = interleaved_verdicts(PageWorld(lift=0.0), rng, runs, _MERGED_UNITS)
    return proportion("preferred", float((found.p_value < 0.05).mean()), runs)


def _preferred(lifted: float, runs: int, rng: np.random.Generator) -> Row:
    """At the units that each test needs; the A/B test with fewer runs where its units are many."""
    world = PageWorld(lift=lifted)
    needed = units_needed(world)
    merged = interleaved_verdicts(world, rng, runs, needed.interleaving)
    compared = ab_verdicts(world, rng, min(runs, 2000), needed.ab)
    shown = merged.p_value < 0.05
    return {
        **proportion("direction_right", float((merged.low + merged.high > 0).mean()), runs),
        "direction_right_where_preferred": round(float((merged.low[shown] > 0).mean()), 5),
        "interleaving_units": needed.interleaving,
        "interleaving_power": round(float(shown.mean()), 4),
        "ab_units": needed.ab,
        "ab_power": round(float((compared.p_value < 0.05).mean()), 4),
        "ab_units_without_cuped": needed.ab_without_cuped,
    }


def _counterfactual(wanted: Wanted) -> _Named:
    named: Row = {"runs": wanted.peeking_runs, "searches": _DRAWN_SEARCHES}
    yield named, partial(_held, wanted.peeking_runs)


def _held(runs: int, rng: np.random.Generator) -> Row:
    found = covered(DrawnWorld(), rng, runs=runs, searches=_DRAWN_SEARCHES)
    return {name: round(share, 5) for name, share in found.items()}


def _of(world: World, **others: Value) -> Row:
    return {"conversion": world.conversion, "heterogeneity": world.heterogeneity, **others}


CHECKS: Mapping[str, Callable[[Wanted], _Named]] = {
    "aa": _aa,
    "coverage": _coverage,
    "peeking": _peeking,
    "power": _power,
    "mismatch": _mismatch,
    "ramp": _ramp,
    "interleaving": _interleaving,
    "counterfactual": _counterfactual,
}
"""By name: the rows of each check, with what each depends on."""
