"""Footwear and socks: from the side as one or a pair, or a pair from above."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    GOLD,
    Colour,
    Fabric,
    contrasting,
    jitter,
    plain,
    shade,
)
from catalog.demo.drawing_shapes import Points, along, join, points, shifted, smooth, tube

LEATHERS: tuple[Colour, ...] = (
    (92, 58, 36),
    (140, 90, 52),
    (44, 38, 36),
    (176, 124, 76),
    (66, 42, 30),
)


def _both(s: Sketch, shoe: Callable[[Sketch, float, float], None]) -> None:
    """The shoe and, behind it, often its partner."""
    if s.chance(0.6):
        shoe(s, -s.rng.uniform(3, 7), -s.rng.uniform(3, 6))
        s.note(shown="pair")
    shoe(s, 0.0, 0.0)


def _profile(
    length: float = 29.0,
    height: float = 9.0,
    toe: float = 4.6,
    pointed: float = 0.0,
    collar: float = 11.0,
) -> Points:
    """A low shoe's upper from the side: heel left, toe right, sole line at y = 0."""
    return smooth(
        [(0.6, 0), (0, -4), (0.8, -height), (2.4, -height - 1.2), (collar * 0.55, -height + 1.5), (collar, -height + 0.6), (collar + 2, -height + 1),
         (length * 0.62, -toe - 1.8), (length * 0.86, -toe), (length - 0.6 + pointed, -toe * 0.5), (length + pointed, -0.3), (length * 0.5, 0.2)],
        closed=True, steps=5)  # fmt: skip


def _sole(length: float, thick: float, *, heel: float = 0.0, pointed: float = 0.0) -> Points:
    top = [(0, -0.6), (length * 0.5, -0.2), (length + pointed, -0.8)]
    return join(smooth([*top, (length + 0.6 + pointed, thick * 0.4)]), smooth([(length * 0.92, thick), (length * 0.45, thick), (9, thick)]),
                [(8.4, thick + heel), (0.2, thick + heel), (-0.4, 0.4)])  # fmt: skip


def _at(dx: float, dy: float) -> Callable[[Points | Sequence[tuple[float, float]]], Points]:
    return lambda outline: shifted(outline, dx, dy)


def _laces(
    s: Sketch,
    place: Callable[[Points | Sequence[tuple[float, float]]], Points],
    dye: Colour,
    *,
    height: float,
    count: int,
) -> None:
    for k in range(count):
        x, y = 12.6 + k * 1.7, -height + 1.0 + k * 1.15
        s.line(place([(x - 1.2, y + 1.6), (x + 1.5, y - 0.4)]), dye, 0.55)


def sneakers(s: Sketch) -> None:
    """A thick rubber sole, laces, a stripe."""
    upper = s.cloth("plain", "plain", "heather", "knit", gloss=s.rng.choice((0, 0.1)))
    sole, accent = (
        s.rng.choice(((244, 244, 240), (244, 244, 240), (40, 40, 44))),
        contrasting(s.rng, s.ink),
    )
    high, wave = s.chance(0.2), s.rng.random()
    height = 15.0 if high else s.rng.uniform(8.5, 10)

    def shoe(s: Sketch, dx: float, dy: float) -> None:
        place = _at(dx, dy)
        s.fill(place(_profile(height=height, toe=5.2)), upper, relief=0.4)
        s.fill(
            place(smooth([(23, -0.5), (22.4, -4), (25, -5), (28, -3.4), (29.2, -0.5)])),
            plain(sole if wave > 0.5 else shade(s.ink, 0.85)),
            relief=0.3,
        )
        s.fill(
            place(
                smooth(
                    [
                        (0.4, -1),
                        (0.2, -5),
                        (1, -height + 0.4),
                        (4, -height + 2),
                        (4.4, -4),
                        (5, -0.8),
                    ]
                )
            ),
            plain(accent),
            relief=0.3,
        )
        s.fill(
            place(points((11.2, -height + 0.8), (13.4, -height + 0.4), (20.4, -5.6), (17.6, -4.4))),
            plain(shade(s.ink, 0.8)),
            relief=0.2,
        )
        if wave < 0.4:
            s.fill(
                place(
                    smooth(
                        [(6, -3.6), (11, -2.4), (18, -5.6), (11, -4.4), (7.6, -5.4)], closed=True
                    )
                ),
                plain(accent),
                relief=0,
            )
        elif wave < 0.75:
            for k in range(3):
                s.line(place([(8 + k * 2, -1.2), (11 + k * 2, -6.4)]), accent, 1.0)
        _laces(
            s, place, (250, 250, 248) if sum(s.ink) < 640 else (90, 90, 92), height=height, count=5
        )
        s.fill(place(_sole(29, 2.8)), plain(sole), relief=0.3)
        s.line(place([(0.4, 1.2), (28.6, 1.0)]), shade(sole, 0.75) if wave < 0.6 else accent, 0.5)

    _both(s, shoe)


