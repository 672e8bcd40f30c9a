"""LambdaMART on judged queries: monotone, early stopped, with as few trees as the measure allows."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from ranking.features import DEFAULTS, FEATURES, NAMES, POSITION, feature_names
from ranking.grades import GAINS
from ranking.judged import RankingData
from ranking.measures import ndcg
from ranking.scorers import POLICY_COLUMNS

UNLEARNT = feature_names("offer") | feature_names("policy")
"""Hidden from trees that learn from attribute grades: those know nothing of offers. Offers come in by
the marketplace's stated policy alone, added to what the trees say."""
POLICY_WEIGHTS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8, 1.0)
"""Weights of a policy point that are tried."""
ACCEPTANCE_WEIGHTS = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0)
"""Weights of the expected acceptance that are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSettings:
    """Everything that decides the model beside the data."""

    trees: int = 100
    leaves: int = 31
    learning_rate: float = 0.08
    least_rows: int = 60
    feature_share: float = 0.7
    l2: float = 5.0
    patience: int = 15
    truncation: int = 20
    policy_cost: float = 0.01
    """The greatest policy weight that costs at most this share of held-out nDCG@10 is kept."""
    enough: float = 0.001
    """The fewest trees whose nDCG@10 is within this share of the best are kept."""
    seed: int = 20261124
    threads: int = 2
    hidden: frozenset[str] = UNLEARNT


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Quality and cost of the first `trees` trees: nDCG@10 held out, ms for 200 rows on one thread."""

    trees: int
    ndcg10: float
    ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedTrees:
    """LightGBM's own text, cut to `trees`, and the curve that chose them."""

    text: str = field(repr=False)
    trees: int
    policy_weight: float
    acceptance_weight: float
    curve: tuple[CurvePoint, ...]


def train_trees(train: RankingData, valid: RankingData, settings: TrainingSettings) -> TrainedTrees:
    """Learn from `train`, stop and cut by nDCG@10 of `valid`, both with the feature table's columns."""
    parameters = _parameters(settings) | {
        "monotone_constraints": [f.monotone for f in FEATURES],
        "label_gain": list(GAINS),
    }
    learned = lightgbm.Dataset(
        _hidden(train.features, settings.hidden),
        train.grades,
        group=train.sizes,
        position=train.positions,
        feature_name=list(NAMES),
        free_raw_data=False,
    )
    held = lightgbm.Dataset(
        _hidden(valid.features, settings.hidden),
        valid.grades,
        group=valid.sizes,
        reference=learned,
    )
    booster = lightgbm.train(
        parameters,
        learned,
        num_boost_round=settings.trees,
        valid_sets=[held],
        callbacks=[lightgbm.early_stopping(settings.patience, verbose=False)],
    )
    curve = measure_curve(booster, valid, booster.best_iteration)
    trees = fewest(curve, settings.enough)
    relevance = _predict(booster, valid.features, trees)
    acceptance = choose_acceptance_weight(relevance, valid, settings.enough)
    relevance += acceptance * valid.features[:, POSITION["cultural_acceptance"]]
    return TrainedTrees(
        text=booster.model_to_string(num_iteration=trees),
        trees=trees,
        policy_weight=choose_policy_weight(relevance, valid, settings.policy_cost),
        acceptance_weight=acceptance,
        curve=curve,
    )


def choose_acceptance_weight(
    relevance: NDArray[np.float64], valid: RankingData, enough: float
) -> float:
    """The greatest of ACCEPTANCE_WEIGHTS whose nDCG@10 is within `enough` of the best."""
    accepted = valid.features[:, POSITION["cultural_acceptance"]]
    found = {w: mean_ndcg(relevance + w * accepted, valid, 10) for w in ACCEPTANCE_WEIGHTS}
    least = max(found.values()) * (1 - enough)
    return max(weight for weight, value in found.items() if value >= least)


