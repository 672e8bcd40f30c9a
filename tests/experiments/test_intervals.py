"""Intervals, CUPED and p-values equal gbstats'; corrections and checks their definitions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.intervals import (
    Lift,
    fixed_interval,
    fixed_units,
    holm,
    lift,
    pooled,
    sample_ratio,
    sequential_interval,
    tuning,
)
from experiments.moments import Moments

TABLE = json.loads(
    (Path(__file__).parents[1] / "cases" / "experiment_intervals.json").read_text(encoding="utf-8")
)


def moments(case: dict[str, object], kind: str) -> Moments:
    """Of the table; a mean is a ratio to the number of units, so its denominators are all 1."""
    n = float(str(case["n"]))
    sums, products = np.array(case["sums"], dtype=float), np.array(case["products"], dtype=float)
    if kind != "ratio":
        sums[1] = n
        products[1, :] = products[:, 1] = sums
        products[1, 1] = n
    return Moments(np.asarray(n), sums, products)


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_equals_gbstats(case: dict[str, dict[str, float]]) -> None:
    kind = str(case["kind"])
    control, treatment = (moments(m, kind) for m in case["moments"])  # type: ignore[arg-type]  # a list in JSON
    found = lift(control, treatment, cuped=kind == "cuped")
    once, always = fixed_interval(found), sequential_interval(found, planned=2000)
    assert float(found.estimate) == pytest.approx(case["fixed"]["estimate"], abs=1e-6, rel=0)
    assert float(once.low) == pytest.approx(case["fixed"]["low"], abs=1e-6, rel=0)
    assert float(once.high) == pytest.approx(case["fixed"]["high"], abs=1e-6, rel=0)
    assert float(once.p_value) == pytest.approx(case["fixed"]["p"], abs=1e-6, rel=0)
    assert float(always.low) == pytest.approx(case["sequential"]["low"], abs=1e-6, rel=0)
    assert float(always.high) == pytest.approx(case["sequential"]["high"], abs=1e-6, rel=0)
    assert float(always.p_value) == pytest.approx(case["sequential"]["p"], abs=1e-6, rel=0)


def test_the_sequential_bound_is_its_authors() -> None:
    """Howard, Ramdas, McAuliffe, Sekhon (Annals of Statistics 2021), proposition 5, which the asymptotic
    sequence takes over: reference values of the authors' package confseq, made by them in R."""
    assert 1 / tuning(0.05, 100) == pytest.approx(12.60056, abs=1e-5)

    def standing(total: float) -> Lift:
        """A sum of 100 units whose variance is 1."""
        one, half = np.asarray(1.0), np.asarray(0.5)
        return Lift(np.asarray(total / 100), one / 100, one * 100, one * 99, half, half)

    bound = 30.35209
    found = sequential_interval(standing(0.0), planned=100)
    assert float(found.high) * 100 == pytest.approx(bound, abs=1e-5)
    assert float(sequential_interval(standing(bound), planned=100).p_value) == pytest.approx(
        0.05, abs=1e-6
    )
    # Their log of the supermartingale is S² / 2(V + ρ) − log((V + ρ) / ρ) / 2: −0.6510052 at S = 10.
    further = 45.0
    height = -0.6510052 + (further**2 - 10**2) / (2 * 112.60056)
    assert float(sequential_interval(standing(further), planned=100).p_value) == pytest.approx(
        float(np.exp(-height)), rel=1e-5
    )


def test_a_covariate_that_explains_narrows_the_interval() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(5, 2, (2, 2000))
    y = x + rng.normal(0, 1, (2, 2000))
    a, b = (Moments.of(y[k], x=x[k]) for k in (0, 1))
    plain, adjusted = fixed_interval(lift(a, b)), fixed_interval(lift(a, b, cuped=True))
    assert float(adjusted.high - adjusted.low) < 0.6 * float(plain.high - plain.low)


def test_many_experiments_are_read_at_once_as_one_by_one() -> None:
    rng = np.random.default_rng(2)
    y, s = rng.poisson(2.0, (2, 5, 300)), 1 + rng.poisson(1.0, (2, 5, 300))
    together = fixed_interval(lift(Moments.of(y[0], s[0]), Moments.of(y[1], s[1])))
    for run in range(5):
        alone = lift(Moments.of(y[0, run], s[0, run]), Moments.of(y[1, run], s[1, run]))
        assert float(fixed_interval(alone).low) == pytest.approx(float(together.low[run]))


def test_pooling_weighs_by_units() -> None:
    rng = np.random.default_rng(3)
    parts = [
        lift(Moments.of(rng.normal(m, 1, n)), Moments.of(rng.normal(m * 1.1, 1, n)))
        for m, n in ((5.0, 1000), (50.0, 3000))
    ]
    both = pooled(parts)
    expected = 0.25 * parts[0].estimate + 0.75 * parts[1].estimate
    assert float(both.estimate) == pytest.approx(float(expected))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_lies_between_the_raw_value_and_bonferroni(raw: list[float]) -> None:
    adjusted = holm(raw)
    for p, q in zip(raw, adjusted, strict=True):
        assert p <= q <= min(1.0, p * len(raw)) or q == max(adjusted)
    assert sorted(adjusted) == [adjusted[i] for i in sorted(range(len(raw)), key=raw.__getitem__)]


def test_holm_of_the_textbook() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_sample_ratio() -> None:
    assert sample_ratio([5000, 5000], [0.5, 0.5]) == pytest.approx(1.0)
    assert sample_ratio([49_000, 51_000], [0.5, 0.5]) < 1e-9
    assert sample_ratio([7000, 3000], [0.7, 0.3]) == pytest.approx(1.0)
    assert sample_ratio([0, 0], [0.5, 0.5]) == 1.0


def test_units_of_a_fixed_horizon() -> None:
    assert fixed_units(0.1, 0.09, 0.03) == pytest.approx(313_956, rel=1e-3)
