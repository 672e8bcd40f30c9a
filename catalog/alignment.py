"""Whether two pictures are one photograph: lay one over the other, then look at what is left.

A copy may be mirrored, cropped, bordered, scaled along each side, brightened and saved badly; all of
that is undone by a mirror, a scale and a shift along each axis and one gain. What a copy cannot be
is another colour or another print in the same pose: that stays as a difference after the best fit.

Pictures are compared as small RGB thumbnails of one shape, whatever their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

HEIGHT, WIDTH = 64, 48
SCALES = (0.8, 0.85, 0.9, 0.95, 1.0, 1.055, 1.11, 1.18, 1.25)
MAX_HALF_DIFFERENCE = 0.075
"""Grey difference at half size beyond which a placement is given up before the careful comparison."""
GAINS = (0.74, 1.35)
"""How much brighter or darker a copy may be."""
MIN_OVERLAP = 0.55
"""Pictures that share less than this are not laid over each other: blank corners always agree."""
CLEARLY_ALIKE = 0.02
"""Below this difference no other placement is tried."""
STARTS = 2
"""How many of the best coarse placements are refined."""
MIN_COARSE = 0.78
"""Below this correlation of the best coarse placement, two pictures are not compared further."""

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
    """A thumbnail with what comparing it needs, computed once."""

    def __init__(self, thumbnail: NDArray[np.uint8]) -> None:
        self.pixels: Floats = np.asarray(thumbnail / 255, dtype=np.float32)

    @cached_property
    def soft(self) -> Floats:
        return blurred(self.pixels)

    @cached_property
    def grey(self) -> Floats:
        return np.asarray(self.soft.mean(axis=2), dtype=np.float32)

    @cached_property
    def half(self) -> Floats:
        """Half size, grey: each pixel the mean of four."""
        grey = self.grey
        return np.asarray(
            (grey[::2, ::2] + grey[1::2, ::2] + grey[::2, 1::2] + grey[1::2, 1::2]) / 4, np.float32
        )

    @cached_property
    def spectrum(self) -> NDArray[np.complex64]:
        """Of the half-size picture against its border, padded and of unit energy."""
        return np.asarray(_spectrum(_raised(self.half)[None])[0], dtype=np.complex64)

    @cached_property
    def placed_spectra(self) -> NDArray[np.complex64]:
        """Likewise for every mirror and scale, conjugated: (2 × scales, …)."""
        variants = np.concatenate([_scaled(self.half), _scaled(self.half[:, ::-1])])
        return np.conj(_spectrum(np.stack([_raised(v) for v in variants])))

    @cached_property
    def mirrored(self) -> Sheet:
        other = Sheet.__new__(Sheet)
        other.pixels = np.ascontiguousarray(self.pixels[:, ::-1])
        return other


@dataclass(frozen=True, slots=True)
class Placement:
    """How the second picture lies on the first: scales and shifts in pixels of full size."""

    mirrored: bool
    scale_y: float
    scale_x: float
    shift_y: float
    shift_x: float


def compare(first: Sheet, second: Sheet) -> Evidence:
    """The evidence at the placement that leaves the least difference."""
    best = NOTHING_ALIKE
    for start in _coarse(first, second):
        other = second.mirrored if start.mirrored else second
        place = _refined(first, other, start)
        if place is None:
            continue
        evidence = _evidence(first, other, place)
        if evidence.overlap >= MIN_OVERLAP and evidence.difference < best.difference:
            best = evidence
        if best.difference < CLEARLY_ALIKE:
            break
    return best


def blurred(pixels: Floats) -> Floats:
    """Binomial 3 × 3, edges repeated."""
    padded = np.concatenate([pixels[:1], pixels, pixels[-1:]])
    rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    padded = np.concatenate([rows[:, :1], rows, rows[:, -1:]], axis=1)
    return np.asarray((padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4, dtype=np.float32)


def _coarse(first: Sheet, second: Sheet) -> list[Placement]:
    """The best placements on the half-size grid by normalised correlation, best first."""
    height, width = 2 * first.half.shape[0], 2 * first.half.shape[1]
    maps = np.fft.irfft2(first.spectrum[None] * second.placed_spectra, (height, width))
    flat = maps.reshape(len(maps), -1)
    places = flat.argmax(axis=1)
    scores = flat[np.arange(len(maps)), places]
    found = []
    for index in np.argsort(-scores)[:STARTS]:
        if scores[index] < MIN_COARSE:
            break
        y, x = divmod(int(places[index]), width)
        scale = SCALES[index % len(SCALES)]
        found.append(
            Placement(
                mirrored=index >= len(SCALES),
                scale_y=scale,
                scale_x=scale,
                shift_y=2.0 * (y - height if y > height // 2 else y),
                shift_x=2.0 * (x - width if x > width // 2 else x),
            )
        )
    return found


def _refined(first: Sheet, other: Sheet, start: Placement) -> Placement | None:
    """Least squares on grey pixels (Gauss-Newton, robust weights): half size first, then full.

    None when the two are clearly different at half size already: most look-alikes end here.
    """
    values = np.array([start.scale_y, start.scale_x, start.shift_y / 2, start.shift_x / 2])
    values = _descend(first.half, other.half, values, 5)
    if _half_difference(first.half, other.half, values) > MAX_HALF_DIFFERENCE:
        return None
    values[2:] *= 2
    values = _descend(first.grey, other.grey, values, 2)
    return Placement(start.mirrored, *(float(v) for v in values))


def _half_difference(first: Floats, moving: Floats, values: NDArray[np.float64]) -> float:
    laid, inside = _laid(moving, values)
    gain = _gain(first, laid, inside)
    border = float(np.median(np.concatenate([first[0], first[-1], first[:, 0], first[:, -1]])))
    shown = inside & ((np.abs(first - border) > 0.08) | (np.abs(laid - border) > 0.08))
    if shown.sum() < 10:
        shown = inside
    ours, theirs = first[shown], laid[shown]
    raised = np.minimum(theirs * gain, 1) if gain > 1 else theirs
    lowered = np.minimum(ours / gain, 1) if gain < 1 else ours
    plain = float(np.abs(ours - theirs).mean()) if shown.any() else 1.0
    return min(plain, float(np.abs(lowered - raised).mean()) if shown.any() else 1.0)


def _descend(
    target: Floats, moving: Floats, values: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    height, width = target.shape
    ys = (np.arange(height) - (height - 1) / 2)[:, None]
    xs = (np.arange(width) - (width - 1) / 2)[None, :]
    for _ in range(steps):
        laid, inside = _laid(moving, values)
        gain = _gain(target, laid, inside)
        left = target - gain * laid
        weight = inside / (1 + (left / 0.08) ** 2)
        slope_y = gain * np.gradient(laid, axis=0)
        slope_x = gain * np.gradient(laid, axis=1)
        # Moving by a step changes a pixel by minus its slope times how far that step carries it.
        columns = np.stack([
            -slope_y * ys / values[0], -slope_x * xs / values[1],
            -slope_y, -slope_x,
        ]).reshape(4, -1)  # fmt: skip
        weighted = columns * weight.reshape(1, -1)
        normal = weighted @ columns.T + 1e-3 * np.eye(4)
        step = np.linalg.solve(normal, weighted @ left.reshape(-1))
        step = np.clip(step, (-0.05, -0.05, -1.5, -1.5), (0.05, 0.05, 1.5, 1.5))
        values = values + step
        values[:2] = np.clip(values[:2], 0.7, 1.45)
        if np.abs(step).max() < 0.01:
            break
    return values


def _evidence(first: Sheet, other: Sheet, place: Placement) -> Evidence:
    values = np.array([place.scale_y, place.scale_x, place.shift_y, place.shift_x])
    laid, inside = _laid(other.pixels, values)
    gain = _gain(first.pixels, laid, inside[..., None])
    plain = _left_over(first.pixels, laid, inside, 1.0)
    if plain.difference < CLEARLY_ALIKE or abs(gain - 1) < 0.03:
        return plain
    return min(plain, _left_over(first.pixels, laid, inside, gain), key=lambda e: e.difference)


def _left_over(first: Floats, laid: Floats, inside: NDArray[np.bool_], gain: float) -> Evidence:
    # The darker picture is brightened, never the other way: clipped highlights cannot be undone.
    ours = np.clip(first / gain, 0, 1) if gain < 1 else first
    theirs = np.clip(laid * gain, 0, 1) if gain > 1 else laid
    ours_soft, theirs_soft = blurred(ours), blurred(theirs)
    shown = inside & (_shown(ours_soft) | _shown(theirs_soft))
    if shown.sum() < 20:
        shown = inside
    error = np.abs(ours_soft - theirs_soft).mean(axis=2)[shown]
    fine_ours, fine_theirs = _fine(ours, ours_soft)[shown], _fine(theirs, theirs_soft)[shown]
    return Evidence(
        difference=float(error.mean()),
        peak=float(np.quantile(error, 0.9)),
        detail=_correlation(fine_ours, fine_theirs),
        texture=float(np.abs(fine_ours).mean() + np.abs(fine_theirs).mean()) / 2,
        chroma=float(np.abs(_chroma(ours_soft) - _chroma(theirs_soft)).mean(axis=2)[shown].mean()),
        overlap=float(inside.mean()),
    )


def _laid(pixels: Floats, values: NDArray[np.float64]) -> tuple[Floats, NDArray[np.bool_]]:
    """The pixels under a placement (scale y, scale x, shift y, shift x), and where they really are."""
    rows, inside_y = _axis(pixels.shape[0], float(values[0]), float(values[2]))
    columns, inside_x = _axis(pixels.shape[1], float(values[1]), float(values[3]))
    moved = (rows @ pixels.reshape(len(rows), -1)).reshape(pixels.shape)
    laid = moved @ columns.T if pixels.ndim == 2 else np.matmul(columns, moved)
    return np.asarray(laid, dtype=np.float32), inside_y[:, None] & inside_x[None, :]


def _axis(length: int, scale: float, shift: float) -> tuple[Floats, NDArray[np.bool_]]:
    """The matrix that resamples one axis (linear), and which of its rows lie inside."""
    centre = (length - 1) / 2
    places = (np.arange(length) - centre - shift) / scale + centre
    inside = (places >= -0.5) & (places <= length - 0.5)
    places = np.clip(places, 0, length - 1.001)
    below = places.astype(int)
    share = (places - below).astype(np.float32)
    matrix = np.zeros((length, length), dtype=np.float32)
    index = np.arange(length)
    matrix[index, below] = 1 - share
    matrix[index, below + 1] += share
    return matrix, inside


def _scaled(half: Floats) -> Floats:
    return np.stack([rows @ half @ columns.T for rows, columns in _scalings(*half.shape)])


@lru_cache(maxsize=4)
def _scalings(height: int, width: int) -> tuple[tuple[Floats, Floats], ...]:
    return tuple((_axis(height, s, 0.0)[0], _axis(width, s, 0.0)[0]) for s in SCALES)


def _raised(grey: Floats) -> Floats:
    """The picture against its border's median, of unit energy."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    raised = grey - np.median(border)
    return np.asarray(raised / (np.linalg.norm(raised) + 1e-6), dtype=np.float32)


