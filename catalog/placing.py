"""Where one grey picture lies on another, for many pairs at once.

First every mirror and scale is tried at once by correlation (Fourier), then the best few are refined
by least squares on grey pixels. Pictures are stacks (n, height, width) of one shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

SCALES = (0.8, 0.85, 0.9, 0.95, 1.0, 1.055, 1.11, 1.18, 1.25)
STARTS = 2
"""How many of the best coarse placements are refined."""
REACH = 4
"""A copy is shifted by at most this part of its height and width."""
MIN_COARSE = 0.78
"""Below this correlation of the best coarse placement, two pictures are not compared further."""
GAINS = (0.74, 1.35)
"""How much brighter or darker a copy may be."""
STANDS_OUT = 0.08
"""How far from its border's colour a pixel shows a thing."""
FEW = 10
"""Fewer pixels than this say nothing."""
SETTLED = 0.01
"""A step shorter than this is the last."""
SCALE_LIMITS = (0.7, 1.45)
MAX_STEP = np.array([0.05, 0.05, 1.5, 1.5])

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Placements:
    """m placements of n pairs, those of one pair together, the best coarse one first."""

    pair: Rows
    mirrored: NDArray[np.bool_]
    """Whether the second picture is mirrored before it is laid."""
    values: Doubles
    """(m, 4): scale y, scale x, shift y, shift x, in pixels of the pictures given."""

    def where(self, kept: NDArray[np.bool_]) -> Placements:
        return Placements(self.pair[kept], self.mirrored[kept], self.values[kept])


def coarse_placements(first: Floats, second: Floats) -> Placements:
    """The STARTS best by normalised correlation on the grid of SCALES, where it is high enough."""
    count, height, width = first.shape
    maps = _correlations(raised(first), raised(_scaled(second)).reshape(count, -1, height, width))
    down, right = height // REACH, width // REACH
    near = np.concatenate([maps[:, :, -down:], maps[:, :, : down + 1]], axis=2)
    near = np.concatenate([near[..., -right:], near[..., : right + 1]], axis=3)
    flat = near.reshape(count, 2 * len(SCALES), -1)
    places = flat.argmax(axis=2)
    scores = np.take_along_axis(flat, places[:, :, None], axis=2)[:, :, 0]
    best = np.argsort(-scores, axis=1)[:, :STARTS]
    chosen = np.take_along_axis(scores, best, axis=1) >= MIN_COARSE
    pair, variant = np.repeat(np.arange(count), STARTS)[chosen.ravel()], best[chosen]
    shift_y, shift_x = np.divmod(places[pair, variant], near.shape[3])
    scale = np.array(SCALES)[variant % len(SCALES)]
    values = np.stack([scale, scale, shift_y - down, shift_x - right], axis=1)
    return Placements(pair, variant >= len(SCALES), values)


def descend(target: Floats, moving: Floats, values: Doubles, steps: int) -> Doubles:
    """Better placements of `moving` on `target`, (n, 4): Gauss-Newton with robust weights."""
    values = values.copy()
    active = np.arange(len(values))
    for _ in range(steps):
        if not len(active):
            break
        step = _step(target[active], moving[active], values[active])
        values[active] += step
        values[active, :2] = np.clip(values[active, :2], *SCALE_LIMITS)
        active = active[np.abs(step).max(axis=1) >= SETTLED]
    return values


def difference(target: Floats, moving: Floats, values: Doubles) -> Floats:
    """Mean grey difference where either shows a thing, with or without evening out brightness."""
    laid, inside = laid_over(moving, values)
    factor = gains(target, laid, inside)[:, None, None]
    border = np.median(_borders(target), axis=1)[:, None, None]
    shown = inside & ((np.abs(target - border) > STANDS_OUT) | (np.abs(laid - border) > STANDS_OUT))
    few = shown.sum(axis=(1, 2)) < FEW
    shown[few] = inside[few]
    theirs = np.minimum(laid * np.maximum(factor, 1), 1)
    ours = np.minimum(target / np.minimum(factor, 1), 1)
    return np.minimum(_mean(np.abs(target - laid), shown), _mean(np.abs(ours - theirs), shown))


def laid_over(pictures: Floats, values: Doubles) -> tuple[Floats, NDArray[np.bool_]]:
    """The pictures under their placements (linear), and which pixels they really cover."""
    _, height, width = pictures.shape
    top, share_y, inside_y = _places(height, values[:, 0], values[:, 2])
    left, share_x, inside_x = _places(width, values[:, 1], values[:, 3])
    every = np.arange(len(pictures))[:, None]
    upper, lower = pictures[every, top], pictures[every, top + 1]
    rows = upper + share_y[:, :, None] * (lower - upper)
    columns = np.ascontiguousarray(rows.transpose(0, 2, 1))
    here, next_ = columns[every, left], columns[every, left + 1]
    laid = (here + share_x[:, :, None] * (next_ - here)).transpose(0, 2, 1)
    return np.ascontiguousarray(laid), inside_y[:, :, None] & inside_x[:, None, :]


