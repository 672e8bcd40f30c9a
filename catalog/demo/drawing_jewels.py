"""What jewellery is made of, and what is worn at wrist and finger."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import Colour, Fabric, metal, plain, shade, woven
from catalog.demo.drawing_figure import SKINS, figure, pick_looks
from catalog.demo.drawing_shapes import Pairs, Points, along, ellipse, join, points, smooth, tube
from catalog.demo.drawing_tops import Cut, bodice

STONES: tuple[Colour, ...] = (
    (190, 24, 44),
    (24, 128, 76),
    (36, 70, 170),
    (236, 236, 240),
    (230, 130, 160),
    (120, 50, 140),
    (30, 30, 34),
)
PEARL: Colour = (244, 238, 224)


def annulus(x: float, y: float, rx: float, ry: float, thick: float) -> Points:
    """A ring seen at an angle."""
    inner = ellipse(x, y, max(0.2, rx - thick), max(0.2, ry - thick * max(0.35, ry / rx)))
    return join(ellipse(x, y, rx, ry), inner[::-1])


def portrait(s: Sketch, *, indian: bool = True) -> None:
    """Head and shoulders."""
    looks = pick_looks(s.rng, indian=indian, women=s.gender == "women")
    with s.companion():
        figure(s, looks, legs=False)
        dye = s.rng.choice(
            ((150, 30, 50), (30, 80, 120), (240, 236, 228), (40, 40, 46), (200, 140, 50))
        )
        bodice(
            s,
            Cut(hem=88, flare=s.body.hip, sleeve=0.3, neck_width=9, neck_depth=12),
            woven(s.rng, dye),
        )


def around(x: float, y: float, radius: float, count: int) -> list[tuple[float, float]]:
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return [(x + radius * float(np.cos(a)), y + radius * float(np.sin(a))) for a in angles]


def pick_stone(s: Sketch) -> Colour:
    return s.rng.choice(STONES)


def chain(s: Sketch, path: Pairs | Points, dye: Colour, width: float = 0.35) -> None:
    line = smooth(path)
    s.line(line, shade(dye, 0.75), width)
    s.beads(along(line, width * 2.4), width * 0.75, dye)


def bangle(s: Sketch) -> None:
    """A stack, tilted rings, or one broad cuff; metal, glass or lac."""
    gold = metal(s.ink)
    kind = s.rng.choice(("stack", "pair", "broad", "glass"))
    s.note(shown=kind)
    if s.worn and kind != "broad":
        _wrist(s)
        for k in range(s.rng.randint(4, 9)):
            x = -12 + k * 2.2
            s.fill(
                tube([(x, -6.6), (x + 0.9, 0), (x, 6.6)], (0.9, 1.0, 0.9)),
                gold if k % 3 else metal(shade(s.ink, 0.7)),
                relief=0.6,
            )
            s.beads([(x + 0.8, d) for d in (-4, -1.4, 1.4, 4)], 0.35, pick_stone(s))
        s.frame = (-24, -16, 24, 16)
        return
    count = {"stack": s.rng.randint(4, 9), "pair": 2, "broad": 1, "glass": s.rng.randint(8, 14)}[
        kind
    ]
    squash = s.rng.uniform(0.35, 0.95) if kind != "pair" else 0.95
    stone, spread = pick_stone(s), 20.0
    for k in range(count):
        thick = 4.5 if kind == "broad" else 1.0 if kind == "glass" else s.rng.uniform(1.4, 2.4)
        x, y = (
            (k * 24.0, k * 6.0)
            if kind == "pair"
            else (s.rng.uniform(-0.7, 0.7), -k * thick * (1.6 - squash))
        )
        material = Fabric(s.ink, metal(shade(s.ink, 0.75 + 0.3 * (k % 2))).tile, "metal", 0.9)
        s.fill(annulus(x, y, spread, spread * squash, thick), material, relief=0.5)
        if kind != "glass" or k % 3 == 0:
            rim = ellipse(x, y, spread - thick / 2, (spread - thick / 2) * squash)
            s.beads(along(rim, 3.2), thick * 0.22, stone if k % 2 == 0 else shade(s.ink, 1.3))


def _wrist(s: Sketch) -> None:
    skin = plain(s.rng.choice(SKINS[1:]), name="skin")
    with s.companion():
        s.fill(tube([(-60, 2), (-20, 0), (12, 0)], (9, 7.4, 5.6)), skin, relief=0.4)
        for k in range(4):
            s.fill(
                tube(
                    [
                        (20, -4.5 + k * 3),
                        (30, -6 + k * 3.8),
                        (38 - abs(k - 1.5) * 2.4, -5.6 + k * 4),
                    ],
                    (2.0, 1.8, 1.2),
                ),
                skin,
                relief=0.4,
            )
        s.fill(tube([(8, 0), (16, 0), (24, 0)], (5.6, 7.2, 6.2)), skin, relief=0.3)
        s.fill(tube([(14, 4), (20, 11), (28, 13)], (2.6, 2.2, 1.4)), skin, relief=0.4)


def bracelet(s: Sketch) -> None:
    gold = metal(s.ink)
    if s.worn:
        _wrist(s)
        path = smooth([(2, -6.2), (3.2, 0), (2, 6.2)])
        s.fill(tube(path, (0.8, 0.9, 0.8)), gold, relief=0.6)
        s.beads(along(path, 1.8), 0.8, pick_stone(s))
        s.frame = (-24, -16, 26, 16)
        return
    stone, kind = pick_stone(s), s.rng.choice(("chain", "beads", "cuff", "charm"))
    s.note(shown=kind)
    rim = ellipse(0, 0, 20, s.rng.uniform(8, 17), 100, 440)
    if kind == "cuff":
        s.fill(tube(ellipse(0, 0, 20, 14, -60, 240), (2.6, 3.2, 2.6)), gold, relief=0.6)
    elif kind == "beads":
        s.beads(along(rim, 3.0), 1.6, s.rng.choice((stone, s.ink)))
    else:
        chain(s, rim, s.ink, 0.9)
        if kind == "charm":
            for x, y in along(rim, 9).tolist():
                s.line([(x, y), (x, y + 3)], s.ink, 0.4)
                s.beads([(x, y + 4)], 1.4, pick_stone(s))
        else:
            s.beads(along(rim, 6), 1.2, stone)


def ring(s: Sketch) -> None:
    """A band with a stone, seen at an angle."""
    squash, stone = s.rng.uniform(0.5, 0.95), pick_stone(s)
    s.fill(annulus(0, 0, 10, 10 * squash, s.rng.uniform(1.2, 2.2)), metal(s.ink), relief=0.6)
    y = -10 * squash - 1.2
    kind = s.rng.choice(("solitaire", "flower", "band"))
    s.note(shown=kind)
    if kind == "band":
        s.beads(along(ellipse(0, 0, 9.4, 9.4 * squash, 200, 340), 1.5), 0.6, stone)
        return
    if kind == "flower":
        s.beads(
            [(2.6 * np.cos(a), y + 2.2 * np.sin(a)) for a in np.linspace(0, 6.28, 9)[:-1]],
            1.1,
            s.ink,
        )
    gem = (
        points((-3, y), (-1.6, y - 2.6), (1.6, y - 2.6), (3, y), (0, y + 3.2))
        if kind == "solitaire"
        else ellipse(0, y, 2, 2)
    )
    s.fill(gem, plain(stone, 0.9), relief=0.7)
    s.line(points((-3, y), (3, y)), shade(stone, 1.6), 0.3)


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "bangle": bangle,
    "bracelet": bracelet,
    "ring": ring,
}
