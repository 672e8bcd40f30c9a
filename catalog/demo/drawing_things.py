"""Bags, headwear, belts, ties, watches, glasses, fans: what is carried or put on last."""

from __future__ import annotations

import numpy as np

from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    GOLD,
    Colour,
    Fabric,
    contrasting,
    jitter,
    metal,
    plain,
    printed,
    shade,
    woven,
)
from catalog.demo.drawing_figure import SKINS, figure, pick_looks
from catalog.demo.drawing_shapes import (
    Pairs,
    Points,
    along,
    ellipse,
    join,
    points,
    shifted,
    smooth,
    tube,
)
from catalog.demo.drawing_tops import Cut, bodice, shirt_collar

STEEL: Colour = (196, 198, 204)


def _leather(s: Sketch) -> Fabric:
    s.note(material="leather")
    return plain(s.ink, s.rng.choice((0.1, 0.3)), "leather")


def _stitch(s: Sketch, path: Points) -> None:
    s.beads(along(path, 0.8), 0.16, shade(s.ink, 1.35), shine=False)


def handbag(s: Sketch) -> None:
    """A structured bag with handles, a flap or a zip, and metal."""
    body = _leather(s) if s.chance(0.7) else s.cloth("floral", "checks", "animal", "ikat")
    dark = plain(shade(s.ink, 0.75), 0.2)
    w, h, top = s.rng.uniform(16, 20), s.rng.uniform(20, 26), s.rng.uniform(12, 17)
    for lift in (2.0, 0.0):
        arch = smooth(
            [
                (-top * 0.62, 2),
                (-top * 0.5, -s.rng.uniform(12, 18) - lift),
                (0, -20 - lift),
                (top * 0.5, -15 - lift),
                (top * 0.62, 2),
            ]
        )
        s.fill(
            tube(arch, (0.9, 1.0, 0.9)), plain(shade(s.ink, 0.7 if lift else 0.85), 0.2), relief=0.5
        )
    shape = smooth(
        [
            (-top, 0),
            (0, 1.4),
            (top, 0),
            (w, h * 0.6),
            (w * 0.96, h),
            (0, h + 1),
            (-w * 0.96, h),
            (-w, h * 0.6),
        ],
        closed=True,
    )
    s.fill(
        shape,
        body,
        creases=[
            points((-w * 0.7, h * 0.7), (-w * 0.5, h * 0.2)),
            points((w * 0.7, h * 0.7), (w * 0.5, h * 0.2)),
        ],
        relief=0.45,
    )
    kind = s.rng.choice(("flap", "zip", "panel"))
    if kind == "flap":
        flap = smooth(
            [
                (-top, 0),
                (0, 1.2),
                (top, 0),
                (top * 0.95, h * 0.46),
                (0, h * 0.56),
                (-top * 0.95, h * 0.46),
            ],
            closed=True,
        )
        s.fill(flap, dark, relief=0.3)
        s.fill(
            points((-1.6, h * 0.46), (1.6, h * 0.46), (1.6, h * 0.62), (-1.6, h * 0.62)),
            metal(GOLD),
        )
    elif kind == "zip":
        s.line([(-top * 0.9, 2), (top * 0.9, 2)], GOLD, 0.5)
        s.fill(
            points(
                (-w * 0.6, h * 0.45), (w * 0.6, h * 0.45), (w * 0.6, h * 0.9), (-w * 0.6, h * 0.9)
            ),
            dark,
            relief=0.25,
        )
    else:
        s.fill(
            points((-w * 0.97, h * 0.7), (w * 0.97, h * 0.7), (w * 0.95, h), (-w * 0.95, h)),
            dark,
            relief=0.2,
        )
    s.beads([(-top * 0.62, 3), (top * 0.62, 3)], 1.2, GOLD)


