from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import lightgbm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ranking.features import FEATURES, HIGHS, LOWS, NAMES, POSITION
from ranking.judged import RankingData, judge
from ranking.measures import ndcg
from ranking.scorers import LinearScorer, TreeScorer
from ranking.simulation import nearest, simulated_query
from ranking.training import (
    ACCEPTANCE_WEIGHTS,
    POLICY_WEIGHTS,
    UNLEARNT,
    CurvePoint,
    TrainingSettings,
    choose_acceptance_weight,
    choose_policy_weight,
    fewest,
    mean_ndcg,
    train_plain,
    train_trees,
)
from tests.ranking.trained import (
    SMALL,
    held_out,
    judged_queries,
    trained,
    training_data,
    training_market,
)


def scorer() -> TreeScorer:
    return TreeScorer(trained().text, version="test", policy_weight=trained().policy_weight)


def test_the_trees_beat_similarity_on_photos_not_trained_on() -> None:
    data = RankingData.from_judged(held_out())
    model = mean_ndcg(scorer().score(data.features), data, 10)
    similarity = mean_ndcg(data.features[:, POSITION["similarity"]].astype(np.float64), data, 10)
    assert model > similarity * 1.1


@given(
    column=st.sampled_from([c for c, f in enumerate(FEATURES) if f.monotone]),
    seed=st.integers(0, 10_000),
    share=st.floats(0.01, 1.0),
)
@settings(deadline=None, max_examples=60)
def test_the_score_never_moves_against_a_stated_direction(
    column: int, seed: int, share: float
) -> None:
    """Any row, any constrained feature moved up: the score moves as the table says, or stays."""
    rng = np.random.default_rng(seed)
    row = (LOWS + (HIGHS - LOWS) * rng.random(len(NAMES))).astype(np.float32)
    data = training_data().features
    row = np.where(rng.random(len(NAMES)) < 0.7, data[rng.integers(len(data))], row).astype(
        np.float32
    )
    higher = row.copy()
    higher[column] += (HIGHS[column] - row[column]) * share
    before, after = scorer().score(np.stack([row, higher]))
    assert (after - before) * FEATURES[column].monotone >= -1e-12


def test_trees_of_attribute_grades_never_look_at_an_offer() -> None:
    """Neither raw offers nor policy points are split on; what the photo shows is."""
    split = lightgbm.Booster(model_str=trained().text).feature_importance("split")
    importance = dict(zip(NAMES, split, strict=True))
    assert sum(importance[name] for name in UNLEARNT) == 0
    assert importance["similarity"] + importance["cultural_acceptance"] > 0


def test_policy_lifts_the_first_pages_rating_at_little_cost_in_relevance() -> None:
    data = RankingData.from_judged(held_out())
    relevance_only = TreeScorer(trained().text, version="plain").score(data.features)
    with_policy = TreeScorer(trained().text, version="p", policy_weight=0.3).score(data.features)
    assert first_rating(with_policy, data) > first_rating(relevance_only, data) + 0.03
    assert mean_ndcg(with_policy, data, 10) > mean_ndcg(relevance_only, data, 10) * 0.97


def test_the_policy_weight_is_the_greatest_within_its_cost() -> None:
    valid = RankingData.from_judged(judged_queries(range(900, 940)))
    relevance = TreeScorer(trained().text, version="plain").score(valid.features)
    weights = [choose_policy_weight(relevance, valid, cost) for cost in (0.0, 0.01, 1.0)]
    assert weights == sorted(weights)
    assert weights[-1] == POLICY_WEIGHTS[-1]


def with_acceptance(data: RankingData, values: NDArray[np.float64]) -> RankingData:
    changed = replace(data, features=data.features.copy())
    changed.features[:, POSITION["cultural_acceptance"]] = values
    return changed


def test_acceptance_weighs_most_where_it_is_the_truth_and_nothing_where_it_misleads() -> None:
    valid = RankingData.from_judged(judged_queries(range(900, 940)))
    truth = valid.grades.astype(np.float64)
    unsure = np.random.default_rng(1).normal(size=len(truth))

    told = choose_acceptance_weight(unsure, with_acceptance(valid, truth / 4), 0.0)
    misled = choose_acceptance_weight(truth / 4, with_acceptance(valid, -truth), 0.0)

    assert told == ACCEPTANCE_WEIGHTS[-1]
    assert misled == 0.0


def test_policy_points_are_added_as_they_stand() -> None:
    """One point more is one weight more, in the score and in its contribution."""
    weighed = TreeScorer(trained().text, version="p", policy_weight=0.25)
    rows = training_data().features[:2].copy()
    rows[1] = rows[0]
    rows[1, POSITION["policy_rating"]] += 1.0
    before, after = weighed.score(rows)
    assert after - before == pytest.approx(0.25, abs=1e-6)
    parts = weighed.contributions(rows)[:, POSITION["policy_rating"]]
    assert parts[1] - parts[0] == pytest.approx(0.25, abs=1e-6)


