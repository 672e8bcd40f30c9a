"""Teaching some concepts anew leaves all others' logits as they were."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from vision.training.concept_fitting import RowFit, fit_rows
from vision.training.linear import Linear

CLASSES, WIDTH, EACH = 4, 12, 60
"""The last class is one that the head never learned."""


def pictures() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    labels = np.repeat(np.arange(CLASSES), EACH)
    features = rng.normal(0, 0.3, (len(labels), WIDTH))
    features[np.arange(len(labels)), labels] += 3
    return features.astype(np.float32), labels


def start() -> Linear:
    weight = np.zeros((WIDTH, CLASSES), dtype=np.float32)
    weight[[0, 1, 2], [0, 1, 2]] = 3
    bias = np.array([0, 0, 0, -9], dtype=np.float32)
    return Linear(weight=weight, bias=bias)


def taught(moved: list[bool]) -> tuple[Linear, np.ndarray, np.ndarray]:
    features, labels = pictures()
    plan = RowFit(steps=600, rate=5e-2, batch=128, hold=0.1)
    weights = np.full(len(labels), 1 / len(labels))
    fitted = fit_rows(
        features, np.eye(CLASSES, dtype=bool)[labels], weights, start(), np.array(moved), plan
    )
    return fitted, features, labels


def test_a_concept_never_learned_is_told_apart_and_the_others_stay() -> None:
    fitted, features, labels = taught([False, False, False, True])
    before = (features @ start().weight + start().bias).argmax(1)
    after = (features @ fitted.weight + fitted.bias).argmax(1)
    assert (before[labels == 3] == 3).mean() == 0
    assert (after == labels).mean() > 0.95
    assert np.array_equal(fitted.weight[:, :3], start().weight[:, :3])
    assert np.array_equal(fitted.bias[:3], start().bias[:3])


def test_nothing_moves_when_nothing_is_wanted() -> None:
    fitted, _, _ = taught([False] * CLASSES)
    assert np.array_equal(fitted.weight, start().weight)
    assert np.array_equal(fitted.bias, start().bias)


def test_the_same_seed_teaches_the_same() -> None:
    one, _, _ = taught([False, False, True, True])
    two, _, _ = taught([False, False, True, True])
    assert np.array_equal(one.weight, two.weight)
