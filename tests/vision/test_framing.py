"""A box becomes a square: squeezed up to 4:3, padded beyond."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search import WHOLE, Box
from vision.framing import edge_colour, framed, inner_size, normalised


def test_a_picture_of_three_to_four_fills_the_square() -> None:
    assert inner_size(300, 400, 160) == (160, 160)


def test_a_long_picture_is_padded_with_the_colour_of_its_edge() -> None:
    picture = np.full((400, 100, 3), 10, dtype=np.uint8)
    picture[150:250, 40:60] = 200
    square = framed(picture, WHOLE, 64)
    assert square.shape == (64, 64, 3)
    assert (square[:, 0] == 10).all()


def test_only_what_stands_in_the_box_is_seen() -> None:
    picture = np.zeros((100, 100, 3), dtype=np.uint8)
    picture[50:, 50:] = 255
    assert framed(picture, Box(0.5, 0.5, 1.0, 1.0), 32).min() == 255


def test_a_box_without_area_gives_the_whole_picture() -> None:
    picture = np.arange(32 * 32 * 3, dtype=np.uint32).reshape(32, 32, 3).astype(np.uint8)
    assert (framed(picture, Box(0.4, 0.4, 0.4, 0.4), 32) == framed(picture, WHOLE, 32)).all()


@given(
    st.integers(1, 300), st.integers(1, 300),
    st.floats(-0.2, 1.2), st.floats(-0.2, 1.2), st.floats(-0.2, 1.2), st.floats(-0.2, 1.2),
)  # fmt: skip
def test_any_box_of_any_picture_gives_a_square(
    width: int, height: int, left: float, top: float, right: float, bottom: float
) -> None:
    picture = np.full((height, width, 3), 77, dtype=np.uint8)
    assert (framed(picture, Box(left, top, right, bottom), 16) == 77).all()


def test_bytes_become_what_the_networks_expect() -> None:
    planes = normalised(np.full((2, 8, 8, 3), 255, dtype=np.uint8))
    assert planes.shape == (2, 3, 8, 8)
    assert planes.dtype == np.float32
    assert planes.max() == pytest.approx(1.0)


def test_the_edge_is_the_median_so_that_a_few_pixels_do_not_colour_it() -> None:
    picture = np.full((20, 20, 3), 240, dtype=np.uint8)
    picture[0, :5] = 0
    assert edge_colour(picture).tolist() == [240, 240, 240]
