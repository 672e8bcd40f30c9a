"""Whether two pictures are one photograph: lay one over the other, then look at what is left.

A copy may be mirrored, cropped, bordered, scaled along each side, brightened and saved badly; all of
that is undone by a mirror, a scale and a shift along each axis and one gain. What a copy cannot be
is another colour or another print in the same pose: that stays as a difference after the best fit.

Pictures are compared as small RGB thumbnails of one shape, whatever their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from catalog.placing import coarse_placements, descend, difference, gains, laid_over

HEIGHT, WIDTH = 64, 48
MAX_HALF_DIFFERENCE = 0.075
"""Grey difference at half size beyond which no placement is worth the careful comparison."""
MIN_OVERLAP = 0.55
"""Pictures that share less than this are not laid over each other: blank corners always agree."""
TOGETHER = 32
"""Pairs that are placed at once: what they need stays in the processor's cache."""
CLEARLY_ALIKE = 0.02
"""Below this difference no other placement is tried."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is left of two pictures laid over each other, over the pixels where either shows a thing."""

    difference: float
    """Mean absolute difference, 0 to 1."""
    peak: float
    """The difference that one pixel in ten exceeds."""
    detail: float
    """Correlation of the fine structure, -1 to 1: 1 for the same print, low for another."""
    texture: float
    """Mean strength of the fine structure; a copy saved badly loses more where there is more."""
    chroma: float
    """Mean difference of colour without lightness."""
    overlap: float
    """Share of the picture where both lie."""


NOTHING_ALIKE = Evidence(difference=1.0, peak=1.0, detail=0.0, texture=0.0, chroma=1.0, overlap=0.0)


class Sheet:
    """A thumbnail with what comparing it at full size needs, computed once."""

    def __init__(self, thumbnail: NDArray[np.uint8]) -> None:
        self.pixels: Floats = np.asarray(thumbnail / 255, dtype=np.float32)

    @cached_property
    def grey(self) -> Floats:
        grey: Floats = blurred(channel_mean(self.pixels)[None])[0]
        return grey

    @cached_property
    def mirrored(self) -> Sheet:
        other = Sheet.__new__(Sheet)
        other.pixels = np.ascontiguousarray(self.pixels[:, ::-1])
        return other


def compare(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Evidence:
    """Of two thumbnails, at the placement that leaves the least difference."""
    limits = np.array([MAX_HALF_DIFFERENCE])
    return compare_many(np.stack([first, second]), np.array([[0, 1]]), limits)[0]


def compare_many(
    thumbnails: NDArray[np.uint8], pairs: NDArray[np.int64], limits: NDArray[np.floating]
) -> list[Evidence]:
    """Likewise of pairs (n, 2) of rows of the thumbnails (m, HEIGHT, WIDTH, 3).

    Most look-alikes end at half size, where TOGETHER pairs at a time are placed at once: those that
    differ by more than their limit (n,) there have NOTHING_ALIKE.
    """
    half = _halves(thumbnails)
    sheet = cache(lambda row: Sheet(thumbnails[row]))
    found: list[Evidence] = []
    for start in range(0, len(pairs), TOGETHER):
        part = pairs[start : start + TOGETHER]
        best = [NOTHING_ALIKE] * len(part)
        places = _promising(half[part[:, 0]], half[part[:, 1]], limits[start : start + TOGETHER])
        for pair, mirrored, values in places:
            if best[pair].difference < CLEARLY_ALIKE:
                continue
            first, second = map(sheet, part[pair].tolist())
            evidence = _evidence(first, second.mirrored if mirrored else second, values)
            if evidence.overlap >= MIN_OVERLAP and evidence.difference < best[pair].difference:
                best[pair] = evidence
        found += best
    return found


def _promising(
    first: Floats, second: Floats, limits: NDArray[np.floating]
) -> Iterator[tuple[int, bool, NDArray[np.float64]]]:
    """Pair, mirrored, and placement at full size, of those that agree well enough at half size."""
    places = coarse_placements(first, second)
    target, moving = first[places.pair], second[places.pair]
    moving[places.mirrored] = moving[places.mirrored, :, ::-1]
    values = descend(target, moving, places.values, 5)
    alike = difference(target, moving, values) <= limits[places.pair]
    values[:, 2:] *= 2
    return zip(
        places.pair[alike].tolist(), places.mirrored[alike].tolist(), values[alike], strict=True
    )


def _halves(thumbnails: NDArray[np.uint8]) -> Floats:
    """Half size, grey and soft: each pixel the mean of four."""
    grey = blurred(channel_mean(thumbnails.astype(np.float32)) / np.float32(255))
    rows = grey[:, ::2] + grey[:, 1::2]
    return np.asarray((rows[:, :, ::2] + rows[:, :, 1::2]) / 4, dtype=np.float32)


def blurred(pictures: Floats) -> Floats:
    """Binomial 3 × 3 along the second and third axis, edges repeated."""
    padded = np.concatenate([pictures[:, :1], pictures, pictures[:, -1:]], axis=1)
    rows = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4
    padded = np.concatenate([rows[:, :, :1], rows, rows[:, :, -1:]], axis=2)
    soft = (padded[:, :, :-2] + 2 * padded[:, :, 1:-1] + padded[:, :, 2:]) / 4
    return np.asarray(soft, dtype=np.float32)


def channel_mean(pixels: Floats) -> Floats:
    """Over the last axis of three; numpy's own reduction of so short an axis takes ten times as long."""
    return np.asarray((pixels[..., 0] + pixels[..., 1] + pixels[..., 2]) / np.float32(3))


def channel_most(pixels: Floats) -> Floats:
    """The largest along the last axis of three, likewise."""
    return np.asarray(np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2]))


