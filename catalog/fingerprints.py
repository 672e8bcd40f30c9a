"""What duplicate detection keeps of a picture: two perceptual hashes and a small thumbnail.

The hash is the usual pHash (DCT of a 32 × 32 grey picture, signs of the 8 × 8 lowest frequencies
against their median), as imagehash computes it, of the picture and of its mirror image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from catalog.alignment import HEIGHT, WIDTH, channel_most
from catalog.placing import GAINS

HASH_SIDE = 8
GREY_SIDE = 32
TRIM_TOLERANCE = 0.08
TRIM_PASSES = 2
ROWS, COLUMNS = 8, 6

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """Of one picture."""

    hashes: NDArray[np.uint64]
    """Shape (2,): the pHash of the picture and of its mirror image."""
    thumbnail: NDArray[np.uint8]
    """Shape (64, 48, 3)."""
    look: Floats
    """`descriptor` of the thumbnail."""
    colour: Floats
    """Shape (3,): the mean colour of what the thumbnail shows."""


def fingerprint(data: bytes) -> Fingerprint:
    """The fingerprint of an encoded picture. OSError when Pillow cannot read it."""
    with Image.open(BytesIO(data)) as opened:
        opened.draft("RGB", (4 * WIDTH, 4 * HEIGHT))
        image = ImageOps.exif_transpose(opened)
        image = _opaque(image)
    grey = image.convert("L").resize((GREY_SIDE, GREY_SIDE), Image.Resampling.LANCZOS)
    values = np.asarray(grey, dtype=np.float64)
    large = min(image.size) > 2 * WIDTH
    small = image.resize(
        (WIDTH, HEIGHT), Image.Resampling.BOX if large else Image.Resampling.BICUBIC
    )
    thumbnail = np.asarray(small, dtype=np.uint8)
    return Fingerprint(
        hashes=np.array([_phash(values), _phash(values[:, ::-1])], dtype=np.uint64),
        thumbnail=thumbnail,
        look=descriptor(thumbnail),
        colour=mean_colour(thumbnail),
    )


def descriptor(thumbnail: NDArray[np.uint8]) -> Floats:
    """A unit vector that a copy nearly shares: the shown thing's box, coarse, the same mirrored.

    Two pictures whose descriptors are far apart are not worth laying over each other.
    """
    pixels: Floats = np.asarray(thumbnail / 255, dtype=np.float32)
    for _ in range(TRIM_PASSES):
        pixels = _trimmed(pixels)
    cells = _cells(pixels)
    cells = cells - cells.mean()
    mirrored = cells[:, ::-1]
    half = COLUMNS // 2
    both = np.concatenate([(cells + mirrored)[:, :half], np.abs(cells - mirrored)[:, :half]])
    flat = both.reshape(-1)
    return np.asarray(flat / (np.linalg.norm(flat) + 1e-6), dtype=np.float32)


def mean_colour(thumbnail: NDArray[np.uint8]) -> Floats:
    """Red, green and blue, 0 to 1, of the pixels that stand out from the border's colour; of all if none."""
    pixels: Floats = np.asarray(thumbnail / 255, dtype=np.float32)
    shown = _standing_out(pixels)
    return np.asarray(pixels[shown if shown.any() else ~shown].mean(axis=0), dtype=np.float32)


def tint_difference(first: Floats, second: Floats) -> Floats:
    """Of mean colours (n, 3): how far apart without lightness, as they are or evenly bright."""
    gain = first.mean(axis=1) / np.maximum(second.mean(axis=1), 1e-3)
    gain = np.clip(gain, *GAINS)[:, None]
    ours, theirs = _tint(first), _tint(second)
    plain = np.abs(ours - theirs).mean(axis=1)
    evened = np.abs(ours / np.minimum(gain, 1) - theirs * np.maximum(gain, 1)).mean(axis=1)
    return np.asarray(np.minimum(plain, evened), dtype=np.float32)


def hamming(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Bits between pictures' hashes (…, 2), mirrored or not, whichever is less: (…)."""
    plain = np.bitwise_count(a[..., 0] ^ b[..., 0])
    return np.asarray(np.minimum(plain, np.bitwise_count(a[..., 0] ^ b[..., 1])), dtype=np.uint8)


def _opaque(image: Image.Image) -> Image.Image:
    """RGB; what is transparent is laid on white."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        ground.alpha_composite(layer)
        return ground.convert("RGB")
    return image.convert("RGB")


def _phash(grey: NDArray[np.float64]) -> int:
    low = _cosines() @ grey @ _cosines().T
    bits = (low > np.median(low)).reshape(-1)
    return int("".join("1" if bit else "0" for bit in bits), 2)


@cache
def _cosines() -> NDArray[np.float64]:
    """The first HASH_SIDE rows of the type-II discrete cosine transform."""
    index = np.arange(GREY_SIDE)
    return 2 * np.cos(
        np.pi * (2 * index[None] + 1) * np.arange(HASH_SIDE)[:, None] / (2 * GREY_SIDE)
    )


def _trimmed(pixels: Floats) -> Floats:
    """Without a border of one colour; unchanged when nothing stands out."""
    shown = _standing_out(pixels)
    rows = np.flatnonzero(shown.mean(axis=1) > 0.03)
    columns = np.flatnonzero(shown.mean(axis=0) > 0.03)
    if len(rows) < 4 or len(columns) < 4:
        return pixels
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _standing_out(pixels: Floats) -> NDArray[np.bool_]:
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    away = np.abs(pixels - np.median(border, axis=0))
    return np.asarray(channel_most(away) > TRIM_TOLERANCE)


def _tint(colours: Floats) -> Floats:
    return np.asarray(colours - colours.mean(axis=1, keepdims=True))


def _cells(pixels: Floats) -> Floats:
    """Means over a grid of ROWS × COLUMNS cells."""
    by_row = _shares(pixels.shape[0], ROWS)
    by_column = _shares(pixels.shape[1], COLUMNS)
    moved = np.tensordot(by_row, pixels, axes=(1, 0))
    return np.asarray(np.tensordot(by_column, moved, axes=(1, 1)).transpose(1, 0, 2), np.float32)


@cache
def _shares(length: int, cells: int) -> Floats:
    """Which share of each pixel falls into each cell; rows sum to 1."""
    edges = np.linspace(0, length, cells + 1)
    pixel = np.arange(length)
    low = np.maximum(edges[:-1, None], pixel[None])
    high = np.minimum(edges[1:, None], pixel[None] + 1)
    shares = np.maximum(0, high - low)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float32)
