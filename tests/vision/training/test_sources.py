"""What each concept is learned from, counted by kind."""

from __future__ import annotations

import numpy as np

from vision.training.corpus import Item
from vision.training.sources import SHARED, sources_of
from vision.training.views import Source

CLASSES = ("saree", "dhoti", "lungi")


def item(key: str, *allowed: str) -> Item:
    return Item(
        source=Source(pixels=np.zeros((4, 4, 3), dtype=np.uint8)),
        allowed=np.array([name in allowed for name in CLASSES]),
        colour=-1,
        gender=-1,
        key=key,
        group="g",
    )


def test_pictures_are_counted_by_kind_and_shared_labels_apart() -> None:
    items = [
        item("catalog:saree", "saree"),
        item("catalog:saree", "saree"),
        item("ethnic_extra:dhoti", "dhoti"),
        item("drawn:dhoti", "dhoti"),
        item("made:lungi", "lungi"),
        item("street:dhoti|lungi", "dhoti", "lungi"),
    ]
    found = sources_of(items, CLASSES)
    assert found["saree"] == {"shop": 2}
    assert found["dhoti"] == {"photo": 1, "drawn": 1, SHARED: 1}
    assert found["lungi"] == {"made": 1, SHARED: 1}


def test_a_class_without_any_picture_is_told() -> None:
    assert sources_of([item("catalog:saree", "saree")], CLASSES)["lungi"] == {}
