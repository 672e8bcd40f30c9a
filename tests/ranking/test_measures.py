from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranking.measures import (
    bootstrap_mean,
    duplicate_rate,
    intra_list_diversity,
    ndcg,
    paired_bootstrap,
    precision,
    recall,
    reciprocal_rank,
)

CASES = json.loads((Path(__file__).parents[1] / "cases" / "ndcg.json").read_text(encoding="utf-8"))[
    "cases"
]
GRADES = st.lists(st.integers(0, 4), max_size=40)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
@pytest.mark.parametrize("k", [5, 10, 20])
def test_ndcg_equals_the_peers_values(case: dict[str, object], k: int) -> None:
    """ranx `ndcg_burges` within 1e-9 and ir-measures' exponential gains within 1e-5."""
    shown = np.array(case["shown"])
    ours = ndcg(shown, k, np.concatenate([shown, np.array(case["unseen"], dtype=np.int64)]))
    assert ours is not None
    assert ours == pytest.approx(case[f"ranx ndcg_burges@{k}"], abs=1e-9)
    assert ours == pytest.approx(case[f"ir-measures nDCG(gains)@{k}"], abs=1e-5)


@given(GRADES, st.integers(1, 30))
def test_ndcg_is_a_share_and_whole_for_the_ideal_order(grades: list[int], k: int) -> None:
    value, best = ndcg(grades, k), ndcg(sorted(grades, reverse=True), k)
    if not any(grades):
        assert value is None
        return
    assert value is not None
    assert 0.0 <= value <= 1.0
    assert best == pytest.approx(1.0)


@given(GRADES, st.integers(1, 30))
def test_moving_a_better_item_up_never_lowers_ndcg(grades: list[int], k: int) -> None:
    if len(grades) < 2 or grades[1] <= grades[0]:
        return
    swapped = [grades[1], grades[0], *grades[2:]]
    assert (ndcg(swapped, k) or 0.0) >= (ndcg(grades, k) or 0.0)


def test_a_query_without_anything_relevant_has_no_ndcg() -> None:
    assert ndcg([0, 0], 10) is None
    assert ndcg([], 10) is None


def test_what_was_not_shown_counts_in_the_ideal() -> None:
    assert ndcg([], 10, [3]) == 0.0
    assert ndcg([1], 10, [1, 3]) == pytest.approx(1 / (7 + 1 / np.log2(3)))


def test_negative_grades_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        ndcg([-1, 2], 10)


@pytest.mark.parametrize(
    ("grades", "rank"), [([0, 0, 2], 1 / 3), ([1], 1.0), ([0, 0], 0.0), ([], 0.0)]
)
def test_reciprocal_rank(grades: list[int], rank: float) -> None:
    assert reciprocal_rank(grades) == pytest.approx(rank)


def test_an_empty_place_is_a_miss() -> None:
    assert precision([1, 0, 2], 10) == pytest.approx(0.2)
    assert precision([1, 2], 2, least=2) == 0.5


def test_recall_needs_something_to_recall() -> None:
    assert recall([1, 0, 2], 3, 4) == 0.5
    assert recall([0], 3, 0) is None


def test_diversity_of_equal_looks_is_nothing() -> None:
    assert intra_list_diversity(
        np.tile(np.array([[1.0, 0.0]], dtype=np.float32), (5, 1))
    ) == pytest.approx(0)
    assert intra_list_diversity(np.eye(4, dtype=np.float32)) == pytest.approx(1)
    assert intra_list_diversity(np.eye(1, dtype=np.float32)) is None


def test_duplicate_rate_counts_the_second_of_a_group() -> None:
    assert duplicate_rate(["a", None, "a", None, "b"]) == pytest.approx(0.2)
    assert duplicate_rate([]) == 0.0


def test_the_interval_of_a_lift_contains_it_and_is_the_same_for_a_seed() -> None:
    rng = np.random.default_rng(0)
    theirs = rng.uniform(0.2, 0.8, 300)
    lift = paired_bootstrap(theirs * 1.1, theirs, seed=4)
    assert lift.mean == pytest.approx(0.1)
    assert lift.low <= lift.mean <= lift.high
    assert lift == paired_bootstrap(theirs * 1.1, theirs, seed=4)


def test_paired_queries_are_needed() -> None:
    with pytest.raises(ValueError, match="same queries"):
        paired_bootstrap([1.0], [1.0, 2.0], seed=0)
    assert bootstrap_mean([0.5, 0.5], seed=0).low == pytest.approx(0.5)