def tote(s: Sketch) -> None:
    """A tall open bag with two long straps; canvas, jute or leather."""
    body = s.cloth("plain", "stripes", "floral", "geometric", "ikat", "heather", "big_floral")
    w, h = s.rng.uniform(15, 18), s.rng.uniform(30, 36)
    strap = plain(shade(s.ink, 0.7))
    for dx, lift in ((1.0, 2.0), (0.0, 0.0)):
        s.fill(
            tube(
                [
                    (-8 + dx, 3),
                    (-7 + dx, -14 - lift),
                    (0 + dx, -22 - lift),
                    (7 + dx, -14 - lift),
                    (8 + dx, 3),
                ],
                (1.0, 1.0),
            ),
            plain(shade(strap.colour, 0.8 if lift else 1)),
            relief=0.4,
        )
    s.fill(
        smooth([(-w, 0), (0, 1.6), (w, 0), (0, -1.4)], closed=True),
        plain(shade(s.ink, 0.45)),
        relief=0,
    )
    s.fill(points((-w, 0), (-w * 0.5, 1), (w * 0.5, 1), (w, 0), (w * 0.92, h), (-w * 0.92, h)), body, relief=0.25,
           creases=[points((-w * 0.6, h * 0.9), (-w * 0.3, h * 0.4)), points((w * 0.5, h * 0.95), (w * 0.6, h * 0.5))], depth=0.35)  # fmt: skip
    for x in (-8, 8):
        s.fill(
            points((x - 1.1, 0.6), (x + 1.1, 0.6), (x + 1.1, 8), (x - 1.1, 8)), strap, relief=0.2
        )
    if body.print == "plain" and s.chance(0.6):
        s.beads([(0, h * 0.5)], 6, contrasting(s.rng, s.ink), shine=False)
        s.beads([(0, h * 0.5)], 4, s.ink, shine=False)


def clutch(s: Sketch) -> None:
    """Flat, wide, with a clasp or a wrist strap."""
    body = (
        s.cloth("plain", "brocade", "floral", "plain", "animal", gloss=0.3)
        if s.chance(0.7)
        else _leather(s)
    )
    w, h = s.rng.uniform(17, 21), s.rng.uniform(10, 13)
    kind = s.rng.choice(("envelope", "frame", "box"))
    s.note(cut=kind)
    if s.chance(0.4):
        _strap = smooth([(w - 1, 2), (w + 6, 8), (w + 5, 18), (w - 1, 12)])
        s.line(_strap, GOLD if kind != "envelope" else shade(s.ink, 0.8), 0.9)
    shape = (
        points((-w, 0), (w, 0), (w, h), (-w, h))
        if kind == "envelope"
        else smooth(
            [
                (-w, 1),
                (-w * 0.9, -0.6),
                (w * 0.9, -0.6),
                (w, 1),
                (w, h - 1),
                (w * 0.9, h + 0.6),
                (-w * 0.9, h + 0.6),
                (-w, h - 1),
            ],
            closed=True,
        )
    )
    s.fill(shape, body, relief=0.4)
    if kind == "envelope":
        flap = points((-w, 0), (w, 0), (0, h * 0.66))
        s.fill(
            flap,
            plain(shade(s.ink, 0.88), body.gloss) if body.print == "plain" else body,
            relief=0.25,
        )
        s.line(flap[[0, 2, 1]], shade(s.ink, 0.55), 0.45)
        s.beads([(0, h * 0.58)], 1.0, GOLD)
    else:
        s.fill(
            points((-w * 0.94, -1), (w * 0.94, -1), (w * 0.94, 1), (-w * 0.94, 1)),
            metal(GOLD),
            relief=0.5,
        )
        s.beads([(-0.9, -1.8), (0.9, -1.8)], 1.1, GOLD)
        if kind == "box":
            s.beads(
                [(s.rng.uniform(-w + 2, w - 2), s.rng.uniform(2.4, h - 1)) for _ in range(60)],
                0.36,
                shade(s.ink, 1.5),
            )


