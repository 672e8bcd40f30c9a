"""Solids of which furniture is put together: triangles with normals and texture coordinates, in metres.

y is up, the front looks along +z. A solid is rows of position, normal and texture coordinate, three
rows a triangle: what `Piece` draws. Texture coordinates are in metres where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
"""Shape (3 * faces, 8)."""
Points = NDArray[np.float64]
Spot = tuple[float, float, float]

AXIS = 1e-4
"""Nearest to its axis that a turned surface comes, so that it has a normal there."""
_FACES = (
    ((0, 0, 1), (1, 0, 0), (0, 1, 0)), ((0, 0, -1), (-1, 0, 0), (0, 1, 0)),
    ((1, 0, 0), (0, 0, -1), (0, 1, 0)), ((-1, 0, 0), (0, 0, 1), (0, 1, 0)),
    ((0, 1, 0), (1, 0, 0), (0, 0, -1)), ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
)  # fmt: skip
"""Of a box: normal, to the right, up."""


def box(centre: Spot, size: Spot) -> Rows:
    """Upright, with sharp edges."""
    half, middle = np.asarray(size) / 2, np.asarray(centre, dtype=np.float64)
    parts = []
    for normal, right, up in np.asarray(_FACES, dtype=np.float64):
        corners = [
            middle + half * (normal + a * right + b * up)
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        wide, tall = abs(2 * half @ right), abs(2 * half @ up)
        spots = [(0.0, 0.0), (wide, 0.0), (wide, tall), (0.0, tall)]
        parts += [[*corners[i], *normal, *spots[i]] for i in (0, 1, 2, 0, 2, 3)]
    return np.asarray(parts, dtype=np.float32)


def sheet(points: Points, spots: Points) -> Rows:
    """A smooth surface through a grid of points (rows, columns, 3); `spots` (rows, columns, 2)."""
    down, across = np.gradient(points, axis=0), np.gradient(points, axis=1)
    normals = np.cross(across, down)
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-12)
    whole = np.concatenate([points, normals, spots], axis=2)
    a, b = whole[:-1, :-1], whole[:-1, 1:]
    c, d = whole[1:, 1:], whole[1:, :-1]
    return np.stack([a, b, c, a, c, d], axis=2).reshape(-1, 8).astype(np.float32)


def revolved(profile: Sequence[tuple[float, float]], around: int = 48) -> Rows:
    """A profile of (radius, height) turned about the y axis; texture from 0 to 1 around and along."""
    outline = np.maximum(np.asarray(profile, dtype=np.float64), (AXIS, -np.inf))
    angle = np.linspace(0, 2 * np.pi, around + 1)
    points = np.stack(
        [
            outline[:, :1] * np.sin(angle),
            np.broadcast_to(outline[:, 1:], (len(outline), len(angle))),
            outline[:, :1] * np.cos(angle),
        ],
        axis=2,
    )
    along = np.linspace(0, 1, len(outline))
    spots = np.stack(np.meshgrid(angle / (2 * np.pi), along), axis=2)
    return sheet(points, spots)


def disc(radius: float, height: float, around: int = 48) -> Rows:
    """Level; the texture's top is towards the back, so that it stands upright once tilted to the front."""
    angle = np.linspace(0, 2 * np.pi, around + 1)
    ring = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    flat = np.stack([np.zeros_like(ring), ring])
    points = np.insert(flat * radius, 1, height, axis=2)
    rows = sheet(points, flat * (0.5, -0.5) + 0.5)
    rows[:, 3:6] = (0, 1, 0)
    return rows


def rod(start: Spot, end: Spot, radius: float, around: int = 14) -> Rows:
    """A round bar between two spots, without ends."""
    first, last = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    along = (last - first) / max(float(np.linalg.norm(last - first)), 1e-9)
    side = np.cross(along, (0.0, 0.0, 1.0) if abs(along[2]) < 0.9 else (1.0, 0.0, 0.0))
    side /= np.linalg.norm(side)
    other = np.cross(along, side)
    angle = np.linspace(0, 2 * np.pi, around + 1)[:, None]
    ring = radius * (np.cos(angle) * side + np.sin(angle) * other)
    length = float(np.linalg.norm(last - first))
    spots = np.stack(np.meshgrid(angle[:, 0] * radius, (0.0, length)), axis=2)
    return sheet(np.stack([first + ring, last + ring]), spots)


def unit_grid(rows: int, columns: int) -> tuple[Points, Points]:
    """How far down and how far across each point of a grid lies, 0 to 1; both (rows, columns)."""
    down, across = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    return down, across


def pillow(width: float, height: float, depth: float, cells: int = 22) -> Rows:
    """Two bulging faces whose corners stand out; upright, the texture in metres."""
    v, u = np.meshgrid(np.linspace(1, -1, cells), np.linspace(-1, 1, cells), indexing="ij")
    x = u * width / 2 * (1 - 0.07 * (1 - v**2))
    y = v * height / 2 * (1 - 0.07 * (1 - u**2))
    z = depth / 2 * ((1 - u**2) * (1 - v**2)) ** 0.42
    spots = np.stack([u * width / 2, v * height / 2], axis=2)
    front = sheet(np.stack([x, y, z], axis=2), spots)
    back = sheet(np.stack([x, y, -z], axis=2)[:, ::-1], spots)
    return np.concatenate([front, back])


def soft(centre: Spot, size: Spot, power: float = 7.0, cells: int = 9) -> Rows:
    """A box with rounded edges, as foam has them; the higher `power`, the sharper. Texture in metres."""
    half, middle = np.asarray(size) / 2, np.asarray(centre, dtype=np.float64)
    v, u = np.meshgrid(np.linspace(1, -1, cells), np.linspace(-1, 1, cells), indexing="ij")
    parts = []
    for normal, right, up in np.asarray(_FACES, dtype=np.float64):
        cube = normal + u[..., None] * right + v[..., None] * up
        round_ = cube / np.linalg.norm(cube, ord=power, axis=2, keepdims=True)
        spots = np.stack([u * abs(half @ right), v * abs(half @ up)], axis=2)
        rows = sheet(middle + half * round_, spots)
        within = (rows[:, :3] - middle) / half
        slope = np.sign(within) * np.abs(within) ** (power - 1) / half
        rows[:, 3:6] = slope / np.linalg.norm(slope, axis=1, keepdims=True)
        parts.append(rows)
    return np.concatenate(parts)


def bent(spots: Sequence[Spot], radius: float, around: int = 10) -> Rows:
    """A round bar along a line of spots."""
    return np.concatenate([rod(a, b, radius, around) for a, b in pairwise(spots)])


def placed(rows: Rows, move: Spot = (0, 0, 0), *, turn: float = 0, tilt: float = 0) -> Rows:
    """Tilted about the x axis, turned about the y axis (both in degrees), then moved."""
    t, e = np.radians(turn), np.radians(tilt)
    about_x = np.array([[1, 0, 0], [0, np.cos(e), -np.sin(e)], [0, np.sin(e), np.cos(e)]])
    about_y = np.array([[np.cos(t), 0, np.sin(t)], [0, 1, 0], [-np.sin(t), 0, np.cos(t)]])
    matrix = (about_y @ about_x).T
    found = rows.copy()
    found[:, :3] = rows[:, :3] @ matrix + np.asarray(move)
    found[:, 3:6] = rows[:, 3:6] @ matrix
    return found
