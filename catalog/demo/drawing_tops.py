"""How an upper garment is cut: panels, sleeves, necklines, collars, plackets, borders, embroidery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catalog.demo.drawing_body import ARMPIT, HIP, WAIST
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import GOLD, Colour, Fabric, plain, shade
from catalog.demo.drawing_shapes import (
    Points,
    along,
    band,
    between,
    cut_path,
    join,
    mirrored,
    offset,
    points,
    shifted,
    smooth,
    tube,
)

COLLAR = 31.0
"""Height where the neck opening starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """An upper garment's pattern, in centimetres; widths are halves."""

    hem: float
    flare: float
    """Half width at the hem."""
    ease: float = 1.5
    fit: float = 0.7
    """How far it follows the waist, 0 for a box."""
    sleeve: float = 1.0
    """Share of the arm; 0 is sleeveless."""
    sleeve_width: tuple[float, ...] = (7.5, 6.6, 5.2)
    neck: str = "round"
    neck_width: float = 8.0
    neck_depth: float = 8.0
    hem_curve: float = 1.5
    """How far the hem hangs lower in the middle; negative: higher."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The edges of what was drawn, for trims."""

    outline: Points
    neck: Points
    hem: Points
    waist: Points


def neckline(cut: Cut) -> Points:
    """From left to right."""
    w, d, y = cut.neck_width, cut.neck_depth, COLLAR
    if cut.neck == "v":
        return points(
            (-w, y), (-w * 0.55, y + d * 0.42), (0, y + d), (w * 0.55, y + d * 0.42), (w, y)
        )
    if cut.neck == "square":
        return points((-w, y), (-w * 0.92, y + d), (w * 0.92, y + d), (w, y))
    if cut.neck == "sweetheart":
        half = smooth([(-w, y), (-w * 0.95, y + d * 0.6), (-w * 0.5, y + d * 0.75), (0, y + d)])
        return join(half, mirrored(half))
    if cut.neck == "boat":
        return smooth(
            [
                (-w * 1.4, y + 1.4),
                (-w * 0.7, y + 3.4),
                (0, y + 4),
                (w * 0.7, y + 3.4),
                (w * 1.4, y + 1.4),
            ]
        )
    return smooth(
        [(-w, y), (-w * 0.82, y + d * 0.62), (0, y + d), (w * 0.82, y + d * 0.62), (w, y)]
    )


