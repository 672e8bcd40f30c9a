"""Counterfactual estimates: equal to obp's, right in a world that is known, refused without support."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.counterfactual import (
    Logged,
    NoSupportError,
    doubly_robust,
    evaluate,
    ips,
    place_means,
    replay,
    snips,
)
from experiments.drawn import beside, drawn_searches
from experiments.exploration import DEPTH
from experiments.simulated_draws import DrawnWorld, covered
from tests.experiments.logs import event, shown

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "counterfactual_values.json").read_text(encoding="utf-8")
)["cases"]
ESTIMATORS = {"ips": ips, "snips": snips, "doubly-robust": doubly_robust, "replay": replay}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_single_place_is_the_bandit_of_obp(case: dict[str, object]) -> None:
    actions = np.asarray(case["actions"])
    rows = np.arange(len(actions))
    target, expected = np.asarray(case["target"]), np.asarray(case["expected_rewards"])
    found = Logged(
        reward=np.asarray(case["rewards"], dtype=np.float64)[:, None],
        propensity=np.asarray(case["propensities"])[rows, actions][:, None],
        target=target[rows, actions][:, None],
        supported=np.ones((len(rows), 1), dtype=bool),
        units=rows,
        expected_logged=expected[rows, actions][:, None],
        expected_target=(target * expected).sum(axis=1)[:, None],
    )
    values = case["values"]
    assert isinstance(values, dict)
    for name, value in values.items():
        estimate = ESTIMATORS[name](found)
        assert estimate is not None
        assert estimate.value == pytest.approx(value, abs=1e-6)
        assert estimate.low < estimate.value < estimate.high


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """A small run; the full one is a figure of docs/experiments.md."""
    found = covered(DrawnWorld(), np.random.default_rng(8), runs=300, searches=1500)
    for name, share in found.items():
        assert share == pytest.approx(0.95, abs=0.04), name


def drawn(number: int = 4000, rate: float = 0.1) -> Logged:
    return DrawnWorld().logged(np.random.default_rng(3), number, rate)


def test_what_is_estimated_is_what_would_have_been_earned() -> None:
    found = evaluate(DrawnWorld().logged(np.random.default_rng(3), 40_000, 0.1))
    truth = DrawnWorld().truth()
    for value in found.values:
        if value.estimator != "replay":
            assert value.low < truth < value.high
    assert found.overlap.mean_weight == pytest.approx(1.0, abs=0.1)


def test_without_draws_nothing_is_said() -> None:
    none = beside((), {})
    with pytest.raises(NoSupportError, match="No search was drawn"):
        evaluate(none)


def test_a_target_that_was_never_possible_is_refused() -> None:
    logged = drawn()
    with pytest.raises(NoSupportError, match=r"In 100.0% of its places"):
        evaluate(replace(logged, supported=np.zeros_like(logged.supported)))


def test_a_thin_log_is_refused() -> None:
    with pytest.raises(NoSupportError, match="is worth"):
        evaluate(drawn(300, 0.02))


def test_the_log_becomes_places() -> None:
    products = tuple(f"p{n}" for n in range(DEPTH))
    chances = (1.0, *[0.15] * (DEPTH - 1))
    searches = [
        shown(f"q{n}", f"u{n % 2}", product_ids=products, propensities=chances, query_product="p")
        for n in range(3)
    ]
    searches += [
        shown("photo", product_ids=products, propensities=chances),
        shown("even", product_ids=products, query_product="p"),
    ]
    events = [
        event("e1", "q0", product_id="p1"),
        event("e2", "q1", product_id="p1", kind="cart"),
        event("e3", "q2", product_id="p2", minutes=9 * 24 * 60),
    ]
    found = beside(
        drawn_searches(searches, events, "click"),
        {"q0": products, "q1": (products[1], products[0], *products[2:])},
    )
    assert found.reward.tolist() == [[0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]
    assert found.propensity[0].tolist() == list(chances)
    assert found.target.tolist() == [[1] * 6, [0, 0, 1, 1, 1, 1]]
    assert found.supported.tolist() == [[True] * 6, [False, False, True, True, True, True]]
    assert found.units.tolist() == [0, 1]


def test_a_places_expectation_comes_from_other_units() -> None:
    reward = np.asarray([[1.0], [0.0], [1.0], [0.0]])
    assert place_means(reward, np.asarray([0, 1, 2, 3])).ravel().tolist() == [0, 1, 0, 1]
