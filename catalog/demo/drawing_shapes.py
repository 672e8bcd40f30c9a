"""Outlines in body space: centimetres, x to the right of the body's middle, y down from the crown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (n, 2)."""
Pairs = Sequence[tuple[float, float]]


def points(*pairs: tuple[float, float]) -> Points:
    """The corners as they stand."""
    return np.array(pairs, dtype=np.float64)


def smooth(pairs: Pairs | Points, *, closed: bool = False, steps: int = 7) -> Points:
    """A Catmull-Rom curve through the points, `steps` samples a segment."""
    knots = np.asarray(pairs, dtype=np.float64)
    if len(knots) < 3:
        return knots
    if closed:
        knots = np.vstack([knots[-1], knots, knots[0], knots[1]])
    else:
        knots = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None, None]
    a, b, c, d = knots[:-3], knots[1:-2], knots[2:-1], knots[3:]
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    samples = curve.transpose(1, 0, 2).reshape(-1, 2)
    return samples if closed else np.vstack([samples, knots[-2]])


def join(*pieces: Points | Pairs) -> Points:
    """One outline out of several pieces, in their order."""
    return np.vstack([np.asarray(piece, dtype=np.float64) for piece in pieces])


def mirrored(outline: Points | Pairs) -> Points:
    """The other half: x turned, order reversed."""
    half = np.asarray(outline, dtype=np.float64)[::-1].copy()
    half[:, 0] *= -1
    return half


def symmetric(half: Points | Pairs) -> Points:
    """A whole outline from its left half, which starts and ends on or near the middle line."""
    return join(half, mirrored(half))


def ellipse(
    x: float, y: float, rx: float, ry: float, start: float = 0.0, stop: float = 360.0
) -> Points:
    """An ellipse or its arc, degrees clockwise from the right."""
    angles = np.radians(np.linspace(start, stop, 28))
    return np.column_stack([x + rx * np.cos(angles), y + ry * np.sin(angles)])


def shifted(outline: Points | Pairs, dx: float, dy: float) -> Points:
    moved: Points = np.asarray(outline, dtype=np.float64) + np.array([dx, dy])
    return moved


def turned(outline: Points | Pairs, degrees: float, about: tuple[float, float]) -> Points:
    """The outline turned clockwise."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned_points: Points = (np.asarray(outline, dtype=np.float64) - about) @ turn + about
    return turned_points


def normals(curve: Points) -> Points:
    """Unit normals, to the left of the direction of travel on a screen."""
    along = np.gradient(curve, axis=0)
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    return np.column_stack([along[:, 1] / length, -along[:, 0] / length])


def offset(curve: Points | Pairs, distance: float) -> Points:
    """The curve moved sideways by `distance`."""
    line = np.asarray(curve, dtype=np.float64)
    return line + normals(line) * distance


def band(curve: Points | Pairs, width: float) -> Points:
    """The strip between a curve and itself moved by `width`."""
    line = np.asarray(curve, dtype=np.float64)
    return join(line, offset(line, width)[::-1])


def tube(spine: Pairs | Points, widths: Sequence[float], *, steps: int = 7) -> Points:
    """The outline around a smooth spine; `widths` are half widths, interpolated along it."""
    curve = smooth(spine, steps=steps)
    at = np.linspace(0, 1, len(widths))
    half = np.interp(np.linspace(0, 1, len(curve)), at, np.asarray(widths, dtype=np.float64))
    side = normals(curve) * half[:, None]
    return join(curve + side, (curve - side)[::-1])


def cut_path(path: Pairs | Points, share: float) -> Points:
    """The first `share` of a path's length."""
    line = np.asarray(path, dtype=np.float64)
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    target = lengths[-1] * share
    keep = int(np.searchsorted(lengths, target))
    if keep >= len(line):
        return line
    if keep == 0:
        return line[:2]
    part = (target - lengths[keep - 1]) / max(lengths[keep] - lengths[keep - 1], 1e-9)
    return join(line[:keep], [line[keep - 1] + (line[keep] - line[keep - 1]) * part])


def along(path: Pairs | Points, spacing: float) -> Points:
    """Places every `spacing` along a path, the first half a spacing in."""
    line = np.asarray(path, dtype=np.float64)
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.arange(spacing / 2, max(lengths[-1], spacing), spacing)
    return np.column_stack([np.interp(at, lengths, line[:, 0]), np.interp(at, lengths, line[:, 1])])


def between(
    a: Points, b: Points, count: int, start: float = 0.0, stop: float = 1.0
) -> list[Points]:
    """`count` lines from places along `a` to the like places along `b`."""
    shares = np.linspace(start, stop, count)
    places = [
        np.column_stack([np.interp(shares, np.linspace(0, 1, len(c)), c[:, i]) for i in (0, 1)])
        for c in (a, b)
    ]
    return [np.vstack([p, q]) for p, q in zip(*places, strict=True)]
