"""The simulated worlds are what they say, small runs come near the full ones, and rows are told apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from experiments.intervals import lift
from experiments.moments import Moments
from experiments.simulated_arrivals import PLANS, alarms, experiment_of, variants_by_day
from experiments.simulated_pages import (
    PageWorld,
    ab_verdicts,
    interleaved_verdicts,
    units_needed,
)
from experiments.validity import CHECKS, Wanted, cases, proportion


def generator() -> np.random.Generator:
    return np.random.default_rng(20261124)


def test_the_better_ranking_wins_so_many_searches_with_a_click() -> None:
    world = PageWorld(lift=0.03)
    control, treatment = (
        world.arm(generator(), 1, 200_000, better=better) for better in (False, True)
    )
    assert float(lift(control, treatment).estimate[0]) == pytest.approx(0.03, abs=0.008)


def test_a_merged_search_has_an_outcome_and_identical_rankings_win_alike() -> None:
    alike, better = PageWorld(lift=0.0).outcomes, PageWorld(lift=0.03).outcomes
    assert alike.sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    assert alike[:, 1].tolist() == pytest.approx(alike[:, 3].tolist())
    assert (better[:, 3] > better[:, 1]).all()


def test_the_units_that_a_test_needs_give_it_its_power() -> None:
    world = PageWorld(lift=0.03)
    needed = units_needed(world)
    merged = interleaved_verdicts(world, generator(), 1000, needed.interleaving)
    compared = ab_verdicts(world, generator(), 100, needed.ab)
    assert float((merged.p_value < 0.05).mean()) == pytest.approx(0.8, abs=0.04)
    assert float((compared.p_value < 0.05).mean()) == pytest.approx(0.8, abs=0.12)
    assert needed.interleaving * 10 < needed.ab < needed.ab_without_cuped


def test_a_place_that_is_covered_stays_with_its_variant() -> None:
    table = variants_by_day(experiment_of("ramp"))
    covered = (table >= 0).mean(axis=1)
    assert covered[0] == pytest.approx(0.1, abs=0.001)
    assert covered[-1] == pytest.approx(0.9, abs=0.001)
    for earlier, later in pairwise(table):
        assert (later[earlier >= 0] == earlier[earlier >= 0]).all()


def test_merged_units_without_a_click_are_no_units() -> None:
    found: Moments = PageWorld(lift=0.0).interleaved(generator(), 4, 500)
    assert (found.n < 500).all()
    assert (found.n > 200).all()


@pytest.mark.parametrize("plan", PLANS)
def test_a_rising_coverage_alarms_nobody_and_moves_nobody(plan: str) -> None:
    called, moved = alarms(plan, generator(), 40, 2000)
    assert called <= 1 / 40
    assert moved == 0


def wanted(seed: int = 8, runs: int = 20) -> Wanted:
    return Wanted(
        runs=runs, peeking_runs=10, units=2000, conversions=(0.1,), lifts=(0.5,), seed=seed
    )


def test_a_row_depends_on_its_case_alone() -> None:
    alone = [case.row() for case in cases(["power"], wanted())]
    among = [case.row() for case in cases(list(CHECKS)[:4], wanted())]
    assert [row for row in among if row["check"] == "power"] == alone
    assert len({str(sorted(row.items())) for row in among}) == len(among)
    others = [case.row() for case in cases(["aa"], wanted(seed=9, runs=2000))]
    assert others != [case.row() for case in cases(["aa"], wanted(seed=8, runs=2000))]


def test_a_share_stands_with_its_interval() -> None:
    row = proportion("power", 1.0, 10)
    assert (row["power"], row["high"]) == (1.0, 1.0)
    assert row["low"] == pytest.approx(0.69150, abs=1e-4)