def potli(s: Sketch) -> None:
    """A drawstring pouch: gathered neck, round belly, tassels, embroidery."""
    body = s.cloth("brocade", "plain", "buti", "paisley", "bandhani", gloss=0.25)
    w, h = s.rng.uniform(13, 16), s.rng.uniform(24, 30)
    pull = smooth([(-4, -1), (-7, -12), (0, -19), (7, -12), (4, -1)])
    s.fill(tube(pull, (0.6, 0.6)), plain(GOLD, 0.5), relief=0.5)
    s.beads(along(pull, 1.6), 0.7, s.rng.choice(((244, 238, 224), GOLD)))
    frill = smooth(
        [(-5, 0), (-9, -6), (-4.6, -4.6), (-2, -7), (1, -4.6), (4.6, -7), (9, -5.6), (5, 0)],
        closed=True,
    )
    s.fill(
        frill, body, creases=[points((x * 0.6, -1), (x, -6)) for x in (-6, -3, 0, 3, 6)], depth=0.8
    )
    belly = smooth(
        [
            (-4.6, 0),
            (-w * 0.8, h * 0.32),
            (-w, h * 0.62),
            (-w * 0.72, h * 0.94),
            (0, h),
            (w * 0.72, h * 0.94),
            (w, h * 0.62),
            (w * 0.8, h * 0.32),
            (4.6, 0),
        ],
        closed=True,
    )
    s.fill(
        belly,
        body,
        creases=[
            smooth([(x * 0.35, 1), (x * 0.8, h * 0.3), (x, h * 0.55)])
            for x in (-w * 0.7, -w * 0.35, 0, w * 0.35, w * 0.7)
        ],
        depth=0.55,
        relief=0.5,
    )
    s.fill(points((-5.2, -1.2), (5.2, -1.2), (5.2, 1.2), (-5.2, 1.2)), metal(GOLD), relief=0.5)
    if s.chance(0.7):
        hem = smooth(
            [
                (-w * 0.99, h * 0.66),
                (-w * 0.7, h * 0.94),
                (0, h),
                (w * 0.7, h * 0.94),
                (w * 0.99, h * 0.66),
            ]
        )
        s.fill(
            join(hem, smooth([(w * 0.98, h * 0.56), (0, h * 0.8), (-w * 0.98, h * 0.56)])),
            printed(s.rng, GOLD, "brocade", s.ink, 0.4),
        )
    for side in (-1, 1):
        s.line(smooth([(side * 4, 0), (side * 8, 6), (side * 8.4, 12)]), GOLD, 0.6)
        s.beads([(side * 8.4, 13)], 1.2, (244, 238, 224))
        for k in range(5):
            s.line(
                [(side * 8.4, 14), (side * 8.4 + (k - 2) * 0.6, 19)],
                contrasting(s.rng, s.ink) if k == 2 else s.ink,
                0.5,
            )


def backpack(s: Sketch) -> None:
    """Rounded top, front pocket, zips, grab handle and shoulder straps."""
    body = s.cloth("plain", "plain", "heather", "denim", "geometric", "floral", "checks")
    dark = plain(shade(s.ink, 0.6))
    for side in (-1, 1):
        s.fill(
            tube(
                [(side * 11, 6), (side * 19, 14), (side * 18, 32), (side * 13, 42)], (1.8, 2.2, 1.6)
            ),
            dark,
            relief=0.4,
        )
    s.fill(tube([(-4, -1), (-3, -6), (3, -6), (4, -1)], (0.9, 0.9)), dark, relief=0.4)
    s.fill(
        smooth(
            [
                (-13, 6),
                (-9, -1),
                (0, -2.4),
                (9, -1),
                (13, 6),
                (15.4, 24),
                (15, 42),
                (11, 45.4),
                (-11, 45.4),
                (-15, 42),
                (-15.4, 24),
            ],
            closed=True,
        ),
        body,
        relief=0.45,
    )
    s.line(
        smooth([(-11.6, 18), (-10.4, 7), (0, 2.6), (10.4, 7), (11.6, 18)]), shade(s.ink, 0.45), 0.9
    )
    pocket = smooth(
        [(-10.6, 26), (0, 24.6), (10.6, 26), (11.4, 36), (9.6, 42.6), (-9.6, 42.6), (-11.4, 36)],
        closed=True,
    )
    s.fill(pocket, dark if s.chance(0.35) else body, relief=0.4)
    s.line(smooth([(-10, 28), (0, 26.4), (10, 28)]), shade(s.ink, 0.4), 0.8)
    s.beads([(8.6, 28.6)], 0.8, STEEL)
    if s.chance(0.5):
        s.fill(
            points((-3.4, 14), (3.4, 14), (3.4, 18), (-3.4, 18)),
            plain(s.rng.choice(((140, 92, 56), (230, 230, 226)))),
            relief=0.1,
        )


