"""Colour and texture by plain arithmetic: what the networks see badly, computed from the pixels.

The background (colours like the border's) and skin are discounted, so that the garment speaks.
Input is the framed square, RGB uint8 (side, side, 3); 64 pixels a side suffice and take about 1 ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.products import COLOURS

Floats = NDArray[np.float32]

SIDE = 64
"""Pixels a side of the square that `appearance_of` expects for its stated speed."""
HISTOGRAM_BINS = 24
TEXTURE_BINS = 8

_GREYS = 6
_HUES = 9
_LEAST_FOREGROUND = 0.04

_SWATCHES: Mapping[str, tuple[tuple[int, int, int], ...]] = {
    "black": ((37, 1, 0), (23, 0, -1), (11, 0, 0)),
    "white": ((96, 0, 0), (88, 0, 1), (80, 1, 1)),
    "grey": ((70, 0, 0), (56, 1, 0), (45, 0, -1)),
    "beige": ((80, 2, 9), (49, 4, 11), (69, 4, 19)),
    "brown": ((46, 15, 21), (36, 5, 7), (24, 6, 5), (58, 8, 16)),
    "red": ((47, 54, 30), (37, 46, 24), (30, 37, 17)),
    "maroon": ((27, 16, 5), (40, 25, 11), (33, 34, 12)),
    "pink": ((53, 57, 4), (60, 24, 1), (67, 38, 0), (79, 13, 3)),
    "magenta": ((40, 48, -3), (29, 32, -2)),
    "purple": ((40, 32, -23), (45, 16, -10), (27, 11, -8)),
    "lavender": ((70, 7, -3), (80, 13, -12), (60, 28, -18), (51, 18, -6)),
    "blue": ((30, 3, -14), (72, -7, -7), (39, 12, -39), (48, -4, -14)),
    "navy": ((31, 2, -11), (16, 2, -6), (22, 4, -14)),
    "teal": ((38, -9, -5), (65, -25, -7)),
    "green": ((53, -17, 10), (33, -8, 3), (78, -14, 20), (78, -30, 6)),
    "olive": ((36, -1, 9), (49, -7, 14), (26, 1, 5), (61, -1, 15)),
    "yellow": ((77, 5, 66), (80, -1, 26), (84, -4, 48)),
    "mustard": ((71, 14, 56), (48, 12, 28)),
    "gold": ((77, 3, 36), (84, 0, 16), (60, 6, 24)),
    "orange": ((72, 23, 41), (57, 47, 42), (50, 36, 28)),
    "rust": ((36, 24, 20), (45, 24, 26)),
    "peach": ((73, 17, 14), (84, 12, 14)),
    "silver": ((78, 1, 0), (90, 0, 0)),
    "copper": ((59, 12, 15),),
}
"""Typical L*a*b* values of each colour word, clustered from the things of trainable catalogue pictures
and cleaned by hand; `multi` is decided from how many others there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """`values`: shape (32,), 24 colour bins that sum to 1, then 8 texture energies of unit length."""

    values: Floats
    colours: Mapping[str, float]
    """Share by colour word, most first; sums to 1."""


def appearance_of(square: NDArray[np.uint8]) -> Appearance:
    """Colours, histogram and texture of the thing in a framed square."""
    lab = to_lab(square)
    weights = garment_weights(square, lab)
    histogram = colour_histogram(lab, weights)
    texture = texture_energies(lab[..., 0], weights)
    return Appearance(
        values=np.concatenate([histogram, texture]).astype(np.float32),
        colours=colour_shares(lab[::2, ::2], weights[::2, ::2]),
    )


def to_lab(square: NDArray[np.uint8]) -> Floats:
    """SRGB bytes → CIE L*a*b* (D65), float32, the same shape."""
    linear = _LINEAR[square]
    xyz = linear @ _TO_XYZ
    root = np.cbrt(np.maximum(xyz, 1e-6))
    lightness = 116.0 * root[..., 1] - 16.0
    a = 500.0 * (root[..., 0] - root[..., 1])
    b = 200.0 * (root[..., 1] - root[..., 2])
    return np.stack([lightness, a, b], axis=-1).astype(np.float32)


def garment_weights(square: NDArray[np.uint8], lab: Floats) -> Floats:
    """How much each pixel belongs to the thing, shape (side, side), sums to 1.

    Pixels like the border's typical colours and skin count little; where that leaves next to
    nothing (white on white), the middle of the picture counts.
    """
    side = square.shape[0]
    middle = _middle(side)
    away = np.full((side, side), np.inf, dtype=np.float32)
    for colour in _border_palette(lab):
        away = np.minimum(away, np.sqrt(((lab - colour) ** 2).sum(-1)))
    foreground = np.clip((away - 7.0) / 14.0, 0.0, 1.0)
    if float(foreground.mean()) < _LEAST_FOREGROUND:
        foreground = np.ones_like(foreground)
    weights = foreground * middle
    skin = _skin(square)
    if float((weights * skin).sum()) < 0.6 * float(weights.sum()):
        weights = weights * (1.0 - 0.85 * skin)
    return np.asarray(weights / max(float(weights.sum()), 1e-9), dtype=np.float32)


