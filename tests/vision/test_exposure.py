"""Photos taken in too little light: lit, and nothing else touched."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from vision.exposure import LIT, MOST_CAST, MOST_GAIN, UNDEREXPOSED, Pixels, exposed
from vision.photos import decode_photo


def scene(seed: int = 1, size: tuple[int, int] = (90, 60)) -> Pixels:
    """Smooth colours from black to nearly white, as (height, width, 3)."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    pixels = np.asarray(coarse.resize(size, Image.Resampling.BICUBIC)).copy()
    pixels[:12, :12] = 250
    return pixels


def lights(pixels: Pixels) -> float:
    return float(np.percentile(pixels.reshape(-1, 3).mean(axis=1), 99))


def test_a_photo_with_a_bright_part_is_the_same_to_the_last_bit() -> None:
    pixels = scene()
    assert exposed(pixels) is pixels
    mostly_black = np.zeros((80, 80, 3), dtype=np.uint8)
    mostly_black[:10, :10] = 200
    assert exposed(mostly_black) is mostly_black


def test_a_fifth_of_the_light_comes_back_nearly_as_it_was() -> None:
    pixels = scene()
    lit = exposed((pixels * 0.2).astype(np.uint8))
    assert abs(lights(lit) - LIT) < 12
    far = np.abs(lit.astype(float) - pixels).mean()
    assert far < 12 < np.abs(pixels * 0.2 - pixels).mean()


def test_lit_once_is_lit_enough() -> None:
    lit = exposed((scene() * 0.3).astype(np.uint8))
    assert exposed(lit) is lit


def test_a_warm_lamp_goes_and_a_red_cloth_stays_red() -> None:
    warm = exposed((scene() * np.array([0.33, 0.3, 0.26])).astype(np.uint8))
    white = warm[4, 4].astype(float)
    assert white.max() / white.min() < 1.05
    cloth = np.full((64, 64, 3), (90, 12, 14), dtype=np.uint8)
    red, green, blue = exposed(cloth)[32, 32].astype(float)
    assert red / max(green, blue) > 90 / 14 / MOST_CAST
    assert lights(exposed(cloth)) > lights(cloth)


def test_the_gain_is_bounded_and_black_stays_black() -> None:
    assert not exposed(np.zeros((5, 4, 3), dtype=np.uint8)).any()
    faint = np.full((40, 40, 3), 10, dtype=np.uint8)
    assert exposed(faint).max() <= 10 * MOST_GAIN
    assert exposed(np.full((1, 1, 3), UNDEREXPOSED - 8, dtype=np.uint8)).shape == (1, 1, 3)


def test_an_upload_is_lit_before_anything_looks_at_it() -> None:
    stream = BytesIO()
    Image.fromarray((scene(size=(900, 600)) * 0.25).astype(np.uint8)).save(
        stream, "JPEG", quality=95
    )
    photo = decode_photo(stream.getvalue())
    assert lights(photo.pixels) > UNDEREXPOSED
    assert photo.sharper is not None
    assert lights(photo.sharper()) > UNDEREXPOSED
