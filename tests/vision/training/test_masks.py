"""Mattes: the thing whole, the studio gone, a busy background refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.training.drawn_pictures import shirt_picture, street
from vision.training.masks import cut_out, flooded, skin


def test_thing_is_cut_to_its_bounds_and_opaque_inside() -> None:
    cut = cut_out(shirt_picture(120))
    assert cut is not None
    assert abs(cut.alpha.shape[0] - 72) <= 2
    assert abs(cut.alpha.shape[1] - 60) <= 2
    assert cut.alpha[36, 30] == 255
    assert cut.alpha[60, 3] == 0
    assert np.abs(cut.rgb[36, 30].astype(int) - (150, 20, 30)).max() == 0


def test_white_cloth_with_shading_inside_an_outline_stays() -> None:
    picture = np.full((100, 100, 3), 255, dtype=np.uint8)
    picture[20:80, 20:80] = 120
    shading = np.random.default_rng(0).integers(243, 254, (54, 54, 1))
    picture[23:77, 23:77] = shading
    cut = cut_out(picture)
    assert cut is not None
    assert (cut.alpha > 200).mean() > 0.9


def test_flat_white_enclosed_by_the_thing_is_a_hole() -> None:
    picture = np.full((100, 100, 3), 255, dtype=np.uint8)
    picture[20:80, 20:80] = 60
    picture[40:60, 40:60] = 255
    cut = cut_out(picture)
    assert cut is not None
    assert cut.alpha[30, 30] == 0
    assert cut.alpha[5, 5] == 255


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(street(), id="busy street"),
        pytest.param(np.full((50, 50, 3), 255, np.uint8), id="nothing on white"),
        pytest.param(np.full((50, 50, 3), 90, np.uint8), id="dark studio"),
    ],
)
def test_a_picture_without_a_plain_background_is_refused(picture: np.ndarray) -> None:
    assert cut_out(picture) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.3, 0.9))
def test_flood_agrees_with_a_plain_search(seed: int, share: float) -> None:
    passable = np.random.default_rng(seed).random((14, 11)) < share
    reached = np.zeros_like(passable)
    todo = [(r, c) for r in range(14) for c in range(11) if r in (0, 13) or c in (0, 10)]
    while todo:
        r, c = todo.pop()
        if 0 <= r < 14 and 0 <= c < 11 and passable[r, c] and not reached[r, c]:
            reached[r, c] = True
            todo += [(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)]
    assert np.array_equal(flooded(passable), reached)


def test_skin_of_every_tone_is_skin_and_cloth_is_not() -> None:
    tones = np.array([[[234, 192, 160], [198, 134, 98], [141, 85, 54], [110, 66, 42]]], np.uint8)
    cloth = np.array([[[30, 60, 160], [40, 140, 60], [250, 250, 250], [128, 128, 128]]], np.uint8)
    assert skin(tones).all()
    assert not skin(cloth).any()