def wallet(s: Sketch) -> None:
    """Bi-fold, closed or half open, or a long purse."""
    leather = _leather(s)
    if s.chance(0.35):
        s.fill(
            points((-16, -9), (0, -8), (0, 10), (-16, 9)),
            plain(shade(s.ink, 0.75), 0.2),
            relief=0.25,
        )
        for k in range(3):
            s.fill(
                points(
                    (-14, -5 + k * 3.4),
                    (-1.6, -4.6 + k * 3.4),
                    (-1.6, -1 + k * 3.4),
                    (-14, -1.4 + k * 3.4),
                ),
                plain(shade(s.ink, 0.85 + 0.1 * k), 0.2),
                relief=0.2,
            )
            s.line([(-14, -5 + k * 3.4), (-1.6, -4.6 + k * 3.4)], shade(s.ink, 0.4), 0.4)
        s.fill(points((0, -8), (16, -9), (16, 9), (0, 10)), leather, relief=0.3)
        return
    w, h = s.rng.choice(((12.0, 9.6), (12.6, 9.4), (19.0, 9.6)))
    edge = smooth(
        [
            (-w, -h + 1),
            (-w + 1, -h),
            (w - 1, -h),
            (w, -h + 1),
            (w, h - 1),
            (w - 1, h),
            (-w + 1, h),
            (-w, h - 1),
        ],
        closed=True,
        steps=3,
    )
    s.fill(shifted(edge, 0.6, 1), plain(shade(s.ink, 0.45)), relief=0.1)
    s.fill(edge, leather, relief=0.3)
    _stitch(s, join(edge, edge[:1]) * 0.94)
    if w > 15:
        s.line([(-w, -h + 2), (w, -h + 2)], GOLD, 0.5)
        s.line([(w - 1, -h + 2), (w + 5, h)], shade(s.ink, 0.8), 0.8)
    elif s.chance(0.5):
        s.fill(
            points((w * 0.3, h * 0.3), (w * 0.8, h * 0.3), (w * 0.8, h * 0.7), (w * 0.3, h * 0.7)),
            plain(shade(s.ink, 0.85), 0.2),
            relief=0.1,
        )


def _buckle(s: Sketch, x: float, y: float, half: float, dye: Colour) -> None:
    frame = join(points((x - 3.2, y - half), (x + 3.2, y - half), (x + 3.2, y + half), (x - 3.2, y + half), (x - 3.2, y - half)),
                 points((x - 2.1, y - half + 1), (x - 2.1, y + half - 1), (x + 2.1, y + half - 1), (x + 2.1, y - half + 1), (x - 2.1, y - half + 1)))  # fmt: skip
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
    _stitch(s, line - (0, half * 0.75))
    _stitch(s, shifted(line, 0, half * 0.75))
    _buckle(s, -38, 0, half + 0.8, dye)
    s.fill(
        points((-32, -half - 0.4), (-30, -half - 0.4), (-30, half + 0.4), (-32, half + 0.4)),
        plain(shade(s.ink, 0.7), 0.2),
    )


def leather_belt(s: Sketch) -> None:
    _belt(s, _leather(s))


def belt(s: Sketch) -> None:
    _belt(
        s,
        s.cloth("plain", "stripes", "geometric", "cable", "denim")
        if s.chance(0.6)
        else _leather(s),
    )


