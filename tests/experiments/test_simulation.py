"""Small runs of the simulation: the full ones are figures of docs/experiments.md."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import peeking
from experiments.peeking import Peeked, peek
from experiments.simulation import World, mismatch_found, read_once


def generator() -> np.random.Generator:
    return np.random.default_rng(20260615)


@pytest.mark.parametrize("heterogeneity", ["low", "high"])
def test_the_world_has_the_conversion_it_is_asked_for(heterogeneity: str) -> None:
    world = World(conversion=0.05, heterogeneity=heterogeneity)
    assert float(world.draw(generator(), 400_000, ()).mean) == pytest.approx(0.05, abs=0.002)
    assert float(world.draw(generator(), 400_000, (), 0.2).mean) == pytest.approx(0.06, abs=0.002)


@pytest.mark.parametrize("heterogeneity", ["low", "high"])
def test_reading_once_is_wrong_one_time_in_twenty(heterogeneity: str) -> None:
    world = World(conversion=0.1, heterogeneity=heterogeneity)
    wrong, covered = read_once(world, generator(), 3000, 10_000)
    assert wrong == pytest.approx(0.05, abs=0.013)
    assert covered == pytest.approx(0.95, abs=0.013)


def test_reading_often_is_wrong_no_more_than_one_time_in_twenty() -> None:
    world = World(conversion=0.1, heterogeneity="low")
    done = peek(world, generator(), 150, 10_000, planned=10_000)
    assert float(done.decided.mean()) <= 0.05 + 0.03


@pytest.mark.parametrize("heterogeneity", ["low", "high"])
def test_parts_that_are_passed_over_decide_nothing(
    heterogeneity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading every look of every part finds as much, as early."""
    world = World(conversion=0.1, heterogeneity=heterogeneity)
    once = world.needed(0.1)

    def read() -> Peeked:
        return peek(world, generator(), 120, int(once * 1.8), planned=once, lifted=0.1)

    some = read()
    monkeypatch.setattr(peeking, "_SWING", 1e9)
    every = read()
    assert float(some.decided.mean()) == pytest.approx(float(every.decided.mean()), abs=0.12)
    assert float(some.units.mean()) == pytest.approx(float(every.units.mean()), rel=0.12)


def test_a_great_lift_is_found_at_the_first_looks_that_can_tell() -> None:
    world = World(conversion=0.1, heterogeneity="low")
    done = peek(world, generator(), 20, 20_000, planned=20_000, lifted=1.0)
    assert done.decided.all()
    assert 500 < done.units.mean() < 5000


def test_a_split_of_49_to_51_is_found_and_an_even_one_is_not() -> None:
    assert mismatch_found(generator(), 300, 100_000, 0.49) >= 0.99
    assert mismatch_found(generator(), 300, 100_000, 0.5) <= 0.01
