"""Jewellery of ear, neck and brow; alone or on a face."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_cloths import veil
from catalog.demo.drawing_fabrics import GOLD, PALETTE, Colour, metal, plain, printed, shade
from catalog.demo.drawing_jewels import PEARL, annulus, around, chain, pick_stone, portrait
from catalog.demo.drawing_shapes import Points, along, ellipse, join, points, smooth, tube


def _drop(s: Sketch, x: float, y: float, kind: str, stone: Colour, size: float) -> None:
    gold = metal(s.ink)
    if kind == "hoop":
        s.fill(annulus(x, y + size, size * 0.8, size, size * 0.14), gold, relief=0.6)
    elif kind == "stud":
        s.beads(
            [
                (x + size * 0.5 * np.cos(a), y + size * 0.5 * np.sin(a))
                for a in np.linspace(0, 6.28, 9)[:-1]
            ],
            size * 0.2,
            s.ink,
        )
        s.beads([(x, y)], size * 0.36, stone)
    elif kind == "drop":
        s.line(smooth([(x, y), (x, y + size * 0.5)]), s.ink, size * 0.06)
        tear = smooth(
            [
                (x, y + size * 0.4),
                (x + size * 0.42, y + size * 1.2),
                (x, y + size * 1.7),
                (x - size * 0.42, y + size * 1.2),
            ],
            closed=True,
        )
        s.fill(tear, gold, relief=0.6)
        s.beads([(x, y + size * 1.2)], size * 0.24, stone)
    else:
        for k in range(3):
            s.line(
                [(x, y), (x + (k - 1) * size * 0.3, y + size * (1.5 + 0.3 * (k == 1)))],
                s.ink,
                size * 0.05,
            )
            s.beads(
                [(x + (k - 1) * size * 0.3, y + size * (1.5 + 0.3 * (k == 1)))], size * 0.16, stone
            )
    s.beads([(x, y - size * 0.1)], size * 0.16, s.ink)


def earrings(s: Sketch) -> None:
    """Studs, hoops, drops, tassels: a pair."""
    kind, stone = s.rng.choice(("hoop", "stud", "drop", "tassel")), pick_stone(s)
    s.note(shown=kind)
    if s.worn:
        portrait(s, indian=s.chance(0.6))
        for side in (-1, 1):
            _drop(s, side * 8.4, 16, kind, stone, 3.6)
        s.frame = (-15, -4, 15, 34)
        return
    for x in (-9, 9):
        _drop(s, x, 0, kind, stone, 9)


def _jhumka(s: Sketch, x: float, y: float, size: float, stone: Colour, tiers: int) -> None:
    """A flower stud or a hook, a dome, and pearls along its rim."""
    gold = metal(s.ink)
    if s.attributes.get("hook") == "yes":
        hook = [(x, y + size * 0.4), (x - size * 0.3, y - size * 0.2), (x, y - size * 0.7)]
        s.line(smooth([*hook, (x + size * 0.34, y - size * 0.3)]), s.ink, size * 0.06)
    else:
        s.beads(around(x, y, size * 0.3, 8), size * 0.13, s.ink)
        s.beads([(x, y)], size * 0.2, stone)
    s.line([(x, y + size * 0.35), (x, y + size * 0.7)], s.ink, size * 0.08)
    top = y + size * 0.6
    strings = s.chance(0.3)
    for k in range(tiers):
        w, h = size * (0.75 - 0.2 * (tiers - 1 - k)), size * 0.75
        base = top + h
        dome = join(ellipse(x, base, w, h, 180, 360), ellipse(x, base, w, size * 0.12, 0, 180))
        s.fill(dome, gold, relief=0.7)
        for row in (0.35, 0.7):
            half = w * (1 - (1 - row) ** 2) ** 0.5
            s.line(
                ellipse(x, base - h * (1 - row), half * 0.96, size * 0.08, 10, 170),
                shade(s.ink, 0.55),
                size * 0.05,
            )
        s.beads(
            along(ellipse(x, base - h * 0.22, w * 0.93, size * 0.1, 8, 172), size * 0.2),
            size * 0.06,
            stone,
        )
        rim = along(ellipse(x, base + size * 0.1, w, size * 0.12, 4, 176), size * 0.17)
        if strings:
            for px, py in rim.tolist():
                s.beads([(px, py + size * 0.16), (px, py + size * 0.3)], size * 0.055, PEARL)
        s.beads(
            rim,
            size * 0.085,
            PEARL,
        )
        top = base - h * 0.25
    s.line([(x, top), (x, top + size * 0.5)], s.ink, size * 0.05)
    s.beads([(x, top + size * 0.55)], size * 0.12, stone)


def jhumka(s: Sketch) -> None:
    """Bell-shaped earrings."""
    stone, tiers = pick_stone(s), s.rng.choice((1, 1, 1, 2))
    s.note(hook=s.rng.choice(("yes", "no", "no")))
    if s.worn:
        portrait(s)
        for side in (-1, 1):
            _jhumka(s, side * 8.6, 17, 4.6, stone, tiers)
        s.frame = (-15, -4, 15, 34)
        return
    gap = s.rng.uniform(10, 14)
    for x in (-gap, gap):
        _jhumka(s, x, s.rng.uniform(-1, 1), 12, stone, tiers)


def _collar_path(width: float, depth: float, y: float = 0.0) -> Points:
    return smooth(
        [
            (-width, y),
            (-width * 0.86, y + depth * 0.6),
            (0, y + depth),
            (width * 0.86, y + depth * 0.6),
            (width, y),
        ]
    )


def _rich_necklace(
    s: Sketch, width: float, depth: float, y: float, scale: float, stone: Colour
) -> None:
    """A choker or bib with hanging drops."""
    gold = metal(s.ink)
    for k in range(s.rng.randint(1, 3)):
        path = _collar_path(width * (1 + 0.06 * k), depth * (1 + 0.28 * k), y)
        s.fill(
            tube(path, (0.5 * scale, 0.9 * scale, 1.3 * scale, 0.9 * scale, 0.5 * scale)),
            gold,
            relief=0.6,
        )
        s.beads(along(path, 2.1 * scale), 0.55 * scale, stone if k % 2 == 0 else PEARL)
        for p in along(path, 2.6 * scale):
            s.beads([(p[0], p[1] + 1.9 * scale)], 0.5 * scale, PEARL if k % 2 == 0 else s.ink)
    low = y + depth * 1.28
    s.fill(
        smooth(
            [
                (0, low - 1.4 * scale),
                (2.2 * scale, low + 1.8 * scale),
                (0, low + 4.6 * scale),
                (-2.2 * scale, low + 1.8 * scale),
            ],
            closed=True,
        ),
        gold,
        relief=0.6,
    )
    s.beads([(0, low + 1.8 * scale)], 1.2 * scale, stone)


def necklace(s: Sketch) -> None:
    """Beads, pearls, chains in layers, or a gold bib."""
    kind, stone = s.rng.choice(("beads", "pearls", "chain", "bib", "layers")), pick_stone(s)
    s.note(shown=kind)
    scale, width, depth, y = 1.6, 19.0, s.rng.uniform(28, 44), 0.0
    if s.worn:
        portrait(s, indian=s.chance(0.6))
        scale, width, depth, y = 0.8, 7.4, s.rng.uniform(9, 16), 30.0
        s.frame = (-20, 2, 20, 54)
    if kind == "bib":
        _rich_necklace(s, width, depth * 0.8, y, scale, stone)
        return
    for k in range(s.rng.randint(2, 3) if kind == "layers" else 1):
        path = _collar_path(width * (1 + 0.05 * k), depth * (1 + 0.22 * k), y)
        if kind == "chain":
            chain(s, path, s.ink, 0.8 * scale)
        else:
            s.beads(
                along(path, 2.2 * scale),
                1.15 * scale,
                PEARL if kind == "pearls" else (stone if k % 2 else s.ink),
            )


def pendant(s: Sketch) -> None:
    """A thin chain with one ornament."""
    stone, shape = pick_stone(s), s.rng.choice(("drop", "heart", "round", "cross", "leaf"))
    s.note(shown=shape)
    width, depth, y, size = 15.0, 40.0, 0.0, 4.4
    if s.worn:
        portrait(s, indian=s.chance(0.5))
        width, depth, y, size = 7.2, 13.0, 30.0, 1.9
        s.frame = (-18, 4, 18, 52)
    path = smooth(
        [
            (-width, y),
            (-width * 0.62, y + depth * 0.6),
            (0, y + depth),
            (width * 0.62, y + depth * 0.6),
            (width, y),
        ]
    )
    s.line(path, s.ink, 0.12 * size)
    s.beads(along(path, 0.36 * size), 0.11 * size, shade(s.ink, 1.1))
    x, c, gold = 0.0, y + depth + size * 1.1, metal(s.ink)
    if shape == "heart":
        s.fill(
            smooth(
                [
                    (x, c - size * 0.4),
                    (x + size * 0.6, c - size),
                    (x + size, c - size * 0.2),
                    (x, c + size),
                    (x - size, c - size * 0.2),
                    (x - size * 0.6, c - size),
                ],
                closed=True,
            ),
            gold,
        )
    elif shape == "cross":
        s.fill(
            points(
                (-0.3 * size, c - size),
                (0.3 * size, c - size),
                (0.3 * size, c + size * 1.3),
                (-0.3 * size, c + size * 1.3),
            ),
            gold,
        )
        s.fill(
            points(
                (-size * 0.9, c - size * 0.4),
                (size * 0.9, c - size * 0.4),
                (size * 0.9, c + size * 0.15),
                (-size * 0.9, c + size * 0.15),
            ),
            gold,
        )
    elif shape == "round":
        s.fill(ellipse(x, c, size, size), gold, relief=0.7)
    else:
        s.fill(
            smooth(
                [
                    (x, c - size),
                    (x + size * 0.75, c + size * 0.3),
                    (x, c + size * 1.2),
                    (x - size * 0.75, c + size * 0.3),
                ],
                closed=True,
            ),
            gold,
            relief=0.7,
        )
    if shape != "cross":
        s.beads([(x, c + size * 0.1)], size * 0.42, stone)


def jewellery_set(s: Sketch) -> None:
    """Necklace and earrings that match, sometimes with a maang tikka."""
    stone = pick_stone(s)
    if s.worn:
        portrait(s)
        _rich_necklace(s, 7.4, s.rng.uniform(6, 11), 30, 0.8, stone)
        for side in (-1, 1):
            _jhumka(s, side * 8.6, 17, 4.2, stone, 1)
        if s.chance(0.6):
            _tikka(s, 0, -1, 4.6, stone)
        _bridal_veil(s)
        s.frame = (-19, -5, 19, 52)
        return
    _rich_necklace(s, 20, s.rng.uniform(18, 28), 0, 1.7, stone)
    for x in (-7, 7):
        if s.chance(0.5):
            _jhumka(s, x, 6, 5.4, stone, 1)
        else:
            _drop(s, x, 4, "drop", stone, 5)


def _tikka(s: Sketch, x: float, y: float, size: float, stone: Colour) -> None:
    chain(s, [(x, y), (x, y + size * 1.1)], s.ink, 0.07 * size)
    c = y + size * 1.5
    s.fill(ellipse(x, c, size * 0.42, size * 0.42), metal(s.ink), relief=0.7)
    s.beads(
        [
            (x + size * 0.42 * np.cos(a), c + size * 0.42 * np.sin(a))
            for a in np.linspace(0, 6.28, 11)[:-1]
        ],
        size * 0.1,
        PEARL,
    )
    s.beads([(x, c)], size * 0.2, stone)
    s.beads([(x, c + size * 0.66)], size * 0.14, stone)


def _bridal_veil(s: Sketch) -> None:
    """Brides wear their jewellery under a dupatta."""
    if not s.chance(0.45):
        return
    with s.companion():
        dye = PALETTE[s.rng.choice(("red", "maroon", "pink", "magenta", "peach", "green"))]
        veil(
            s, printed(s.rng, dye, s.rng.choice(("plain", "buti"))), printed(s.rng, GOLD, "brocade")
        )


def maang_tikka(s: Sketch) -> None:
    """A chain along the parting that ends in an ornament on the brow."""
    stone = pick_stone(s)
    if s.worn:
        portrait(s)
        _tikka(s, 0, -1.4, 5.0, stone)
        if s.chance(0.4):
            for side in (-1, 1):
                path = smooth([(side * 0.6, 4), (side * 4.6, 2.4), (side * 8, 5)])
                s.beads(along(path, 0.9), 0.35, s.rng.choice((PEARL, s.ink)))
        _bridal_veil(s)
        s.frame = (-13, -5, 13, 26)
        return
    length = s.rng.uniform(24, 34)
    s.line(
        smooth([(0, -length - 3), (1.8, -length - 5), (2.8, -length - 3), (1.4, -length - 1.6)]),
        s.ink,
        0.6,
    )
    chain(s, [(0, -length - 3), (s.rng.uniform(-1.5, 1.5), -length / 2), (0, 0)], s.ink, 0.7)
    if s.chance(0.5):
        s.beads([(0, -length * f) for f in (0.25, 0.5, 0.75)], 1.2, PEARL)
    half = s.chance(0.5)
    s.fill(
        join(ellipse(0, 6, 7, 7, 180, 360), ellipse(0, 6, 7, 2, 0, 180))
        if half
        else ellipse(0, 6, 6.6, 6.6),
        metal(s.ink),
        relief=0.7,
    )
    s.beads([(0, 4 if half else 6)], 2.4, stone)
    s.beads(
        along(ellipse(0, 6, 4.6, 4.6 if not half else 3.4, 200, 340 if half else 560), 1.9),
        0.7,
        s.rng.choice((stone, PEARL)),
    )
    s.beads(
        along(ellipse(0, 8.2 if half else 6, 7.4, 1.6 if half else 7.4, 0, 180), 1.9), 0.85, PEARL
    )
    s.beads([(0, 15.6)], 1.4, stone)


def bindi(s: Sketch) -> None:
    """A card of stick-on dots, or one on the brow."""
    if s.worn:
        portrait(s)
        s.beads([(0, 7.4)], s.rng.uniform(0.6, 1.0), s.ink, shine=s.chance(0.5))
        s.frame = (-9, -2, 9, 20)
        return
    card = plain(s.rng.choice(((250, 246, 236), (252, 226, 120), (246, 190, 204), (230, 240, 246))))
    s.fill(points((-14, -20), (14, -20), (14, 20), (-14, 20)), card, relief=0.05)
    s.line(points((-13, -19), (13, -19), (13, 19), (-13, 19), (-13, -19)), shade(s.ink, 0.8), 0.4)
    kind, stone = s.rng.choice(("round", "drop", "stone")), pick_stone(s)
    for row in range(5):
        for column in range(4):
            x, y, r = -9 + column * 6, -14 + row * 7, 1.0 + 0.28 * row
            if kind == "drop":
                s.fill(
                    smooth(
                        [
                            (x, y - r * 1.8),
                            (x + r * 0.8, y + r * 0.4),
                            (x, y + r),
                            (x - r * 0.8, y + r * 0.4),
                        ],
                        closed=True,
                    ),
                    plain(s.ink),
                    relief=0.2,
                )
            s.beads([(x, y)], r, s.ink, shine=kind == "stone")
            if kind == "stone":
                s.beads(
                    [
                        (x + r * 1.2 * np.cos(a), y + r * 1.2 * np.sin(a))
                        for a in np.linspace(0, 6.28, 7)[:-1]
                    ],
                    r * 0.3,
                    stone,
                )
    s.note(shown="card")


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "earrings": earrings,
    "jhumka": jhumka,
    "necklace": necklace,
    "pendant": pendant,
    "jewellery_set": jewellery_set,
    "maang_tikka": maang_tikka,
    "bindi": bindi,
}