def casual_shoes(s: Sketch) -> None:
    """Loafers, canvas slip-ons, boat shoes."""
    kind = s.rng.choice(("loafer", "canvas", "derby"))
    upper = (
        s.cloth("plain", "denim", "checks") if kind == "canvas" else plain(s.ink, 0.2, "leather")
    )
    sole = (240, 238, 230) if kind == "canvas" else s.rng.choice(LEATHERS)
    s.note(cut=kind)

    def shoe(s: Sketch, dx: float, dy: float) -> None:
        place = _at(dx, dy)
        s.fill(place(_profile(height=9.4, toe=5)), upper, relief=0.45)
        s.fill(
            place(smooth([(2.2, -8.8), (7, -6.8), (12.4, -7.4), (12, -8.4), (7, -8)], closed=True)),
            plain(shade(s.ink, 0.4)),
            relief=0,
        )
        if kind == "loafer":
            s.line(place(smooth([(13, -6.8), (19, -6.4), (25.5, -4)])), shade(s.ink, 0.6), 0.5)
            s.fill(
                place(points((12.6, -7.6), (16.4, -7.2), (17, -2.6), (13.4, -2.2))),
                plain(shade(s.ink, 0.82), 0.2),
                relief=0.2,
            )
        elif kind == "canvas":
            s.line(place(smooth([(14, -6.4), (15.5, -3.6), (16, -0.8)])), shade(s.ink, 0.65), 0.5)
        else:
            _laces(s, place, (240, 236, 224), height=9.4, count=3)
            s.line(place(smooth([(10, -1), (12, -4.8), (18, -6)])), shade(s.ink, 0.6), 0.45)
        s.fill(
            place(_sole(29, 1.8, heel=0.0 if kind == "canvas" else 0.6)), plain(sole), relief=0.3
        )

    _both(s, shoe)


def formal_shoes(s: Sketch) -> None:
    """Oxfords and derbies: polished, low heel, a long toe."""
    leather = plain(s.ink, 0.55, "leather")
    brogue, pointed = s.chance(0.4), s.rng.uniform(0.5, 2.2)

    def shoe(s: Sketch, dx: float, dy: float) -> None:
        place = _at(dx, dy)
        s.fill(place(_profile(height=9.6, toe=4.4, pointed=pointed)), leather, relief=0.5)
        s.fill(
            place(smooth([(2, -9), (6, -7.2), (11.4, -8), (11, -9.2), (6, -8.4)], closed=True)),
            plain(shade(s.ink, 0.35)),
            relief=0,
        )
        seam = shade(s.ink, 0.45)
        s.line(place(smooth([(21, -0.8), (20, -3), (21.4, -5.2)])), seam, 0.45)
        s.line(place(smooth([(8, -0.8), (10, -5), (17.6, -3.2), (18.6, -5.6)])), seam, 0.45)
        if brogue:
            s.beads(
                place(along(smooth([(20.4, -0.8), (19.4, -3), (20.8, -5.2)]), 0.9)),
                0.24,
                seam,
                shine=False,
            )
        _laces(s, place, shade(s.ink, 0.5), height=9.6, count=4)
        s.fill(place(_sole(29, 1.0, heel=1.6, pointed=pointed)), plain((34, 28, 26)), relief=0.2)

    _both(s, shoe)


