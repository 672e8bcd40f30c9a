"""What a slice costs is counted photo by photo."""

from __future__ import annotations

import pytest

from service.evaluation.slices import PLAIN, slices_document


def test_points_lost_are_the_difference_on_the_same_photos() -> None:
    plain = [True] * 80 + [False] * 20
    dark = [True] * 70 + [False] * 30

    document = slices_document({PLAIN: plain, "dark": dark})

    assert document["n"] == 100
    assert document[PLAIN] == 0.8
    found = document["dark"]
    assert isinstance(found, dict)
    assert found["top1"] == 0.7
    assert found["points_lost"] == 10.0
    low, high = found["ci"]
    assert 0 < low < 10 < high < 20


def test_slices_of_other_photos_are_refused() -> None:
    with pytest.raises(ValueError, match="plain ones"):
        slices_document({PLAIN: [True, False], "dark": [True]})


def test_slices_without_the_plain_photos_are_refused() -> None:
    with pytest.raises(ValueError, match="plain ones"):
        slices_document({"dark": [True]})