def _head_only(s: Sketch, *, indian: bool) -> None:
    looks = pick_looks(s.rng, indian=indian, women=s.gender == "women")
    with s.companion():
        figure(s, looks, legs=False)
        dye = s.rng.choice(
            ((240, 238, 232), (40, 60, 110), (60, 60, 64), (150, 40, 44), (96, 120, 84))
        )
        bodice(
            s,
            Cut(hem=88, flare=s.body.hip, sleeve=0.4, neck_width=7, neck_depth=6),
            woven(s.rng, dye),
        )


def turban(s: Sketch) -> None:
    """Cloth wound in crossing bands; a wedding safa has a tail and an ornament."""
    cloth = s.cloth("plain", "plain", "leheriya", "bandhani", "brocade", gloss=0.1)
    if s.worn:
        _head_only(s, indian=True)
    style = s.rng.choice(("pagri", "safa", "dastar"))
    s.note(cut=style)
    wide, crown, brow = (13.5, -12.0, 7.0) if style != "dastar" else (11.6, -15.0, 6.4)
    if style == "safa":
        tail = smooth([(8, 2), (14, 12), (15, 34), (10, 36), (8, 14)], closed=True)
        s.fill(tail, cloth, creases=[smooth([(10, 4), (12, 18), (12, 34)])])
        fan = join([(2, crown + 3)], ellipse(3, crown, 9, 10, 230, 330))
        s.fill(
            fan,
            cloth,
            creases=[points((3, crown + 2), (3 + x, crown - 8)) for x in (-5, -2, 1, 4)],
            depth=0.8,
        )
    base = smooth(
        [
            (-9.4, brow),
            (-wide, 0),
            (-wide * 0.86, crown * 0.66),
            (0, crown),
            (wide * 0.86, crown * 0.66),
            (wide, 0),
            (9.4, brow),
            (0, brow - 2.6),
        ],
        closed=True,
    )
    s.fill(base, cloth, relief=0.5)
    for k in range(5):
        rise = crown * (0.16 + 0.17 * k)
        lean = (k - 2) * 1.2
        for side in (-1, 1):
            strip = smooth(
                [
                    (side * (wide - 0.6 - k * 0.5), 2.4 + rise * 0.62),
                    (side * wide * 0.5, brow - 4.4 + rise * 0.9),
                    (lean * 0.4, brow - 5 + rise * 1.12),
                    (-side * wide * 0.45, brow - 9 + rise * 1.1),
                ]
            )
            s.fill(tube(strip, (1.5, 2.1, 1.9, 0.9)), cloth, relief=0.7, waves=0.14)
    if style == "dastar":
        s.fill(
            points((-3.6, brow - 1.4), (3.6, brow - 1.4), (0, brow - 5.6)),
            plain(contrasting(s.rng, s.ink)),
            relief=0.2,
        )
    elif s.chance(0.55):
        s.fill(
            smooth(
                [(0, brow - 6), (2.2, brow - 10), (0, brow - 16), (-2.2, brow - 10)], closed=True
            ),
            metal(GOLD),
        )
        s.beads([(0, brow - 9.6)], 1.1, (190, 24, 44))
        s.beads(
            along(smooth([(-8, brow - 4), (0, brow - 6), (8, brow - 4)]), 1.5),
            0.55,
            (244, 238, 224),
        )
    if s.worn:
        s.frame = (-21, -26, 21, 34)
    else:
        s.fill(
            smooth(
                [(-9, brow - 0.4), (0, brow - 2.6), (9, brow - 0.4), (0, brow + 0.6)], closed=True
            ),
            plain(shade(s.ink, 0.3)),
            relief=0,
        )


