"""Colour and texture are computed from the thing, not from its background or the wearer's skin."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from catalog.products import COLOURS
from vision.appearance import HISTOGRAM_BINS, SIDE, appearance_of

SHOWN = [
    ("black", (20, 20, 22)),
    ("red", (200, 30, 40)),
    ("green", (60, 120, 70)),
    ("blue", (50, 90, 170)),
    ("pink", (235, 110, 160)),
    ("yellow", (245, 215, 60)),
    ("brown", (110, 70, 45)),
    ("purple", (100, 50, 125)),
    ("orange", (240, 130, 50)),
]


def thing(
    colour: tuple[int, int, int], ground: tuple[int, int, int] = (255, 255, 255)
) -> NDArray[np.uint8]:
    """A square of one colour in the middle of a plain background."""
    picture = np.empty((SIDE, SIDE, 3), dtype=np.uint8)
    picture[:] = ground
    picture[16:48, 16:48] = colour
    return picture


@pytest.mark.parametrize(("word", "rgb"), SHOWN)
def test_the_colour_of_the_thing_is_named(word: str, rgb: tuple[int, int, int]) -> None:
    assert next(iter(appearance_of(thing(rgb)).colours)) == word


@pytest.mark.parametrize("ground", [(255, 255, 255), (90, 140, 90), (30, 30, 30), (210, 190, 160)])
def test_the_background_is_discounted(ground: tuple[int, int, int]) -> None:
    seen = appearance_of(thing((200, 30, 40), ground))
    assert next(iter(seen.colours)) == "red"


def test_skin_beside_the_garment_is_discounted() -> None:
    picture = thing((50, 90, 170))
    picture[16:26, 16:48] = (224, 172, 140)
    assert next(iter(appearance_of(picture).colours)) == "blue"


def test_a_beige_thing_is_not_mistaken_for_skin_alone() -> None:
    seen = appearance_of(thing((215, 185, 150)))
    assert next(iter(seen.colours)) in {"beige", "peach", "gold"}


def test_a_white_thing_on_white_still_has_a_colour() -> None:
    seen = appearance_of(np.full((SIDE, SIDE, 3), 250, dtype=np.uint8))
    assert next(iter(seen.colours)) == "white"


def test_the_same_cloth_on_another_ground_has_nearly_the_same_histogram() -> None:
    first = appearance_of(thing((60, 120, 70))).values[:HISTOGRAM_BINS]
    second = appearance_of(thing((60, 120, 70), (200, 60, 60))).values[:HISTOGRAM_BINS]
    other = appearance_of(thing((200, 30, 140))).values[:HISTOGRAM_BINS]
    assert np.sqrt(first * second).sum() > 0.95
    assert np.sqrt(first * other).sum() < 0.3


def test_stripes_have_their_energy_across_their_direction() -> None:
    picture = thing((0, 0, 0))
    picture[16:48:4, 16:48] = 255
    picture[17:48:4, 16:48] = 255
    horizontal, vertical = appearance_of(picture).values[HISTOGRAM_BINS : HISTOGRAM_BINS + 2]
    assert vertical > 2 * horizontal


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_shapes_and_sums_hold_for_any_pixels(seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    seen = appearance_of(pixels)
    assert seen.values.shape == (32,)
    assert seen.values[:HISTOGRAM_BINS].sum() == pytest.approx(1.0, abs=1e-4)
    assert np.linalg.norm(seen.values[HISTOGRAM_BINS:]) == pytest.approx(1.0, abs=1e-4)
    assert sum(seen.colours.values()) == pytest.approx(1.0)
    assert set(seen.colours) <= set(COLOURS)


@pytest.mark.slow
def test_it_takes_about_two_milliseconds() -> None:
    picture = thing((200, 30, 40))
    times = []
    for _ in range(30):
        began = time.perf_counter()
        appearance_of(picture)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.004