def gains(target: Floats, laid: Floats, inside: NDArray[np.bool_]) -> Floats:
    """How much brighter each target (n, …) is, by the median over values neither clipped nor dark."""
    usable = inside & (target < 0.9) & (laid < 0.9) & (laid > 0.1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(usable, target / laid, np.float32(np.inf)).reshape(
            *target.shape[:1], int(np.prod(target.shape[1:]))
        )
    ratios.sort(axis=1)
    counts = np.isfinite(ratios).sum(axis=1)
    every = np.arange(len(target))
    middle = (ratios[every, np.maximum(counts - 1, 0) // 2] + ratios[every, counts // 2]) / 2
    found = np.where(counts < FEW, np.float32(1), middle)
    return np.asarray(np.clip(found, *GAINS), dtype=np.float32)


def raised(pictures: Floats) -> Floats:
    """The pictures against their border's median, of unit energy."""
    against = pictures - np.median(_borders(pictures), axis=1)[:, None, None]
    energy = np.sqrt(np.einsum("nij,nij->n", against, against)) + 1e-6
    return np.asarray(against / energy[:, None, None], dtype=np.float32)


def _step(target: Floats, moving: Floats, values: Doubles) -> Doubles:
    count, height, width = target.shape
    laid, inside = laid_over(moving, values)
    factor = gains(target, laid, inside)[:, None, None]
    left = target - factor * laid
    weight = inside / (1 + (left / np.float32(STANDS_OUT)) ** 2)
    down, right = factor * _slope(laid, 1), factor * _slope(laid, 2)
    ys = (np.arange(height, dtype=np.float32) - (height - 1) / 2)[None, :, None]
    xs = (np.arange(width, dtype=np.float32) - (width - 1) / 2)[None, None, :]
    scale = values[:, :2].astype(np.float32)[:, :, None, None]
    # Moving by a step changes a pixel by minus its slope times how far that step carries it.
    columns = np.stack([-down * ys / scale[:, 0], -right * xs / scale[:, 1], -down, -right], axis=1)
    columns = columns.reshape(count, 4, -1)
    weighted = columns * weight.reshape(count, 1, -1)
    normal = np.matmul(weighted, columns.transpose(0, 2, 1)).astype(np.float64)
    wanted = np.matmul(weighted, left.reshape(count, -1, 1)).astype(np.float64)
    step = np.linalg.solve(normal + 1e-3 * np.eye(4), wanted)[:, :, 0]
    return np.asarray(np.clip(step, -MAX_STEP, MAX_STEP), dtype=np.float64)


def _places(length: int, scale: Doubles, shift: Doubles) -> tuple[Rows, Floats, NDArray[np.bool_]]:
    """Per pixel of one axis: the one before it in the picture, the share of the next, and inside."""
    centre = (length - 1) / 2
    places = (np.arange(length) - centre - shift[:, None]) / scale[:, None] + centre
    inside = (places >= -0.5) & (places <= length - 0.5)
    places = np.clip(places, 0, length - 1.001)
    before = places.astype(np.int64)
    return before, (places - before).astype(np.float32), inside


def _slope(pictures: Floats, axis: int) -> Floats:
    return np.asarray(np.gradient(pictures, axis=axis), dtype=np.float32)


def _mean(values: Floats, shown: NDArray[np.bool_]) -> Floats:
    """Of the pixels shown; 1 where none is."""
    counts = shown.sum(axis=(1, 2))
    sums = np.where(shown, values, 0).sum(axis=(1, 2))
    return np.asarray(np.where(counts, sums / np.maximum(counts, 1), 1.0), dtype=np.float32)


def _borders(pictures: Floats) -> Floats:
    return np.concatenate(
        [pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1]], axis=1
    )


def _correlations(first: Floats, variants: Floats) -> Floats:
    """Of each picture (n, h, w) with its variants (n, v, h, w), by circular shift; right up to REACH."""
    _, height, width = first.shape
    padded = (height + height // REACH, width + width // REACH)
    spectra = np.fft.rfft2(first, padded)[:, None] * np.conj(np.fft.rfft2(variants, padded))
    return np.asarray(np.fft.irfft2(spectra, padded), dtype=np.float32)


def _scaled(pictures: Floats) -> Floats:
    """Every picture in all SCALES, then its mirror image likewise: (n × 2 × scales, height, width)."""
    _, height, width = pictures.shape
    both = np.stack([pictures, pictures[:, :, ::-1]], axis=1)[:, :, None]
    rows, columns = _scalings(height), _scalings(width)
    scaled = np.matmul(np.matmul(rows, both), columns.transpose(0, 2, 1))
    return np.asarray(scaled.reshape(-1, height, width), dtype=np.float32)


@cache
def _scalings(length: int) -> Floats:
    """(scales, length, length): the matrices that resample one axis around its centre."""
    scales = np.array(SCALES)
    before, share, _ = _places(length, scales, np.zeros(len(scales)))
    matrices = np.zeros((len(scales), length, length), dtype=np.float32)
    each, row = np.arange(len(scales))[:, None], np.arange(length)[None]
    matrices[each, row, before] = 1 - share
    matrices[each, row, before + 1] += share
    return matrices
