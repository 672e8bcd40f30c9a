"""Closed shoes and socks: from the side, one or a pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from catalog.demo.drawing_canvas import Sketch
from catalog.demo.drawing_fabrics import (
    GOLD,
    Colour,
    contrasting,
    plain,
    shade,
)
from catalog.demo.drawing_shapes import Points, along, join, points, shifted, smooth

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
        [
            (0.6, 0),
            (0, -4),
            (0.8, -height),
            (2.4, -height - 1.2),
            (collar * 0.55, -height + 1.5),
            (collar, -height + 0.6),
            (collar + 2, -height + 1),
            (length * 0.62, -toe - 1.8),
            (length * 0.86, -toe),
            (length - 0.6 + pointed, -toe * 0.5),
            (length + pointed, -0.3),
            (length * 0.5, 0.2),
        ],
        closed=True,
        steps=5,
    )


def _sole(length: float, thick: float, *, heel: float = 0.0, pointed: float = 0.0) -> Points:
    top = [(0, -0.6), (length * 0.5, -0.2), (length + pointed, -0.8)]
    return join(
        smooth([*top, (length + 0.6 + pointed, thick * 0.4)]),
        smooth([(length * 0.92, thick), (length * 0.45, thick), (9, thick)]),
        [(8.4, thick + heel), (0.2, thick + heel), (-0.4, 0.4)],
    )


def at(dx: float, dy: float) -> Callable[[Points | Sequence[tuple[float, float]]], Points]:
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
        place = at(dx, dy)
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
        place = at(dx, dy)
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
        place = at(dx, dy)
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
        place = at(dx, dy)
        shape = smooth(
            [
                (0.8, 0),
                (0.2, -6),
                (1.2, -12),
                (0.2, -shaft),
                (6, -shaft - 0.8),
                (12.4, -shaft),
                (11.8, -13),
                (14.4, -9.5),
                (21, -6.4),
                (27, -4.6),
                (29, -1.4),
                (28.6, 0),
                (14, 0.2),
            ],
            closed=True,
            steps=5,
        )
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
        place, h = at(dx, dy), height
        spike = (
            points((0.6, -h), (5.4, -h + 1), (4.4, 0), (1.2, 0))
            if block
            else smooth(
                [(0.4, -h), (5, -h + 0.6), (2.8, -h * 0.5), (2.1, 0), (1.1, 0), (1, -h * 0.5)],
                closed=True,
            )
        )
        s.fill(place(spike), plain(shade(s.ink, 0.85), 0.3), relief=0.4)
        foot = smooth(
            [
                (0.2, -h - 5),
                (0.4, -h),
                (4, -h + 0.8),
                (11, -h * 0.45),
                (17, -0.6),
                (26.4, -0.2),
                (26.8, -1),
                (23, -3.6),
                (18.6, -4.2),
                (15, -4.4),
                (9.4, -h * 0.55 - 2.2),
                (4.4, -h - 2.4),
                (2, -h - 5.4),
            ],
            closed=True,
            steps=5,
        )
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


def _sock_shape(s: Sketch, height: float) -> None:
    fabric = s.cloth("knit", "stripes", "plain", "dots", "cable", "knit")
    accent = plain(shade(s.ink, 0.7))
    for dx, dy in ((-9.0, -1.5), (0.0, 0.0)):
        place = at(dx, dy)
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


DRAWINGS: Mapping[str, Callable[[Sketch], None]] = {
    "sneakers": sneakers,
    "casual_shoes": casual_shoes,
    "formal_shoes": formal_shoes,
    "boots": boots,
    "heels": heels,
    "socks": socks,
    "knee_socks": knee_socks,
}
