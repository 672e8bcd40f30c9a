"""What turns a feature matrix into scores: LightGBM's trees, or a documented linear blend."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

import lightgbm
import numpy as np
from numpy.typing import NDArray

from ranking.features import DEFAULTS, FEATURES, NAMES, POSITION

Matrix = NDArray[np.float32]
Scores = NDArray[np.float64]

POLICY_COLUMNS = [POSITION[feature.name] for feature in FEATURES if feature.group == "policy"]


class Scorer(Protocol):
    """Scores rows of the feature table; higher is better."""

    @property
    def version(self) -> str: ...

    def score(self, matrix: Matrix) -> Scores:
        """Shape (rows,)."""
        ...

    def contributions(self, matrix: Matrix) -> Scores:
        """Shape (rows, features + 1), the bias last; a row sums to its score."""
        ...


LINEAR_WEIGHTS: Mapping[str, float] = {
    "similarity": 3.0,
    "cultural_acceptance": 2.0,
    "acceptance_of_best": 0.5,
    "colour_intersection": 1.0,
    "texture_cosine": 0.3,
    "concept_vote": 0.5,
    "gender_agreement": 1.0,
    "policy_rating": 0.15,
    "policy_price": 0.15,
    "policy_prime": 0.15,
    "policy_availability": 0.15,
    "size_available": 0.5,
    "slot_colour": 1.0,
    "slot_price": 0.5,
    "slot_concept": 0.5,
}
"""The blend that ranks when no model file is there: set by hand, relevance first, policy behind it."""


class LinearScorer:
    """Sum of weight × (value − default); a missing input changes nothing. Unknown names: KeyError."""

    def __init__(self, weights: Mapping[str, float] = LINEAR_WEIGHTS) -> None:
        self._weights = np.zeros(len(NAMES))
        for name, weight in weights.items():
            self._weights[POSITION[name]] = weight

    @property
    def version(self) -> str:
        return "linear"

    def score(self, matrix: Matrix) -> Scores:
        return np.asarray((matrix - DEFAULTS) @ self._weights, dtype=np.float64)

    def contributions(self, matrix: Matrix) -> Scores:
        parts = (matrix - DEFAULTS) * self._weights
        return np.column_stack([parts, np.zeros(len(matrix))])


class TreeScorer:
    """A LightGBM model as text, on one thread, plus acceptance and policy points, each × a weight.

    The trees answer for relevance and never see the policy columns; the points are added, so that a
    weight of the locale file acts exactly as it says. The expected acceptance is added too: what a
    culture accepts best leads what it accepts second, unless the pictures say otherwise loudly or
    the head is unsure.

    The booster is made at the first prediction, never at load: LightGBM's threads do not survive
    a fork, so a worker predicts for the first time after it.
    """

    def __init__(
        self,
        text: str,
        version: str,
        *,
        policy_weight: float = 0.0,
        acceptance_weight: float = 0.0,
    ) -> None:
        self._text = text
        self._version = version
        self._policy = np.zeros(len(NAMES))
        self._policy[POLICY_COLUMNS] = policy_weight
        self._policy[POSITION["cultural_acceptance"]] = acceptance_weight

    @property
    def version(self) -> str:
        return self._version

    def score(self, matrix: Matrix) -> Scores:
        if len(matrix) == 0:
            return np.empty(0)
        relevance = self._booster.predict(matrix, raw_score=True, num_threads=1)
        return np.asarray(relevance, dtype=np.float64) + matrix @ self._policy

    def contributions(self, matrix: Matrix) -> Scores:
        if len(matrix) == 0:
            return np.empty((0, matrix.shape[1] + 1))
        found = self._booster.predict(matrix, pred_contrib=True, num_threads=1)
        parts = np.asarray(found, dtype=np.float64)
        parts[:, :-1] += matrix * self._policy
        return parts

    @cached_property
    def _booster(self) -> lightgbm.Booster:
        return lightgbm.Booster(model_str=self._text)