def _evidence(first: Sheet, other: Sheet, start: NDArray[np.float64]) -> Evidence:
    """What is left at full size, after a last refinement of the placement."""
    values = descend(first.grey[None], other.grey[None], start[None], 2)[0]
    layers, covered = laid_over(np.moveaxis(other.pixels, 2, 0), np.repeat(values[None], 3, axis=0))
    laid, inside = np.moveaxis(layers, 0, 2), covered[0]
    gain = float(gains(np.moveaxis(first.pixels, 2, 0)[None], layers[None], covered[None])[0])
    plain = _left_over(first.pixels, laid, inside, 1.0)
    if plain.difference < CLEARLY_ALIKE or abs(gain - 1) < 0.03:
        return plain
    return min(plain, _left_over(first.pixels, laid, inside, gain), key=lambda e: e.difference)


def _left_over(first: Floats, laid: Floats, inside: NDArray[np.bool_], gain: float) -> Evidence:
    # The darker picture is brightened, never the other way: clipped highlights cannot be undone.
    ours = np.clip(first / gain, 0, 1) if gain < 1 else first
    theirs = np.clip(laid * gain, 0, 1) if gain > 1 else laid
    ours_soft, theirs_soft = blurred(np.stack([ours, theirs]))
    shown = inside & (_shown(ours_soft) | _shown(theirs_soft))
    if shown.sum() < 20:
        shown = inside
    error = channel_mean(np.abs(ours_soft - theirs_soft))[shown]
    fine_ours, fine_theirs = _fine(ours, ours_soft)[shown], _fine(theirs, theirs_soft)[shown]
    return Evidence(
        difference=float(error.mean()),
        peak=float(np.quantile(error, 0.9)),
        detail=_correlation(fine_ours, fine_theirs),
        texture=float(np.abs(fine_ours).mean() + np.abs(fine_theirs).mean()) / 2,
        chroma=float(channel_mean(np.abs(_chroma(ours_soft) - _chroma(theirs_soft)))[shown].mean()),
        overlap=float(inside.mean()),
    )


def _shown(pixels: Floats) -> NDArray[np.bool_]:
    """Where the picture differs from its border's colour."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return np.asarray(channel_most(np.abs(pixels - np.median(border, axis=0))) > 0.08)


def _fine(pixels: Floats, soft: Floats) -> Floats:
    return channel_mean(pixels - blurred(blurred(soft[None]))[0])


def _chroma(pixels: Floats) -> Floats:
    return np.asarray(pixels - channel_mean(pixels)[..., None], dtype=np.float32)


def _correlation(a: Floats, b: Floats) -> float:
    return float((a @ b) / (np.sqrt((a @ a) * (b @ b)) + 1e-3))