def bodice(
    s: Sketch, cut: Cut, fabric: Fabric, *, creases: int | None = None, lining: Fabric | None = None
) -> Panel:
    """The front with its sleeves; flat ones show the inside of the back neck."""
    rng, body = s.rng, s.body
    if cut.sleeve > 0:
        for arm in (body.left_arm, body.right_arm):
            sleeve(s, cut, fabric, arm)
    neck = neckline(cut)
    if s.hollow:
        inside = lining or plain(shade(fabric.colour, 0.55))
        back = smooth(
            [
                (neck[0][0] - 1, neck[0][1] + 1),
                (0, COLLAR - 1.5),
                (neck[-1][0] + 1, neck[-1][1] + 1),
            ]
        )
        s.fill(join(back, offset(neck, -1.5)[::-1]), inside, relief=0.1)
    side = _side(s, cut)
    hem_half = cut.flare
    hem = smooth(
        [
            (-hem_half, cut.hem),
            (-hem_half / 2, cut.hem + cut.hem_curve * 0.8),
            (0, cut.hem + cut.hem_curve),
            (hem_half / 2, cut.hem + cut.hem_curve * 0.8),
            (hem_half, cut.hem),
        ]
    )
    outline = join(neck, mirrored(side[::-1])[::-1], hem[::-1], side[::-1])
    waist_half = side[len(side) // 2][0]
    waist = points((waist_half, WAIST), (-waist_half, WAIST))
    count = creases if creases is not None else rng.randint(3, 6)
    s.fill(outline, fabric, creases=_drape(s, cut, hem, count), depth=rng.uniform(0.3, 0.55))
    return Panel(outline, neck, hem, waist)


def _side(s: Sketch, cut: Cut) -> Points:
    """The left edge from the neck point over shoulder and armhole to the hem."""
    body = s.body
    left = neckline(cut)[0]
    tip = -body.shoulder + (0.0 if cut.sleeve > 0 else 2.5)
    chest = body.chest + cut.ease
    waist = (body.waist + cut.ease) * cut.fit + chest * (1 - cut.fit)
    hip = max(body.hip + cut.ease, cut.flare * 0.8 if cut.hem > HIP else 0)
    knots = [(-chest, ARMPIT), (-waist, WAIST), (-hip, HIP), (-cut.flare, cut.hem)]
    below = [k for k in knots[:-1] if k[1] < cut.hem - 5] + [knots[-1]]
    bend = 1.5 if cut.sleeve > 0 else 3.0
    armhole = smooth([(tip, 35.2), (tip + bend, 41), (-chest + 0.4, ARMPIT - 1.5)])
    return join([left, (tip, 35.2)], armhole, smooth(below, steps=5))


def sleeve(s: Sketch, cut: Cut, fabric: Fabric, arm: Points) -> None:
    """A tube along the arm with folds at the elbow."""
    path = shifted(cut_path(arm, cut.sleeve), 0, 2.5)
    outline = _sleeve_outline(s, path, cut)
    folds: list[Points] = []
    for share in (0.5, 0.58, 0.9):
        if cut.sleeve > 0.5 and s.rng.random() < 0.7:
            middle = path[int(share * (len(path) - 1))]
            dx = s.rng.uniform(-2, 2)
            folds.append(
                points((middle[0] - 4 + dx, middle[1] + 1.5), (middle[0] + 4 + dx, middle[1] - 1.5))
            )
    across = abs(path[-1][0] - path[0][0]) > abs(path[-1][1] - path[0][1])
    s.fill(outline, fabric.turned() if across else fabric, creases=folds, depth=0.35, relief=0.45)


def _sleeve_outline(s: Sketch, path: Points, cut: Cut) -> Points:
    """From the shoulder point along the outside, back along the inside to the armpit."""
    half = len(path)
    shape = tube(path, cut.sleeve_width, steps=1)
    edges = [shape[:half], shape[half:][::-1]]
    edges.sort(key=lambda e: float(abs(e[half // 2][0]) - e[half // 2][1]))
    inner, outer = edges
    side = 1.0 if path[0][0] > 0 else -1.0
    shoulder = s.body.shoulder
    outer = outer[np.abs(outer[:, 0]) > shoulder + 1.2]
    inner = inner[np.abs(inner[:, 0]) > s.body.chest - 2]
    cap = points((side * (shoulder - 6), 33.4), (side * (shoulder - 0.8), 34.6))
    armpit = points((side * (s.body.chest - 1), ARMPIT + 1), (side * (shoulder - 7), 40))
    return join(cap, outer, inner[::-1], armpit)


def sleeve_ends(s: Sketch, cut: Cut, width: float) -> list[Points]:
    """Strips across both sleeves at their ends."""
    strips = []
    for arm in (s.body.left_arm, s.body.right_arm):
        path = cut_path(arm, cut.sleeve)
        length = np.hypot(*(path[-1] - path[-2]))
        way = (path[-1] - path[-2]) / max(float(length), 1e-6)
        strips.append(
            tube(
                np.vstack([path[-1] - way * width, path[-1] + way * 0.4]),
                (cut.sleeve_width[-1] + 0.4,) * 2,
            )
        )
    return strips


def _drape(s: Sketch, cut: Cut, hem: Points, count: int) -> list[Points]:
    rng, folds = s.rng, []
    chest = s.body.chest + cut.ease
    for side in (-1, 1):
        folds.append(
            smooth(
                [
                    (side * (s.body.shoulder - 1), 37),
                    (side * (chest - 1), 44),
                    (side * chest, ARMPIT + 1),
                ]
            )
        )
        if rng.random() < 0.7:
            y = rng.uniform(50, 56)
            folds.append(
                smooth(
                    [(side * chest, y), (side * chest * 0.6, y + 6), (side * chest * 0.4, y + 13)]
                )
            )
    if cut.hem > HIP - 6 and count:
        waist = points((-s.body.waist * 0.8, WAIST + 4), (s.body.waist * 0.8, WAIST + 4))
        lines = between(waist, hem, count, 0.08, 0.92)
        folds += [smooth([a, (a + b) / 2 + (rng.uniform(-1.5, 1.5), 0), b]) for a, b in lines]
    elif count:
        for _ in range(count // 2):
            x, y = rng.uniform(-0.7, 0.7) * chest, rng.uniform(58, max(59, cut.hem - 3))
            folds.append(smooth([(x - 6, y), (x, y + 1.5), (x + 6, y - 1)]))
    return folds


def placket(
    s: Sketch,
    fabric: Fabric,
    top: float,
    bottom: float,
    *,
    width: float = 1.6,
    buttons: int = 0,
    button: Colour = GOLD,
    x: float = 0.0,
) -> None:
    """A strip down the front with buttons."""
    s.fill(
        points((x - width, top), (x + width, top), (x + width, bottom), (x - width, bottom)),
        fabric,
        relief=0.2,
    )
    s.line([(x + width, top), (x + width, bottom)], shade(fabric.colour, 0.62), 0.35)
    if buttons:
        ys = np.linspace(top + 1.6, bottom - 1.8, buttons)
        s.beads(np.column_stack([np.full(buttons, x), ys]), 0.75, button)


def stand_collar(
    s: Sketch, fabric: Fabric, neck: Points, *, height: float = 3.6, open_: float = 0.0
) -> None:
    """A mandarin collar: a band that stands around the neck."""
    w = abs(float(neck[0][0]))
    if s.hollow:
        back = smooth(
            [
                (-w * 0.93, COLLAR - height),
                (0, COLLAR - height - 1.4),
                (w * 0.93, COLLAR - height),
                (0, COLLAR + 4),
            ],
            closed=True,
        )
        s.fill(back, plain(shade(fabric.colour, 0.5)), relief=0.1)
    for side in (-1, 1):
        strip = smooth(
            [
                (side * w, COLLAR),
                (side * w * 0.86, COLLAR + 3.2),
                (side * (0.6 + open_), COLLAR + 6.2),
            ]
        )
        s.fill(join(strip, (strip * (0.93, 1) - (0, height))[::-1]), fabric, relief=0.35)
        s.line(strip, shade(fabric.colour, 0.6), 0.35)


def shirt_collar(s: Sketch, fabric: Fabric, *, spread: float = 7.0, size: float = 8.0) -> None:
    """Two pointed leaves over a stand."""
    dark = plain(shade(fabric.colour, 0.7))
    s.fill(points((-6.6, 29), (6.6, 29), (5, 34), (0, 37), (-5, 34)), dark, relief=0.1)
    for side in (-1, 1):
        leaf = points(
            (side * 7.4, 28.6),
            (side * 0.3, 36.4),
            (side * (spread + 1.0), 36 + size * 0.42),
            (side * 9.6, 31.4),
        )
        s.fill(leaf, fabric, relief=0.25)
        s.line(leaf[1:3], shade(fabric.colour, 0.6), 0.4)
        s.line(leaf[2:4], shade(fabric.colour, 0.65), 0.35)


def lapels(
    s: Sketch, fabric: Fabric, bottom: float, *, width: float = 9.0, shawl: bool = False
) -> None:
    """A notched or shawl lapel from the neck to the top button."""
    for side in (-1, 1):
        edge = [(side * 6.5, 29.5), (side * 3.2, 36)]
        if shawl:
            outer = smooth(
                [(side * 7.5, 29), (side * width, 40), (side * width * 0.8, 50), (0, bottom)]
            )
        else:
            outer = points(
                (side * 8.5, 29.5),
                (side * (width + 0.5), 38),
                (side * (width - 1.8), 40),
                (side * (width + 2), 42.5),
                (side * width * 0.62, (42 + bottom) / 2),
                (0, bottom),
            )
        shape = join(edge, [(0, bottom)], outer[::-1])
        s.fill(shape, fabric, relief=0.2)
        s.line(outer, shade(fabric.colour, 0.5), 0.45)


def hem_border(s: Sketch, panel: Panel, fabric: Fabric, width: float) -> None:
    """A strip along the hem."""
    inner = panel.hem.copy()
    inner[:, 1] -= width
    inner[:, 0] *= 0.985
    s.fill(join(panel.hem, inner[::-1]), fabric, relief=0.15)


def slits(s: Sketch, panel: Panel, top: float) -> None:
    """Open side seams, as kurtas have them: the cloth parts from `top` down."""
    dark = plain(shade(s.ink, 0.35))
    for side in (-1, 1):
        edge = panel.outline[
            (panel.outline[:, 1] >= top) & (panel.outline[:, 0] * side > s.body.hip * 0.8)
        ]
        if len(edge) > 1:
            edge = edge[np.argsort(edge[:, 1])]
            inner = edge - np.column_stack(
                [np.linspace(0, 2.6, len(edge)) * side, np.zeros(len(edge))]
            )
            s.fill(join(edge, inner[::-1]), dark, relief=0, opacity=0.6)


def beaded_neck(s: Sketch, neck: Points, thread: Colour, rows: int = 2) -> None:
    """Embroidery that follows the neckline."""
    s.fill(band(neck, -2.6), plain(thread, 0.4), relief=0.25)
    for row in range(rows):
        s.beads(
            along(offset(neck, -1.3 - 1.9 * row), 1.7), 0.5, shade(thread, 0.7 + 0.5 * (row % 2))
        )


def yoke(s: Sketch, thread: Colour, bottom: float, *, width: float = 6.0) -> None:
    """An embroidered panel on the chest."""
    shape = smooth(
        [
            (-width, COLLAR + 4),
            (-width, bottom - 6),
            (0, bottom),
            (width, bottom - 6),
            (width, COLLAR + 4),
        ]
    )
    s.line(shape, thread, 0.8)
    for inset in (1.6, 3.2):
        s.beads(along(offset(shape, inset), 2.0), 0.5, thread)


def scattered(s: Sketch, area: Sequence[float], colour: Colour, radius: float, count: int) -> None:
    """Stones or sequins inside left, top, right, bottom."""
    left, top, right, bottom = area
    spots = [(s.rng.uniform(left, right), s.rng.uniform(top, bottom)) for _ in range(count)]
    s.beads(spots, radius, colour)
