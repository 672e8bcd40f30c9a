from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranking.features import NAMES, POSITION
from ranking.judged import RankingData
from ranking.labels import TIERS, gains, plain_labels, refined_labels


def data_of(grades: list[int], points: list[float]) -> RankingData:
    features = np.zeros((len(grades), len(NAMES)), dtype=np.float32)
    features[:, POSITION["policy_rating"]] = points
    return RankingData(features=features, grades=np.array(grades), sizes=np.array([len(grades)]))


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(-5, 5)), min_size=1, max_size=30))
def test_policy_never_lifts_a_product_over_a_better_grade(rows: list[tuple[int, float]]) -> None:
    labels = refined_labels(data_of([g for g, _ in rows], [p for _, p in rows]))
    assert (labels // TIERS).tolist() == [g for g, _ in rows]
    assert all(label == 0 for label, (grade, _) in zip(labels, rows, strict=True) if grade == 0)


def test_more_policy_points_never_give_a_lower_label() -> None:
    labels = refined_labels(data_of([2] * 9, [float(i) for i in range(9)]))
    assert labels.tolist() == [6, 6, 6, 7, 7, 7, 8, 8, 8]


def test_equal_points_share_a_label() -> None:
    data = data_of([3] * 5, [1.0] * 5)
    assert refined_labels(data).tolist() == plain_labels(data).tolist()


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_best_offer_of_a_grade_is_worth_less_than_the_worst_of_the_next(share: float) -> None:
    table = gains(4, share)
    for grade in range(1, 4):
        assert table[grade * TIERS + TIERS - 1] < table[(grade + 1) * TIERS]
    assert table == sorted(table)


def test_a_share_beyond_one_is_refused() -> None:
    with pytest.raises(ValueError, match="policy share"):
        gains(4, 1.5)
