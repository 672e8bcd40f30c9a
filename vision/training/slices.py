"""The same photo under the conditions of a shopper: on a screen, covered, turned, dark, tiny.

Invariants: a slice of a photo depends on its name and the photo's id alone, so that every run and
every model is measured on the same pictures; sizes stay within twice the original's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.framing import edge_colour
from vision.photos import Photo
from vision.training.backgrounds import texture
from vision.training.scenes import Scene
from vision.training.screenshots import screenshot

Pixels = NDArray[np.uint8]
Change = Callable[[Pixels, np.random.Generator], Pixels]

COVERED = 0.3
TURN_DEGREES = 25.0
TINY_SIDE = 60


def sliced(name: str, photo: Photo, photo_id: str) -> Photo:
    """The photo under one of `SLICES`. KeyError when the name is none of them."""
    digest = hashlib.sha256(f"{name}:{photo_id}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    pixels = SLICES[name](photo.pixels, rng)
    return Photo(pixels=pixels, width=pixels.shape[1], height=pixels.shape[0])


def on_screen(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """As a phone's screenshot: status bar, an app's chrome, captions and stickers."""
    scene = Scene(pixels=pixels, objects=(), made="slice")
    longest = round(max(pixels.shape[:2]) * 1.4)
    return screenshot(scene, rng, longest=longest).pixels


def covered(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """30 % of the picture hidden from one side, by something with a texture of its own."""
    height, width = pixels.shape[:2]
    y, x = np.mgrid[:height, :width]
    angle = rng.uniform(0, 2 * np.pi)
    along = x / width * np.cos(angle) + y / height * np.sin(angle)
    hidden = along <= np.quantile(along, COVERED)
    return np.where(hidden[..., None], texture(rng, (width, height)), pixels)


def turned(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Held askew by 10 to 25 degrees either way; the corners take the edge's colour."""
    angle = float(rng.uniform(10.0, TURN_DEGREES) * rng.choice((-1, 1)))
    red, green, blue = (int(v) for v in edge_colour(pixels))
    image = Image.fromarray(pixels).rotate(
        angle, Image.Resampling.BILINEAR, expand=True, fillcolor=(red, green, blue)
    )
    return np.asarray(image)


def dark(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """A fifth to a third of the light, warmer, with the noise of a small sensor."""
    light = pixels * (rng.uniform(0.2, 0.34) * np.array([1.08, 1.0, 0.86]))
    noise = rng.normal(0.0, 5.0, pixels.shape)
    return np.asarray(np.clip(light + noise, 0, 255), dtype=np.uint8)


def tiny(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """60 pixels on the longer side."""
    del rng
    image = Image.fromarray(pixels)
    image.thumbnail((TINY_SIDE, TINY_SIDE), Image.Resampling.BOX)
    return np.asarray(image)


SLICES: Mapping[str, Change] = {
    "screenshot": on_screen, "covered": covered, "turned": turned, "dark": dark, "tiny": tiny,
}  # fmt: skip