def boots(s: Sketch) -> None:
    """A shaft above the ankle."""
    shaft = s.rng.choice((18.0, 22.0, 34.0))
    leather = plain(s.ink, s.rng.choice((0.05, 0.4)), "leather")
    heel = s.rng.choice((1.4, 2.4, 5.5)) if s.gender == "women" else 1.6
    lace = s.chance(0.45)

    def shoe(s: Sketch, dx: float, dy: float) -> None:
        place = _at(dx, dy)
        shape = smooth([(0.8, 0), (0.2, -6), (1.2, -12), (0.2, -shaft), (6, -shaft - 0.8), (12.4, -shaft), (11.8, -13), (14.4, -9.5), (21, -6.4),
                        (27, -4.6), (29, -1.4), (28.6, 0), (14, 0.2)], closed=True, steps=5)  # fmt: skip
        s.fill(
            place(shape),
            leather,
            creases=[place(points((3, -10), (11, -9))), place(points((2, -12.5), (10, -12)))],
            relief=0.5,
        )
        s.fill(
            place(
                smooth(
                    [(0.6, -shaft + 0.4), (6, -shaft - 0.8), (12, -shaft + 0.4), (6, -shaft + 1.2)],
                    closed=True,
                )
            ),
            plain(shade(s.ink, 0.4)),
            relief=0,
        )
        if lace:
            for k in range(6):
                y = -shaft + 2 + k * (shaft - 11) / 5
                s.line(place([(9, y), (12.4, y + 1.2)]), shade(s.ink, 1.5), 0.6)
        else:
            s.line(place(smooth([(5.6, -shaft + 1), (5, -8), (6, -1)])), shade(s.ink, 0.5), 0.5)
        s.fill(place(_sole(29, 1.4, heel=heel)), plain((40, 32, 28)), relief=0.3)

    _both(s, shoe)


def heels(s: Sketch) -> None:
    """Pumps and strapped sandals on a high heel."""
    leather = plain(s.ink, s.rng.choice((0.1, 0.5)), "leather")
    height, block, strap = s.rng.uniform(8, 11.5), s.chance(0.35), s.chance(0.4)
    s.note(heel="block" if block else "stiletto")

    def shoe(s: Sketch, dx: float, dy: float) -> None:
        place, h = _at(dx, dy), height
        spike = (
            points((0.6, -h), (5.4, -h + 1), (4.4, 0), (1.2, 0))
            if block
            else smooth(
                [(0.4, -h), (5, -h + 0.6), (2.8, -h * 0.5), (2.1, 0), (1.1, 0), (1, -h * 0.5)],
                closed=True,
            )
        )
        s.fill(place(spike), plain(shade(s.ink, 0.85), 0.3), relief=0.4)
        foot = smooth([(0.2, -h - 5), (0.4, -h), (4, -h + 0.8), (11, -h * 0.45), (17, -0.6), (26.4, -0.2), (26.8, -1), (23, -3.6), (18.6, -4.2), (15, -4.4),
                       (9.4, -h * 0.55 - 2.2), (4.4, -h - 2.4), (2, -h - 5.4)], closed=True, steps=5)  # fmt: skip
        s.fill(place(foot), leather, relief=0.5)
        s.line(
            place(
                smooth([(0.4, -h + 0.4), (4, -h + 1.2), (11, -h * 0.42), (17, -0.1), (26.4, 0.1)])
            ),
            (52, 34, 28),
            0.7,
        )
        if strap:
            s.line(
                place(smooth([(1.4, -h - 5), (5, -h - 7.6), (8.6, -h - 5), (6.4, -h - 2.6)])),
                s.ink,
                0.9,
            )
            s.beads(place([(7.9, -h - 4)]), 0.6, GOLD)

    _both(s, shoe)


def flats(s: Sketch) -> None:
    """Ballerinas: low, open on the instep, sometimes a bow."""
    upper = s.cloth("plain", "plain", "animal", "dots", gloss=s.rng.choice((0.1, 0.4)))
    if s.chance(0.5):
        _pair_above(s, lambda side: _ballerina_above(s, upper, side))
        return
    bow = s.chance(0.6)

    def shoe(s: Sketch, dx: float, dy: float) -> None:
        place = _at(dx, dy)
        upper_shape = smooth(
            [
                (0.2, -0.4),
                (0, -4.6),
                (1.2, -5.6),
                (5, -3.2),
                (13, -2.2),
                (18.6, -3.2),
                (21, -3.8),
                (25.6, -3),
                (27.4, -0.6),
                (13, 0),
            ],
            closed=True,
            steps=5,
        )
        s.fill(place(upper_shape), upper, relief=0.5)
        s.line(place(smooth([(0.2, 0.1), (13, 0.5), (27.4, 0)])), (66, 50, 40), 0.9)
        if bow:
            for d in (-1, 1):
                s.fill(
                    place(
                        smooth(
                            [(20.6, -4), (20.6 + d * 2.4, -5.6), (20.6 + d * 2.6, -3.2)],
                            closed=True,
                        )
                    ),
                    plain(shade(s.ink, 0.8), 0.2),
                )

    _both(s, shoe)


