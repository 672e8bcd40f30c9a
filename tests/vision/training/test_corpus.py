"""What is trained on: label sets as masks, balanced by class and brand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from catalog.locale_files import load_concepts
from vision.training.corpus import Item, allowed_mask, draw_weights, predicted_classes
from vision.training.views import Source

ROOT = Path(__file__).resolve().parents[3]
TREE = load_concepts(ROOT / "locales" / "concepts.yaml")
CLASSES = predicted_classes(TREE)
BLANK = Source(pixels=np.zeros((8, 8, 3), dtype=np.uint8))


def item(key: str, group: str) -> Item:
    return Item(
        source=BLANK, allowed=np.zeros(1, dtype=bool), colour=-1, gender=-1, key=key, group=group
    )


def test_a_label_on_an_inner_concept_allows_everything_below() -> None:
    allowed = {
        c for c, ok in zip(CLASSES, allowed_mask(("shoes",), TREE, CLASSES), strict=True) if ok
    }
    assert {"heels", "sports_shoes", "jutti"} <= allowed
    assert not allowed & {"socks", "saree"}


def test_inner_concepts_that_nobody_sells_as_such_are_not_answered() -> None:
    assert not {"shoes", "bag", "clothing", "kurta", "home"} & set(CLASSES)
    assert {"shirt", "table", "kurta_women", "earrings"} <= set(CLASSES)


def test_rare_classes_are_drawn_more_often_than_their_share() -> None:
    items = [item("catalog:a", f"b{i}") for i in range(100)] + [item("catalog:b", "x")]
    weights = draw_weights(items, {})
    assert weights.sum() == pytest.approx(1.0)
    assert weights[100] == pytest.approx(1 / 11)


def test_inside_a_class_a_big_brand_does_not_drown_a_small_one() -> None:
    items = [item("catalog:a", "big") for _ in range(81)] + [item("catalog:a", "small")]
    weights = draw_weights(items, {})
    assert weights[81] == pytest.approx(0.1)


def test_a_boost_multiplies_by_data_set_or_label() -> None:
    items = [item("drawn:a", "x"), item("catalog:a", "x"), item("catalog:b", "x")]
    weights = draw_weights(items, {"drawn": 0.5, "b": 2.0})
    assert weights / weights[1] == pytest.approx(np.array([0.5, 1.0, 2.0]))
