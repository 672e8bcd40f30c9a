"""Belts, ties, watches, glasses, fans."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from catalog.demo.drawing_bags import leather_of, stitch
from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    GOLD,
    STEEL,
    Colour,
    Fabric,
    contrasting,
    metal,
    plain,
    shade,
    woven,
)
from catalog.demo.drawing_figure import SKINS
from catalog.demo.drawing_headwear import head_only
from catalog.demo.drawing_shapes import (
    Pairs,
    Points,
    ellipse,
    join,
    points,
    shifted,
    smooth,
    tube,
)
from catalog.demo.drawing_tops import Cut, bodice, shirt_collar


def _buckle(s: Sketch, x: float, y: float, half: float, dye: Colour) -> None:
    frame = join(
        points(
            (x - 3.2, y - half),
            (x + 3.2, y - half),
            (x + 3.2, y + half),
            (x - 3.2, y + half),
            (x - 3.2, y - half),
        ),
        points(
            (x - 2.1, y - half + 1),
            (x - 2.1, y + half - 1),
            (x + 2.1, y + half - 1),
            (x + 2.1, y - half + 1),
            (x - 2.1, y - half + 1),
        ),
    )
    s.fill(frame, metal(dye), relief=0.6)
    s.line([(x - 2.4, y), (x + 3, y)], dye, 0.6)


def _belt(s: Sketch, strap: Fabric) -> None:
    dye, half = s.rng.choice((STEEL, GOLD, (90, 84, 78))), s.rng.uniform(1.7, 2.6)
    if s.chance(0.55):
        turns = np.linspace(0, 2 * np.pi * s.rng.uniform(1.6, 2.3), 60)
        radius = 9 + turns * 0.85
        coil = np.column_stack([radius * np.cos(turns), radius * np.sin(turns) * 0.62])
        s.fill(tube(coil, (half, half), steps=1), strap, relief=0.4)
        end = coil[-1]
        tail = points(
            (end[0], end[1] - half),
            (end[0] + 4, end[1] - half),
            (end[0] + 4, end[1] + half),
            (end[0], end[1] + half),
        )
        s.fill(tail, strap, relief=0.3)
        _buckle(s, float(end[0]) + 6, float(end[1]), half + 0.8, dye)
        return
    bow = s.rng.uniform(-3, 3)
    line = smooth([(-38, 0), (0, bow), (38, 0)])
    s.fill(tube(line, (half, half)), strap, relief=0.35)
    s.beads(
        [(20 + 3 * k, bow * 0.6 * (1 - ((20 + 3 * k) / 38) ** 2)) for k in range(5)],
        0.4,
        shade(s.ink, 0.3),
        shine=False,
    )
    stitch(s, line - (0, half * 0.75))
    stitch(s, shifted(line, 0, half * 0.75))
    _buckle(s, -38, 0, half + 0.8, dye)
    s.fill(
        points((-32, -half - 0.4), (-30, -half - 0.4), (-30, half + 0.4), (-32, half + 0.4)),
        plain(shade(s.ink, 0.7), 0.2),
    )


def leather_belt(s: Sketch) -> None:
    _belt(s, leather_of(s))


def belt(s: Sketch) -> None:
    _belt(
        s,
        s.cloth("plain", "stripes", "geometric", "cable", "denim")
        if s.chance(0.6)
        else leather_of(s),
    )


def necktie(s: Sketch) -> None:
    """Knot and blade, or rolled."""
    silk = s.cloth("stripes", "plain", "dots", "paisley", "checks", "pinstripes", gloss=0.25)
    if s.worn:
        head_only(s, indian=s.chance(0.4))
        with s.companion():
            white = woven(s.rng, (244, 244, 246))
            bodice(s, Cut(hem=92, flare=s.body.hip + 2, neck_width=6.6, neck_depth=6), white)
    if s.worn:
        with s.companion():
            shirt_collar(s, woven(s.rng, (240, 240, 244)))
        s.frame = (-22, 4, 22, 92)
    else:
        loop = join(
            smooth([(-2, 36), (-7, 26), (0, 20), (7, 26), (2, 36)]),
            smooth([(1, 36), (4.4, 26.6), (0, 22.4), (-4.4, 26.6), (-1, 36)]),
        )
        s.fill(loop, silk, relief=0.4)
        s.fill(
            points((1, 40), (3.4, 80), (1.2, 83), (-0.6, 80)), plain(shade(s.ink, 0.7)), relief=0.2
        )
    s.fill(
        points((-1.8, 39), (1.8, 39), (4.4, 82), (0, 89), (-4.4, 82)),
        silk,
        creases=[points((-0.6, 41), (-2, 60))],
        relief=0.35,
    )
    s.fill(points((-3.2, 34.6), (3.2, 34.6), (1.9, 40.6), (-1.9, 40.6)), silk.turned(), relief=0.45)


def watch(s: Sketch) -> None:
    """A dial on a strap of leather or metal."""
    dial = s.rng.choice(((248, 248, 244), (28, 30, 36), (30, 50, 90), (214, 196, 160)))
    case = s.rng.choice((STEEL, GOLD, (60, 60, 64), (196, 140, 110)))
    square = s.chance(0.2)
    strap = metal(s.ink) if s.chance(0.4) else plain(s.ink, 0.15, "leather")
    if s.worn:
        skin = plain(s.rng.choice(SKINS), name="skin")
        with s.companion():
            s.fill(tube([(-70, 0), (0, 0), (70, 2)], (13, 11.4, 13)), skin, relief=0.4)
        s.fill(tube([(0, -11.4), (1.4, 0), (0, 11.4)], (4.6, 5.2, 4.6)), strap, relief=0.5)
        s.frame = (-24, -24, 24, 24)
    else:
        for side in (-1, 1):
            s.fill(
                points((-5, side * 6), (5, side * 6), (3.9, side * 32), (-3.9, side * 32)),
                strap,
                relief=0.45,
            )
            for k in range(9):
                y = side * (11 + k * 2.3)
                if strap.print == "metal":
                    s.line([(-4.6, y), (4.6, y)], shade(s.ink, 0.5), 0.4)
                elif side > 0 and k > 3:
                    s.beads([(0, y)], 0.4, shade(s.ink, 0.3), shine=False)
    rim = (
        smooth([(-8, -8), (8, -8), (8, 8), (-8, 8)], closed=True, steps=3)
        if square
        else ellipse(0, 0, 9.4, 9.4)
    )
    s.fill(points((9, -1.2), (11, -1.2), (11, 1.2), (9, 1.2)), metal(case))
    s.fill(rim, metal(case), relief=0.7)
    s.fill(rim * 0.82, plain(dial, 0.2), relief=0.15)
    hand = (40, 40, 44) if sum(dial) > 400 else (236, 236, 236)
    for k in range(12):
        a = k * np.pi / 6
        s.line(
            [(6.0 * np.cos(a), 6.0 * np.sin(a)), (7.0 * np.cos(a), 7.0 * np.sin(a))],
            hand,
            0.5 if k % 3 else 0.9,
        )
    for length, a, width in ((3.8, s.rng.uniform(0, 6.2), 0.7), (5.6, s.rng.uniform(0, 6.2), 0.5)):
        s.line([(0, 0), (length * np.cos(a), length * np.sin(a))], hand, width)
    if s.chance(0.35):
        s.line(ellipse(0, 3.4, 1.8, 1.8), hand, 0.25)
    s.beads([(0, 0)], 0.5, case)


def sunglasses(s: Sketch) -> None:
    """Two lenses, a bridge, temples."""
    frame, lens = (
        plain(s.ink, 0.4),
        s.rng.choice(((36, 36, 42), (70, 50, 36), (40, 60, 84), (90, 60, 90), (50, 74, 58))),
    )
    shape = s.rng.choice(("aviator", "wayfarer", "round", "cat"))
    s.note(cut=shape)
    k = 1.0
    if s.worn:
        head_only(s, indian=s.chance(0.4))
        k = 0.47
    y0 = 11.6 if s.worn else 0.0

    def at(outline: Pairs | Points) -> Points:
        return np.asarray(outline, dtype=np.float64) * k + (0, y0)

    for side in (-1, 1):
        if not s.worn:
            s.fill(
                tube([(side * 15, -3), (side * 19, -6), (side * 16, -10)], (0.8, 0.8, 0.6)),
                plain(shade(s.ink, 0.8), 0.4),
            )
        c = side * 8.2
        shapes: dict[str, Pairs | Points] = {
            "aviator": [
                (c - side * 6, -4),
                (c, -4.6),
                (c + side * 6.6, -4),
                (c + side * 6, 2),
                (c + side * 1, 6.6),
                (c - side * 4, 4.6),
            ],
            "wayfarer": [
                (c - side * 6, -4.2),
                (c + side * 7, -5),
                (c + side * 6, 2.6),
                (c + side * 3, 4.6),
                (c - side * 3.6, 4.4),
                (c - side * 5.8, 1.6),
            ],
            "round": ellipse(c, 0, 6, 6)[:-1],
            "cat": [
                (c - side * 6, -2.6),
                (c + side * 4, -4.4),
                (c + side * 8, -6.4),
                (c + side * 6.4, 1.4),
                (c + side * 1, 4.6),
                (c - side * 5, 2.6),
            ],
        }
        rim = smooth(shapes[shape], closed=True)
        inner = (rim - (c, 0)) * (0.9 if shape in ("aviator", "round") else 0.8) + (c, 0)
        s.fill(at(rim), frame, relief=0.4)
        s.fill(at(inner), plain(lens, 0.5), relief=0.3, opacity=0.96)
        s.line(at([(c - 3.6, -1.6), (c - 0.6, -3)]), shade(lens, 1.5), 0.7 * k)
    s.line(
        at(smooth([(-2.4, -2), (0, -3), (2.4, -2)])),
        s.ink,
        (0.8 if shape in ("aviator", "round") else 1.5) * k,
    )
    if s.worn:
        s.frame = (-14, -5, 14, 30)


def fan(s: Sketch) -> None:
    """An abanico: wooden ribs and a painted leaf, half a circle."""
    leaf = s.cloth("big_floral", "plain", "dots", "floral")
    wood = s.rng.choice(((70, 44, 30), (30, 26, 26), (206, 172, 120), (150, 30, 36)))
    spread = s.rng.uniform(68, 84)
    angles = np.radians(np.linspace(-90 - spread, -90 + spread, 19))
    for a in angles:
        s.fill(
            points(
                (-0.5, 0),
                (0.5, 0),
                (22 * np.cos(a) + 0.6, 22 * np.sin(a)),
                (22 * np.cos(a) - 0.6, 22 * np.sin(a)),
            ),
            plain(wood),
            relief=0.2,
        )
    outer = np.column_stack([38 * np.cos(angles), 38 * np.sin(angles)])
    inner = np.column_stack([18 * np.cos(angles), 18 * np.sin(angles)])
    s.fill(
        join(outer, inner[::-1]),
        leaf,
        creases=[points(p, q) for p, q in zip(inner, outer, strict=True)],
        depth=0.5,
        relief=0.1,
    )
    if s.chance(0.6):
        rim = smooth(outer)
        s.fill(
            join(rim, rim[::-1] * 0.93),
            plain(s.rng.choice(((248, 246, 240), wood, contrasting(s.rng, s.ink)))),
            relief=0.1,
        )
    for a in (angles[0], angles[-1]):
        s.fill(
            tube(
                [(0, 1.5), (20 * np.cos(a), 20 * np.sin(a)), (38 * np.cos(a), 38 * np.sin(a))],
                (0.8, 1.4, 1.5),
            ),
            plain(wood, 0.2),
            relief=0.4,
        )
    s.beads([(0, 0)], 1.2, GOLD)


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "belt": belt,
    "leather_belt": leather_belt,
    "necktie": necktie,
    "watch": watch,
    "sunglasses": sunglasses,
    "fan": fan,
}