def choose_policy_weight(relevance: NDArray[np.float64], valid: RankingData, cost: float) -> float:
    """The greatest of POLICY_WEIGHTS that costs at most `cost` of nDCG@10; 0 when none does."""
    points = valid.features[:, POLICY_COLUMNS].sum(axis=1)
    least = mean_ndcg(relevance, valid, 10) * (1 - cost)
    kept = 0.0
    for weight in POLICY_WEIGHTS:
        if mean_ndcg(relevance + weight * points, valid, 10) < least:
            break
        kept = weight
    return kept


def train_plain(
    train: RankingData, valid: RankingData, settings: TrainingSettings, *, highest: int
) -> lightgbm.Booster:
    """The same LambdaMART on columns of any other table: no directions, no policy, nothing hidden."""
    parameters = _parameters(settings) | {
        "label_gain": [float(2**g - 1) for g in range(highest + 1)]
    }
    learned = lightgbm.Dataset(
        train.features, train.grades, group=train.sizes, position=train.positions
    )
    held = lightgbm.Dataset(valid.features, valid.grades, group=valid.sizes, reference=learned)
    return lightgbm.train(
        parameters,
        learned,
        num_boost_round=settings.trees,
        valid_sets=[held],
        callbacks=[lightgbm.early_stopping(settings.patience, verbose=False)],
    )


def measure_curve(
    booster: lightgbm.Booster, valid: RankingData, trees: int
) -> tuple[CurvePoint, ...]:
    """Ten points up to `trees`, the last one included."""
    steps = sorted({max(1, round(trees * share / 10)) for share in range(1, 11)})
    return tuple(
        CurvePoint(
            trees=step,
            ndcg10=mean_ndcg(_predict(booster, valid.features, step), valid, 10),
            ms=_milliseconds(booster, valid.features[:200], step),
        )
        for step in steps
    )


def fewest(curve: Sequence[CurvePoint], enough: float) -> int:
    """The fewest trees within `enough` of the curve's best."""
    best = max(point.ndcg10 for point in curve)
    return min(point.trees for point in curve if point.ndcg10 >= best * (1 - enough))


def mean_ndcg(scores: NDArray[np.float64], data: RankingData, k: int) -> float:
    """Mean nDCG@k of ordering each query's rows by score; queries without relevance left out."""
    values = [
        ndcg(data.grades[rows][np.argsort(-scores[rows], kind="stable")], k)
        for rows in data.queries
    ]
    return float(np.mean([value for value in values if value is not None]))


def _parameters(settings: TrainingSettings) -> dict[str, Any]:
    return {
        "objective": "lambdarank",
        "metric": "ndcg",
        "eval_at": [10],
        "lambdarank_truncation_level": settings.truncation,
        "num_leaves": settings.leaves,
        "learning_rate": settings.learning_rate,
        "min_data_in_leaf": settings.least_rows,
        "feature_fraction": settings.feature_share,
        "lambda_l2": settings.l2,
        "num_threads": settings.threads,
        "seed": settings.seed,
        "deterministic": True,
        "force_col_wise": True,
        "verbosity": -1,
    }


def _hidden(features: NDArray[np.float32], names: Collection[str]) -> NDArray[np.float32]:
    """The matrix with some columns at their default: trees cannot split on a constant."""
    shown = features.copy()
    for column, name in enumerate(NAMES):
        if name in names:
            shown[:, column] = DEFAULTS[column]
    return shown


def _predict(
    booster: lightgbm.Booster, features: NDArray[np.float32], trees: int
) -> NDArray[np.float64]:
    found = booster.predict(features, num_iteration=trees, num_threads=1)
    return np.asarray(found, dtype=np.float64)


def _milliseconds(booster: lightgbm.Booster, rows: NDArray[np.float32], trees: int) -> float:
    taken = []
    for _ in range(15):
        start = time.perf_counter()
        _predict(booster, rows, trees)
        taken.append(time.perf_counter() - start)
    return float(np.median(taken) * 1e3)
