from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ranking.diversity import WINDOW, diversified_order
from ranking.measures import intra_list_diversity


def looks(n: int, seed: int = 0, kinds: int = 5) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(kinds, 16))[rng.integers(0, kinds, n)] + 0.2 * rng.normal(
        size=(n, 16)
    )
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def scores(n: int) -> NDArray[np.float64]:
    return np.linspace(3.0, 1.0, n)


@given(st.integers(0, 150), st.floats(0, 1))
def test_it_is_a_permutation_that_leaves_the_first_alone(n: int, strength: float) -> None:
    order = diversified_order(scores(n), looks(n), strength)
    assert sorted(order.tolist()) == list(range(n))
    assert n == 0 or order[0] == 0
    assert order[WINDOW:].tolist() == sorted(order[WINDOW:].tolist())


def test_off_is_the_identity() -> None:
    assert diversified_order(scores(40), looks(40), 0.0).tolist() == list(range(40))


def test_more_strength_gives_a_more_diverse_first_page() -> None:
    vectors = looks(60)
    spread = [
        intra_list_diversity(vectors[diversified_order(scores(60), vectors, s)[:10]])
        for s in (0, 0.3, 0.9)
    ]
    assert spread[0] is not None
    assert spread == sorted(spread, key=lambda value: value or 0.0)
    assert spread[0] < (spread[2] or 0.0)


def test_a_shorter_page_is_the_beginning_of_a_longer_one() -> None:
    vectors = looks(60)
    short = diversified_order(scores(60), vectors, 0.4, picks=10)[:10]
    assert short.tolist() == diversified_order(scores(60), vectors, 0.4, picks=40)[:10].tolist()


def test_equal_scores_are_spread_by_look_alone() -> None:
    same = np.ones(30)
    assert len(set(diversified_order(same, looks(30), 0.5).tolist())) == 30


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_a_strength_that_is_no_share_is_refused(strength: float) -> None:
    with pytest.raises(ValueError, match="from 0"):
        diversified_order(scores(5), looks(5), strength)