def _ballerina_above(s: Sketch, upper: Fabric, side: int) -> None:
    x = side * 6.0
    s.fill(shifted(foot_outline(side), x, 0), upper, relief=0.4)
    s.fill(
        smooth(
            [(x - 2.6, 9), (x - 3, 22), (x, 25.2), (x + 3, 22), (x + 2.6, 9), (x, 6)], closed=True
        ),
        plain((206, 178, 146)),
        relief=0.35,
    )
    s.beads([(x, 5.2)], 0.8, GOLD)


def foot_outline(
    side: int, *, length: float = 26.0, pointed: float = 0.0, wide: float = 4.6
) -> Points:
    """A sole from above, toe at y = 0, middle at x = 0; `side` is -1 for the left foot."""
    lean = side * -0.7
    return smooth([(lean, -pointed), (wide * 0.72 + lean, 2), (wide, 7), (wide * 0.74, 14), (wide * 0.78, length - 4), (0, length),
                   (-wide * 0.78, length - 4), (-wide * 0.74, 14), (-wide, 7), (-wide * 0.72 + lean, 2)], closed=True)  # fmt: skip


def _pair_above(s: Sketch, shoe: Callable[[int], None]) -> None:
    for side in (-1, 1):
        shoe(side)
    s.note(shown="pair from above")


def sandals(s: Sketch) -> None:
    """Straps over a visible foot bed."""
    leather = plain(s.ink, 0.15, "leather")
    bed = jitter(s.rng, s.rng.choice(((196, 158, 112), (120, 84, 56), (60, 48, 42))))
    crossed, ankle = s.chance(0.4), s.chance(0.6)

    def shoe(side: int) -> None:
        x = side * 6.2
        s.fill(shifted(foot_outline(side), x + 0.4, 0.9), plain(shade(bed, 0.55)), relief=0.2)
        s.fill(shifted(foot_outline(side), x, 0), plain(bed), relief=0.3)
        straps: list[list[tuple[float, float]]] = [
            [(-4.6, 8), (0, 6), (4.6, 8)],
            [(-4, 13), (0, 11), (4, 13)],
        ]
        if crossed:
            straps = [[(-4.6, 8), (0, 9), (3.6, 14)], [(4.6, 8), (0, 9), (-3.6, 14)]]
        if ankle:
            straps.append([(-3.6, 20), (0, 18), (3.6, 20)])
        for strap in straps:
            s.fill(tube(shifted(strap, x, 0), (1.3, 1.5, 1.3)), leather, relief=0.5)
        s.beads([(x + side * 3, 18.9 if ankle else 8)], 0.7, GOLD)

    _pair_above(s, shoe)


def flip_flops(s: Sketch) -> None:
    """A rubber sole and a V of straps between the toes."""
    bed, strap = (
        s.cloth("plain", "stripes", "floral", "plain", "geometric"),
        plain(contrasting(s.rng, s.ink), 0.2),
    )

    def shoe(side: int) -> None:
        x = side * 6.2
        s.fill(shifted(foot_outline(side), x + 0.3, 1.1), plain(shade(s.ink, 0.5)), relief=0.2)
        s.fill(shifted(foot_outline(side), x, 0), bed, relief=0.15)
        knot = (x - side * 1.0, 4.4)
        for d in (-1, 1):
            s.fill(
                tube([knot, (x + d * 2.6, 8), (x + d * 4.1, 15)], (0.7, 1.1, 1.0)),
                strap,
                relief=0.5,
            )
        s.beads([knot], 0.8, strap.colour)

    _pair_above(s, shoe)


def _thread(s: Sketch) -> Colour:
    return s.rng.choice((GOLD, GOLD, (214, 214, 218), contrasting(s.rng, s.ink)))


