"""Slices: deterministic by photo, and each does what its name says."""

from __future__ import annotations

import numpy as np
import pytest

from tests.vision.training.drawn_pictures import shirt_picture
from vision.photos import Photo
from vision.training.slices import SLICES, sliced

PHOTO = Photo(pixels=shirt_picture(120), width=120, height=120)


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_depends_on_its_name_and_the_photo_alone(name: str) -> None:
    first, again, other = (sliced(name, PHOTO, key) for key in ("a", "a", "b"))
    assert np.array_equal(first.pixels, again.pixels)
    assert (first.height, first.width) == first.pixels.shape[:2]
    same = first.pixels.shape == other.pixels.shape and np.array_equal(first.pixels, other.pixels)
    assert same == (name == "tiny")


def test_three_tenths_are_covered() -> None:
    changed = (sliced("covered", PHOTO, "a").pixels != PHOTO.pixels).any(axis=2)
    assert changed.mean() == pytest.approx(0.3, abs=0.02)


def test_dark_is_dark() -> None:
    assert sliced("dark", PHOTO, "a").pixels.mean() < 0.4 * PHOTO.pixels.mean()


def test_tiny_has_sixty_pixels() -> None:
    assert max(sliced("tiny", PHOTO, "a").pixels.shape) == 60


def test_turning_keeps_the_shirt_and_grows_the_frame() -> None:
    turned = sliced("turned", PHOTO, "a")
    assert turned.width > 120
    red = (turned.pixels[..., 0] > 100) & (turned.pixels[..., 1] < 60)
    before = (PHOTO.pixels[..., 0] > 100) & (PHOTO.pixels[..., 1] < 60)
    assert red.sum() == pytest.approx(before.sum(), rel=0.05)


def test_screenshot_is_taller_than_wide() -> None:
    shown = sliced("screenshot", PHOTO, "a")
    assert shown.height > shown.width


def test_an_unknown_slice_is_no_slice() -> None:
    with pytest.raises(KeyError):
        sliced("upside-down", PHOTO, "a")
