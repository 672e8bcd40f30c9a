"""Assignment is GrowthBook's, is deterministic, near its weights, and steady under a ramp."""

from __future__ import annotations

from datetime import date

import pytest
from growthbook import core
from hypothesis import given
from hypothesis import strategies as st

from documents.nodes import UNWRITTEN
from experiments.assignment import assign, bucket, unit_of
from experiments.definitions import Phase
from experiments.hashing import layer_place, place
from tests.experiments.made import experiment

DAY = date(2026, 6, 15)
UNITS = st.text(min_size=1, max_size=64)


@given(unit=UNITS, seed=UNITS)
def test_a_place_is_growthbooks(unit: str, seed: str) -> None:
    assert place(seed, unit) == core.gbhash(seed, unit, 2)
    assert layer_place(seed, unit) == core.gbhash(f"__{seed}", unit, 1)


@given(
    parts=st.lists(st.integers(1, 100), min_size=2, max_size=6),
    coverage=st.floats(0, 1),
    unit=UNITS,
)
def test_a_variant_is_growthbooks(parts: list[int], coverage: float, unit: str) -> None:
    weights = [part / sum(parts) for part in parts]
    ours = experiment(*weights)
    ranges = core.getBucketRanges(len(weights), coverage, weights)
    chosen = core.chooseVariation(core.gbhash(ours.salt, unit, 2) or 0.0, ranges)
    found = bucket(ours, place(ours.salt, unit), coverage)
    assert found is (ours.variants[chosen] if chosen >= 0 else None)


def test_twenty_thousand_ids_are_assigned_as_growthbook_does() -> None:
    ours = experiment(0.5, 0.3, 0.2, layer=(0.2, 0.9))
    ranges = core.getBucketRanges(3, 1.0, [0.5, 0.3, 0.2])
    for number in range(20_000):
        unit = f"{number:x}"
        expected = None
        if core.inNamespace(unit, ("page", 0.2, 0.9)):
            expected = ours.variants[
                core.chooseVariation(core.gbhash("order-1", unit, 2) or 0.0, ranges)
            ]
        found = assign(ours, unit, "in", DAY)
        assert (found.variant if found else None) is expected


def test_shares_come_near_the_weights() -> None:
    ours = experiment(0.5, 0.3, 0.2)
    seen = [assign(ours, f"u{n}", "in", DAY) for n in range(20_000)]
    for variant in ours.variants:
        share = sum(a is not None and a.variant is variant for a in seen) / len(seen)
        assert share == pytest.approx(variant.weight, abs=0.015)


@given(unit=UNITS, low=st.floats(0, 1), high=st.floats(0, 1))
def test_ramping_up_never_moves_a_unit(unit: str, low: float, high: float) -> None:
    ours = experiment(0.34, 0.33, 0.33)
    before = bucket(ours, place(ours.salt, unit), min(low, high))
    after = bucket(ours, place(ours.salt, unit), max(low, high))
    assert before is None or before is after


@given(unit=UNITS, cut=st.floats(0, 1))
def test_shares_of_a_layer_never_share_a_unit(unit: str, cut: float) -> None:
    low = assign(experiment(layer=(0.0, cut)), unit, "in", DAY)
    high = assign(experiment(layer=(cut, 1.0), salt="order-2"), unit, "in", DAY)
    assert (low is None) != (high is None)


def test_it_assigns_in_its_marketplaces_and_on_its_days_only() -> None:
    ours = experiment(begins=date(2026, 6, 10), ends=date(2026, 6, 20))
    assert assign(ours, "u", "in", DAY) is not None
    assert assign(ours, "u", "de", DAY) is None
    assert assign(ours, "u", "in", date(2026, 6, 9)) is None
    assert assign(ours, "u", "in", date(2026, 6, 21)) is None
    assert assign(experiment(state="draft"), "u", "in", DAY) is None


def test_coverage_follows_the_phases() -> None:
    phases = tuple(
        Phase(begins=date(2026, 6, day), coverage=coverage, source=UNWRITTEN)
        for day, coverage in ((10, 0.1), (17, 0.5))
    )
    ours = experiment(phases=phases)
    covered = [ours.coverage_on(date(2026, 6, day)) for day in (9, 10, 16, 17, 30)]
    assert covered == [0.0, 0.1, 0.1, 0.5, 0.5]


def test_a_tester_sees_the_variant_asked_for_even_outside_the_layer() -> None:
    ours = experiment(layer=(0.0, 0.000001), overrides={"tester": "b"})
    found = assign(ours, "tester", "in", DAY)
    assert found is not None
    assert (found.variant.key, found.overridden) == ("b", True)


def test_units_of_each_kind() -> None:
    assert unit_of("shopper", "s", "q", DAY) == "s"
    assert unit_of("query", "s", "q", DAY) == "q"
    assert unit_of("session", "s", "q", DAY) == "s.20260615"