def _embroider(s: Sketch, x: float, thread: Colour, second: Colour) -> None:
    """Motifs on the toe of a jutti or mojari from above."""
    for r in (1.1, 2.2):
        s.beads(
            [(x + r * np.cos(a), 6.5 + r * 1.3 * np.sin(a)) for a in np.linspace(0, 6.28, 9)[:-1]],
            0.32,
            thread,
        )
    s.beads([(x, 6.5)], 0.7, second)
    s.beads(
        along(smooth([(x - 3.4, 9), (x - 2.6, 4.6), (x, 1.4), (x + 2.6, 4.6), (x + 3.4, 9)]), 0.8),
        0.26,
        thread,
    )


def _ethnic_pair(s: Sketch, *, pointed: float, curl: bool) -> None:
    upper = s.cloth("plain", "brocade", "floral", "buti", "plain", gloss=0.15)
    thread, second = _thread(s), contrasting(s.rng, s.ink)
    bed = s.rng.choice(((206, 170, 124), (160, 116, 74), (196, 60, 60)))

    def shoe(side: int) -> None:
        x = side * 6.0
        s.fill(
            shifted(foot_outline(side, pointed=pointed), x + 0.3, 0.8),
            plain((92, 62, 42)),
            relief=0.2,
        )
        s.fill(shifted(foot_outline(side, pointed=pointed), x, 0), upper, relief=0.45)
        if curl:
            tip = smooth(
                [
                    (x - side * 0.7 - 1, -pointed + 1.4),
                    (x - side * 1.4, -pointed - 1.6),
                    (x + side * 0.6, -pointed - 1.2),
                    (x + 0.8, -pointed + 1.6),
                ],
                closed=True,
            )
            s.fill(tip, plain(shade(s.ink, 0.8), 0.3), relief=0.6)
        mouth = smooth(
            [
                (x - 2.9, 13.5),
                (x, 10.6 + 0.8),
                (x + 2.9, 13.5),
                (x + 2.9, 22),
                (x, 24.8),
                (x - 2.9, 22),
            ],
            closed=True,
        )
        s.fill(mouth, plain(bed), relief=0.4)
        s.line(join(mouth, mouth[:1]), thread, 0.6)
        _embroider(s, x, thread, second)

    _pair_above(s, shoe)


def _ethnic_side(s: Sketch, *, curl: float) -> None:
    upper = s.cloth("plain", "brocade", "buti", "plain", "floral", gloss=0.15)
    thread, second = _thread(s), contrasting(s.rng, s.ink)

    def shoe(s: Sketch, dx: float, dy: float) -> None:
        place = _at(dx, dy)
        low = [
            (0.4, 0),
            (0.2, -4),
            (1.4, -6.6),
            (5, -4.4),
            (11, -3.4),
            (15, -5.2),
            (18.5, -4.6),
            (23, -3.4),
            (26.6, -2.6),
        ]
        tip = [
            (29.4, -2.6 - curl),
            (27.6 + curl * 0.2, -4.4 - curl),
            (30.6, -2.8 - curl * 0.8),
            (29.4, -0.8),
            (25, 0),
            (12, 0.2),
        ]
        s.fill(place(smooth([*low, *tip], closed=True, steps=5)), upper, relief=0.5)
        s.line(place(smooth([(0.2, 0.2), (12, 0.6), (25, 0.4), (28.6, -0.4)])), (104, 70, 44), 1.0)
        s.line(place(smooth([(1.4, -6.4), (5, -4.2), (11, -3.2), (15, -5)])), thread, 0.5)
        s.beads(place(along(smooth([(15, -4), (20, -3), (26, -1.4)]), 1.1)), 0.36, thread)
        s.beads(place([(18.4, -2.4), (21.2, -2), (16.4, -2.6)]), 0.6, second)
        s.beads(place(along(smooth([(2, -1), (8, -1), (14, -1)]), 1.2)), 0.3, thread)

    _both(s, shoe)


def jutti(s: Sketch) -> None:
    """Punjab's flat embroidered slipper with a small point."""
    if s.chance(0.65):
        _ethnic_pair(s, pointed=s.rng.uniform(0.6, 2), curl=False)
    else:
        _ethnic_side(s, curl=s.rng.uniform(0, 1))