def _spectrum(pictures: Floats) -> NDArray[np.complex64]:
    _, height, width = pictures.shape
    return np.asarray(np.fft.rfft2(pictures, (2 * height, 2 * width)), dtype=np.complex64)


def _gain(target: Floats, laid: Floats, inside: NDArray[np.bool_]) -> float:
    """How much brighter the target is, by the median over values that are neither clipped nor dark."""
    usable = inside & (target < 0.9) & (laid < 0.9) & (laid > 0.1)
    if usable.sum() < 10:
        return 1.0
    return float(np.clip(np.median(target[usable] / laid[usable]), *GAINS))


def _shown(pixels: Floats) -> NDArray[np.bool_]:
    """Where the picture differs from its border's colour."""
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return np.asarray(np.abs(pixels - np.median(border, axis=0)).max(axis=2) > 0.08)


def _fine(pixels: Floats, soft: Floats) -> Floats:
    return np.asarray((pixels - blurred(blurred(soft))).mean(axis=2), dtype=np.float32)


def _chroma(pixels: Floats) -> Floats:
    return np.asarray(pixels - pixels.mean(axis=2, keepdims=True), dtype=np.float32)


def _correlation(a: Floats, b: Floats) -> float:
    return float((a @ b) / (np.sqrt((a @ a) * (b @ b)) + 1e-3))
