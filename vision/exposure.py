"""A photo taken in too little light, lit before anything looks at it.

The networks learned from pictures at a shop's light or somewhat less; a fifth of it is outside all
that they know. A photo with a bright part anywhere is left as it is, to the last bit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.uint8]

BRIGHT = 99.7
"""The percentile of each channel that stands for its lights."""
UNDEREXPOSED = 128
"""Lights below which a photo is lit; of 392 set-aside photos none has such."""
LIT = 245
"""What the lights become."""
MOST_GAIN = 6.0
MOST_CAST = 1.25
"""How much more than the strongest a weaker channel is lit: a lamp's colour goes, a red cloth's stays."""
NOISE_RADIUS = 0.8
"""Pixels of blur: what is lit shows its noise."""
NOISY_SIDE = 384
"""A photo whose shorter side is longer loses its noise when it is made as small as the networks read."""
SAMPLED = 96
"""About so many rows and columns tell the lights."""


def exposed(pixels: Pixels) -> Pixels:
    """The photo, shape (height, width, 3), with its lights at `LIT` if they are underexposed."""
    height, width = pixels.shape[:2]
    sample = pixels[:: max(1, height // SAMPLED), :: max(1, width // SAMPLED)]
    channels = np.maximum(np.percentile(sample.reshape(-1, 3), BRIGHT, axis=0), 1.0)
    lights = float(channels.max())
    if lights >= UNDEREXPOSED:
        return pixels
    cast = np.minimum(lights / channels, MOST_CAST)
    gains = min(LIT / lights, MOST_GAIN) * cast
    image = Image.fromarray(pixels)
    if min(height, width) <= NOISY_SIDE:
        image = image.filter(ImageFilter.GaussianBlur(NOISE_RADIUS))
    lit = np.clip(np.arange(256) * gains[:, None], 0, 255).astype(np.uint8)
    return np.asarray(image.point(lit.ravel().tolist()))
