"""Ballerinas, sandals, juttis, mojaris, Kolhapuris: a pair from above, some from the side."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    GOLD,
    PALETTE,
    Colour,
    Fabric,
    contrasting,
    jitter,
    plain,
    shade,
)
from catalog.demo.drawing_shapes import Points, along, join, shifted, smooth, tube, turned
from catalog.demo.drawing_shoes import _both, at


def flats(s: Sketch) -> None:
    """Ballerinas: low, open on the instep, sometimes a bow."""
    upper = s.cloth("plain", "plain", "animal", "dots", gloss=s.rng.choice((0.1, 0.4)))
    if s.chance(0.5):
        _pair_above(s, lambda side: _ballerina_above(s, upper, side))
        return
    bow = s.chance(0.6)

    def shoe(s: Sketch, dx: float, dy: float) -> None:
        place = at(dx, dy)
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
    return smooth(
        [
            (lean, -pointed),
            (wide * 0.72 + lean, 2),
            (wide, 7),
            (wide * 0.74, 14),
            (wide * 0.78, length - 4),
            (0, length),
            (-wide * 0.78, length - 4),
            (-wide * 0.74, 14),
            (-wide, 7),
            (-wide * 0.72 + lean, 2),
        ],
        closed=True,
    )


def _splayed(side: int, degrees: float) -> Callable[[Points], Points]:
    return lambda outline: turned(outline, side * degrees, (side * 6.0, 20.0))


def _pair_above(s: Sketch, shoe: Callable[[int], None]) -> None:
    splay = s.rng.choice((0.0, s.rng.uniform(0, 16), s.rng.uniform(-14, 0)))
    for side in (-1, 1):
        since = len(s.items)
        shoe(side)
        s.move_last(since, _splayed(side, splay))
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


def _pompoms(s: Sketch, x: float, y: float) -> None:
    for dx, dy in ((-1.7, 0.4), (0, -0.6), (1.7, 0.4)):
        s.beads(
            [(x + dx, y + dy)],
            1.3,
            jitter(s.rng, s.rng.choice(tuple(PALETTE.values()))),
            shine=False,
        )


def _ethnic_pair(s: Sketch, *, pointed: float, curl: bool) -> None:
    upper = s.cloth("plain", "brocade", "floral", "buti", "plain", gloss=0.15)
    thread, second, woolly = _thread(s), contrasting(s.rng, s.ink), s.chance(0.22)
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
        if woolly:
            _pompoms(s, x, 9.6)

    _pair_above(s, shoe)


def _ethnic_side(s: Sketch, *, curl: float) -> None:
    upper = s.cloth("plain", "brocade", "buti", "plain", "floral", gloss=0.15)
    thread, second = _thread(s), contrasting(s.rng, s.ink)

    def shoe(s: Sketch, dx: float, dy: float) -> None:
        place = at(dx, dy)
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
            tube([(x - 4.6, 13.4), (x, 10.6), (x + 4.6, 13.4)], (2.4, 3.2, 2.4)), tan, relief=0.5
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


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "flats": flats,
    "sandals": sandals,
    "flip_flops": flip_flops,
    "jutti": jutti,
    "mojari": mojari,
    "kolhapuri": kolhapuri,
}