def mojari(s: Sketch) -> None:
    """Rajasthan's shoe whose toe curls up."""
    if s.chance(0.5):
        _ethnic_pair(s, pointed=s.rng.uniform(2.4, 4), curl=True)
    else:
        _ethnic_side(s, curl=s.rng.uniform(2, 4.4))


def kolhapuri(s: Sketch) -> None:
    """A flat leather sandal: toe ring, braided middle strap, broad band over the instep."""
    tan = plain(s.ink, 0.15, "leather")
    bed = plain(jitter(s.rng, s.rng.choice(((190, 140, 88), (150, 100, 60), (212, 172, 124)))), 0.1)
    dark, thread = (
        shade(s.ink, 0.55),
        s.rng.choice((GOLD, (150, 30, 34), (236, 220, 180), (40, 34, 32))),
    )

    def shoe(side: int) -> None:
        x = side * 6.2
        sole = shifted(foot_outline(side, wide=4.8), x, 0)
        s.fill(shifted(sole, 0.4, 1.0), plain(shade(bed.colour, 0.45)), relief=0.2)
        s.fill(sole, bed, relief=0.25)
        s.line(join(sole, sole[:1]) * 1.0, shade(bed.colour, 0.6), 0.4)
        s.fill(
            tube([(x - 4.6, 13.4), (x, 10.6), (x + 4.6, 13.4)], (1.9, 2.5, 1.9)), tan, relief=0.5
        )
        s.fill(tube([(x - side * 0.6, 3.2), (x, 7), (x, 10.4)], (0.9, 1.2, 1.4)), tan, relief=0.5)
        s.fill(
            tube(
                [(x - side * 3.6, 4.6), (x - side * 2, 3.0), (x - side * 0.2, 4.6)], (0.8, 0.9, 0.8)
            ),
            tan,
            relief=0.5,
        )
        for k in np.linspace(-3.6, 3.6, 7):
            s.line(
                [(x + k - 0.6, 11.2 + abs(k) * 0.55), (x + k + 0.6, 13.2 + abs(k) * 0.4)],
                thread,
                0.4,
            )
        s.beads([(x, 5.4), (x, 7.2), (x, 9)], 0.5, thread)
        s.beads([(x, 11.4)], 1.1, s.rng.choice((thread, dark)))

    _pair_above(s, shoe)


def _sock_shape(s: Sketch, height: float) -> None:
    fabric = s.cloth("knit", "stripes", "plain", "dots", "cable", "knit")
    accent = plain(shade(s.ink, 0.7))
    for dx, dy in ((-9.0, -1.5), (0.0, 0.0)):
        place = _at(dx, dy)
        shape = smooth(
            [
                (0, -height),
                (8.6, -height),
                (8.4, -10),
                (10, -6),
                (17, -3.4),
                (20, -1),
                (18, 1.4),
                (8, 1.6),
                (1.4, 0.6),
                (-0.6, -4),
                (0.2, -10),
            ],
            closed=True,
            steps=5,
        )
        s.fill(place(shape), fabric, creases=[place(points((1, -6), (8, -9)))], relief=0.4)
        s.fill(
            place(
                points((-0.2, -height), (8.8, -height), (8.7, -height + 3.4), (-0.1, -height + 3.4))
            ),
            accent,
            relief=0.3,
        )
        s.fill(
            place(smooth([(17, -3.2), (20, -1), (18, 1.3), (16.4, 1.4)], closed=True)),
            accent,
            relief=0.2,
        )
        s.fill(
            place(smooth([(-0.4, -4), (3.4, -3), (3.6, 0.9), (1.2, 0.4)], closed=True)),
            accent,
            relief=0.2,
        )


def socks(s: Sketch) -> None:
    _sock_shape(s, s.rng.uniform(13, 22))


def knee_socks(s: Sketch) -> None:
    _sock_shape(s, s.rng.uniform(38, 46))


DRAWINGS = {
    "sneakers": sneakers, "casual_shoes": casual_shoes, "formal_shoes": formal_shoes, "boots": boots, "heels": heels,
    "flats": flats, "sandals": sandals, "flip_flops": flip_flops, "jutti": jutti, "mojari": mojari,
    "kolhapuri": kolhapuri, "socks": socks, "knee_socks": knee_socks,
}  # fmt: skip