def colour_histogram(lab: Floats, weights: Floats) -> Floats:
    """Soft shares of 6 greys and 9 hues, dark and light. Shape (24,), sums to 1."""
    lightness, a, b = (lab[..., i].ravel() for i in range(3))
    mass = weights.ravel()
    chroma = np.hypot(a, b)
    coloured = 1.0 / (1.0 + np.exp(-(chroma - 13.0) / 3.0))
    bins = np.zeros(HISTOGRAM_BINS, dtype=np.float64)
    place = np.clip(lightness / 100.0, 0, 0.999) * (_GREYS - 1)
    low = place.astype(np.intp)
    rest = place - low
    grey = mass * (1 - coloured)
    bins[:_GREYS] += np.bincount(low, grey * (1 - rest), _GREYS)
    bins[:_GREYS] += np.bincount(low + 1, grey * rest, _GREYS)
    hue = (np.arctan2(b, a) / (2 * np.pi) % 1.0) * _HUES
    first = hue.astype(np.intp) % _HUES
    turn = hue - np.floor(hue)
    light = 1.0 / (1.0 + np.exp(-(lightness - 52.0) / 8.0))
    for shade, share in ((0, 1 - light), (1, light)):
        tinted = mass * coloured * share
        start = _GREYS + shade * _HUES
        bins[start : start + _HUES] += np.bincount(first, tinted * (1 - turn), _HUES)
        bins[start : start + _HUES] += np.bincount((first + 1) % _HUES, tinted * turn, _HUES)
    return np.asarray(bins / max(bins.sum(), 1e-9), dtype=np.float32)


def texture_energies(lightness: Floats, weights: Floats) -> Floats:
    """Mean slope in four directions at two scales, shape (8,), unit length (zeros when flat)."""
    energies = []
    for step in (1, 3):
        core = lightness[step:-step, step:-step]
        mass = weights[step:-step, step:-step]
        total = max(float(mass.sum()), 1e-9)
        for dy, dx in ((0, step), (step, 0), (step, step), (step, -step)):
            height, width = lightness.shape
            moved = lightness[step + dy : height - step + dy, step + dx : width - step + dx]
            energies.append(float((np.abs(moved - core) * mass).sum()) / total)
    values = np.sqrt(np.asarray(energies, dtype=np.float32))
    length = float(np.linalg.norm(values))
    return np.asarray(values / max(length, 1e-6), dtype=np.float32)


def colour_shares(lab: Floats, weights: Floats) -> dict[str, float]:
    """Share of the thing by colour word; `multi` takes over as the words spread."""
    flat, mass = lab.reshape(-1, 3), weights.ravel()
    kept = mass > mass.max() * 0.1
    flat, mass = flat[kept], mass[kept] / mass[kept].sum()
    scaled, swatches = flat * _LAB_WEIGHTS, _SWATCH_LAB * _LAB_WEIGHTS
    squares = (scaled**2).sum(1)[:, None] + (swatches**2).sum(1)[None]
    distance = squares - 2.0 * scaled @ swatches.T
    nearest = np.exp(-(distance - distance.min(1, keepdims=True)) / 60.0)
    nearest /= nearest.sum(1, keepdims=True)
    shares = np.zeros(len(COLOURS), dtype=np.float64)
    np.add.at(shares, _SWATCH_WORD, mass @ nearest)
    spread = float(np.exp(-(shares[shares > 0] * np.log(shares[shares > 0])).sum()))
    multi = float(np.clip((spread - 11.5) / 6.0, 0.0, 0.8))
    shares *= 1 - multi
    shares[COLOURS.index("multi")] = multi
    order = np.argsort(-shares, kind="stable")
    found = {COLOURS[i]: float(shares[i]) for i in order if shares[i] > 0.01}
    total = sum(found.values())
    return {word: share / total for word, share in found.items()}


def _border_palette(lab: Floats) -> list[Floats]:
    """Up to three typical colours of the border: the median, then of what it leaves unexplained."""
    rest = np.concatenate([lab[:2].reshape(-1, 3), lab[-2:].reshape(-1, 3),
                           lab[:, :2].reshape(-1, 3), lab[:, -2:].reshape(-1, 3)])  # fmt: skip
    least = len(rest) // 5
    palette: list[Floats] = []
    while len(rest) > least and len(palette) < 3:
        colour = np.asarray(np.median(rest, axis=0), dtype=np.float32)
        far = np.sqrt(((rest - colour) ** 2).sum(-1)) > 14.0
        if far.sum() == len(rest):
            break
        palette.append(colour)
        rest = rest[far]
    return palette


def _middle(side: int) -> Floats:
    """A prior that falls from 1 in the middle to about a quarter at the corners."""
    place = (np.arange(side, dtype=np.float32) + 0.5) / side - 0.5
    fall = np.exp(-((place / 0.42) ** 2))
    return np.asarray(fall[:, None] * fall[None, :], dtype=np.float32)


def _skin(square: NDArray[np.uint8]) -> Floats:
    """1 where a pixel has the colour of skin (after Kovac et al. 2003 with a chroma band; rough)."""
    red, green, blue = (square[..., i].astype(np.float32) for i in range(3))
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    cb, cr = 128 + 0.564 * (blue - luma), 128 + 0.713 * (red - luma)
    band = (cb > 85) & (cb < 127) & (cr > 137) & (cr < 173)
    warm = (red > green) & (green >= blue * 0.85) & (red > 60) & (luma < 235)
    return np.asarray(band & warm, dtype=np.float32)


def _linear_table() -> Floats:
    value = np.arange(256, dtype=np.float64) / 255.0
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


_LINEAR = _linear_table()
_TO_XYZ = (
    np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
        dtype=np.float32,
    )
    / np.array([[0.9505], [1.0], [1.089]], dtype=np.float32)
).T
_SWATCH_WORD = np.array([COLOURS.index(w) for w, labs in _SWATCHES.items() for _ in labs])
_SWATCH_LAB = np.array([lab for labs in _SWATCHES.values() for lab in labs], dtype=np.float32)
_LAB_WEIGHTS = np.array([0.74, 1.0, 1.0], dtype=np.float32)
"""Lightness counts less than hue: the same cloth is photographed lighter and darker."""
