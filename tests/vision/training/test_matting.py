"""Things are cut off busy backgrounds; what is no believable thing is left alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("cv2", reason="the extra `train` is not installed")

from vision.training.matting import cut_busy, cut_by

Pixels = NDArray[np.uint8]


def on_a_striped_sheet() -> Pixels:
    """A blue square with a white hole of a print, on red and orange stripes with noise."""
    rng = np.random.default_rng(0)
    pixels = np.zeros((160, 120, 3), dtype=np.uint8)
    pixels[:] = (190, 40, 30)
    pixels[::8] = (220, 120, 30)
    pixels[40:120, 30:90] = (30, 50, 160)
    pixels[70:90, 50:70] = (250, 250, 250)
    noisy = np.clip(pixels + rng.integers(-12, 13, pixels.shape), 0, 255)
    return np.asarray(noisy, dtype=np.uint8)


def test_the_thing_is_cut_off_a_busy_background_with_its_print_inside() -> None:
    cut = cut_busy(on_a_striped_sheet())

    assert cut is not None
    height, width = cut.alpha.shape
    assert abs(height - 80) <= 6
    assert abs(width - 60) <= 6
    assert cut.alpha[10:-10, 10:-10].min() > 200


def test_a_surface_without_a_thing_is_not_cut() -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(100, 120, (120, 90, 3), dtype=np.uint8)

    assert cut_busy(noise) is None


def test_the_same_picture_is_cut_the_same_way() -> None:
    first, second = cut_busy(on_a_striped_sheet()), cut_busy(on_a_striped_sheet())

    assert first is not None
    assert second is not None
    assert np.array_equal(first.alpha, second.alpha)


def test_a_mask_cuts_its_bounds_and_an_empty_one_nothing() -> None:
    pixels = on_a_striped_sheet()
    mask = np.zeros((160, 120), dtype=bool)
    assert cut_by(pixels, mask) is None
    mask[40:120, 30:90] = True

    cut = cut_by(pixels, mask)

    assert cut is not None
    assert abs(cut.alpha.shape[0] - 80) <= 2
    assert np.array_equal(cut.rgb[40, 5], pixels[80, 35])
