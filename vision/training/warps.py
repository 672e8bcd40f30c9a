"""Geometry of pasting: turn, tilt, bend like cloth, mirror, scale; one resampling for all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.training.sprites import Sprite

CELLS = 5
"""The warp is exact on a grid of this many cells a side and bilinear inside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warp:
    """Angle in degrees; tilts and bends as shares of the thing's size."""

    turn: float = 0.0
    tilt: tuple[float, float] = (0.0, 0.0)
    bend: float = 0.0
    waves: tuple[float, float, float, float] = (1.0, 0.0, 1.0, 0.0)
    """Frequency and phase of the bend across and along."""
    mirrored: bool = False
    squeeze: float = 1.0


def random_warp(rng: np.random.Generator, *, turn: float, bend: float, tilt: float) -> Warp:
    """A warp within the given bounds; bend and tilt are standard deviations halved at the edges."""
    return Warp(
        turn=float(rng.uniform(-turn, turn)),
        tilt=(float(rng.uniform(-tilt, tilt)), float(rng.uniform(-tilt, tilt))),
        bend=float(abs(rng.normal(0, bend))),
        waves=(
            float(rng.uniform(0.6, 2.0)), float(rng.random()),
            float(rng.uniform(0.6, 2.0)), float(rng.random()),
        ),
        mirrored=bool(rng.random() < 0.5),
        squeeze=float(rng.uniform(0.9, 1.1)),
    )  # fmt: skip


def warped(sprite: Sprite, warp: Warp, scale: float) -> Sprite:
    """The sprite after the warp, at `scale` times its size, on a canvas that holds it all."""
    height, width = sprite.alpha.shape
    wide, high = width * scale * warp.squeeze, height * scale / warp.squeeze
    angle = np.radians(warp.turn)
    cosine, sine = abs(np.cos(angle)), abs(np.sin(angle))
    grow = 1.0 + 2.0 * warp.bend + 0.35 * max(abs(warp.tilt[0]), abs(warp.tilt[1]))
    out = (
        max(2, round((wide * cosine + high * sine) * grow)),
        max(2, round((wide * sine + high * cosine) * grow)),
    )
    mesh = _mesh(warp, out, (wide, high), (width, height))
    rgba = Image.merge(
        "RGBA", [*Image.fromarray(sprite.rgb).split(), Image.fromarray(sprite.alpha)]
    )
    image = _transformed(rgba, out, mesh, scale, Image.Resampling.BILINEAR)
    pixels = np.asarray(image)
    parts = sprite.parts
    if parts.size:
        parts = np.asarray(
            _transformed(Image.fromarray(parts), out, mesh, 1.0, Image.Resampling.NEAREST)
        )
    return replace(sprite, rgb=pixels[..., :3], alpha=pixels[..., 3], parts=parts)


Quad = tuple[float, ...]
MeshPiece = tuple[tuple[int, int, int, int], Quad]


def _transformed(
    image: Image.Image, out: tuple[int, int], mesh: list[MeshPiece], scale: float,
    resampling: Image.Resampling,
) -> Image.Image:  # fmt: skip
    if scale < 0.6:  # shrink first: bilinear lookups would skip pixels
        small = (max(2, round(image.width * scale)), max(2, round(image.height * scale)))
        x, y = small[0] / image.width, small[1] / image.height
        image = image.resize(small, Image.Resampling.BOX)
        mesh = [(box, tuple(v * (x, y)[i % 2] for i, v in enumerate(q))) for box, q in mesh]
    return image.transform(out, Image.Transform.MESH, mesh, resampling)


def _mesh(
    warp: Warp, out: tuple[int, int], scaled: tuple[float, float], source: tuple[int, int]
) -> list[MeshPiece]:
    xs = np.round(np.linspace(0, out[0], CELLS + 1)).astype(int)
    ys = np.round(np.linspace(0, out[1], CELLS + 1)).astype(int)
    places = _sources(warp, tuple(np.meshgrid(xs, ys)), out, scaled)
    u, v = places[0] * source[0], places[1] * source[1]
    pieces: list[MeshPiece] = []
    for row in range(CELLS):
        for column in range(CELLS):
            if xs[column] == xs[column + 1] or ys[row] == ys[row + 1]:
                continue
            corners = ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1))
            quad = tuple(float(value) for c in corners for value in (u[c], v[c]))
            box = (int(xs[column]), int(ys[row]), int(xs[column + 1]), int(ys[row + 1]))
            pieces.append((box, quad))
    return pieces


def _sources(
    warp: Warp,
    grid: tuple[NDArray[np.int_], ...],
    out: tuple[int, int],
    scaled: tuple[float, float],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each output point comes from, as shares of the source."""
    x, y = grid[0] - out[0] / 2, grid[1] - out[1] / 2
    angle = np.radians(warp.turn)
    u = (x * np.cos(angle) + y * np.sin(angle)) / scaled[0]
    v = (y * np.cos(angle) - x * np.sin(angle)) / scaled[1]
    depth = 1.0 + warp.tilt[0] * u + warp.tilt[1] * v
    u, v = u / depth, v / depth
    fu, pu, fv, pv = warp.waves
    u, v = (
        u + warp.bend * np.sin(2 * np.pi * (fv * v + pu)),
        v + warp.bend * np.sin(2 * np.pi * (fu * u + pv)),
    )
    return (0.5 - u if warp.mirrored else 0.5 + u), 0.5 + v