def first_rating(scores: NDArray[np.float64], data: RankingData) -> float:
    column = data.features[:, POSITION["shrunk_rating"]]
    return float(
        np.mean([column[rows][np.argsort(-scores[rows])[:10]].mean() for rows in data.queries])
    )


def test_the_same_seed_gives_the_same_trees() -> None:
    valid = RankingData.from_judged(judged_queries(range(900, 940)))
    assert train_trees(training_data(), valid, SMALL).text == trained().text


def test_a_photos_truth_changes_its_labels_and_not_its_rows() -> None:
    """Two truths of one photo: the feature rows are equal to the last bit, the grades are not."""
    market = training_market()
    query, truth = simulated_query(market, seed=77)
    candidates = nearest(market.candidates, query.look.vector, 120)
    other = replace(truth, colour="purple", gender="girls")
    ours, theirs = (
        RankingData.from_judged([judge("q", query, candidates, t, market.candidates)])
        for t in (truth, other)
    )
    np.testing.assert_array_equal(ours.features, theirs.features)
    assert (ours.grades != theirs.grades).any()


def test_queries_without_a_relevant_candidate_are_left_out() -> None:
    one = held_out()[0]
    nothing = replace(one, grades=np.zeros_like(one.grades))
    assert len(RankingData.from_judged([one, nothing]).sizes) == 1
    with pytest.raises(ValueError, match="none of 1"):
        RankingData.from_judged([nothing])


def test_the_fewest_trees_within_the_tolerance_are_kept() -> None:
    curve = [CurvePoint(trees=t, ndcg10=v, ms=1.0) for t, v in ((10, 0.5), (20, 0.5999), (30, 0.6))]
    assert fewest(curve, 0.001) == 20
    assert fewest(curve, 0.0) == 30
    assert trained().trees <= SMALL.trees


def test_a_measured_mean_leaves_out_queries_without_relevance() -> None:
    data = RankingData(
        features=np.zeros((4, 1), dtype=np.float32),
        grades=np.array([0, 0, 0, 2]),
        sizes=np.array([2, 2]),
    )
    assert mean_ndcg(np.array([1.0, 0.0, 0.0, 1.0]), data, 10) == 1.0


def test_contributions_of_the_trees_sum_to_the_score() -> None:
    rows = training_data().features[:20]
    np.testing.assert_allclose(
        scorer().contributions(rows).sum(axis=1), scorer().score(rows), atol=1e-9
    )


@pytest.mark.parametrize("kind", [LinearScorer(), None], ids=["linear", "trees"])
def test_nothing_scored_is_nothing(kind: LinearScorer | None) -> None:
    empty = np.empty((0, len(NAMES)), dtype=np.float32)
    judge_of = kind or scorer()
    assert judge_of.score(empty).shape == (0,)
    assert judge_of.contributions(empty).shape == (0, len(NAMES) + 1)


@pytest.mark.realdata
def test_the_trainer_is_no_worse_than_a_plain_lightgbm_call(data: Path) -> None:
    """LightGBM's own lambdarank example, 201 queries to learn from and 50 to measure on."""
    folder = data / "text" / "lambdarank"
    train, test = _lambdarank(folder, "train"), _lambdarank(folder, "test")
    ours = train_plain(
        train,
        test,
        TrainingSettings(trees=100, threads=1, least_rows=50, learning_rate=0.1),
        highest=4,
    )
    plain = lightgbm.train(
        {"objective": "lambdarank", "metric": "ndcg", "eval_at": [10], "verbosity": -1, "num_threads": 1,
         "deterministic": True, "force_col_wise": True, "seed": 1},
        lightgbm.Dataset(train.features, train.grades, group=train.sizes),
        num_boost_round=100,
    )  # fmt: skip
    scores = [
        np.asarray(m.predict(test.features, num_threads=1), dtype=np.float64) for m in (ours, plain)
    ]
    assert mean_ndcg(scores[0], test, 10) >= mean_ndcg(scores[1], test, 10)


def _lambdarank(folder: Path, part: str) -> RankingData:
    """LightGBM's libsvm lines: `grade column:value …`."""
    lines = gzip.decompress((folder / f"rank.{part}.gz").read_bytes()).decode().splitlines()
    features = np.zeros((len(lines), 301), dtype=np.float32)
    grades = np.zeros(len(lines), dtype=np.int64)
    for row, line in enumerate(lines):
        grade, *cells = line.split()
        grades[row] = int(grade)
        for cell in cells:
            column, value = cell.split(":")
            features[row, int(column)] = float(value)
    sizes = [int(word) for word in (folder / f"rank.{part}.query").read_text().split()]
    return RankingData(features=features, grades=grades, sizes=np.array(sizes, dtype=np.int64))


def test_the_ideal_counts_what_was_not_retrieved() -> None:
    one = held_out()[0]
    fewer: Sequence[int] = np.sort(one.grades)[::-1][:10].tolist()
    assert (ndcg(fewer, 10, one.ideal) or 0.0) <= 1.0
    assert one.relevant >= int((one.grades > 0).sum())
