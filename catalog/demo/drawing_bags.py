"""Bags, purses and wallets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    GOLD,
    STEEL,
    Fabric,
    contrasting,
    metal,
    plain,
    printed,
    shade,
)
from catalog.demo.drawing_shapes import (
    Points,
    along,
    join,
    points,
    shifted,
    smooth,
    tube,
)


def leather_of(s: Sketch) -> Fabric:
    s.note(material="leather")
    return plain(s.ink, s.rng.choice((0.1, 0.3)), "leather")


def stitch(s: Sketch, path: Points) -> None:
    s.beads(along(path, 0.8), 0.16, shade(s.ink, 1.35), shine=False)


def handbag(s: Sketch) -> None:
    """A structured bag with handles, a flap or a zip, and metal."""
    body = leather_of(s) if s.chance(0.7) else s.cloth("floral", "checks", "animal", "ikat")
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
    s.fill(
        points((-w, 0), (-w * 0.5, 1), (w * 0.5, 1), (w, 0), (w * 0.92, h), (-w * 0.92, h)),
        body,
        relief=0.25,
        creases=[
            points((-w * 0.6, h * 0.9), (-w * 0.3, h * 0.4)),
            points((w * 0.5, h * 0.95), (w * 0.6, h * 0.5)),
        ],
        depth=0.35,
    )
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
        else leather_of(s)
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
    leather = leather_of(s)
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
    stitch(s, join(edge, edge[:1]) * 0.94)
    if w > 15:
        s.line([(-w, -h + 2), (w, -h + 2)], GOLD, 0.5)
        s.line([(w - 1, -h + 2), (w + 5, h)], shade(s.ink, 0.8), 0.8)
    elif s.chance(0.5):
        s.fill(
            points((w * 0.3, h * 0.3), (w * 0.8, h * 0.3), (w * 0.8, h * 0.7), (w * 0.3, h * 0.7)),
            plain(shade(s.ink, 0.85), 0.2),
            relief=0.1,
        )


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "handbag": handbag,
    "tote": tote,
    "clutch": clutch,
    "potli": potli,
    "backpack": backpack,
    "wallet": wallet,
}
