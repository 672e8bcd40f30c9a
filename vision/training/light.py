"""What a camera adds: uneven light, colour casts, blur, noise, lost resolution, JPEG."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.uint8]


def lit(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Uneven brightness, a colour cast and a change of contrast; each is mild as a rule."""
    height, width = pixels.shape[:2]
    corners = 1.0 + rng.normal(0, 0.1, (3, 3))
    field = Image.fromarray(corners.astype(np.float32)).resize(
        (width, height), Image.Resampling.BILINEAR
    )
    cast = 1.0 + rng.normal(0, 0.05, 3)
    level = float(np.exp(rng.normal(0, 0.18)))
    contrast = float(rng.uniform(0.8, 1.15))
    gain = (cast * level * contrast).astype(np.float32)
    offset = np.float32(128 * (1 - contrast) * level)
    light = pixels * (np.asarray(field)[..., None] * gain) + offset
    return np.asarray(np.clip(light, 0, 255), dtype=np.uint8)


def photographed(pixels: Pixels, rng: np.random.Generator, *, encode: bool = True) -> Pixels:
    """Blur, lost resolution, noise and, when `encode`, a real JPEG; each only some of the time."""
    image = Image.fromarray(pixels)
    chance = rng.random()
    if chance < 0.15:
        image = image.filter(ImageFilter.BoxBlur(float(rng.uniform(0.4, 1.6))))
    elif chance < 0.35:
        small = float(rng.uniform(0.25, 0.7))
        size = (max(16, int(image.width * small)), max(16, int(image.height * small)))
        image = image.resize(size, Image.Resampling.BOX).resize(
            image.size, Image.Resampling.BILINEAR
        )
    if encode and rng.random() < 0.7:
        out = BytesIO()
        image.save(out, "JPEG", quality=int(rng.integers(35, 95)))
        with Image.open(out) as again:
            return np.asarray(again.convert("RGB"))
    if rng.random() < 0.3:
        noise = rng.integers(-8, 9, (image.height, image.width, 1), dtype=np.int16)
        noisy = np.asarray(image).astype(np.int16) + noise
        return np.asarray(np.clip(noisy, 0, 255), dtype=np.uint8)
    return np.asarray(image)