def cap(s: Sketch) -> None:
    """A baseball cap, from the side or on a head."""
    cloth = s.cloth("plain", "plain", "denim", "heather", "checks")
    brim = plain(s.rng.choice((shade(s.ink, 0.8), contrasting(s.rng, s.ink))))
    if s.worn:
        _head_only(s, indian=False)
        s.fill(
            smooth(
                [
                    (-9.2, 6),
                    (-9.4, 0),
                    (-5, -5.4),
                    (0, -6.4),
                    (5, -5.4),
                    (9.4, 0),
                    (9.2, 6),
                    (0, 4.6),
                ],
                closed=True,
            ),
            cloth,
            relief=0.45,
        )
        s.fill(
            smooth([(-9, 5.4), (0, 3.6), (9, 5.4), (7.4, 8.8), (0, 7.6), (-7.4, 8.8)], closed=True),
            brim,
            relief=0.4,
        )
        s.line([(0, -6), (0, 4)], shade(s.ink, 0.7), 0.35)
        s.beads([(0, 0)], 1.8, contrasting(s.rng, s.ink), shine=False)
        s.frame = (-17, -11, 17, 30)
        return
    s.fill(
        smooth(
            [
                (-13, 4),
                (-13.4, -4),
                (-8, -12),
                (0, -14),
                (8, -11.4),
                (12.6, -3),
                (12.4, 3),
                (0, 5.4),
            ],
            closed=True,
        ),
        cloth,
        relief=0.5,
    )
    for path in (
        [(-2, -13.8), (-4, -6), (-4.4, 4.6)],
        [(2, -13.6), (6, -6), (7.4, 4.4)],
        [(0, -14), (-9, -8), (-12.8, 0)],
    ):
        s.line(smooth(path), shade(s.ink, 0.68), 0.4)
    s.fill(
        smooth([(0, 5.2), (12.4, 2.6), (20, 3), (25.6, 6.4), (20, 7.4), (8, 7)], closed=True),
        brim,
        relief=0.4,
    )
    s.beads([(0, -14.2)], 1.0, shade(s.ink, 0.75))
    if s.chance(0.6):
        s.beads([(2.4, -4)], 2.8, contrasting(s.rng, s.ink), shine=False)


def hat(s: Sketch) -> None:
    """Brim, crown, ribbon; straw, felt or wool."""
    straw = s.chance(0.4)
    if straw:
        s.ink = jitter(s.rng, (218, 186, 126))
    cloth = printed(s.rng, s.ink, "knit" if straw else "heather")
    s.note(material="straw" if straw else "felt")
    dy, k = (2.0, 0.72) if s.worn else (0.0, 1.0)
    if s.worn:
        _head_only(s, indian=False)
    wide, tall = s.rng.uniform(19, 25) * k, s.rng.uniform(12, 16) * k
    s.fill(ellipse(0, dy + 1, wide, wide * 0.24), cloth, relief=0.4)
    crown = smooth(
        [
            (-11.4 * k - 0.8, dy),
            (-10.4 * k, dy - tall * 0.8),
            (-5 * k, dy - tall),
            (0, dy - tall * 0.9),
            (5 * k, dy - tall),
            (10.4 * k, dy - tall * 0.8),
            (11.4 * k + 0.8, dy),
            (0, dy + 2.6),
        ],
        closed=True,
    )
    s.fill(crown, cloth, creases=[smooth([(0, dy - tall), (1, dy - tall * 0.5)])], relief=0.5)
    ribbon = plain(contrasting(s.rng, s.ink), 0.1)
    low = smooth([(-11.4 * k - 0.6, dy), (0, dy + 2.4), (11.4 * k + 0.6, dy)])
    s.fill(join(low, (low * (0.97, 1) - (0, 3.4 * k))[::-1]), ribbon, relief=0.3)
    if s.worn:
        s.frame = (-19, -16, 19, 30)


def necktie(s: Sketch) -> None:
    """Knot and blade, or rolled."""
    silk = s.cloth("stripes", "plain", "dots", "paisley", "checks", "pinstripes", gloss=0.25)
    if s.worn:
        _head_only(s, indian=s.chance(0.4))
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
        _head_only(s, indian=s.chance(0.4))
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


DRAWINGS = {
    "handbag": handbag, "tote": tote, "clutch": clutch, "potli": potli, "backpack": backpack, "wallet": wallet,
    "belt": belt, "leather_belt": leather_belt, "turban": turban, "cap": cap, "hat": hat, "necktie": necktie,
    "watch": watch, "sunglasses": sunglasses, "fan": fan,
}  # fmt: skip
